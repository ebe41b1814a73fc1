"""The cells of a report as rows of one plain table, in the order of the official form.

Reports that follow an official form share their columns. The files of other sources have columns
for the dimensions of that source's cubes, and for the period of each row: they have quarters, too.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from gongkai.ontology.addresses import Addresses
from gongkai.ontology.forms import cell_codes, forms, printed_cubes
from gongkai.ontology.labels import Label
from gongkai.ontology.structures import code_labels, codes_in, cubes
from gongkai.server.queries.graphs import labels
from gongkai.server.queries.rows import rows
from gongkai.server.store import Store

_MEASURE = "http://purl.org/linked-data/sdmx/2009/measure#obsValue"
_UNIT = "http://purl.org/linked-data/sdmx/2009/attribute#unitMeasure"
_STATUS = "http://purl.org/linked-data/sdmx/2009/attribute#obsStatus"
_DATA_SET = "http://purl.org/linked-data/cube#dataSet"
_PERIOD = "http://purl.org/linked-data/sdmx/2009/dimension#refPeriod"
_BODY = "body"
_OF_ENTRIES = ("statement", "receivedOn")

_STATES = {"obsStatus-A": "read", "obsStatus-I": "imputed"}


@dataclass(frozen=True)
class Columns:
    """The columns of a table of cells.

    ``dimensions`` are names under ``def#``; ``period`` is true if each row has its own period,
    ``texts`` if there are entries with a text or a date of their own.
    """

    dimensions: tuple[str, ...]
    period: bool = False
    texts: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The column names, in order."""
        return (
            "cell",
            "cube",
            *(("period",) if self.period else ()),
            *self.dimensions,
            "label_zh",
            "label_en",
            "value",
            "unit",
            "state",
            "source_text",
            *(_OF_ENTRIES if self.texts else ()),
        )


def report_columns(store: Store, report: str) -> Columns:
    """The columns of a report's table."""
    return _columns_for(_last(row["cube"]) for row in rows(store, "report-tables", report))


def cell_table(store: Store, report: str) -> tuple[Columns, list[tuple[str, ...]]]:
    """The cells of a report from the store: columns, and rows of texts in order.

    ``cell`` is the URI of the observation, or of the cell without a number; ``state`` is a code of
    id/code/cell-state: read, imputed, not-stated.
    """
    tables = rows(store, "report-tables", report)
    periods = {row["table"]: row["period"] for row in tables}
    columns = _columns_for(_last(row["cube"]) for row in tables)
    cells: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows(store, "cells", report):
        cells[row["cell"]][row["link"]] = row["value"]
    names = _names_of_bodies(store, cells.values(), columns)
    found = [_row(store.base, cell, said, columns, periods, names) for cell, said in cells.items()]
    return columns, [texts for _, texts in sorted(found)]


def _columns_for(met: Iterable[str]) -> Columns:
    """The columns for the cubes ``met``: all cubes of one source have the same."""
    wanted = set(met)
    if wanted <= set(printed_cubes()):
        return Columns(_dimension_names(printed_cubes()))
    sources = {cube.partition("-")[0] for cube in wanted}
    of_source = [cube for cube in cubes() if cube.partition("-")[0] in sources]
    names = _dimension_names(of_source)
    return Columns(names, period=True, texts="usList" in names)


def _dimension_names(some: Iterable[str]) -> tuple[str, ...]:
    """The dimensions of the cubes, each once, in the order of the cubes."""
    names = [dimension.name for cube in some for dimension in cubes()[cube].dimensions]
    return tuple(dict.fromkeys(names))


@lru_cache(maxsize=1)
def schemes() -> dict[str, str]:
    """The code list of each dimension, by its name; ``body`` for one whose values are bodies."""
    return {item.name: item.scheme for cube in cubes().values() for item in cube.dimensions}


def _names_of_bodies(
    store: Store, cells: Iterable[Mapping[str, str]], columns: Columns
) -> dict[str, Label]:
    define = str(Addresses(store.base).terms)
    links = [define + name for name in columns.dimensions if schemes()[name] == _BODY]
    found = {said[link] for said in cells for link in links if link in said}
    return labels(store, sorted(found)) if found else {}


def _row(
    base: str,
    cell: str,
    said: Mapping[str, str],
    columns: Columns,
    periods: Mapping[str, str],
    names: Mapping[str, Label],
) -> tuple[object, tuple[str, ...]]:
    """The sort position of a cell's row, and the texts of the row."""
    define = str(Addresses(base).terms)
    observed = _MEASURE in said
    cube = said[_DATA_SET] if observed else said[define + "missingFrom"].rsplit("/", 2)[0]
    period = said[_PERIOD] if observed else periods.get(said[define + "missingFrom"], "")
    values = {name: said.get(define + name, "") for name in columns.dimensions}
    codes = {name: _last(value) for name, value in values.items()}
    key = _last(cube)
    state = said[_STATUS].rpartition("#")[2] if observed else said[define + "cellState"]
    texts = (
        cell,
        key,
        *((period.removeprefix(f"{base}id/"),) if columns.period else ()),
        *codes.values(),
        *(_label(key, values, names, language) for language in ("zh", "en")),
        said.get(_MEASURE, ""),
        _last(said.get(_UNIT, "")),
        _STATES.get(state, _last(state)),
        said.get(define + "sourceText", ""),
        *((said.get(define + name, "") for name in _OF_ENTRIES) if columns.texts else ()),
    )
    return _place(key, period, codes, cell), texts


def _last(uri: str) -> str:
    return uri.rpartition("/")[2]


def _label(cube: str, values: Mapping[str, str], names: Mapping[str, Label], language: str) -> str:
    said = []
    for dimension in cubes()[cube].dimensions:
        value = values[dimension.name]
        if value:
            known = (
                names.get(value, {})
                if dimension.scheme == _BODY
                else code_labels().get((dimension.scheme, _last(value)), {})
            )
            said.append(known.get(language) or _last(value))
    return " · ".join(said)


def _place(cube: str, period: str, codes: Mapping[str, str], cell: str) -> tuple[object, ...]:
    """The position of a cell: cube, period, place in the newest form that prints it, or codes."""
    order = [*printed_cubes(), *(one for one in cubes() if one not in printed_cubes())]
    stated = tuple(code for code in codes.values() if code)
    printed = _printed_order().get((cube, stated), 1_000_000)
    ranks = tuple(_rank(schemes()[name], code) for name, code in codes.items() if code)
    return order.index(cube), period, printed, ranks, cell


def _rank(scheme: str, code: str) -> tuple[int, str]:
    """The position of a code in its list."""
    return _positions(scheme).get(code, 0) if scheme != _BODY else 0, code


@lru_cache(maxsize=64)
def _positions(scheme: str) -> dict[str, int]:
    return {code: number for number, code in enumerate(codes_in(scheme))}


@lru_cache(maxsize=1)
def _printed_order() -> dict[tuple[str, tuple[str, ...]], int]:
    places: dict[tuple[str, tuple[str, ...]], int] = {}
    names = _dimension_names(printed_cubes())
    for form in forms():
        for table in form.tables:
            cells = (pair for block in table.blocks for pair in block.cells())
            for number, (row, column) in enumerate(cells):
                codes = cell_codes(row, column)
                own = {item.name: item.scheme for item in cubes()[table.cube].dimensions}
                stated = tuple(codes[own[name]] for name in names if name in own)
                places[table.cube, stated] = number
    return places
