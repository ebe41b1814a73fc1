"""Answers of the service as JSON: candidates, property values, descriptions."""

from typing import Any

from gongkai.ontology.labels import Label
from gongkai.ontology.texts import listed, message
from gongkai.server.http.language import page_language, pick
from gongkai.server.queries.rows import rows_about
from gongkai.server.reconciliation.asked import ExtendQuery, NotUnderstood
from gongkai.server.reconciliation.entities import Entity
from gongkai.server.reconciliation.index import Index
from gongkai.server.reconciliation.matching import ScoredEntity, values_of
from gongkai.server.reconciliation.schema import properties, types
from gongkai.server.store import Store


def all_types(base: str, index: Index) -> dict[str, Label]:
    """The names of all types, including code lists, by URI."""
    return {**{uri: one.name for uri, one in types(base).items()}, **index.lists}


def types_of(base: str, index: Index, entity: Entity) -> list[dict[str, str]]:
    """The types of an entity, with their names."""
    known, language = all_types(base, index), page_language()
    return [{"id": uri, "name": pick(known.get(uri, {}), language) or uri} for uri in entity.types]


def shown(base: str, index: Index, entity: Entity) -> dict[str, str]:
    """Id, name and a description that distinguishes it: what it is, its code, its area."""
    what = types_of(base, index, entity)[-1]["name"]
    above = index.entities(entity.lies_in)
    where = "".join(pick(above[id].name, "zh") for id in entity.lies_in if id in above)
    described = " · ".join(part for part in (what, entity.code, where) if part)
    name = pick(entity.name, page_language()) or entity.code
    return {"id": entity.id, "name": name, "description": described}


def candidate(base: str, index: Index, one: ScoredEntity) -> dict[str, Any]:
    """A candidate, its score, and the components of the score."""
    return {
        **shown(base, index, one.entity),
        "type": types_of(base, index, one.entity),
        "score": one.score,
        "match": one.match,
        "features": [
            {"id": "name-likeness", "value": one.likeness},
            {"id": "properties-agreeing", "value": len(one.agrees)},
            {"id": "properties-contradicting", "value": len(one.contradicts)},
        ],
    }


def extension(store: Store, index: Index, asked: ExtendQuery) -> dict[str, Any]:
    """Property values of entities; may be empty. Raises NotUnderstood for an unknown property."""
    for pid in asked.properties:
        if pid not in properties():
            raise NotUnderstood(
                message(
                    "reconciliation.no_property",
                    property=pid[:60],
                    properties=listed(properties()),
                )
            )
    space = store.base + "id/"
    known = index.entities([id.removeprefix(space) for id in asked.ids])
    linked = index.entities(
        {
            value
            for pid in asked.properties
            if properties()[pid].values in ("area", "code")
            for entity in known.values()
            for value in values_of(entity, pid)
        }
    )
    bodies = [space + entity.id for entity in known.values() if entity.kind == "body"]
    years = _years(store, bodies) if "years" in asked.properties else {}

    def values(entity: Entity | None, pid: str) -> list[dict[str, Any]]:
        if entity is None:
            return []
        if pid == "years":
            return [{"int": year} for year in years.get(space + entity.id, ())]
        if pid == "list":
            lists = [index.lists[one] for one in entity.types if one in index.lists]
            return [{"str": pick(name, page_language())} for name in lists]
        # An entity that is not ours, such as the IRI of a country, is a text.
        return [
            {"id": value, "name": pick(linked[value].name, page_language())}
            if value in linked
            else {"str": value}
            for value in values_of(entity, pid)
        ]

    return {
        "meta": [_described(store.base, pid) for pid in asked.properties],
        "rows": {
            id: {pid: values(known.get(id.removeprefix(space)), pid) for pid in asked.properties}
            for id in asked.ids
        },
    }


def _described(base: str, pid: str) -> dict[str, Any]:
    known, language = properties()[pid], page_language()
    described: dict[str, Any] = {"id": pid, "name": pick(known.name, language)}
    if known.values == "area":
        described["type"] = {"id": base + "def#Area", "name": pick(_area(base), language)}
    return described


def _area(base: str) -> Label:
    return types(base)[base + "def#Area"].name


def _years(store: Store, bodies: list[str]) -> dict[str, list[int]]:
    """The years with reports, by the URIs of bodies."""
    found: dict[str, list[int]] = {}
    for row in rows_about(store, "reconcile-years", bodies):
        if row["year"].isdigit():
            found.setdefault(row["body"], []).append(int(row["year"]))
    return found
