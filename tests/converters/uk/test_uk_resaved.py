"""The table of the United Kingdom, saved again by a spreadsheet: read, or refused in words."""

import csv
import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from gongkai.converters.cell_table import meanings
from gongkai.pipeline import Outcome, process
from helpers.commands import BASE

Rows = list[list[str]]
_REPEATED_HEADING = "Total requests received (excluding on-hold and lapsed)"


def _rows() -> Rows:
    """A table in which every number is different; shares have decimals, counts are large."""
    columns = meanings("gongkai.converters.uk", "columns.csv")
    rows = [["Quarter", "Government body", *(column.where[0] for column in columns)]]
    for first, (period, body) in enumerate(
        [("2020", "Attorney General's Office"), ("Q4 2020", "Wales Office")], start=1
    ):
        numbers = [
            f"{first}{i % 90 + 10}.25" if column.unit == "percent" else str(first * 1000 + i)
            for i, column in enumerate(columns)
        ]
        rows.append([period, body, *numbers])
    return rows


def _csv(rows: Rows, delimiter: str = ",") -> str:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter).writerows(rows)
    return buffer.getvalue()


def _processed(folder: Path, data: bytes | str, name: str = "table.csv") -> tuple[Outcome, ...]:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return process(path, BASE, None)


def _values(outcomes: tuple[Outcome, ...]) -> dict[object, Decimal | None]:
    """Every number that was read, by report, period and meaning."""
    found: dict[object, Decimal | None] = {}
    for outcome in outcomes:
        assert outcome.report is not None, outcome.error
        for table, cell in outcome.report.cells():
            time = table.time.path if table.time else ""
            found[outcome.report.key, time, table.cube, frozenset(cell.codes.items())] = cell.value
    return found


def _with_head(rows: Rows, change: Callable[[str], str]) -> Rows:
    return [[change(text) for text in rows[0]], *rows[1:]]


def _second_named(suffix: str) -> Callable[[Rows], str]:
    def made(rows: Rows) -> str:
        head = rows[0]
        second = len(head) - 1 - head[::-1].index(_REPEATED_HEADING)
        return _csv([[*head[:second], _REPEATED_HEADING + suffix, *head[second + 1 :]], *rows[1:]])

    return made


def _reversed(rows: Rows) -> str:
    """The columns from the last to the first, the second of two of one name named so."""
    named = list(csv.reader(io.StringIO(_second_named(".1")(rows))))
    return _csv([row[::-1] for row in named])


_DECIMAL_COMMA = str.maketrans(",.", ".,")


@pytest.mark.parametrize(
    "saved",
    [
        lambda rows: _csv(rows).replace("\r\n", "\r\n\r\n"),
        lambda rows: _csv([*rows[:2], [""] * 122, *rows[2:], [""] * 122]),
        lambda rows: _csv([[*row, "", "", ""] for row in rows]),
        lambda rows: _csv([["Freedom of information statistics"], [], *rows]),
        lambda rows: _csv([*rows, [], ["Source: Cabinet Office"]]),
        lambda rows: "sep=;\r\n" + _csv(rows, ";"),
        lambda rows: _csv(rows, "\t"),
        lambda rows: ("\ufeff" + _csv(rows)).encode("utf-16-le"),
        lambda rows: _csv(rows, "\t").encode("utf-16"),
        lambda rows: _csv(rows).encode("utf-8-sig"),
        lambda rows: _csv(rows).replace("Office", "Office\xa0").encode("cp1252"),
        lambda rows: _csv(_with_head(rows, lambda text: text.replace("Her", "His"))),
        lambda rows: _csv(_with_head(rows, str.upper)),
        lambda rows: _csv(_with_head(rows, lambda text: text.replace(" ", "\n", 2))),
        lambda rows: _csv(_with_head(rows, lambda text: text.replace(" and ", " & "))),
        lambda rows: _csv(_with_head(rows, lambda text: text.replace("-", "–").replace('"', "“"))),
        lambda rows: _csv(rows).replace("General's", "General’s"),
        lambda rows: _csv([["Unnamed: 0" if i == 0 else str(i), *r] for i, r in enumerate(rows)]),
        _second_named(".1"),
        _second_named("_2"),
        _second_named("2"),
        _reversed,
        lambda rows: _csv([rows[0], *([_grouped(text) for text in row] for row in rows[1:])]),
        lambda rows: _csv([rows[0], *([_floated(text) for text in row] for row in rows[1:])]),
        lambda rows: _csv(
            [rows[0], *([_grouped(t).translate(_DECIMAL_COMMA) for t in r] for r in rows[1:])], ";"
        ),
    ],
)
def test_a_table_saved_again_holds_the_same_numbers(
    saved: Callable[[Rows], bytes | str], tmp_path: Path
) -> None:
    rows = _rows()
    assert _values(_processed(tmp_path, saved(rows))) == _values(_processed(tmp_path, _csv(rows)))


