"""Charts as geometry, drawn as SVG by ``templates/_chart.html``: no script, any width.

Horizontal positions are in per cent, so that a chart fills a phone as well as a large screen while
its text keeps its size; heights are in pixels. A missing value is a gap, never a zero.
"""

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

MOST_SERIES = 6
"""Lines that a reader can distinguish by colour, mark and dashes; a table shows the others."""

_PLOT = 220
_ABOVE = 24
_BELOW = 28
_BAR = 22
_MARGIN = 4.0
_TICKS = 4
_MOST_LABELLED = 8
"""Values written beside their marks, and names below a line, before they would overlap."""


@dataclass(frozen=True)
class Series:
    """A line, or the bars of one colour: a value for each category, or None."""

    label: str
    values: tuple[Decimal | None, ...]


@dataclass(frozen=True)
class Chart:
    """The content of a chart. ``summary`` describes it in words, for readers who cannot see it."""

    kind: Literal["lines", "bars"]
    title: str
    summary: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    left_out: int = 0


@dataclass(frozen=True)
class ChartMark:
    """A value with its position: ``x`` (and ``width`` of a bar) in per cent, ``y`` in pixels."""

    x: float
    y: float
    number: int
    value: str
    label: str
    width: float = 0.0


@dataclass(frozen=True)
class Text:
    """A text with its position; ``anchor`` is start, middle or end, ``of`` what it labels."""

    x: float
    y: float
    text: str
    anchor: str = "start"
    of: str = "name"


@dataclass(frozen=True)
class ChartDrawing:
    """A chart ready to be drawn, ``height`` pixels high."""

    height: int
    grid: tuple[tuple[float, str], ...]
    zero: float | None
    segments: tuple[tuple[int, float, float, float, float], ...]
    marks: tuple[ChartMark, ...]
    texts: tuple[Text, ...]


def draw(chart: Chart, number: Callable[[Decimal], str]) -> ChartDrawing:
    """The geometry of a chart; ``number`` formats a value in the language of the page."""
    return _bars(chart, number) if chart.kind == "bars" else _lines(chart, number)


def line_chart(
    title: str, summary: str, categories: Sequence[str], series: Sequence[Series]
) -> Chart | None:
    """A line chart over years; None if there is nothing to draw.

    Lines beyond ``MOST_SERIES`` are omitted and counted.
    """
    drawn = [one for one in series if any(value is not None for value in one.values)]
    if not drawn:
        return None
    left_out = max(len(drawn) - MOST_SERIES, 0)
    shown = tuple(drawn[:MOST_SERIES])
    return Chart("lines", title, summary, tuple(categories), shown, left_out)


def every_year(years: Sequence[str], left_out: Collection[str] = ()) -> list[str]:
    """All years from the first to the last, also those between: a gap must be visible."""
    every = map(str, range(int(years[0]), int(years[-1]) + 1))
    return [year for year in every if year not in left_out]


def bar_chart(
    title: str, summary: str, categories: Sequence[str], values: Sequence[Decimal | int | None]
) -> Chart | None:
    """A bar chart, one bar below the other; None if there is nothing to draw."""
    exact = tuple(None if value is None else Decimal(value) for value in values)
    if not any(value is not None for value in exact):
        return None
    return Chart("bars", title, summary, tuple(categories), (Series(title, exact),))


def ticks(least: Decimal, most: Decimal) -> list[Decimal]:
    """Round, evenly spaced numbers from at or below ``least`` to at or above ``most``.

    They begin at 0, or below: an axis that begins elsewhere exaggerates.
    """
    low, high = min(least, Decimal(0)), max(most, Decimal(0))
    if low == high:
        high = Decimal(1)
    rough = (high - low) / _TICKS
    power = Decimal(10) ** math.floor(rough.log10())
    step = next(power * n for n in (1, 2, 5, 10) if power * n >= rough)
    if high == high.to_integral_value() and low == low.to_integral_value():
        step = max(step, Decimal(1))
    first, last = math.floor(low / step), math.ceil(high / step)
    return [step * n for n in range(first, last + 1)]


def _lines(chart: Chart, number: Callable[[Decimal], str]) -> ChartDrawing:
    known = [value for one in chart.series for value in one.values if value is not None]
    scale = ticks(min(known), max(known))
    low, high = scale[0], scale[-1]

    def height(value: Decimal) -> float:
        return round(_ABOVE + float((high - value) / (high - low)) * _PLOT, 1)

    wide = 100 - 2 * _MARGIN
    steps = len(chart.categories)

    def across(position: int) -> float:
        return round(_MARGIN + wide * (position + 0.5) / steps, 2)

    labelled = len(chart.series) == 1 and steps <= _MOST_LABELLED
    marks, segments, texts = [], [], []
    for place, one in enumerate(chart.series):
        before: tuple[float, float] | None = None
        for position, value in enumerate(one.values):
            if value is None:
                before = None
                continue
            here = across(position), height(value)
            if before is not None:
                segments.append((place, *before, *here))
            before = here
            said = f"{one.label}, {chart.categories[position]}: {number(value)}"
            marks.append(ChartMark(*here, place, number(value), said))
            if labelled:
                texts.append(Text(here[0], here[1] - 10, number(value), "middle", "value"))
    below = _ABOVE + _PLOT + 18
    every = math.ceil(steps / _MOST_LABELLED)
    texts += [
        Text(across(position), below, category, "middle")
        for position, category in enumerate(chart.categories)
        if position % every == 0
    ]
    return ChartDrawing(
        height=_ABOVE + _PLOT + _BELOW,
        grid=tuple((height(tick), number(tick)) for tick in scale),
        zero=height(Decimal(0)),
        segments=tuple(segments),
        marks=tuple(marks),
        texts=tuple(texts),
    )


def _bars(chart: Chart, number: Callable[[Decimal], str]) -> ChartDrawing:
    """Horizontal bars, each under its name: names are long, and phones narrow."""
    (one,) = chart.series
    known = [value for value in one.values if value is not None]
    low, high = min([*known, Decimal(0)]), max([*known, Decimal(0)])
    span = high - low or Decimal(1)
    # Space on the right for the number of the longest bar.
    room = 82

    def across(value: Decimal) -> float:
        return round(float((value - low) / span) * room, 2)

    marks, texts = [], []
    y = 0.0
    for category, value in zip(chart.categories, one.values, strict=True):
        texts.append(Text(0, y + 15, category))
        if value is not None:
            left, right = sorted((across(value), across(Decimal(0))))
            said = f"{category}: {number(value)}"
            marks.append(ChartMark(left, y + 20, 0, number(value), said, round(right - left, 2)))
            texts.append(
                Text(min(right + 1, room + 1), y + 20 + _BAR * 0.7, number(value), of="value")
            )
        y += 20 + _BAR + 6
    return ChartDrawing(
        height=int(y),
        grid=(),
        zero=None,
        segments=(),
        marks=tuple(marks),
        texts=tuple(texts),
    )
