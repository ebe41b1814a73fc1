"""Values that a table's own sums refute after a shift are unread; plain wrong sums are read."""

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gongkai.converters.cn.forms.tables import TableSet, read_tables
from gongkai.converters.documents.model import Place, TextBlock
from gongkai.converters.report import Cell, CellState
from gongkai.ontology.forms import cell_codes
from helpers.official_grids import Box, Key, boxes, form, laid_out, numbers
from helpers.profiles import examples

CUBES = ("disclosure", "requests", "disputes")
INTAKE = ("received", "carried-in", "handled", "carried-out")

few = settings(max_examples=examples(30))


def key_of(cube: str, **codes: str) -> Key:
    return cube, frozenset(codes.items())


def codes_of(key: str, cube: str, scheme: str) -> list[str]:
    (block,) = form(key).table(cube).blocks
    found = [cell_codes(row, column)[scheme] for row, column in block.cells()]
    return list(dict.fromkeys(found))


@st.composite
def consistent(draw: st.DrawFn) -> tuple[str, dict[Key, int]]:
    """A form, and numbers for all of its cells whose sums hold, none of their parts being 0."""
    key = draw(st.sampled_from(["2019", "2021"]))
    return key, sound(Random(draw(st.integers(0, 10**6))), key)


def sound(random: Random, key: str = "2021") -> dict[Key, int]:
    found = numbers(key, CUBES)
    applicants = codes_of(key, "requests", "applicant")
    stages = codes_of(key, "requests", "stage")
    outcomes = [stage for stage in stages if stage not in INTAKE]
    for applicant in applicants[:-1]:
        of = {stage: random.randint(1, 60) for stage in outcomes}
        of["handled"] = sum(of.values())
        of["carried-in"], of["carried-out"] = random.randint(1, 9), random.randint(1, 9)
        of["received"] = of["handled"] + of["carried-out"] - of["carried-in"]
        found |= {key_of("requests", applicant=applicant, stage=s): n for s, n in of.items()}
    for stage in stages:
        parts = [found[key_of("requests", applicant=a, stage=stage)] for a in applicants[:-1]]
        found[key_of("requests", applicant="total", stage=stage)] = sum(parts)
    for proceeding in codes_of(key, "disputes", "proceeding"):
        results = codes_of(key, "disputes", "result")
        those = {result: random.randint(1, 60) for result in results if result != "total"}
        those["total"] = sum(those.values())
        found |= {key_of("disputes", proceeding=proceeding, result=r): n for r, n in those.items()}
    return found


def lines_of(key: str, values: dict[Key, int]) -> list[list[str]]:
    """The texts of each row of the tables, one cell per line when they are put in order."""
    return [
        [box.text for box in row] for cube in CUBES for row in boxes(form(key).table(cube), values)
    ]


def read_lines(lines: list[list[str]]) -> TableSet:
    return read_tables(
        [TextBlock(text, Place(line=i)) for i, line in enumerate(lines) for text in line]
    )


def cells_of(found: TableSet) -> dict[Key, Cell]:
    return {
        (table.cube, frozenset(cell.codes.items())): cell
        for table in found.tables
        for cell in table.cells
        if cell.codes
    }


def rows_of_values(lines: list[list[str]], least: int = 7) -> list[int]:
    return [i for i, line in enumerate(lines) if sum(map(str.isdigit, line)) >= least]


