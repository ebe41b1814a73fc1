"""Read and check requests: batches of queries, and property values of entities.

Reconciliation Service API v0.2, sections 4.1 and 7.3.
"""

import json
import re
from dataclasses import dataclass
from typing import Any, NoReturn

from gongkai.ontology.texts import listed, message

BATCH = 50
"""Queries in one batch."""

IDS = 200
"""Entities in one request for values."""

_PROPERTIES = 20
_LIMIT = 10
_MOST = 100
_STRICT = ("any", "all", "should")
_KNOWN = {"query", "type", "limit", "properties", "type_strict"}


class NotUnderstood(Exception):
    """The request is invalid; the message says what, and where."""


class TooMuch(Exception):
    """The request is too large; the message says what the limit is."""


@dataclass(frozen=True)
class Query:
    """A name to match, and what is known of the entity.

    ``types`` are URIs; ``properties`` are pairs of a property and its values, texts or ids.
    ``strict`` says whether a candidate must have ``any`` or ``all`` of the types, or only
    ``should``.
    """

    text: str
    types: tuple[str, ...] = ()
    strict: str = "any"
    limit: int = _LIMIT
    properties: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True)
class ExtendQuery:
    """Entities, by id, and the properties whose values are requested."""

    ids: tuple[str, ...]
    properties: tuple[str, ...]


def read_queries(text: str) -> dict[str, Query]:
    """A batch of queries; raises NotUnderstood or TooMuch."""
    batch = _object(_json(text, "queries"), "queries")
    if len(batch) > BATCH:
        raise TooMuch(message("reconciliation.too_many.queries", count=len(batch), most=BATCH))
    return {key: _query(f"queries[{_short(key)}]", content) for key, content in batch.items()}


def read_extension(text: str) -> ExtendQuery:
    """A request for values; raises NotUnderstood or TooMuch."""
    content = _object(_json(text, "extend"), "extend")
    ids = [_text(one, "extend.ids") for one in _list(content.get("ids"), "extend.ids")]
    if len(ids) > IDS:
        raise TooMuch(message("reconciliation.too_many.ids", count=len(ids), most=IDS))
    asked = []
    for one in _list(content.get("properties"), "extend.properties"):
        given = _object(one, "extend.properties[]")
        asked.append(_text(given.get("id"), "extend.properties[].id"))
        _object(given.get("settings", {}), "extend.properties[].settings")
    if len(asked) > _PROPERTIES:
        raise TooMuch(message("reconciliation.too_many.asked", count=len(asked), most=_PROPERTIES))
    return ExtendQuery(tuple(dict.fromkeys(ids)), tuple(dict.fromkeys(asked)))


def _json(text: str, where: str) -> Any:
    def refused(name: str) -> NoReturn:
        raise ValueError(message("reconciliation.no_number", name=name))

    try:
        content = json.loads(text, parse_constant=refused)
        # Lone surrogates can be written in JSON, and in nothing else.
        json.dumps(content, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise NotUnderstood(message("reconciliation.half_character", where=where)) from None
    except json.JSONDecodeError as error:
        raise NotUnderstood(
            message(
                "reconciliation.no_json_at",
                where=where,
                reason=error.msg,
                line=error.lineno,
                column=error.colno,
                character=error.pos,
            )
        ) from None
    except (ValueError, RecursionError) as error:
        too_deep = isinstance(error, RecursionError)
        reason = message("reconciliation.too_deep") if too_deep else str(error)
        raise NotUnderstood(message("reconciliation.no_json", where=where, reason=reason)) from None
    return content


def _query(where: str, content: Any) -> Query:
    given = _object(content, where)
    unknown = sorted(given.keys() - _KNOWN)
    if unknown:
        key, known = _short(unknown[0]), listed(sorted(_KNOWN))
        raise NotUnderstood(
            message("reconciliation.unknown_key", where=where, key=key, known=known)
        )
    properties = tuple(
        _property(f"{where}.properties[]", one)
        for one in _list(given.get("properties", []), f"{where}.properties")
    )
    if "query" not in given and not properties:
        raise NotUnderstood(message("reconciliation.no_query", where=where))
    if len(properties) > _PROPERTIES:
        raise TooMuch(message("reconciliation.too_many.properties", where=where, most=_PROPERTIES))
    strict = given.get("type_strict", "any")
    if strict not in _STRICT:
        raise NotUnderstood(
            message("reconciliation.type_strict", where=where, values=listed(_STRICT))
        )
    return Query(
        _text(given.get("query", ""), f"{where}.query"),
        _types(given.get("type", []), f"{where}.type"),
        strict,
        read_limit(given.get("limit", _LIMIT), f"{where}.limit"),
        properties,
    )


def _types(value: Any, where: str) -> tuple[str, ...]:
    several = value if isinstance(value, list) else [value]
    given = [one.get("id") if isinstance(one, dict) else one for one in several]
    if len(given) > _PROPERTIES:
        raise TooMuch(message("reconciliation.too_many.types", where=where, most=_PROPERTIES))
    return tuple(dict.fromkeys(_text(one, where) for one in given))


def _property(where: str, content: Any) -> tuple[str, tuple[str, ...]]:
    given = _object(content, where)
    pid = _text(given.get("pid"), f"{where}.pid")
    if "v" not in given:
        raise NotUnderstood(message("reconciliation.no_value", where=where, property=_short(pid)))
    values = given["v"] if isinstance(given["v"], list) else [given["v"]]
    if len(values) > _PROPERTIES:
        raise TooMuch(message("reconciliation.too_many.values", where=where, most=_PROPERTIES))
    return pid, tuple(_value(one, f"{where}.v") for one in values)


def _value(value: Any, where: str) -> str:
    if isinstance(value, dict):
        return _text(value.get("id"), f"{where}.id")
    if isinstance(value, bool | int | float):
        return str(value)
    return _text(value, where)


def read_limit(value: Any, where: str) -> int:
    """How many results are requested, at most a hundred; raises NotUnderstood if invalid."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}", value):
        value = int(value)
    whole = isinstance(value, int | float) and not isinstance(value, bool) and value == value // 1
    if not whole or value < 1:
        raise NotUnderstood(message("reconciliation.limit", where=where))
    return int(min(value, _MOST))


def _object(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise NotUnderstood(
            message("reconciliation.must_be.object", where=where, found=_named(value))
        )
    return value


def _list(value: Any, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise NotUnderstood(
            message("reconciliation.must_be.list", where=where, found=_named(value))
        )
    return value


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise NotUnderstood(
            message("reconciliation.must_be.text", where=where, found=_named(value))
        )
    return value


def _named(value: Any) -> str:
    if value is None:
        return message("reconciliation.missing")
    return _short(json.dumps(value, ensure_ascii=False))


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
