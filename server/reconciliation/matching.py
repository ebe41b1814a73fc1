"""Candidates for a query, their scores, and whether one of them is a certain match.

A candidate's score is the similarity of its nearest name to the search text, in per cent (100 is
the same name, or its code), halved for each property that contradicts, and lowered by a twentieth
for each that cannot be compared, or for a missing type that is only a preference.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from gongkai.ontology.places import areas, find_place, leaves_out_its_place, lies_in
from gongkai.server.reconciliation.asked import Query
from gongkai.server.reconciliation.entities import Entity, fold
from gongkai.server.reconciliation.index import Index
from gongkai.server.reconciliation.schema import properties

_LOOKED_AT = 200
"""Characters of a name that are compared; no name of ours is longer."""

_ALIKE = 60
_WITH_VALUE = 200
_CONTRADICTS, _UNKNOWN = 0.5, 0.95
_CODES = {"code", "credit-code"}


@dataclass(frozen=True)
class ScoredEntity:
    """A possible match; ``likeness`` of names and ``score`` are from 0 to 100.

    ``exact`` is true if a name or a code is the same, ``by_code`` if it was the code; ``agrees``
    and ``contradicts`` name properties; ``admitted`` is true if it has the requested types.
    """

    entity: Entity
    likeness: float
    score: float
    exact: bool
    by_code: bool
    agrees: frozenset[str]
    contradicts: frozenset[str]
    admitted: bool
    match: bool = False


@dataclass(frozen=True)
class _Wanted:
    """A property of a query: normalised texts, or the ids of entities that its values may mean."""

    property: str
    values: frozenset[str]


def candidates(index: Index, query: Query, space: str) -> list[ScoredEntity]:
    """The candidates for a query, best first; at most one of them is a match.

    ``space`` is the identifier space: ids may be given with or without it.
    """
    wanted = [_resolved(index, pid, values, space) for pid, values in query.properties]
    text = query.text.strip().removeprefix(space)
    exact = {one.id: one.code for one in index.exact(text)} if text else {}
    hard = () if query.strict == "should" else query.types
    found = set(exact)
    if text:
        found.update(index.alike(text[:_LOOKED_AT], hard, _ALIKE))
    elif not query.text:
        for one in wanted:
            found.update(_with(index, one))
    known = index.entities(found)
    names = index.names(found)
    judged = [
        _judged(known[id], names[id], fold(text), exact.get(id), wanted, query)
        for id in sorted(found & known.keys())
    ]
    judged = [one for one in judged if one.admitted or query.strict == "should"]
    chosen = _beyond_doubt(judged, fold(text), wanted)
    best = sorted(judged, key=lambda one: (-one.score, one.entity.id))
    return [replace(one, match=one is chosen) for one in best][: query.limit]


def _resolved(index: Index, pid: str, values: Collection[str], space: str) -> _Wanted:
    """The meaning of a property's values: areas and codes may be given by name, code or id."""
    kind = properties()[pid].values
    if kind not in ("area", "code"):
        return _Wanted(pid, frozenset(fold(value) for value in values))
    given = (value.strip().removeprefix(space) for value in values)
    found = {one.id for value in given for one in index.exact(value, short=True)}
    return _Wanted(pid, frozenset(id for id in found if id.startswith(f"{kind}/")))


def _with(index: Index, wanted: _Wanted) -> list[str]:
    """The entities with a value of a property, if no name was given."""
    if properties()[wanted.property].values in ("area", "code"):
        return index.with_value(wanted.property, wanted.values, _WITH_VALUE)
    return [one.id for value in wanted.values for one in index.exact(value)]


def values_of(entity: Entity, property: str) -> list[str]:
    """The values of a property that the index knows: texts, or ids of entities."""
    match property:
        case "code":
            return [entity.code]
        case "name-zh" | "name-en":
            name = entity.name.get(property[-2:])
            return [name] if name else []
        case "alias":
            return [name for name, _ in entity.aliases]
        case "within":
            return entity.lies_in
        case _:
            return entity.facts.get(property, [])


def _judged(
    entity: Entity,
    names: list[str],
    text: str,
    exact: bool | None,
    wanted: list[_Wanted],
    query: Query,
) -> ScoredEntity:
    agrees, contradicts, unknown = set(), set(), 0
    for one in wanted:
        values = values_of(entity, one.property)
        if properties()[one.property].values == "text":
            values = [fold(value) for value in values]
        if one.values.intersection(values):
            agrees.add(one.property)
        elif values and one.values:
            contradicts.add(one.property)
        else:
            unknown += 1
    if exact is not None:
        likeness = 100.0
    elif text:
        near = max((fuzz.ratio(text[:_LOOKED_AT], name) for name in names), default=0.0)
        likeness = min(near, 99.0)
    else:
        likeness = 100.0 * len(agrees) / len(wanted) if wanted else 0.0
    given_by_code = not text and bool(agrees & _CODES)
    has = set(query.types) & set(entity.types)
    admitted = not query.types or (has == set(query.types) if query.strict == "all" else bool(has))
    score = likeness * _CONTRADICTS ** len(contradicts) * _UNKNOWN ** (unknown + (not admitted))
    return ScoredEntity(
        entity,
        round(likeness, 1),
        round(score, 1),
        exact is not None or given_by_code,
        bool(exact) or given_by_code,
        frozenset(agrees),
        frozenset(contradicts),
        admitted,
    )


def _beyond_doubt(
    judged: list[ScoredEntity], text: str, wanted: list[_Wanted]
) -> ScoredEntity | None:
    """The only candidate with that name or code, if all properties agree; None in any doubt.

    A name shared by several areas of the country is in doubt as well, even if the store has only
    one of them.
    """
    exact = [one for one in judged if one.exact and one.admitted]
    possible = [one for one in exact if not one.contradicts]
    if len(possible) != 1:
        return None
    (one,) = possible
    if one.agrees != {item.property for item in wanted}:
        return None
    if one.by_code:
        return one
    # “Headquarters” or “Office of the Inspector General” are parts of many agencies.
    return one if "--" not in one.entity.id and _says_where(text, wanted) else None


def _says_where(name: str, wanted: list[_Wanted]) -> bool:
    """Whether a name, together with the given areas, belongs to one area only."""
    given = {item.property: item.values for item in wanted if item.property in ("area", "within")}
    if leaves_out_its_place(name):
        return "area" in given
    place = find_place(name)
    if not given:
        return len(place.areas) < 2 and not place.needs_parent
    codes = {id.rpartition("/")[2] for ids in given.values() for id in ids}
    wholes = [areas()[code] for code in codes if code in areas()]
    near = [area for area in place.areas if any(lies_in(area, whole) for whole in wholes)]
    return not place.areas or len(near) == 1
