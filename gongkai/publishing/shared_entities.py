"""Shared entities: what several reports say of the same entity is kept once, in its own graph.

The graph of a report, as converted, is self-contained: it also describes its year, its body and its
area. In a store those triples would be in the graph of every report that states them, and a query
over all graphs would match them as many times: stores need not merge equal triples of several
graphs, so every sum over such a join would be silently too high. So years, areas, bodies that are
not in the packaged register, and series have graphs of their own, named by their URIs
(docs/decisions/20-shared-entities.md). Areas from the counties up are in every store, in one graph
(``gongkai.ontology.area_graph``): only what that graph lacks is kept here.
"""

from collections.abc import Mapping

from rdflib.namespace import SKOS

from gongkai.ontology.addresses import Addresses
from gongkai.ontology.area_graph import listed_area, said_of
from gongkai.ontology.triples.lines import (
    lines_of,
    object_of,
    property_of,
    sorted_lines,
    subject_of,
)
from gongkai.ontology.triples.terms import text_of
from gongkai.publishing.histories import versions
from gongkai.publishing.linksets import stated_by_linksets
from gongkai.server.store import Graphs, WritableStore

_SHARED = ("year", "quarter", "area", "body", "series")
_NAMES = ("year", "quarter", "area", "body")
"""Kinds of entities that a report's own graph names besides its own year and body."""

_ALIAS, _NAME = f"<{SKOS.altLabel}>".encode(), f"<{SKOS.prefLabel}>".encode()
_UNIT = b"<http://www.w3.org/ns/org#OrganizationalUnit>"
"""A part of a body, which only the reports of that body describe."""


def without_shared_entities(base: str, content: bytes) -> tuple[bytes, dict[str, bytes]]:
    """The triples (N-Triples) of a report itself, and of each shared entity, by name."""
    shared = tuple(f"<{base}id/{kind}/".encode() for kind in _SHARED)
    own: list[bytes] = []
    entities: dict[str, list[bytes]] = {}
    for line in content.splitlines(keepends=True):
        if line.startswith(shared):
            name = text_of(subject_of(line).decode()).partition("#")[0]
            entities.setdefault(name, []).append(line)
        else:
            own.append(line)
    return b"".join(own), {name: sorted_lines(lines) for name, lines in entities.items()}


def entities_to_publish(
    store: WritableStore, entities: Mapping[str, bytes], year: int, changing: Mapping[str, bytes]
) -> dict[str, bytes]:
    """The graphs of entities to write for a report; those already in the store are left out.

    ``changing`` are the other graphs, by name, that are written at the same time.

    The report's statements are kept, and for an unregistered body also the other names that it has
    in its reports on years other than ``year``.
    """
    changed: dict[str, bytes] = {}
    unregistered = f"<{Addresses(store.base).terms.UnregisteredBody}>".encode()
    later: dict[str, bool] = {}
    for name, said in entities.items():
        known, lines = lines_of(store.graph(name)), lines_of(said) - _listed(store.base, name)
        if _UNIT in said:
            # Another report may use another name: each is kept, the latest year's first.
            agency = name.rpartition("/")[2].partition("--")[0]
            if known and agency not in later:
                # Once for all parts of an agency: it searches the names of all graphs.
                later[agency] = any(other > year for _, other in _years(store, agency))
            if known and later[agency]:
                lines = known | _other_names(lines, known)
            else:
                lines |= _other_names(known, lines)
        aliases = {line for line in known - lines if property_of(line) == _ALIAS}
        if aliases and unregistered in said:
            # Rare: only then the other reports are searched for these names.
            lines |= aliases & _said_elsewhere(store, name, year)
        # A person's decision is in a linkset: a register that states the same adds nothing.
        lines -= stated_by_linksets(store, lines, changing)
        if lines != known:
            changed[name] = sorted_lines(lines)
    return changed


