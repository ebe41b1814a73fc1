"""Chart an answer if its columns show how: numbers by name, or over the years."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from gongkai.ontology.texts import translation
from gongkai.server.http.language import page_language
from gongkai.server.pages.charts import Chart, Series, bar_chart, line_chart

_MOST_BARS = 40
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")


@dataclass(frozen=True)
class ChartCell:
    """The text of a value, its number, if it is one, and its datatype.

    The datatype of an IRI is ``uri``.
    """

    text: str
    number: Decimal | None
    datatype: str


Row = Sequence[ChartCell | None]


def result_chart(names: Sequence[str], rows: Sequence[Row]) -> Chart | None:
    """Lines if columns have years and numbers, bars if they have texts and numbers.

    None if the columns do not fit, a text or year is duplicate, or there are too many.
    """
    columns = list(range(len(names)))
    if len(rows) < 2:
        return None
    years = [at for at in columns if all(_is_year(row[at], names[at]) for row in rows)]
    numbers = [
        at
        for at in columns
        if at not in years
        and any(row[at] is not None for row in rows)
        and all((cell := row[at]) is None or cell.number is not None for row in rows)
    ]
    texts = [
        at
        for at in columns
        if at not in years
        and at not in numbers
        and not any((cell := row[at]) and cell.datatype == "uri" for row in rows)
    ]
    if not numbers:
        return None
    if years:
        return _lines(names, rows, years[0], texts, numbers)
    if texts and len(rows) <= _MOST_BARS:
        return _bars(names, rows, texts, numbers[0])
    return None


def _is_year(cell: ChartCell | None, name: str) -> bool:
    """Whether a value is a year: by its datatype, or by the name of its column."""
    if cell is None or not _YEAR.fullmatch(cell.text):
        return False
    return cell.datatype.endswith("#gYear") or "year" in name.lower() or "年" in name


def _lines(
    names: Sequence[str],
    rows: Sequence[Row],
    year: int,
    texts: Sequence[int],
    numbers: Sequence[int],
) -> Chart | None:
    """A line for each text over the years; without texts, one for each column of numbers."""
    found: dict[str, dict[str, Decimal | None]] = {}
    shown = numbers[:1] if texts else numbers
    for row in rows:
        for at in shown:
            label = _text(row, texts) if texts else names[at]
            values = found.setdefault(label, {})
            if _text(row, [year]) in values:
                return None
            cell = row[at]
            values[_text(row, [year])] = cell.number if cell else None
    known = [int(text) for values in found.values() for text in values]
    every = [str(number) for number in range(min(known), max(known) + 1)]
    series = [
        Series(label, tuple(values.get(text) for text in every)) for label, values in found.items()
    ]
    title = ", ".join(names[at] for at in shown)
    return line_chart(title, _summary(title, len(rows)), every, series)


def _bars(
    names: Sequence[str], rows: Sequence[Row], texts: Sequence[int], number: int
) -> Chart | None:
    labels = [_text(row, texts[:1]) for row in rows]
    if len(set(labels)) < len(labels):
        return None
    values = [cell.number if (cell := row[number]) else None for row in rows]
    return bar_chart(names[number], _summary(names[number], len(rows)), labels, values)


def _text(row: Row, columns: Sequence[int]) -> str:
    return " · ".join(cell.text if (cell := row[at]) else "" for at in columns)


def _summary(title: str, rows: int) -> str:
    return translation("pages.result_chart_summary", page_language(), title=title, rows=rows)
