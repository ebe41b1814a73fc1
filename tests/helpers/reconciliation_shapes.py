"""The shapes of messages in the Reconciliation Service API v0.2, as its text defines them.

Written from the sections named, and closed: what the text does not know is refused. The
specification's own JSON schemas are used beside them where GONGKAI_RECONCILIATION names their
folder, ``0.2/schemas`` of github.com/reconciliation-api/specs.
"""

import json
import os
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
from referencing import Registry
from referencing.jsonschema import DRAFT7

_TEXT = {"type": "string", "minLength": 1}
_URI = {"type": "string", "pattern": "^https?://"}


def _closed(required: dict[str, Any], **optional: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": list(required),
        "properties": {**required, **optional},
        "additionalProperties": False,
    }


def _listed(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


_PLACE = {"service_url": _URI, "service_path": {"type": "string", "pattern": "^/"}}
_TEMPLATE = {"type": "string", "pattern": r"^https?://.*\{\{id\}\}"}
_NAMED = _closed({"id": _TEXT, "name": _TEXT})
_TYPE = _closed({"id": _TEXT, "name": _TEXT}, broader=_listed(_NAMED))

SHAPES: dict[str, dict[str, Any]] = {
    # 3.1 Service Manifest
    "manifest": _closed(
        {
            "versions": {"type": "array", "contains": {"const": "0.2"}},
            "name": _TEXT,
            "identifierSpace": _URI,
            "schemaSpace": _URI,
            "defaultTypes": {"type": "array", "items": _TYPE, "minItems": 1},
            "batchSize": {"type": "integer", "minimum": 1},
            "view": _closed({"url": _TEMPLATE}),
        },
        documentation=_URI,
        serviceVersion=_TEXT,
        preview=_closed(
            {"url": _TEMPLATE, "width": {"type": "integer"}, "height": {"type": "integer"}}
        ),
        suggest=_closed({}, entity=_closed(_PLACE), property=_closed(_PLACE), type=_closed(_PLACE)),
        extend=_closed({}, propose_properties=_closed(_PLACE), property_settings=_listed({})),
    ),
    # 4.2 Reconciliation Query Responses
    "reconciliation-result-batch": {
        "type": "object",
        "additionalProperties": _closed(
            {
                "result": _listed(
                    _closed(
                        {
                            "id": _TEXT,
                            "name": _TEXT,
                            "type": _listed(_NAMED),
                            "score": {"type": "number", "minimum": 0, "maximum": 100},
                            "match": {"type": "boolean"},
                        },
                        description=_TEXT,
                        features=_listed(
                            _closed({"id": _TEXT, "value": {"type": ["number", "boolean"]}})
                        ),
                    )
                )
            }
        ),
    },
    # 6.3 Suggest Responses
    "suggest-entities-response": _closed(
        {
            "result": _listed(
                _closed({"id": _TEXT, "name": _TEXT}, description=_TEXT, notable=_listed(_NAMED))
            )
        }
    ),
    "suggest-properties-response": _closed({"result": _listed(_NAMED)}),
    "suggest-types-response": _closed({"result": _listed(_TYPE)}),
    # 7.2 Data Extension Property Proposals
    "data-extension-property-proposal": _closed(
        {"properties": _listed(_NAMED)}, type=_TEXT, limit={"type": "integer"}
    ),
    # 7.4 Data Extension Responses
    "data-extension-response": _closed(
        {
            "meta": _listed(_closed({"id": _TEXT, "name": _TEXT}, type=_NAMED)),
            "rows": {
                "type": "object",
                "additionalProperties": {
                    "type": "object",
                    "additionalProperties": _listed(
                        {
                            "oneOf": [
                                _NAMED,
                                _closed({"str": {"type": "string"}}),
                                _closed({"int": {"type": "integer"}}),
                            ]
                        }
                    ),
                },
            },
        }
    ),
}

OFFICIAL = os.environ.get("GONGKAI_RECONCILIATION", "")


def check_shape(name: str, content: Any) -> None:
    """Fail unless a message has the shape of that name."""
    jsonschema.Draft202012Validator(SHAPES[name]).validate(content)
    if OFFICIAL and (Path(OFFICIAL) / f"{name}.json").exists():
        official(name).validate(content)


def official(name: str) -> Any:
    """The validator of the specification's own schema of that name."""
    schemas = [json.loads(path.read_text("utf-8")) for path in Path(OFFICIAL).glob("*.json")]
    known = [
        (schema["$id"], DRAFT7.create_resource(schema)) for schema in schemas if "$id" in schema
    ]
    chosen = json.loads((Path(OFFICIAL) / f"{name}.json").read_text("utf-8"))
    return jsonschema.Draft7Validator(chosen, registry=Registry[Any]().with_resources(known))