def _grouped(text: str) -> str:
    return f"{int(text):,}" if text.isdecimal() and text != "2020" else text


def _floated(text: str) -> str:
    return f"{text}.0" if text.isdecimal() and text != "2020" else text


def test_a_workbook_of_the_table_is_read_as_the_table(tmp_path: Path) -> None:
    rows = _rows()
    book = openpyxl.Workbook()
    book.calculation.fullCalcOnLoad = False
    sheet = book.active
    assert sheet is not None
    sheet.append(["Freedom of information statistics"])
    for row in rows:
        sheet.append([float(text) if text.replace(".", "").isdecimal() else text for text in row])
    buffer = io.BytesIO()
    book.save(buffer)
    read = _processed(tmp_path, buffer.getvalue(), "table.xlsx")
    assert _values(read) == _values(_processed(tmp_path, _csv(rows)))
    report = read[0].report
    assert report is not None
    (_, cell), *_ = report.cells()
    assert cell.place is not None
    assert (cell.place.sheet, cell.place.row, cell.place.column) == ("Sheet", 3, 3)


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda rows: _csv([row[::-1] for row in rows]), "it is not clear which is which"),
        (lambda rows: _csv([[row[0], *row[2:]] for row in rows]), "“Government body”"),
        (lambda rows: _csv([[*row, row[2]] for row in rows]), "“Total requests received” 2 times"),
        (lambda rows: _csv([[*row, "x"] for row in rows]), "“x”"),
        (lambda rows: _csv([rows[0], ["01/01/2020", *rows[1][1:]]]), "“01/01/2020” is neither"),
        (lambda rows: _csv([rows[0], [*rows[1], "7"]]), "line 2 has 123 columns"),
        (lambda rows: _csv([rows[0], rows[1][:-1]], ";"), "line 2 has 121 columns"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words_about_this_table(
    spoil: Callable[[Rows], str], told: str, tmp_path: Path
) -> None:
    (outcome,) = _processed(tmp_path, spoil(_rows()))
    assert outcome.error is not None and told in outcome.error


def test_a_comma_that_may_part_decimals_or_thousands_is_not_read(tmp_path: Path) -> None:
    rows = _rows()
    head, row = rows[0], ["1,234" if i > 1 else text for i, text in enumerate(rows[1])]
    (outcome,) = _processed(tmp_path, _csv([head, row], ";"))
    assert outcome.report is not None
    values = [cell for _, cell in outcome.report.cells()]
    assert all(cell.value is None and cell.readings == ("1,234",) for cell in values)
    assert "comma or point" in values[0].reason["en"]


def test_what_stands_in_a_column_without_a_heading_is_told(tmp_path: Path) -> None:
    rows = [[*row, note] for row, note in zip(_rows(), ("", "revised", ""), strict=True)]
    outcomes = _processed(tmp_path, _csv(rows))
    assert outcomes[0].report is not None
    assert any("“revised”" in note.message["en"] for note in outcomes[0].report.notes)