@few
@given(consistent(), st.data())
def test_a_page_number_in_the_place_of_a_lost_cell_shifts_no_value(
    case: tuple[str, dict[Key, int]], data: st.DataObject
) -> None:
    key, values = case
    lines = lines_of(key, values)
    line = lines[data.draw(st.sampled_from(rows_of_values(lines)))]
    first = next(i for i, text in enumerate(line) if text.isdigit())
    lost = data.draw(st.integers(first, len(line) - 1))
    # One value alone in a wrong place cannot be told from a wrong number.
    last = len(line) - 1
    assume(lost < last - 1)
    of_requests = first > 0 and lost > first + 2
    place = data.draw(st.sampled_from([first, last] if of_requests else [last]))
    texts = set(line)
    page = data.draw(st.sampled_from([n for n in range(2, 15) if str(n) != line[lost]]))
    del line[lost]
    line.insert(place, str(page))
    for cell_key, cell in cells_of(read_lines(lines)).items():
        if cell.state is CellState.READ:
            assert cell.value == values[cell_key], (line, cell)
        elif cell.state is CellState.UNREAD:
            assert set(cell.readings) & texts
            assert "(blank)" in cell.reason["en"] and " ".join(cell.readings) in cell.reason["en"]


def spaced(lines: list[list[str]], gap: int, apart: tuple[int, int] | None = None) -> TableSet:
    """A cell per line, ``gap`` lines from one to the next, more around the cell ``apart``."""
    blocks, at = [], 0
    for i, line in enumerate(lines):
        for j, text in enumerate(line):
            at += gap + 2 * ((i, j) == apart)
            blocks.append(TextBlock(text, Place(line=at)))
            at += 2 * ((i, j) == apart)
    return read_tables(blocks)


@few
@given(consistent(), st.data(), st.sampled_from([1, 2]))
def test_a_number_apart_in_the_place_of_a_lost_value_is_not_read_for_it(
    case: tuple[str, dict[Key, int]], data: st.DataObject, gap: int
) -> None:
    """In the very place of the lost value, and in part two, whose sums refute nothing, as well."""
    key, values = case
    lines = lines_of(key, values)
    i = data.draw(st.sampled_from(rows_of_values(lines, 3)))
    first = next(j for j, text in enumerate(lines[i]) if text.isdigit())
    lost, place = (data.draw(st.integers(first, len(lines[i]) - 1)) for _ in range(2))
    page = data.draw(st.integers(1, 99))
    kept = lines[i][:lost] + lines[i][lost + 1 :]
    lines[i] = [*kept[:place], str(page), *kept[place:]]
    for cell_key, cell in cells_of(spaced(lines, gap, (i, place))).items():
        if cell.state is CellState.READ:
            assert cell.value == values[cell_key], (lines[i], cell)
        else:
            assert "stands apart" in cell.reason["en"] and set(cell.readings) <= set(lines[i])


@few
@given(consistent(), st.data())
def test_a_break_of_the_page_within_a_row_leaves_its_values(
    case: tuple[str, dict[Key, int]], data: st.DataObject
) -> None:
    key, values = case
    lines = lines_of(key, values)
    i = data.draw(st.sampled_from(rows_of_values(lines, 3)))
    j = data.draw(st.integers(1, len(lines[i]) - 1))
    rows = [*lines[:i], lines[i][:j], [""], lines[i][j:], *lines[i + 1 :]]
    blocks = [
        TextBlock(text, Place(line=n))
        for n, text in enumerate(text for row in rows for text in row)
        if text
    ]
    found = cells_of(read_tables(blocks))
    assert {k: c.value for k, c in found.items() if c.state is CellState.READ} == values


@few
@given(consistent(), st.data())
def test_a_wrong_number_alone_is_read_for_the_rules_to_find(
    case: tuple[str, dict[Key, int]], data: st.DataObject
) -> None:
    key, values = case
    cell = data.draw(st.sampled_from([k for k in values if k[0] != "disclosure"]))
    wrong = values | {cell: max(0, values[cell] + data.draw(st.integers(-20, 20)))}
    found = cells_of(read_lines(lines_of(key, wrong)))
    read = {k: c.value for k, c in found.items() if c.state is CellState.READ}
    if read != wrong:
        # Where the sums hold without it, it may be the number of a page as well.
        unread = {k: c for k, c in found.items() if k not in read}
        assert cell in unread and 1 <= wrong[cell] <= 99
        assert all("being that of a page" in c.reason["en"] for c in unread.values())
        assert read == {k: number for k, number in wrong.items() if k not in unread}


