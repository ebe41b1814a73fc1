"""The official forms as data: tables, blocks, rows and columns, read from ``ontology/forms``.

A graph that holds the description of a form, from any source, gives the same layout: the converter
reads the packaged Turtle, the server the graph in its store.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rdflib import RDF, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, SKOS
from rdflib.term import Node

from gongkai.ontology import DEFAULT_BASE
from gongkai.ontology.labels import Label
from gongkai.ontology.triples.graph import Graph
from gongkai.ontology.turtle import load_turtle

Code = tuple[str, str]
"""A code: (scheme, key), as in ``("stage", "granted")``."""

_TRUE = Literal(True)


@dataclass(frozen=True)
class Header:
    """A printed row or column, or a head over several.

    ``iri`` is relative to the base. ``codes`` and ``unit`` include those inherited from the heads
    above it, at most one code of each scheme; ``under`` is the position of the head among the rows
    (columns) of the block, ``depth`` the number of heads. ``leaf`` says that it carries values: a
    head does only where the form says so (``def:holdsNumber``).
    """

    iri: str
    label: Label
    variants: tuple[str, ...]
    codes: tuple[Code, ...]
    unit: str | None
    under: int | None
    depth: int
    leaf: bool


@dataclass(frozen=True)
class Block:
    """A part of a table in which every row meets every column.

    ``unit_column`` is the head of a column between row labels and values in which the form prints
    the unit of each row that carries values; empty where it prints none.
    """

    label: Label
    corner: Label
    unit_column: Label
    rows: tuple[Header, ...]
    columns: tuple[Header, ...]
    unit: str | None

    def leaf_rows(self) -> tuple[Header, ...]:
        """The rows that carry values."""
        return self._leaf_rows

    def leaf_columns(self) -> tuple[Header, ...]:
        """The columns that carry values."""
        return self._leaf_columns

    @cached_property
    def _leaf_rows(self) -> tuple[Header, ...]:
        return tuple(row for row in self.rows if row.leaf)

    @cached_property
    def _leaf_columns(self) -> tuple[Header, ...]:
        return tuple(column for column in self.columns if column.leaf)

    def cells(self) -> Iterator[tuple[Header, Header]]:
        """Every (row, column) in which the form asks for a number, row by row."""
        for row in self.leaf_rows():
            for column in self.leaf_columns():
                yield row, column

    def columns_as_printed(self) -> tuple[Header, ...]:
        """The column heads in reading order: level by level, from left to right."""
        return self._as_printed

    @cached_property
    def _as_printed(self) -> tuple[Header, ...]:
        return tuple(sorted(self.columns, key=lambda column: column.depth))


@dataclass(frozen=True)
class Table:
    """A table of a form; its cells belong to the cube ``cube``.

    ``part`` is the number of the statutory part that it stands in; None for an annex.
    """

    iri: str
    cube: str
    part: int | None
    label: Label
    check_printed: Label
    blocks: tuple[Block, ...]

    def cell_count(self) -> int:
        """The number of numbers that the form asks for in this table."""
        return sum(len(list(block.cells())) for block in self.blocks)


@dataclass(frozen=True)
class Part:
    """A statutory part (一 to 六) with its heading and the variants of it that were found."""

    number: int
    label: Label
    variants: tuple[str, ...]


@dataclass(frozen=True)
class Form:
    """An official form: ``key`` is the first year for which it was used.

    ``parts`` are the parts that it prescribes for the report: none where it is only a table.
    """

    iri: str
    key: str
    label: Label
    parts: tuple[Part, ...]
    tables: tuple[Table, ...]

    @property
    def cubes(self) -> tuple[str, ...]:
        """The cubes that its tables fill, in the order of the form."""
        return tuple(table.cube for table in self.tables)

    def table(self, cube: str) -> Table:
        """The table that fills ``cube``, which must be one of ``cubes``."""
        return next(table for table in self.tables if table.cube == cube)


def cell_codes(row: Header, column: Header) -> dict[str, str]:
    """The codes of the cell where ``row`` and ``column`` meet, by scheme."""
    return dict(row.codes + column.codes)


@lru_cache(maxsize=1)
def forms() -> tuple[Form, ...]:
    """The forms that the converter knows, oldest first."""
    return read_forms(load_turtle(), DEFAULT_BASE)


@lru_cache(maxsize=1)
def printed_cubes() -> tuple[str, ...]:
    """The cubes whose tables the official forms print, in the order of the newest form.

    Tables of other cubes come from data files that print no such labels.
    """
    return tuple(dict.fromkeys(cube for form in reversed(forms()) for cube in form.cubes))


def read_forms(graph: Graph, base: str) -> tuple[Form, ...]:
    """The forms described in ``graph``, whose IRIs are under ``base``, oldest first."""
    define = Namespace(base + "def#")
    found = [
        _read_form(graph, form, define, base) for form in graph.subjects(RDF.type, define.Form)
    ]
    return tuple(sorted(found, key=lambda form: form.key))


def _read_form(graph: Graph, form: Node, define: Namespace, base: str) -> Form:
    parts = tuple(
        Part(_order(graph, part, define), _label(graph, part), _variants(graph, part))
        for part in _in_order(graph, form, define.part, define)
    )
    tables = tuple(
        _read_table(graph, table, define, base)
        for table in _in_order(graph, form, define.table, define)
    )
    label = _label(graph, form, URIRef("http://www.w3.org/2000/01/rdf-schema#label"))
    return Form(
        str(form).removeprefix(base), str(graph.value(form, SKOS.notation)), label, parts, tables
    )


def _read_table(graph: Graph, table: Node, define: Namespace, base: str) -> Table:
    part = graph.value(table, DCTERMS.isPartOf)
    return Table(
        iri=str(table).removeprefix(base),
        cube=str(graph.value(table, define.cube)).removeprefix(base + "id/cube/"),
        part=None if part is None else _order(graph, part, define),
        label=_label(graph, table),
        check_printed=_label(graph, table, define.checkPrinted),
        blocks=tuple(
            _read_block(graph, block, define, base)
            for block in _in_order(graph, table, define.block, define)
        ),
    )


def _read_block(graph: Graph, block: Node, define: Namespace, base: str) -> Block:
    unit = _unit(graph, block, define, base)
    return Block(
        label=_label(graph, block),
        corner=_label(graph, block, define.corner),
        unit_column=_label(graph, block, define.unitColumn),
        rows=_read_headers(graph, block, define.row, define, base),
        columns=_read_headers(graph, block, define.column, define, base),
        unit=unit,
    )


def _read_headers(
    graph: Graph, block: Node, link: URIRef, define: Namespace, base: str
) -> tuple[Header, ...]:
    nodes = _in_order(graph, block, link, define)
    heads = {graph.value(node, define.under) for node in nodes} - {None}
    headers: list[Header] = []
    for node in nodes:
        head = graph.value(node, define.under)
        above = headers[nodes.index(head)] if head is not None else None
        code = graph.value(node, define.code)
        codes = dict(above.codes) if above else {}
        if code is not None:
            scheme, _, key = str(code).removeprefix(base + "id/code/").partition("/")
            codes[scheme] = key
        headers.append(
            Header(
                iri=str(node).removeprefix(base),
                label=_label(graph, node),
                variants=_variants(graph, node),
                codes=tuple(codes.items()),
                unit=_unit(graph, node, define, base) or (above.unit if above else None),
                under=nodes.index(head) if head is not None else None,
                depth=above.depth + 1 if above else 0,
                leaf=node not in heads or (node, define.holdsNumber, _TRUE) in graph,
            )
        )
    return tuple(headers)


def _in_order(graph: Graph, node: Node, link: URIRef, define: Namespace) -> list[Node]:
    return sorted(graph.objects(node, link), key=lambda item: _order(graph, item, define))


def _order(graph: Graph, node: Node, define: Namespace) -> int:
    return int(str(graph.value(node, define.order)))


def _unit(graph: Graph, node: Node, define: Namespace, base: str) -> str | None:
    unit = graph.value(node, define.unit)
    return None if unit is None else str(unit).removeprefix(base + "id/code/unit/")


def _label(graph: Graph, node: Node, link: URIRef = SKOS.prefLabel) -> Label:
    return {
        str(label.language): str(label)
        for label in graph.objects(node, link)
        if isinstance(label, Literal)
    }


def _variants(graph: Graph, node: Node) -> tuple[str, ...]:
    return tuple(sorted(str(label) for label in graph.objects(node, SKOS.hiddenLabel)))
