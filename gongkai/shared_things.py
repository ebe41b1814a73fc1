"""What several reports say of the same thing: kept once in a store, in a graph of the thing's own.

A report's graph as it is converted stands for itself: it also says what its year is, who its body
is, and where. In a store those triples would stand in the graph of every report that says them,
and a query over all graphs would meet them as often: stores need not merge equal triples of several
graphs, so that each sum over such a join would be too high, and say nothing of it. So years, areas,
bodies that no packaged register knows, and series have graphs of their own, named as they are
(docs/decisions/20-said-once.md).
"""

import re
from collections.abc import Iterable, Mapping

from rdflib.namespace import SKOS

from gongkai.histories import versions
from gongkai.ontology.addresses import Addresses
from gongkai.server.store import Graphs, WritableStore

_KINDS = "year|area|body|series"
_ALIAS = f"<{SKOS.altLabel}>".encode()


def parted(base: str, content: bytes) -> tuple[bytes, dict[str, bytes]]:
    """What a report says (N-Triples) of itself, and of each thing that it shares, by name."""
    pattern = re.compile(rf"<({re.escape(base)}id/(?:{_KINDS})/[^>#]+)(?:#[^>]*)?> ".encode())
    own: list[bytes] = []
    things: dict[str, list[bytes]] = {}
    for line in content.splitlines(keepends=True):
        match = pattern.match(line)
        if match:
            things.setdefault(match[1].decode(), []).append(line)
        else:
            own.append(line)
    return b"".join(own), {name: b"".join(sorted(lines)) for name, lines in things.items()}


def things_to_publish(
    store: WritableStore, things: Mapping[str, bytes], year: int
) -> dict[str, bytes]:
    """The graphs of things to put into the store for a report; those that it has are left out.

    What the report says stands, and of a body that no register knows also the other names that it
    has by its reports on other years than ``year``.
    """
    changed: dict[str, bytes] = {}
    unregistered = f"<{Addresses(store.base).terms.UnregisteredBody}>".encode()
    for name, said in things.items():
        known, lines = _lines(store.graph(name)), _lines(said)
        aliases = {line for line in known - lines if line.split(b" ", 2)[1] == _ALIAS}
        if aliases and unregistered in said:
            # Rare: only then the other reports are asked which of these names they still have.
            lines |= aliases & _said_elsewhere(store, name, year)
        if lines != known:
            changed[name] = b"".join(sorted(lines))
    return changed


def _said_elsewhere(store: WritableStore, body: str, year: int) -> set[bytes]:
    """What the reports of a body on other years say of it, as their histories keep it."""
    found: set[bytes] = set()
    for key, other in _years(store, body.rpartition("/")[2]):
        if other != year:
            content = versions(store, key, other)[-1:]
            whole = content[0].content if content else None
            found |= _lines(parted(store.base, whole)[1].get(body, b"") if whole else b"")
    return found


def _years(store: WritableStore, body: str) -> list[tuple[str, int]]:
    """The reports that the store has of a body (key)."""
    addresses = Addresses(store.base)
    keys = (addresses.report_key(name) for name in store.graph_names())
    return [key for key in keys if key is not None and key[0] == body]


def whole_report(store: Graphs, body: str, year: int) -> bytes:
    """A report as it was converted: what its graph says, and what is kept of the things it names.

    Sorted N-Triples; nothing where the store does not have the report.
    """
    addresses = Addresses(store.base)
    own = store.graph(str(addresses.report(body, year)))
    if not own:
        return b""
    found = [own]
    known: set[str] = set()
    wanted = {str(addresses.year(year)), str(addresses.body(body)), str(addresses.series(body))}
    wanted |= set(_named(own, f"{store.base}id/area/"))
    while wanted - known:
        name = min(wanted - known)
        known.add(name)
        said = store.graph(name)
        found.append(said)
        # An area is part of another.
        wanted |= set(_named(said, f"{store.base}id/area/"))
    return b"".join(sorted(_lines(b"".join(found))))


def things_left(store: WritableStore, body: str, year: int) -> dict[str, bytes]:
    """The graphs of what a report that goes spoke of, without what it alone said.

    They are empty where it is its body's last one.
    """
    addresses = Addresses(store.base)
    node = str(addresses.body(body))
    others = [key for key in _years(store, body) if key[1] != year]
    if not others:
        return {name: b"" for name in (node, str(addresses.series(body))) if store.graph(name)}
    known = _lines(store.graph(node))
    aliases = {line for line in known if line.split(b" ", 2)[1] == _ALIAS}
    kept = aliases & _said_elsewhere(store, node, year)
    return {} if kept == aliases else {node: b"".join(sorted((known - aliases) | kept))}


def _lines(triples: bytes) -> set[bytes]:
    return set(triples.splitlines(keepends=True))


def _named(triples: bytes, prefix: str) -> Iterable[str]:
    pattern = rf"<({re.escape(prefix)}[^>#]+)> \.".encode()
    return (match.decode() for match in re.findall(pattern, triples))
