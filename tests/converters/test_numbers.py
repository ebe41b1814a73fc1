"""What a cell's text means: read exactly, told to be nothing, or refused; never guessed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.converters.numbers import looks_like_cell, read_cell


@pytest.mark.parametrize(
    ("text", "unit", "value", "read_unit"),
    [
        ("0", "request", 0, "request"),
        ("376", "request", 376, "request"),
        ("３７６", "request", 376, "request"),
        ("1,234", "request", 1234, "request"),
        ("1，234，567", "request", 1234567, "request"),
        ("+1036", "item", 1036, "item"),
        ("-3", "item", -3, "item"),
        ("−3", "item", -3, "item"),
        ("５.0", "request", 5, "request"),
        ("22（其中修订 16 件）", "document", 22, "document"),
        ("5件", "document", 5, "document"),
        ("251000元", "money-unit-not-printed", 251000, "yuan"),
        ("3.5万元", "money-unit-not-printed", Decimal("3.5"), "ten-thousand-yuan"),
        ("8040", "money-unit-not-printed", 8040, "money-unit-not-printed"),
        ("4068.208", "ten-thousand-yuan", Decimal("4068.208"), "ten-thousand-yuan"),
        ("5000元", "ten-thousand-yuan", 5000, "yuan"),
        ("5000（元）", "ten-thousand-yuan", 5000, "yuan"),
        ("5000（单位：元）", "ten-thousand-yuan", 5000, "yuan"),
        ("0.5（万元）", "yuan", Decimal("0.5"), "ten-thousand-yuan"),
        ("5（件）", "request", 5, "request"),
        ("12.00", "request", 12, "request"),
        ("12（原为 3 件）", "request", 12, "request"),
        ("12（含更正信息 3 件）", "request", 12, "request"),
        ("0.3（其中复印费 0.1 元）", "ten-thousand-yuan", Decimal("0.3"), "ten-thousand-yuan"),
    ],
)
def test_numbers(text: str, unit: str, value: Decimal, read_unit: str) -> None:
    reading = read_cell(text, unit)
    assert (reading.value, reading.unit, reading.trouble) == (value, read_unit, None)
    assert looks_like_cell(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "　",
        "/",
        "-",
        "--",
        "—",
        "——",
        "无",
        "不适用",
        "／",
        "———",
        "⸺",
        "―",
        "─",
        "−",
        "﹣",
        "//",
        "\\",
        "没有",
    ],
)
def test_marks_for_nothing_are_not_zero(text: str) -> None:
    reading = read_cell(text, "request")
    assert reading.nothing and reading.value is None and reading.trouble is None


@pytest.mark.parametrize(
    "text",
    [
        "13x",
        "l2",
        "O",
        "1O",
        "12²",
        "①",
        "½",
        "1 2",
        "1,23",
        "12,3456",
        "1.2.3",
        "5.5",
        "1e3",
        "12(3)",
        "12（3）",
        "0（1）",
        "12（3,456）",
        "12（-3）",
        "12（3.5）",
        "12（+3）",
        "5（元）",
        "5（万）",
        "5（千件）",
        "١٢",
        "𝟏𝟐",
        "十二",
        "5元",
        "5 / 6",
        "0x10",
        "--5",
        "1000000000000000000",
        "0,123",
        "1.000",
        "12（更正为13）",
        "12（应为 13）",
        "12\n（更正：13）",
        "12（有误）",
        "12件（作废）",
        "12（约）",
        "12（估）",
        "12（待核实）",
    ],
)
def test_what_is_not_a_count_is_not_read_as_one(text: str) -> None:
    reading = read_cell(text, "request")
    assert reading.value is None and not reading.nothing
    assert reading.trouble is not None and {"zh", "en"} <= reading.trouble.keys()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("107\n3", "several lines"),
        ("一百二十", "in characters"),
        ("12（更正为13）", "takes the number back"),
        ("同上", "not a number"),
    ],
)
def test_why_a_text_is_no_number_is_true(text: str, said: str) -> None:
    trouble = read_cell(text, "request").trouble
    assert trouble is not None and said in trouble["en"]


@pytest.mark.parametrize(
    "text",
    [
        *("5（亿元）", "5（万）", "5（千元）", "5万元（元）", "5亿元", "5（项）件"),
        *("5（美元）", "5（元人民币）", "5（单位：件）"),
    ],
)
def test_an_amount_in_a_unit_that_is_not_known_is_not_read(text: str) -> None:
    reading = read_cell(text, "ten-thousand-yuan")
    assert reading.value is None and reading.trouble is not None


def test_the_text_is_kept_only_where_it_says_more() -> None:
    assert read_cell("376", "request").plain
    for text in ("３７６", "+376", "376件", "0376", "3,760"):
        assert not read_cell(text, "request").plain


@given(st.integers(min_value=0, max_value=10**15))
def test_every_whole_number_is_itself(number: int) -> None:
    assert read_cell(str(number), "request").value == number
    assert read_cell(f"{number:,}", "request").value == number
    wide = str(number).translate({ord("0") + d: ord("０") + d for d in range(10)})
    assert read_cell(wide, "request").value == number


@given(st.decimals(min_value=0, max_value=10**12, places=4))
def test_every_amount_is_itself(amount: Decimal) -> None:
    assert read_cell(f"{amount:f}", "ten-thousand-yuan").value == amount


@given(st.text(max_size=12))
def test_no_text_is_read_as_a_number_that_it_does_not_show(text: str) -> None:
    """Whatever is read has just the digits that are printed before a unit or remark."""
    reading = read_cell(text, "request")
    if reading.value is not None:
        folded = text.translate({ord("０") + d: ord("0") + d for d in range(10)})
        shown = "".join(
            sign for sign in folded.split("（")[0].split("(")[0] if sign in "0123456789"
        )
        assert int(abs(reading.value)) in (int(shown), int(shown.rstrip("0") or "0"))
