"""From the freedom of information statistics of the Cabinet Office (CSV) to typed reports.

One row for each body and each quarter or year. What the table says of a body in a year, and in the
quarters of it, is one report: annual figures are revised, so they are read beside the quarters and
never made from them.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from gongkai.converters.cell_table import Meaning, meanings
from gongkai.converters.documents.limits import Limits
from gongkai.converters.documents.model import Place, Source
from gongkai.converters.errors import UnreadableSource
from gongkai.converters.plain_numbers import read_plain
from gongkai.converters.report import Cell, CellState, Note, Report, ReportTable, Wording
from gongkai.converters.uk.blanks import CUBE as EXEMPTIONS
from gongkai.converters.uk.blanks import impute_exemptions
from gongkai.converters.uk.periods import BadPeriod, period_named
from gongkai.ontology.bodies import Body, Origin, Register, foreign_bodies
from gongkai.ontology.forms import Form, forms
from gongkai.ontology.keys import provisional_key
from gongkai.ontology.periods import Period, calendar_year
from gongkai.ontology.structures import code_labels

MEDIA_TYPE = "text/csv"
_COUNTRY = "http://publications.europa.eu/resource/authority/country/GBR"
_FORM = "uk-cabinet-office"
_PERIOD, _BODY = "Quarter", "Government body"
_HEAD = 4096
_WORDING = Wording(
    "en",
    "ENG",
    {
        "zh": "英国内阁办公厅信息自由统计中 {body} {year} 年度与各季度的数。",
        "en": "The figures of {body} in the freedom of information statistics of the Cabinet "
        "Office, {year} and its quarters.",
    },
    {
        "zh": "{body}：英国信息自由统计",
        "en": "{body}: freedom of information statistics of the United Kingdom",
    },
    {
        "zh": "英国内阁办公厅信息自由统计中 {body} 的数，每年一份。",
        "en": "The figures of {body} in the freedom of information statistics, one set a year.",
    },
)


@dataclass(frozen=True)
class _Row:
    """A row of the table: its number in the file, from 1, its period, and its texts by column."""

    number: int
    period: Period
    texts: Sequence[str]


def is_statistics(data: bytes) -> bool:
    """Whether ``data`` begins as the table of the statistics."""
    head = data[:_HEAD].removeprefix(b"\xef\xbb\xbf")
    return head.replace(b'"', b"").startswith(f"{_PERIOD},{_BODY},".encode())


def read_statistics(
    source: Source, data: bytes, limits: Limits, register: Register
) -> tuple[Report, ...]:
    """The reports in ``data``, by body and year. Raises UnreadableSource where it is damaged."""
    rows = _rows(data, limits)
    columns = _columns(rows[0][1])
    by_report: dict[tuple[str, int], tuple[Body, list[_Row]]] = {}
    for number, texts in rows[1:]:
        if len(texts) != len(rows[0][1]):
            raise UnreadableSource(
                f"line {number} has {len(texts)} columns, the head has {len(rows[0][1])}: it is "
                "damaged or cut off; fetch it again"
            )
        try:
            period = period_named(texts[0])
        except BadPeriod as error:
            raise UnreadableSource(f"line {number}: {error}") from None
        name = " ".join(texts[1].split())
        if not name or not texts[1].isprintable():
            raise UnreadableSource(f"line {number}: the body has no name that can be read")
        body = _body(name)
        _, of_body = by_report.setdefault((body.key, period.year), (body, []))
        of_body.append(_Row(number, period, texts))
    if not by_report:
        raise UnreadableSource("the table has a head and no rows: give one with figures")
    form = next(form for form in forms() if form.key == _FORM)
    return tuple(
        _report(body, year, of_body, columns, form, source)
        for (_, year), (body, of_body) in by_report.items()
    )


def _rows(data: bytes, limits: Limits) -> list[tuple[int, list[str]]]:
    """The rows that are not blank, each with the line of the file that it ends in."""
    try:
        reader = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
        rows = [(reader.line_num, row) for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise UnreadableSource(
            f"the table is no CSV in UTF-8 ({error}): fetch it again, or save it as CSV UTF-8"
        ) from None
    if sum(len(row) for _, row in rows) > 20 * limits.most_cells:
        raise UnreadableSource("the table has more cells than such statistics have")
    return [(number, row) for number, row in rows if row]


def _columns(head: Sequence[str]) -> dict[int, Meaning]:
    """What each column means, by its position; of two columns of one name, by their order.

    Raises UnreadableSource where a column is not known, or lacking.
    """
    known: dict[str, list[Meaning]] = {}
    for meaning in meanings("gongkai.converters.uk", "columns.csv"):
        known.setdefault(meaning.where[0], []).append(meaning)
    found = {}
    for position, name in enumerate(head[2:], start=2):
        if not known.get(name):
            raise UnreadableSource(
                f"the table has a column that is not known, “{name}”: it is of another edition; "
                "converters/uk/columns.csv says which columns can be read"
            )
        found[position] = known[name].pop(0)
    lacking = sorted(name for name, left in known.items() if left)
    if lacking:
        raise UnreadableSource(
            f"the table lacks the column “{lacking[0]}”: it is cut off, or of another edition"
        )
    return found


def _report(
    body: Body,
    year: int,
    rows: Sequence[_Row],
    columns: dict[int, Meaning],
    form: Form,
    source: Source,
) -> Report:
    notes: list[Note] = []
    tables: list[ReportTable] = []
    periods = [row.period.path for row in rows]
    for row in rows:
        if periods.count(row.period.path) > 1:
            raise UnreadableSource(
                f"line {row.number}: {body.english_name} has a second row for "
                f"{row.period.labels['en']}: keep the right one"
            )
        tables += _tables(row, body, columns, form)
    names = list(dict.fromkeys(row.texts[1].strip() for row in rows))
    if len(names) > 1:
        message = {
            "zh": f"来源以不同名称称呼该机构：{'；'.join(names)}",
            "en": f"the source calls the body by several names: {'; '.join(names)}",
        }
        notes.append(Note(message))
    if calendar_year(year).path not in periods:
        message = {
            "zh": f"来源没有 {year} 年度的行，只有季度",
            "en": f"the source has no row for the year {year}, only quarters",
        }
        notes.append(Note(message))
    return Report(
        body=body,
        year=year,
        title=f"{names[0]}: freedom of information statistics, {year}",
        period=None,
        issued=None,
        signature=(),
        contact=None,
        sections=(),
        form=form,
        tables=tuple(tables),
        notes=tuple(notes),
        source=source,
        wording=_WORDING,
        cells_apart=True,
    )


def _tables(
    row: _Row, body: Body, columns: dict[int, Meaning], form: Form
) -> Iterator[ReportTable]:
    cells: dict[str, list[Cell]] = {}
    for position, meaning in columns.items():
        cells.setdefault(meaning.cube, []).append(_cell(row, position, meaning, body))
    time = None if row.period == calendar_year(row.period.year) else row.period
    for cube, found in cells.items():
        read = impute_exemptions(found) if cube == EXEMPTIONS else tuple(found)
        yield ReportTable(cube, form, read, time)


def _cell(row: _Row, position: int, meaning: Meaning, body: Body) -> Cell:
    text = row.texts[position]
    reading = read_plain(text, meaning.unit)
    read = reading.state is CellState.READ
    labels = [code_labels()[scheme, code] for scheme, code in meaning.codes]
    return Cell(
        codes=dict(meaning.codes),
        row={
            "zh": f"{body.name}，{row.period.labels['zh']}",
            "en": f"{row.texts[1]}, {row.texts[0]}",
        },
        column={
            "zh": "，".join(label["zh"] for label in labels),
            "en": ", ".join(label["en"] for label in labels),
        },
        state=reading.state,
        place=Place(line=row.number, column=position + 1),
        text=text if read and text != str(reading.value) else None,
        value=reading.value,
        unit=meaning.unit,
        reason=reading.reason,
        readings=() if read else (text,),
    )


@lru_cache(maxsize=1)
def _registered() -> dict[str, Body]:
    """The registered bodies by their names, however these use capitals."""
    return {name.casefold(): body for name, body in foreign_bodies(_COUNTRY).items()}


def _body(name: str) -> Body:
    known = _registered().get(name.casefold())
    if known is not None:
        return known
    return Body(
        key=provisional_key(None, f"{_COUNTRY} {name}"),
        name=name,
        english_name=name,
        names=(),
        spatial=_COUNTRY,
        origin=Origin.REPORT,
    )
