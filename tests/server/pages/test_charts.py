"""Charts: scales that do not mislead, gaps that stay gaps, colours that stay apart."""

import itertools
import re
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from gongkai.server.pages.charts import MOST_SERIES, Series, bar_chart, draw, line_chart, ticks
from gongkai.server.pages.quantities import writers
from helpers.commands import ROOT

STYLE = ROOT / "server" / "static" / "style.css"
numbers = st.decimals(
    min_value=-(10**9), max_value=10**12, places=2, allow_nan=False, allow_infinity=False
)
maybe = st.none() | numbers


@given(numbers, numbers)
def test_a_scale_is_even_holds_the_numbers_and_zero(one: Decimal, other: Decimal) -> None:
    scale = ticks(min(one, other), max(one, other))
    assert scale[0] <= min(one, other, Decimal(0)) and scale[-1] >= max(one, other, Decimal(0))
    steps = {after - before for before, after in itertools.pairwise(scale)}
    assert len(steps) == 1 and min(steps) > 0
    assert 2 <= len(scale) <= 8
    assert Decimal(0) in scale


@given(st.lists(st.lists(maybe, min_size=1, max_size=12), min_size=1, max_size=9))
def test_every_number_is_a_mark_at_its_height_and_nothing_else(
    rows: list[list[Decimal | None]],
) -> None:
    width = max(map(len, rows))
    series = [
        Series(f"s{n}", tuple(row) + (None,) * (width - len(row))) for n, row in enumerate(rows)
    ]
    drawn = [one for one in series if any(value is not None for value in one.values)]
    chart = line_chart("t", "s", [str(2000 + n) for n in range(width)], series)
    if not drawn:
        assert chart is None
        return
    assert chart is not None
    assert chart.left_out == max(len(drawn) - MOST_SERIES, 0)
    shown = drawn[:MOST_SERIES]
    drawing = draw(chart, str)
    values = [value for one in shown for value in one.values if value is not None]
    assert [Decimal(mark.value) for mark in drawing.marks] == values
    # Higher numbers are never lower on the screen.
    for (one, first), (other, second) in itertools.pairwise(
        sorted(zip(values, drawing.marks, strict=True), key=lambda pair: pair[0])
    ):
        assert one == other or first.y >= second.y
    neighbours = sum(
        before is not None and after is not None
        for one in shown
        for before, after in itertools.pairwise(one.values)
    )
    assert len(drawing.segments) == neighbours
    assert all(0 <= mark.x <= 100 and 0 <= mark.y <= drawing.height for mark in drawing.marks)


@given(st.lists(maybe, min_size=1, max_size=20))
def test_bars_are_as_long_as_their_numbers(values: list[Decimal | None]) -> None:
    chart = bar_chart("t", "s", [f"c{n}" for n in range(len(values))], values)
    known = [value for value in values if value is not None]
    if not known:
        assert chart is None
        return
    assert chart is not None
    drawing = draw(chart, str)
    assert [Decimal(mark.value) for mark in drawing.marks] == known
    longest = max(abs(value) for value in known)
    for value, mark in zip(known, drawing.marks, strict=True):
        assert mark.x >= 0 and mark.x + mark.width <= 100
        if longest:
            share = float(abs(value) / (max([*known, Decimal(0)]) - min([*known, Decimal(0)])))
            assert abs(mark.width - 82 * share) < 0.02
    assert len([text for text in drawing.texts if text.of == "name"]) == len(values)


def colours() -> list[tuple[float, float, float]]:
    """The colours of lines, as linear light."""
    found = re.findall(r"line\.series-\d \{ stroke: #(\w{6})", STYLE.read_text(encoding="utf-8"))
    assert len(found) == MOST_SERIES
    return [linear(one) for one in found]


def linear(code: str) -> tuple[float, float, float]:
    parts = (int(code[at : at + 2], 16) / 255 for at in (0, 2, 4))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return red, green, blue


def luminance(colour: tuple[float, float, float]) -> float:
    return 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]


# Machado, Oliveira, Fernandes (2009): how colours look without one kind of cone, severity 1.
BLINDNESS = {
    "protanopia": ((0.152, 1.053, -0.205), (0.115, 0.786, 0.099), (-0.004, -0.048, 1.052)),
    "deuteranopia": ((0.367, 0.861, -0.228), (0.280, 0.673, 0.047), (-0.012, 0.043, 0.969)),
    "tritanopia": ((1.256, -0.077, -0.179), (-0.078, 0.931, 0.148), (0.005, 0.691, 0.304)),
    "none": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
}


def lab(colour: tuple[float, ...]) -> tuple[float, float, float]:
    """CIE L*a*b* of linear sRGB, D65."""
    red, green, blue = (min(max(c, 0), 1) for c in colour)
    xyz = (
        (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505,
        0.2126 * red + 0.7152 * green + 0.0722 * blue,
        (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089,
    )
    x, y, z = (c ** (1 / 3) if c > 0.008856 else 7.787 * c + 16 / 116 for c in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def test_lines_stand_out_from_the_page() -> None:
    """WCAG 2.2, 1.4.11: graphical objects have a contrast of 3:1 at least."""
    for colour in colours():
        assert 1.05 / (luminance(colour) + 0.05) >= 3


def test_the_first_lines_stay_apart_for_colour_blind_eyes() -> None:
    """The four that charts have mostly; marks and dashes tell all six apart in any case."""
    for kind, matrix in BLINDNESS.items():
        seen = [
            lab(tuple(sum(m * c for m, c in zip(row, colour, strict=True)) for row in matrix))
            for colour in colours()[:4]
        ]
        for one, other in itertools.combinations(seen, 2):
            distance = sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5
            assert distance > 20, kind


def test_every_line_has_a_mark_and_dashes_of_its_own() -> None:
    style = STYLE.read_text(encoding="utf-8")
    dashes = re.findall(r"line\.series-\d \{ stroke: #\w+;(.*?)\}", style)
    assert len(set(dashes)) == MOST_SERIES
    template = STYLE.parent.parent / "templates" / "_chart.html"
    marks = re.findall(r"'(M[^']+)'", template.read_text(encoding="utf-8"))
    assert len(set(marks)) == MOST_SERIES


def test_quantities_lose_no_digit() -> None:
    english, chinese = writers("en"), writers("zh")
    assert english["number_text"]("1234567.50") == "1,234,567.50"
    assert chinese["number_text"](Decimal("-1234")) == "-1,234"
    assert english["number_text"]("12345678901234567890123") == "12,345,678,901,234,567,890,123"
    assert english["number_text"]("n/a") == "n/a" and english["number_text"]("NaN") == "NaN"
    assert english["day_text"]("2020-01-22") == "22 January 2020"
    assert chinese["day_text"]("2020-01-22") == "2020年1月22日"
    assert english["day_text"]("2020-13-22") == "2020-13-22"
    assert english["moment_text"]("2020-01-22T05:06:07Z") == "22 January 2020, 05:06 (UTC)"
    assert chinese["moment_text"]("soon") == "soon"
    assert english["size_text"]("999") == "999 B" and english["size_text"](1_500_000) == "1.5 MB"
