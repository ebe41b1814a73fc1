"""A blank cell is 0 only where the printed sums prove it, and never against the truth."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.converters.cn.forms.blanks import impute_blanks
from gongkai.converters.cn.forms.cells import read_into_cell
from gongkai.converters.documents.model import Place
from gongkai.converters.report import Cell, CellState, ReportTable
from gongkai.ontology.forms import cell_codes
from gongkai.ontology.structures import cubes
from gongkai.ontology.sums import Key, equations
from helpers.official_grids import form
from helpers.profiles import examples

APPLICANTS = (
    "natural-person",
    "business",
    "research",
    "social-welfare",
    "legal-service",
    "other-organisation",
)


def table_of(printed: Mapping[Key, str], key: str = "2019", cube: str = "requests") -> ReportTable:
    """The table with these texts in its cells, blank where none is given."""
    table = form(key).table(cube)
    schemes = [dimension.scheme for dimension in cubes()[cube].dimensions]
    cells = []
    for block in table.blocks:
        for row, column in block.cells():
            codes = cell_codes(row, column)
            text = printed.get(tuple(codes[scheme] for scheme in schemes), "")
            unit = column.unit or row.unit or block.unit or ""
            cells.append(read_into_cell(table, row, column, text, Place(line=1), unit))
    return ReportTable(cube, form(key), tuple(cells))


def state_of(table: ReportTable, applicant: str, stage: str) -> CellState:
    return cell_of(table, applicant, stage).state


def cell_of(table: ReportTable, applicant: str, stage: str) -> Cell:
    codes = {"applicant": applicant, "stage": stage}
    return next(cell for cell in table.cells if cell.codes == codes)


def test_blanks_beside_a_total_that_the_rest_adds_up_to_are_zero() -> None:
    """As in the report of a county bureau: natural persons and totals alone are filled in."""
    printed: dict[Key, str] = {("natural-person", "received"): "26", ("total", "received"): "26"}
    table = impute_blanks(table_of(printed))
    assert state_of(table, "business", "received") is CellState.IMPUTED
    imputed = cell_of(table, "business", "received")
    assert imputed.value == 0 and imputed.unit == "request" and imputed.text == ""


def test_a_blank_total_with_values_beside_it_is_not_stated() -> None:
    """Shanghai 2019 leaves out totals that are not 0."""
    printed: dict[Key, str] = {("natural-person", "granted"): "258", ("business", "granted"): "12"}
    table = impute_blanks(table_of(printed))
    for applicant in ("total", "research"):
        assert state_of(table, applicant, "granted") is CellState.NOT_STATED


def test_a_blank_that_would_break_a_sum_is_not_stated() -> None:
    printed: dict[Key, str] = {("natural-person", "received"): "26", ("total", "received"): "27"}
    table = impute_blanks(table_of(printed))
    assert state_of(table, "business", "received") is CellState.NOT_STATED


def test_a_zero_in_its_row_that_breaks_its_column_is_not_stated() -> None:
    printed: dict[Key, str] = {("natural-person", "received"): "5", ("total", "received"): "5"}
    printed |= {("business", "carried-in"): "0", ("business", "carried-out"): "3"}
    printed |= {("business", "handled"): "0"}
    table = impute_blanks(table_of(printed))
    # The row contradicts the column: nothing in it is taken for proven.
    assert state_of(table, "research", "received") is CellState.NOT_STATED
    assert state_of(table, "business", "received") is CellState.NOT_STATED


@pytest.mark.parametrize("cube", ["requests", "disclosure"])
def test_a_table_without_a_number_proves_nothing(cube: str) -> None:
    table = impute_blanks(table_of({}, cube=cube))
    assert {cell.state for cell in table.cells} == {CellState.NOT_STATED}


@settings(max_examples=examples(150))
@given(st.data())
def test_what_is_imputed_is_zero_in_the_true_table(data: st.DataObject) -> None:
    """Of a table whose sums hold, any cells may be blank: those taken for 0 are 0."""
    truth = data.draw(true_tables())
    lost = data.draw(st.sets(st.sampled_from(sorted(truth)), max_size=len(truth)))
    table = impute_blanks(table_of({k: str(v) for k, v in truth.items() if k not in lost}))
    for cell in table.cells:
        key = (cell.codes["applicant"], cell.codes["stage"])
        if cell.state is CellState.IMPUTED:
            assert truth[key] == 0 and key in lost
        elif cell.state is CellState.READ:
            assert cell.value == truth[key]


@st.composite
def true_tables(draw: st.DrawFn) -> dict[Key, int]:
    """A table of requests in which every sum holds; many cells are 0."""
    counts = st.sampled_from([0, 0, 0, 1, 2, 7])
    rows = {c.codes["stage"]: None for c in table_of({}).cells}
    outcomes = [s for s in rows if s not in ("received", "carried-in", "handled", "carried-out")]
    truth: dict[Key, int] = {}
    for applicant in APPLICANTS:
        for stage in outcomes:
            truth[applicant, stage] = draw(counts)
        truth[applicant, "carried-out"] = draw(counts)
        truth[applicant, "handled"] = sum(truth[applicant, s] for s in outcomes)
        both = truth[applicant, "handled"] + truth[applicant, "carried-out"]
        truth[applicant, "carried-in"] = draw(st.integers(0, both))
        truth[applicant, "received"] = both - truth[applicant, "carried-in"]
    for stage in rows:
        truth["total", stage] = sum(truth[a, stage] for a in APPLICANTS)
    return truth


def test_the_equations_of_the_form() -> None:
    """Per column the balance and the sum of outcomes, per row the sum of applicants."""
    wanted = {"2019": 7 + 7 + 23, "2021": 7 + 7 + 25}
    for key, count in wanted.items():
        assert len(equations(form(key).table("requests"))) == count
    assert len(equations(form("2021").table("disputes"))) == 3
    assert equations(form("2021").table("disclosure")) == ()
    (total,) = [
        e for e in equations(form("2021").table("requests")) if e.left == (("total", "granted"),)
    ]
    assert {key[0] for key in total.right} == set(APPLICANTS)


def test_only_blanks_change() -> None:
    table = table_of({("natural-person", "received"): "1", ("total", "received"): "1"})
    read = [c for c in table.cells if c.state is CellState.READ]
    again = impute_blanks(replace(table, cells=table.cells))
    assert [c for c in again.cells if c.state is CellState.READ] == read
    assert all(c.value in (None, Decimal(0), Decimal(1)) for c in again.cells)
