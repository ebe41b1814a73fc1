"""What several reports say of the same thing: kept once in a store, in a graph of the thing's own.

A report's graph as it is converted stands for itself: it also says what its year is, who its body
is, and where. In a store those triples would stand in the graph of every report that says them,
and a query over all graphs would meet them as often: stores do not merge equal triples of several
graphs, so that each sum over such a join would be too high, and say nothing of it. So years, areas,
bodies that no packaged register knows, and series have graphs of their own, named as they are
(docs/decisions/20-said-once.md).
"""

import re
from collections.abc import Iterable, Mapping

from rdflib.namespace import SKOS

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


def things_to_publish(store: Graphs, things: Mapping[str, bytes]) -> dict[str, bytes]:
    """The graphs of things to put into the store; those that it has already are left out.

    What the report says stands, and of a body that no register knows also the other names that it
    has by other reports.
    """
    changed: dict[str, bytes] = {}
    unregistered = f"<{Addresses(store.base).terms.UnregisteredBody}>".encode()
    for name, said in things.items():
        known = _lines(store.graph(name))
        lines = _lines(said)
        if unregistered in said:
            lines |= {line for line in known if line.split(b" ", 2)[1] == _ALIAS}
        if lines != known:
            changed[name] = b"".join(sorted(lines))
    return changed


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
    """The graphs, now empty, of what only this report spoke of: it is its body's last one."""
    addresses = Addresses(store.base)
    gone = str(addresses.report(body, year))
    prefix = gone.removesuffix(str(year))
    if any(name.startswith(prefix) and name != gone for name in store.graph_names()):
        return {}
    names = (str(addresses.body(body)), str(addresses.series(body)))
    return {name: b"" for name in names if store.graph(name)}


def _lines(triples: bytes) -> set[bytes]:
    return set(triples.splitlines(keepends=True))


def _named(triples: bytes, prefix: str) -> Iterable[str]:
    pattern = rf"<({re.escape(prefix)}[^>#]+)> \.".encode()
    return (match.decode() for match in re.findall(pattern, triples))
