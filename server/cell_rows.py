"""The cells of a report as rows of one plain table, in the order of the official form."""

from collections import defaultdict
from dataclasses import astuple, dataclass
from functools import lru_cache

from gongkai.ontology.addresses import Addresses
from gongkai.ontology.forms import cell_codes, forms
from gongkai.ontology.structures import code_labels, cubes
from gongkai.server.descriptions import rows
from gongkai.server.store import Store

_MEASURE = "http://purl.org/linked-data/sdmx/2009/measure#obsValue"
_UNIT = "http://purl.org/linked-data/sdmx/2009/attribute#unitMeasure"
_STATUS = "http://purl.org/linked-data/sdmx/2009/attribute#obsStatus"
_DATA_SET = "http://purl.org/linked-data/cube#dataSet"

_STATES = {"obsStatus-A": "read", "obsStatus-I": "imputed"}


@dataclass(frozen=True)
class CellRow:
    """A cell: the URI of its observation, or of the cell that states no number; what is in it.

    ``codes`` are those of ``dimension_names``, empty where the cube has no such dimension.
    ``state`` is a code of id/code/cell-state: read, imputed, not-stated.
    """

    cell: str
    cube: str
    codes: tuple[str, ...]
    label_zh: str
    label_en: str
    value: str
    unit: str
    state: str
    source_text: str

    def texts(self) -> tuple[str, ...]:
        """The row as texts, in the order of ``column_names``."""
        cell, cube, codes, *others = astuple(self)
        return (cell, cube, *codes, *others)


@lru_cache(maxsize=1)
def dimension_names() -> tuple[str, ...]:
    """The coded dimensions of all cubes, each once, in the order of the cubes."""
    names = [item.name for cube in cubes_in_order() for item in cubes()[cube].dimensions]
    return tuple(dict.fromkeys(names))


@lru_cache(maxsize=1)
def cubes_in_order() -> tuple[str, ...]:
    """The cubes in the order in which the newest form has them; others after them."""
    named = [cube for form in reversed(forms()) for cube in form.cubes]
    return tuple(dict.fromkeys([*named, *sorted(cubes())]))


def column_names() -> tuple[str, ...]:
    """The names of the columns."""
    return (
        "cell",
        "cube",
        *dimension_names(),
        "label_zh",
        "label_en",
        "value",
        "unit",
        "state",
        "source_text",
    )


def cell_rows(store: Store, report: str) -> list[CellRow]:
    """The cells of a report, from the store."""
    cells: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows(store, "cells", report):
        cells[row["cell"]][row["link"]] = row["value"]
    found = [_row(store.base, cell, said) for cell, said in cells.items()]
    return sorted(found, key=lambda row: (_place(row.cube, row.codes), row.cell))


def _row(base: str, cell: str, said: dict[str, str]) -> CellRow:
    define = str(Addresses(base).terms)
    observed = _MEASURE in said
    cube = said[_DATA_SET] if observed else said[define + "missingFrom"].rsplit("/", 2)[0]
    codes = tuple(_last(said.get(define + name, "")) for name in dimension_names())
    key = _last(cube)
    state = said[_STATUS].rpartition("#")[2] if observed else said[define + "cellState"]
    return CellRow(
        cell=cell,
        cube=key,
        codes=codes,
        label_zh=_label(key, codes, "zh"),
        label_en=_label(key, codes, "en"),
        value=said.get(_MEASURE, ""),
        unit=_last(said.get(_UNIT, "")),
        state=_STATES.get(state, _last(state)),
        source_text=said.get(define + "sourceText", ""),
    )


def _last(uri: str) -> str:
    return uri.rpartition("/")[2]


def _label(cube: str, codes: tuple[str, ...], language: str) -> str:
    by_name = dict(zip(dimension_names(), codes, strict=True))
    labels = code_labels()
    said = [
        labels.get((dimension.scheme, by_name[dimension.name]), {}).get(
            language, by_name[dimension.name]
        )
        for dimension in cubes()[cube].dimensions
        if by_name[dimension.name]
    ]
    return " · ".join(said)


def _place(cube: str, codes: tuple[str, ...]) -> tuple[int, int, tuple[str, ...]]:
    """Where a cell stands: cube, place in the newest form that prints it, codes."""
    order = cubes_in_order()
    return order.index(cube), _printed_order().get((cube, codes), 1_000_000), codes


@lru_cache(maxsize=1)
def _printed_order() -> dict[tuple[str, tuple[str, ...]], int]:
    places: dict[tuple[str, tuple[str, ...]], int] = {}
    for form in forms():
        for table in form.tables:
            schemes = {item.name: item.scheme for item in cubes()[table.cube].dimensions}
            cells = (pair for block in table.blocks for pair in block.cells())
            for number, (row, column) in enumerate(cells):
                codes = cell_codes(row, column)
                named = tuple(codes.get(schemes.get(name, ""), "") for name in dimension_names())
                places[table.cube, named] = number
    return places
