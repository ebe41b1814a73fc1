"""SPARQL 1.1 updates that replace whole graphs, in statements of limited size."""

from collections.abc import Iterator, Mapping, Sequence

from gongkai.ontology.triples.lines import blank_nodes_of

_AT_ONCE = 1000
"""Triples in one statement: Virtuoso 7 has no room to compile 2,000 with blank nodes."""


def replacement(graphs: Mapping[str, bytes]) -> Iterator[str]:
    """The statements that replace the content of each graph (N-Triples, by name).

    They must be in one request, which a store executes atomically (SPARQL 1.1 Update, section 2.2).
    A blank node is the same only within a statement, so all triples connected by it are in the same
    statement.
    """
    for name, triples in graphs.items():
        yield f"DROP SILENT GRAPH <{name}>"
        lines = [line for line in triples.splitlines() if line.strip()]
        yield from (_insertion(name, part) for part in _parts(lines))


def _insertion(name: str, lines: Sequence[bytes]) -> str:
    """The statement that adds triples (N-Triples, which SPARQL's data blocks take) to a graph."""
    data = b"\n".join(lines).decode("utf-8")
    # Virtuoso accepts no blank nodes in INSERT DATA, but accepts them in a template.
    if "_:" in data:
        return f"INSERT {{ GRAPH <{name}> {{\n{data}\n}} }} WHERE {{ }}"
    return f"INSERT DATA {{ GRAPH <{name}> {{\n{data}\n}} }}"


def _parts(lines: Sequence[bytes]) -> Iterator[list[bytes]]:
    """The triples in parts of limited size; those connected by blank nodes stay together."""
    plain = [line for line in lines if b"_:" not in line]
    yield from (plain[i : i + _AT_ONCE] for i in range(0, len(plain), _AT_ONCE))
    part: list[bytes] = []
    for group in _tied([line for line in lines if b"_:" in line]):
        if part and len(part) + len(group) > _AT_ONCE:
            yield part
            part = []
        part += group
    if part:
        yield part


def _tied(lines: Sequence[bytes]) -> Iterator[list[bytes]]:
    """Triples with blank nodes in groups that share no blank node."""
    group_of: dict[str, list[bytes]] = {}
    alone = []
    for line in lines:
        nodes = blank_nodes_of(line)
        groups = {id(group_of[node]): group_of[node] for node in nodes if node in group_of}
        largest = max(groups.values(), key=len, default=[])
        for other in groups.values():
            if other is not largest:
                largest += other
                group_of |= {node: largest for one in other for node in blank_nodes_of(one)}
        largest.append(line)
        group_of |= dict.fromkeys(nodes, largest)
        if not nodes:
            alone.append(line)
    yield from {id(group): group for group in group_of.values()}.values()
    yield from ([line] for line in alone)
