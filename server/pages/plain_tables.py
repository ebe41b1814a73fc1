"""Tables of sources without an official form: the counts in rows, bodies or periods in columns.

All tables of a report that fill one cube are shown as one: its columns are periods (a year and its
quarters) or an agency and its components. If there are many components, only the agency is shown;
the others are in the table's own document and in the files.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rdflib import Namespace, URIRef
from rdflib.namespace import QB, RDFS, SKOS
from rdflib.term import Node

from gongkai.ontology.addresses import Addresses
from gongkai.ontology.labels import Label
from gongkai.ontology.structures import code_labels, codes_in, cubes
from gongkai.ontology.texts import translations
from gongkai.ontology.triples.graph import Graph
from gongkai.ontology.triples.lines import object_of, subject_of
from gongkai.server.pages.shown_tables import CodeSet, ShownCell, ShownTable, shown_cell
from gongkai.server.pages.table_layout import BlockLayout, HeadCell, LayoutRow
from gongkai.server.queries.graphs import label_of

MOST_COLUMNS = 6
"""A year and its quarters, or an agency and a few components, are readable side by side."""

_PERIOD = Namespace("http://purl.org/linked-data/sdmx/2009/dimension#").refPeriod
_PART_OF = URIRef("http://www.w3.org/ns/org#subOrganizationOf")
_BODY, _TIME = "body", "period"


@dataclass(frozen=True)
class _Column:
    """A column: the codes that it fixes besides those of a row, and its label."""

    codes: tuple[tuple[str, str], ...]
    label: Label
    order: tuple[bool, str]


def plain_table(
    report: Graph,
    cube: str,
    slices: Iterable[Node],
    broken: Mapping[str, list[int]],
    base: str,
    body: str,
    names: Mapping[str, Label],
) -> ShownTable:
    """The tables of one cube (key) in a report as one; ``body`` is the reporting body's URI."""
    define = Namespace(base + "def#")
    cells: dict[CodeSet, ShownCell] = {}
    columns: dict[tuple[tuple[str, str], ...], _Column] = {}
    rows: dict[tuple[tuple[str, str], ...], None] = {}
    slices = sorted(slices, key=str)
    for table in slices:
        period = report.value(table, _PERIOD)
        nodes = [*report.objects(table, QB.observation)]
        nodes += report.subjects(define.missingFrom, table)
        for node in nodes:
            codes, component = _codes_of(report, node, cube, define)
            if component is None and _has_components(cube):
                # The source does not say whose number it is: it has no column.
                continue
            column = _column(report, component, period, len(slices) > 1, body, names)
            columns.setdefault(column.codes, column)
            rows.setdefault(codes)
            cells[frozenset((*codes, *column.codes))] = shown_cell(report, node, broken, define)
    shown = sorted(columns.values(), key=lambda column: column.order)
    parts = len(set(report.subjects(_PART_OF, URIRef(body)))) if _has_components(cube) else 0
    left_out = 0
    if len(shown) > MOST_COLUMNS or parts >= MOST_COLUMNS:
        shown, left_out = shown[:1], max(parts, len(shown) - 1)
    title = cubes()[cube].title
    layout = BlockLayout(
        caption={},
        corner=HeadCell(translations("pages.what_is_counted"), 1, 1),
        unit_head=None,
        head=(tuple(HeadCell(column.label, 1, 1) for column in shown),),
        rows=tuple(
            LayoutRow(
                (HeadCell(_label(codes), 1, 1),),
                tuple(dict((*codes, *column.codes)) for column in shown),
            )
            for codes in sorted(rows, key=_order)
            if any(frozenset((*codes, *column.codes)) in cells for column in shown)
        ),
        width=len(shown),
    )
    return ShownTable(
        uri=str(slices[0]),
        cube=cube,
        label=title,
        check_printed={},
        blocks=(layout,),
        cells=cells,
        left_out=left_out,
    )


def shown_part(triples: bytes, base: str, this: str) -> bytes:
    """The part of a report's document (N-Triples) that its page needs.

    If there are too many components to show, thousands of numbers, their cells are left out.
    """
    key = Addresses(base).report_key(this)
    if key is None:
        return triples
    body, year = key
    observation, part = f"<{base}id/observation/".encode(), f"/{body}/{year}/{body}--".encode()
    missing, missing_part = (
        f"<{base}id/report/{body}/{year}#missing-".encode(),
        f"-{body}--".encode(),
    )

    def component(term: bytes) -> bytes:
        """The component whose number a term is; empty if it is none."""
        return term.partition(part)[2].partition(b"/")[0] if term.startswith(observation) else b""

    def apart(line: bytes) -> bool:
        subject = subject_of(line)
        lacking = subject.startswith(missing) and missing_part in subject
        return lacking or bool(component(subject) or component(object_of(line)))

    lines = triples.splitlines(keepends=True)
    if len({component(subject_of(line)) for line in lines} - {b""}) < MOST_COLUMNS:
        return triples
    return b"".join(line for line in lines if not apart(line))


def _has_components(cube: str) -> bool:
    return any(dimension.scheme == _BODY for dimension in cubes()[cube].dimensions)


def _codes_of(
    report: Graph, node: Node, cube: str, define: Namespace
) -> tuple[tuple[tuple[str, str], ...], Node | None]:
    """The codes of a cell except its component, and the component."""
    codes, component = [], None
    for dimension in cubes()[cube].dimensions:
        value = report.value(node, define[dimension.name])
        if dimension.scheme == _BODY:
            component = value
        elif value is not None:
            codes.append((dimension.scheme, str(value).rpartition("/")[2]))
    return tuple(codes), component


def _column(
    report: Graph,
    component: Node | None,
    period: Node | None,
    several: bool,
    body: str,
    names: Mapping[str, Label],
) -> _Column:
    if component is not None:
        uri = str(component)
        label = label_of(report, component, SKOS.prefLabel) or dict(names.get(uri, {}))
        return _Column(((_BODY, uri),), label or {"en": uri}, (uri != body, uri))
    uri = str(period)
    label = label_of(report, period, RDFS.label) if period is not None else {}
    # The year first, then its quarters.
    codes = ((_TIME, uri),) if several else ()
    return _Column(codes, label or dict(names.get(uri, {})), ("/quarter/" in uri, uri))


def _label(codes: tuple[tuple[str, str], ...]) -> Label:
    labels = [code_labels().get(code, {}) for code in codes]
    return {
        language: comma.join(label.get(language, "") for label in labels)
        for language, comma in (("zh", "，"), ("en", ", "))
    }


def _order(codes: tuple[tuple[str, str], ...]) -> tuple[int, ...]:
    return tuple(codes_in(scheme).index(code) for scheme, code in codes)