def _other_names(known: set[bytes], lines: set[bytes]) -> set[bytes]:
    """The known names of an entity, as alternative names beside ``lines``."""
    called = {line.replace(_ALIAS, _NAME, 1) for line in lines}
    names = (line for line in known if property_of(line) in (_ALIAS, _NAME))
    return {
        line.replace(_NAME, _ALIAS, 1)
        for line in names
        if line.rstrip().endswith(b"@en .") and line.replace(_ALIAS, _NAME, 1) not in called
    }


def areas_listed_since(store: WritableStore) -> dict[str, bytes]:
    """The graphs of areas without what the list of areas states, where that differs.

    For a store that receives the list, or a new version of it.
    """
    changed: dict[str, bytes] = {}
    for name in store.graph_names():
        listed = _listed(store.base, name)
        known = lines_of(store.graph(name)) if listed else set()
        if known & listed:
            changed[name] = sorted_lines(known - listed)
    return changed


def _listed(base: str, name: str) -> set[bytes]:
    """What the list of areas says of an entity in reports; nothing if it is not an area."""
    area = listed_area(base, name)
    return set() if area is None else set(said_of(base, area))


def _said_elsewhere(store: WritableStore, body: str, year: int) -> set[bytes]:
    """What the body's reports on other years say of it, from their histories."""
    found: set[bytes] = set()
    for key, other in _years(store, body.rpartition("/")[2]):
        if other != year:
            content = versions(store, key, other)[-1:]
            whole = content[0].content if content else None
            found |= lines_of(
                without_shared_entities(store.base, whole)[1].get(body, b"") if whole else b""
            )
    return found


def _years(store: WritableStore, body: str) -> list[tuple[str, int]]:
    """The reports that the store has of a body (key)."""
    addresses = Addresses(store.base)
    keys = (addresses.report_key(name) for name in store.graph_names())
    return [key for key in keys if key is not None and key[0] == body]


def stored_report(store: Graphs, body: str, year: int) -> bytes:
    """A report as converted: its graph, and what is kept of the entities that it names.

    Sorted N-Triples; nothing if the store does not have the report.
    """
    addresses = Addresses(store.base)
    own = store.graph(str(addresses.report(body, year)))
    if not own:
        return b""
    found = [own]
    known: set[str] = set()
    wanted = {str(addresses.year(year)), str(addresses.body(body)), str(addresses.series(body))}
    wanted |= _named(own, *(f"{store.base}id/{kind}/" for kind in _NAMES))
    while wanted - known:
        name = min(wanted - known)
        known.add(name)
        said = store.graph(name) + b"".join(_listed(store.base, name))
        found.append(said)
        # An area is part of another.
        wanted |= _named(said, f"{store.base}id/area/")
    return sorted_lines(lines_of(b"".join(found)))


def entities_left(store: WritableStore, body: str, year: int) -> dict[str, bytes]:
    """The graphs of the entities of a removed report, without what it alone stated.

    They are empty if it was the last report of its body.
    """
    addresses = Addresses(store.base)
    node = str(addresses.body(body))
    others = [key for key in _years(store, body) if key[1] != year]
    if not others:
        names = (node, str(addresses.series(body)), *_parts(store, body))
        return {name: b"" for name in names if store.graph(name)}
    known = lines_of(store.graph(node))
    aliases = {line for line in known if property_of(line) == _ALIAS}
    kept = aliases & _said_elsewhere(store, node, year)
    return {} if kept == aliases else {node: sorted_lines((known - aliases) | kept)}


def _parts(store: WritableStore, body: str) -> list[str]:
    """The parts of a body that have graphs in the store."""
    whole = f"#subOrganizationOf> <{Addresses(store.base).body(body)}> .".encode()
    begin = str(Addresses(store.base).body(f"{body}-"))
    graphs = (name for name in store.graph_names() if name.startswith(begin))
    return [name for name in graphs if whole in store.graph(name)]


def _named(triples: bytes, *prefixes: str) -> set[str]:
    """The objects whose names begin so, but for parts of something else."""
    begin = tuple(f"<{prefix}".encode() for prefix in prefixes)
    objects = map(object_of, lines_of(triples))
    names = {text_of(term.decode()) for term in objects if term.startswith(begin)}
    return {name for name in names if "#" not in name}