def test_few_wrong_numbers_may_be_those_of_pages() -> None:
    random = Random(1)
    total = key_of("requests", applicant="total", stage="carried-out")
    read = 0
    for _ in range(60):
        values = sound(random)
        wrong = values | {total: values[total] + random.choice((-3, -2, -1, 1, 2, 3))}
        read += cells_of(read_lines(lines_of("2021", wrong)))[total].state is CellState.READ
    assert read >= 57


Spoil = Callable[[list[list[Box]]], None]


def read_requests(values: dict[Key, int], spoil: Spoil) -> dict[Key, Cell]:
    grids = []
    for n, cube in enumerate(CUBES):
        rows = boxes(form("2021").table(cube), values)
        if cube == "requests":
            spoil(rows)
        grids.append(laid_out(rows, n))
    return cells_of(read_tables(grids))


def row_of(rows: list[list[Box]], label: str) -> list[Box]:
    return next(row for row in rows if any(label in box.text for box in row))


def short_span(mark: str) -> Spoil:
    """The span over all outcomes ends a row early, “/” stands for the first value, a cell too many
    at the end: every value stands a column too far left.
    """

    def spoil(rows: list[list[Box]]) -> None:
        head = row_of(rows, "三、本年度办理结果")
        head[0] = Box(head[0].text, 1, head[0].height - 1)
        total = row_of(rows, "（七）总计")
        total[1] = Box(mark)
        total.append(Box(""))

    return spoil


@few
@given(consistent(), st.sampled_from(["/", "-", "无", ""]))
def test_a_span_too_short_shifts_no_value(case: tuple[str, dict[Key, int]], mark: str) -> None:
    key, values = case
    if key != "2021":
        return
    for cell_key, cell in read_requests(values, short_span(mark)).items():
        stage = dict(cell_key[1]).get("stage")
        if cell_key[0] == "requests" and stage == "handled":
            assert cell.state is not CellState.READ
        else:
            assert cell.value == values[cell_key]
        if cell.state is CellState.UNREAD:
            assert "(blank)" in cell.reason["en"] and "may be" in cell.reason["en"]


@pytest.mark.parametrize("wrong", [1, 100])
def test_wrong_sums_in_a_table_without_a_sign_of_damage_are_read(wrong: int) -> None:
    """Nothing of these made-up numbers adds up, and every row has its cells under its headings."""
    values = {key: value * wrong for key, value in numbers("2021", CUBES).items()}
    found = read_requests(values, lambda rows: None)
    assert {key: cell.value for key, cell in found.items()} == values


def lost_cell(label: str, lost: int, before: str | None) -> Spoil:
    """A cell of a row is lost, and one without a number stands before or behind the others."""

    def spoil(rows: list[list[Box]]) -> None:
        row = row_of(rows, label)
        first = next(i for i, box in enumerate(row) if box.text.isdigit())
        del row[first + lost]
        if before is None:
            row.append(Box(""))
        else:
            row.insert(first, Box(before))

    return spoil


@few
@given(
    consistent(),
    st.sampled_from(["（一）予以公开", "3.其他"]),
    st.integers(0, 6),
    st.sampled_from(["/", "", None]),
)
def test_a_lost_cell_beside_a_blank_one_shifts_no_value(
    case: tuple[str, dict[Key, int]], label: str, lost: int, before: str | None
) -> None:
    key, values = case
    if key != "2021":
        return
    for cell_key, cell in read_requests(values, lost_cell(label, lost, before)).items():
        if cell.state is CellState.READ:
            assert cell.value == values[cell_key]
        if cell.state is CellState.UNREAD:
            assert "may be" in cell.reason["en"]


