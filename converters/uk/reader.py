"""From the freedom of information statistics of the Cabinet Office (CSV) to typed reports.

One row for each body and each quarter or year. The rows for a body in a year, and in the quarters
of it, are one report: annual figures are revised, so they are read beside the quarters and never
computed from them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from gongkai.converters.cell_table import Meaning
from gongkai.converters.documents.limits import Limits
from gongkai.converters.documents.model import SourceFile
from gongkai.converters.errors import UnreadableSource
from gongkai.converters.plain_numbers import PlainReading
from gongkai.converters.report import Cell, CellState, Note, Report, ReportTable, Wording
from gongkai.converters.uk.blanks import CUBE as EXEMPTIONS
from gongkai.converters.uk.blanks import impute_exemptions
from gongkai.converters.uk.head import Head, fold_heading, read_head
from gongkai.converters.uk.numbers import read_resaved
from gongkai.converters.uk.periods import period_named
from gongkai.converters.uk.table import (
    StatisticsTable,
    TableRow,
    is_csv,
    is_workbook,
    read_csv,
    read_workbook,
)
from gongkai.ontology.bodies import Body, Origin, Register, foreign_bodies
from gongkai.ontology.forms import Form, forms
from gongkai.ontology.keys import provisional_key
from gongkai.ontology.labels import Label
from gongkai.ontology.periods import Period, calendar_year
from gongkai.ontology.structures import code_labels
from gongkai.ontology.texts import translations

MEDIA_TYPE = "text/csv"
WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_COUNTRY = "http://publications.europa.eu/resource/authority/country/GBR"
_FORM = "uk-cabinet-office"
WORDING = Wording("en", "ENG", "uk")


@dataclass(frozen=True)
class _Row:
    """A row of the table, with its period, also as ``printed``, and the name of its body."""

    row: TableRow
    period: Period
    name: str
    printed: str


def is_statistics(data: bytes) -> bool:
    """Whether ``data`` begins like the table of the statistics, as text in columns."""
    return is_csv(data)


def is_workbook_of_statistics(data: bytes) -> bool:
    """Whether ``data`` is a workbook that holds the table of the statistics."""
    return is_workbook(data)


def read_statistics(
    source_file: SourceFile, data: bytes, limits: Limits, register: Register
) -> tuple[Report, ...]:
    """The reports in ``data``, by body and year. Raises UnreadableSource where it is damaged."""
    return _reports(source_file, read_csv(data, limits))


def read_workbook_of_statistics(
    source_file: SourceFile, data: bytes, limits: Limits, register: Register
) -> tuple[Report, ...]:
    """The reports in a workbook, by body and year; raises as the above."""
    return _reports(
        source_file, read_workbook(data, replace(limits, most_cells=20 * limits.most_cells))
    )


def _reports(source_file: SourceFile, table: StatisticsTable) -> tuple[Report, ...]:
    head = read_head(table.head.texts)
    width = len(table.head.texts)
    by_report: dict[tuple[str, int], tuple[Body, list[_Row]]] = {}
    for row in table.rows:
        number, texts = row.number, row.texts
        if len(texts) < width or any(text.strip() for text in texts[width:]):
            raise UnreadableSource(
                translations("unreadable.uk.width", line=number, count=len(texts), width=width)
            )
        written = " ".join(texts[head.period].split())
        period = period_named(written)
        if period is None:
            why = translations("unreadable.uk.no_period", line=number, text=written)
            raise UnreadableSource(why)
        name = " ".join(texts[head.body].split())
        if not name or not name.isprintable():
            raise UnreadableSource(translations("unreadable.uk.no_name", line=number))
        body = _body(name)
        _, of_body = by_report.setdefault((body.key, period.year), (body, []))
        of_body.append(_Row(row, period, name, written))
    if not by_report:
        raise UnreadableSource(translations("unreadable.uk.no_rows"))
    notes = [Note(label) for label in (*table.notes, *_nameless(head, table))]
    form = next(form for form in forms() if form.key == _FORM)
    return tuple(
        _report(body, year, of_body, (head, table.decimal, notes), form, source_file)
        for (_, year), (body, of_body) in by_report.items()
    )


def _nameless(head: Head, table: StatisticsTable) -> Iterator[Label]:
    """The content of columns without a heading."""
    for column in head.nameless:
        said = [text for row in table.rows if (text := row.texts[column].strip())]
        if said:
            yield translations("uk.no_heading", column=column + 1, first=said[0], count=len(said))


def _report(
    body: Body,
    year: int,
    rows: Sequence[_Row],
    read: tuple[Head, str, Sequence[Note]],
    form: Form,
    source_file: SourceFile,
) -> Report:
    head, decimal, head_notes = read
    notes = list(head_notes)
    tables: list[ReportTable] = []
    periods = [row.period.path for row in rows]
    for row in rows:
        if periods.count(row.period.path) > 1:
            raise UnreadableSource(
                translations(
                    "unreadable.uk.second_row",
                    line=row.row.number,
                    body={"zh": body.name, "en": body.english_name},
                    period=row.period.labels,
                )
            )
        tables += _tables(row, body, head, decimal, form)
    names = list(dict.fromkeys(row.name for row in rows))
    if len(names) > 1:
        joined = {"zh": "；".join(names), "en": "; ".join(names)}
        message = translations("uk.several_names", names=joined)
        notes.append(Note(message))
    if calendar_year(year).path not in periods:
        message = translations("uk.no_row_for_year", year=year)
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
        source_file=source_file,
        wording=WORDING,
        cells_apart=True,
    )


def _tables(row: _Row, body: Body, head: Head, decimal: str, form: Form) -> Iterator[ReportTable]:
    cells: dict[str, list[Cell]] = {}
    for position, meaning in head.columns.items():
        cell = _cell(row, position, meaning, body, decimal)
        cells.setdefault(meaning.cube, []).append(cell)
    time = None if row.period == calendar_year(row.period.year) else row.period
    for cube, found in cells.items():
        read = impute_exemptions(found) if cube == EXEMPTIONS else tuple(found)
        yield ReportTable(cube, form, read, time)


def _cell(row: _Row, position: int, meaning: Meaning, body: Body, decimal: str) -> Cell:
    text = row.row.texts[position]
    doubtful = row.row.doubtful.get(position)
    if doubtful is not None:
        reading = PlainReading(CellState.UNREAD, reason=doubtful.doubt)
    else:
        reading = read_resaved(text, meaning.unit, decimal)
    read = reading.state is CellState.READ
    labels = [code_labels()[scheme, code] for scheme, code in meaning.codes]
    return Cell(
        codes=dict(meaning.codes),
        row={
            "zh": f"{body.name}，{row.period.labels['zh']}",
            "en": f"{row.name}, {row.printed}",
        },
        column={
            "zh": "，".join(label["zh"] for label in labels),
            "en": ", ".join(label["en"] for label in labels),
        },
        state=reading.state,
        place=row.row.place(position),
        text=text if read and text != str(reading.value) else None,
        value=reading.value,
        unit=meaning.unit,
        reason=reading.reason,
        readings=() if read else (doubtful.readings if doubtful and doubtful.readings else (text,)),
    )


@lru_cache(maxsize=1)
def _registered() -> dict[str, Body]:
    """The registered bodies by their names, ignoring capitals, spaces and apostrophes."""
    return {fold_heading(name): body for name, body in foreign_bodies(_COUNTRY).items()}


def _body(name: str) -> Body:
    known = _registered().get(fold_heading(name))
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
