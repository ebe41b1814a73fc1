"""Metadata of the service: Reconciliation Service API v0.2, sections 3.1 and 7.2."""

from typing import Any

from gongkai.ontology.texts import translation
from gongkai.server.http.language import pick
from gongkai.server.reconciliation.asked import BATCH
from gongkai.server.reconciliation.schema import CONCEPT, KINDS, Type, full, properties, types
from gongkai.version import __version__

_PREVIEW = {"width": 400, "height": 180}


def manifest(base: str, language: str) -> dict[str, Any]:
    """The service manifest; names in a language."""
    service = base + "reconcile"
    known = types(base)
    defaults = [base + KINDS["body"], base + KINDS["area"], CONCEPT]

    def suggesting(what: str) -> dict[str, str]:
        return {"service_url": service, "service_path": f"/suggest/{what}"}

    return {
        "versions": ["0.2"],
        "name": translation("catalog.reconciliation", language),
        "identifierSpace": base + "id/",
        "schemaSpace": base + "def#",
        "documentation": base + "help",
        "serviceVersion": __version__,
        "defaultTypes": [_described(known, uri, language) for uri in defaults],
        "view": {"url": base + "id/{{id}}"},
        "preview": {"url": f"{service}/preview?id={{{{id}}}}", **_PREVIEW},
        "suggest": {what: suggesting(what) for what in ("entity", "property", "type")},
        "extend": {
            "propose_properties": {"service_url": service, "service_path": "/properties"},
            "property_settings": [],
        },
        "batchSize": BATCH,
    }


def _described(known: dict[str, Type], uri: str, language: str) -> dict[str, Any]:
    described: dict[str, Any] = {"id": uri, "name": pick(known[uri].name, language)}
    above = known[uri].broader
    return described | ({"broader": [_described(known, above, language)]} if above else {})


def proposed(base: str, kind: str, language: str) -> list[dict[str, str]]:
    """The properties of entities of a type (URI); of all entities if no type is given."""
    of = "code"
    if not kind:
        of = ""
    elif kind in types(base) and kind != CONCEPT:
        of = "body" if kind == full(base, KINDS["body"]) else "area"
    return [
        {"id": one.id, "name": pick(one.name, language)}
        for one in properties().values()
        if not of or of in one.of
    ]
