"""The first law, as properties: however a source is spoiled, no number is read wrong silently."""

import re
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.converters.cn.reader import recognise
from gongkai.converters.documents import read_document
from gongkai.converters.errors import UnreadableSource
from gongkai.converters.report import CellState, Report
from gongkai.ontology.structures import cubes
from helpers import expected_mohrss_2019 as expected
from helpers.commands import SAMPLE
from helpers.profiles import SHARED_FIXTURES, examples

LINES = SAMPLE.read_text(encoding="utf-8").splitlines()
FIRST_TABLE_LINE = LINES.index("二、主动公开政府信息情况")
NUMBER_LINES = [i for i, line in enumerate(LINES) if line.isdigit()]
TABLE_LINES = list(range(FIRST_TABLE_LINE, NUMBER_LINES[-1] + 1))

# Every number different, so that a value read into the wrong cell cannot go unseen.
DISTINCT = list(LINES)
for count, position in enumerate(NUMBER_LINES):
    DISTINCT[position] = str(1000 + count)

spoil = settings(
    max_examples=examples(100),
    suppress_health_check=SHARED_FIXTURES,
)


def read(lines: list[str], folder: Path) -> Report | None:
    path = folder / "report.txt"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    try:
        return recognise(read_document(path))
    except UnreadableSource:
        return None


_right: dict[tuple[str, ...], int] = {}


def right_numbers(folder: Path) -> dict[tuple[str, ...], int]:
    if not _right:
        report = read(DISTINCT, folder)
        assert report is not None
        _right.update(numbers(report))
    return _right


def numbers(report: Report) -> dict[tuple[str, ...], int]:
    return {
        (table.cube, *(cell.codes[d.scheme] for d in cubes()[table.cube].dimensions)): int(
            cell.value
        )
        for table, cell in report.cells(CellState.READ)
        if cell.value is not None
    }


def test_distinct_numbers_are_read_into_their_cells(tmp_path: Path) -> None:
    report = read(DISTINCT, tmp_path)
    assert report is not None and report.complete
    right = numbers(report)
    assert sorted(right.values()) == list(range(1000, 1198))
    first_row = [right["requests", code, "received"] for code in expected.APPLICANTS]
    assert first_row == list(range(1022, 1029))
    assert right["disputes", "litigation-after-reconsideration", "total"] == 1197


@spoil
@given(lost=st.sets(st.sampled_from(TABLE_LINES), min_size=1, max_size=4))
def test_lost_lines_never_shift_a_number(lost: set[int], tmp_path_factory: object) -> None:
    folder = tmp_path_factory.mktemp("lost")  # type: ignore[attr-defined]
    right = right_numbers(folder)
    report = read([line for i, line in enumerate(DISTINCT) if i not in lost], folder)
    if report is not None:
        assert numbers(report).items() <= right.items()
        if lost & set(NUMBER_LINES):
            assert not report.complete, "a lost number is told of"


@spoil
@given(first=st.sampled_from(TABLE_LINES), length=st.integers(min_value=1, max_value=60))
def test_a_lost_piece_never_shifts_a_number(
    first: int, length: int, tmp_path_factory: object
) -> None:
    """A page or part of one is gone: a row may then be followed by another row's values."""
    folder = tmp_path_factory.mktemp("piece")  # type: ignore[attr-defined]
    right = right_numbers(folder)
    report = read(DISTINCT[:first] + DISTINCT[first + length :], folder)
    if report is not None:
        assert numbers(report).items() <= right.items()
        if set(range(first, first + length)) & set(NUMBER_LINES):
            assert not report.complete


@spoil
@given(where=st.sampled_from(TABLE_LINES), again=st.sampled_from(TABLE_LINES))
def test_a_line_repeated_elsewhere_never_shifts_a_number(
    where: int, again: int, tmp_path_factory: object
) -> None:
    folder = tmp_path_factory.mktemp("again")  # type: ignore[attr-defined]
    right = right_numbers(folder)
    report = read([*DISTINCT[:where], DISTINCT[again], *DISTINCT[where:]], folder)
    if report is not None:
        assert numbers(report).items() <= right.items()
        if again in NUMBER_LINES:
            told = DISTINCT[again] in [t for part in report.sections for t in part.paragraphs]
            assert told or not report.complete, "a number too many is told of"


@spoil
@given(
    where=st.sampled_from(TABLE_LINES),
    text=st.one_of(
        st.text(min_size=1, max_size=12),
        st.sampled_from(["-3-", "— 4 —", "8", "", "其他", "总计", "（六）其他处理", "13x", "无"]),
    ),
)
def test_a_line_put_in_never_shifts_a_number(
    where: int, text: str, tmp_path_factory: object
) -> None:
    folder = tmp_path_factory.mktemp("extra")  # type: ignore[attr-defined]
    right = right_numbers(folder)
    report = read([*DISTINCT[:where], text, *DISTINCT[where:]], folder)
    if report is not None:
        assert numbers(report).items() <= right.items()


@spoil
@given(
    where=st.sampled_from(TABLE_LINES),
    text=st.text(
        alphabet="0123456789零一二三、（）.政府信息公开申请总计其他x", min_size=1, max_size=10
    ),
)
def test_a_line_overwritten_changes_at_most_its_own_cell(
    where: int, text: str, tmp_path_factory: object
) -> None:
    folder = tmp_path_factory.mktemp("over")  # type: ignore[attr-defined]
    right = right_numbers(folder)
    report = read([*DISTINCT[:where], text, *DISTINCT[where + 1 :]], folder)
    if report is None:
        return
    for key, value in numbers(report).items():
        if value != right[key]:
            assert where in NUMBER_LINES and right[key] == int(DISTINCT[where])
            # A number with a remark is that number (design, section 3): 0（x）; so is one with the
            # mark of a list or a sentence behind it.
            shown = re.fullmatch(r"([0-9]+)(?:\.0+)?[.、]?(?:（.*[^0-9].*）)?", text)
            assert shown and value == int(shown[1])


@spoil
@given(pair=st.tuples(st.sampled_from(TABLE_LINES), st.sampled_from(TABLE_LINES)))
def test_labels_changed_for_one_another_never_move_their_numbers(
    pair: tuple[int, int], tmp_path_factory: object
) -> None:
    """Label and position disagree: the cells are unread, or read as before."""
    first, second = pair
    if first in NUMBER_LINES or second in NUMBER_LINES:
        return
    folder = tmp_path_factory.mktemp("swap")  # type: ignore[attr-defined]
    right = right_numbers(folder)
    lines = list(DISTINCT)
    lines[first], lines[second] = lines[second], lines[first]
    report = read(lines, folder)
    if report is None or LINES[first] == LINES[second]:
        return
    # A row's numbers may follow its label to another place; they never take another's meaning.
    moved = {DISTINCT[first], DISTINCT[second]}
    for key, value in numbers(report).items():
        if value != right[key]:
            label = label_of(lines, value)
            assert label in moved


def label_of(lines: list[str], value: int) -> str:
    position = lines.index(str(value))
    while lines[position].isdigit():
        position -= 1
    return lines[position]
