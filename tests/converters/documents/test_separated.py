"""Reports that a spreadsheet saved as text: cells parted by commas or semicolons (CSV)."""

import csv
import io
from pathlib import Path
from random import Random

import pytest

from gongkai.converters.cn.reader import recognise
from gongkai.converters.documents import read_document
from gongkai.converters.errors import UnreadableSource
from gongkai.converters.report import CellState, Report
from helpers.drawn_reports import AFTER, BEFORE, HEADINGS, Drawn, Seen, complaints, draw
from helpers.official_grids import Key


def sheet(drawn: Drawn, changes: dict[Key, str]) -> list[list[str]]:
    """The rows of the sheet; what is merged stands in its first cell."""
    rows = [[text] for text in BEFORE]
    for cube, boxes in drawn.tables.items():
        rows.append([HEADINGS[cube]])
        taken: dict[tuple[int, int], str] = {}
        for i, line in enumerate(boxes):
            column = 0
            for box in line:
                while (i, column) in taken:
                    column += 1
                for down in range(box.height):
                    for right in range(box.width):
                        taken[i + down, column + right] = ""
                text = box.text if box.key is None else changes.get(box.key, box.text)
                taken[i, column] = text
        width = max(column for _, column in taken) + 1
        rows += [[taken.get((i, c), "") for c in range(width)] for i in range(len(boxes))]
    return rows + [[text] for text in AFTER]


def saved(rows: list[list[str]], separator: str, padded: bool) -> str:
    width = max(map(len, rows)) if padded else 0
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows(row + [""] * (width - len(row)) for row in rows)
    return text.getvalue()


def read(folder: Path, text: str) -> Report:
    path = folder / "report.csv"
    path.write_text(text, encoding="utf-8")
    return recognise(read_document(path))


@pytest.mark.parametrize("form", ["2019", "2021"])
@pytest.mark.parametrize(("separator", "padded"), [(",", True), (",", False), (";", True)])
def test_a_saved_sheet_is_read_as_the_sheet_is(
    tmp_path: Path, form: str, separator: str, padded: bool
) -> None:
    drawn = draw(Random(3), form)
    key = next(key for key in drawn.values if key[0] == "requests")
    rows = sheet(drawn, {key: "12,345"})
    report = read(tmp_path, saved(rows, separator, padded))
    assert complaints(drawn, report, {key: Seen(("12345",))}) == []
    assert report.complete and report.title == BEFORE[0]


def test_separators_within_numbers_that_are_not_quoted_shift_nothing(tmp_path: Path) -> None:
    drawn = draw(Random(4), "2021")
    key = next(key for key in drawn.values if key[0] == "requests")
    row = {k for k in drawn.values if k[0] == "requests" and dict(k[1])["stage"] == "received"}
    text = saved(sheet(drawn, {key: "12,345"}), ",", True).replace('"12,345"', "12,345")
    report = read(tmp_path, text)
    assert complaints(drawn, report, dict.fromkeys(row, Seen())) == []
    assert not report.complete


FEE = next(k for k in draw(Random(4), "2021").values if ("item", "charges") in k[1])


@pytest.mark.parametrize("amount", ["1,234", "1.234"])
def test_money_in_a_sheet_parted_by_semicolons_may_have_a_decimal_comma(
    tmp_path: Path, amount: str
) -> None:
    """There 1,234 is 1.234 for some, and 1.234 is 1234; by commas neither is in doubt."""
    drawn = draw(Random(4), "2021")
    report = read(tmp_path, saved(sheet(drawn, {FEE: amount}), ";", True))
    assert complaints(drawn, report, {FEE: Seen()}) == []
    (cell,) = (cell for _, cell in report.cells(CellState.UNREAD))
    assert set(cell.readings) == {"1,234", "1.234"}
    report = read(tmp_path, saved(sheet(drawn, {FEE: amount}), ",", True))
    assert report.complete


@pytest.mark.parametrize("broken", ['"12"3', '"12'])
def test_a_sheet_with_open_quotes_is_refused_in_words(tmp_path: Path, broken: str) -> None:
    text = saved(sheet(draw(Random(4), "2021"), {FEE: "qq"}), ",", True).replace("qq", broken)
    with pytest.raises(
        UnreadableSource, match=r"line \d+: a sheet saved as text .* quotation mark"
    ):
        read(tmp_path, text)


def test_a_sign_that_ends_lines_elsewhere_ends_none_in_a_sheet(tmp_path: Path) -> None:
    drawn = draw(Random(4), "2021")
    report = read(tmp_path, saved(sheet(drawn, {FEE: "12\u202834"}), ",", True))
    assert complaints(drawn, report, {FEE: Seen()}) == []


def test_prose_with_commas_is_text(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text("受理申请12,答复10,结转2,共计3。\n" * 8, encoding="utf-8")
    assert len(read_document(path).items) == 8