def test_a_lost_cell_of_a_row_of_several_sums_shifts_no_value_that_two_of_them_tell_of() -> None:
    """The second total is then less than its parts, and the third is blank."""
    values = dict.fromkeys(numbers("2021", CUBES), 1)
    for cell in values:
        if cell[0] == "disputes" and dict(cell[1])["result"] == "total":
            values[cell] = 4
    rows = boxes(form("2021").table("disputes"), values)
    del rows[-1][8]
    rows[-1].append(Box(""))
    found = cells_of(read_tables([laid_out(rows)]))
    of_row = [cell for cell in found.values() if "proceeding" in cell.codes]
    assert len(of_row) == 15 and all(cell.state is CellState.UNREAD for cell in of_row)


def test_rows_of_a_sheet_that_is_wider_than_the_table_are_not_shifted() -> None:
    key, values = "2021", dict(sound(Random(2)))
    rows = boxes(form(key).table("requests"), values)
    lost_cell("（一）予以公开", 4, "")(rows)
    wider = [[*row, *[Box("")] * 5] for row in rows]
    for cell_key, cell in cells_of(read_tables([laid_out(wider)])).items():
        if cell.state is CellState.READ:
            assert cell.value == values[cell_key]
        elif "stage" in cell.codes:
            assert "may be" in cell.reason["en"]


def test_a_row_with_blanks_whose_sums_are_wrong_is_read_as_it_is_printed() -> None:
    values = numbers("2021", CUBES)

    def spoil(rows: list[list[Box]]) -> None:
        row = row_of(rows, "（一）予以公开")
        row[-3] = Box("")

    found = read_requests(values, spoil)
    assert {key: cell.value for key, cell in found.items() if cell.value is not None}.items() <= (
        values.items()
    )
    assert not any(cell.state is CellState.UNREAD for cell in found.values())


def merged_too_narrow(rows: list[list[Box]]) -> None:
    """The heading over several columns covers one too few: a browser moves the total before it."""
    i = next(i for i, box in enumerate(rows[0]) if box.text == "法人或其他组织")
    rows[0][i] = Box(rows[0][i].text, rows[0][i].width - 1)


def headings_exchanged(first: str) -> Spoil:
    def spoil(rows: list[list[Box]]) -> None:
        for row in rows[:2]:
            for i, box in enumerate(row):
                if box.text in (first, "总计"):
                    text = {first: "总计", "总计": first}[box.text]
                    row[i] = Box(text, box.width, box.height)

    return spoil


@few
@given(
    st.integers(0, 10**6),
    st.sampled_from([None, "自然人", "商业企业", "其他"]),
    st.integers(0, 8),
)
def test_columns_that_stand_under_one_anothers_headings_are_not_read(
    seed: int, exchanged: str | None, zeros: int
) -> None:
    """The printed sums tell so, though some rows of few numbers hold either way."""
    values = sound(Random(seed))
    values |= dict.fromkeys(_keys_of_rows(values, zeros), 0)
    spoil = merged_too_narrow if exchanged is None else headings_exchanged(exchanged)
    found = read_requests(values, spoil)
    for key, cell in found.items():
        if cell.state is CellState.READ:
            assert cell.value == values[key]
        else:
            assert cell.state is CellState.UNREAD and str(values[key]) in cell.readings
    if exchanged in (None, "自然人"):
        unread = [cell for cell in found.values() if cell.state is CellState.UNREAD]
        assert len(unread) == 2 * 25
        assert all("exchanged the sums hold" in cell.reason["en"] for cell in unread)


@few
@given(st.integers(0, 10**6), st.integers(0, 3))
def test_totals_that_are_wrong_or_lacking_are_read_as_they_are_printed(
    seed: int, kind: int
) -> None:
    """A body that fills in no totals, or adds up wrongly, has its columns where they belong."""
    values = sound(Random(seed))
    for key in values:
        if dict(key[1]).get("applicant") == "total":
            values[key] = (0, 1, values[key] + 1, values[key] * 2)[kind]
    found = read_requests(values, lambda rows: None)
    assert {key: cell.value for key, cell in found.items()} == values


def _keys_of_rows(values: dict[Key, int], count: int) -> list[Key]:
    stages = codes_of("2021", "requests", "stage")[2 : 2 + count]
    return [key for key in values if dict(key[1]).get("stage") in stages]
