"""The content of a cell: a number in a unit, a mark for nothing, or something unreadable.

The raw text, its meaning and the number are three things (docs/design.md, section 3). Only
full-width forms are folded, never all of Unicode's compatibility forms: those would turn 12² into
122.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from gongkai.ontology.labels import Label
from gongkai.ontology.structures import value_type
from gongkai.ontology.texts import translations

LARGEST = Decimal(10) ** 15
"""Larger numbers are neither counts nor budgets, and engines cannot add them up exactly."""

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
# Fonts of PDFs encode these characters as the radicals that look the same.
_FULL_WIDTH |= {ord("\u2f46"): ord("无"), ord("\u2f08"): ord("人")}
_NOTHING = re.compile(
    # Programs print — as any of these, and two of them as one long dash (U+2E3A).
    r"--?|[\u2014\u2013\u2015\u2012\u2212\ufe63]{1,3}|[\u2500\u2501]{1,2}|[\u2e3a\u2e3b]"
    r"|//?|\\|无|没有|不适用"
)
_UNITS = {"元": "yuan", "万元": "ten-thousand-yuan"}
COUNT_WORDS = (
    *("件次", "人次"),  # before the words that they begin with
    *("件", "份", "例", "部", "项", "条", "次", "起", "宗", "篇", "个", "人"),
)
"""Measure words of counts; which one a report uses does not change the number."""
_NUMBER = re.compile(
    r"(?P<sign>[+\-−]?)"
    r"(?P<digits>[1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]+)"
    r"(?P<fraction>\.[0-9]+)?"
    rf"\s*(?P<unit>{'|'.join([*_UNITS, *COUNT_WORDS])})?"
    r"\s*(?P<remark>\([^()]*[^\W\d_][^()]*\))?"
    r"\s*(?P<end>[。、.]?)"
)
_NUMBERING = re.compile(r"[0-9]{1,2}[.、]")
"""Before a label; alone it may be the beginning of one."""
_UNIT_IN_REMARK = re.compile(
    r"\(\s*(?:单位\s*[:,]?\s*)?(?:人民币)?\s*(?P<unit>[十百千万亿]*元|[十百千万亿]+[件项条次]?)\s*\)"
)
_WITHDRAWN = re.compile(
    r".*(?:更正为|更正[:,]|应更正|应为|应是|应改|改为|改成|修正为|修改为|订正|有误|错误|笔误|误填|误报|作废|存疑"
    r"|为准).*"
    r"|(?:此[处项数])?(?:已|现|予以)?(?:更正|删除|删去|取消|无效|废止)"
    r"|(?:大|为)?约数?|大概|左右|概数|近似值?|[预暂]?估[计算]?数?|预计数?|暂[定计]数?|不完全统计"
    r"|(?:尚?待|尚?未|正在)(?:核[实对准定]|确[认定]|统计).*"
)
"""A remark that withdraws the number before it, or says that it does not count."""
_MONEY_NAMED = re.compile(r"[^0-9]*[元圆币][^0-9]*")
_COUNT_NAMED = re.compile(rf"(?:单位\s*[:,]?\s*)?(?:{'|'.join(COUNT_WORDS)})")
_IN_CHARACTERS = re.compile("[零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟]+")
_DIGITS_OF_THOUSANDS = 3


@dataclass(frozen=True)
class Reading:
    """A cell's text, interpreted: ``value`` in ``unit``, or ``nothing``, or ``trouble``.

    ``plain`` says that the text is simply the number, so that it need not be kept beside it.
    """

    value: Decimal | None = None
    unit: str | None = None
    plain: bool = False
    nothing: bool = False
    trouble: Label | None = None


@lru_cache(maxsize=16384)
def looks_like_cell(text: str) -> bool:
    """Whether ``text`` can stand in a cell by itself: a number or a mark for nothing."""
    return not _NUMBERING.fullmatch(_fold(text)) and may_be_read(text)


@lru_cache(maxsize=16384)
def may_be_read(text: str) -> bool:
    """Whether a cell with ``text`` may be read as a number, or as a mark for nothing.

    Other than for ``looks_like_cell``, "1." counts: it may also be the beginning of a label.
    """
    folded = _fold(text)
    return _NOTHING.fullmatch(folded) is not None or _NUMBER.fullmatch(folded) is not None


@lru_cache(maxsize=16384)
def read_cell(text: str, unit: str) -> Reading:
    """Interpret the text of a cell for which the form prescribes ``unit``.

    A unit printed in the cell takes precedence over the form's, where both are amounts of money.
    """
    folded = _fold(text)
    if not folded or _NOTHING.fullmatch(folded):
        return Reading(nothing=True)
    match = _NUMBER.fullmatch(folded)
    if match is None:
        return Reading(trouble=_no_number(folded))
    sign = "-" if match["sign"] in ("-", "−") else ""
    value = Decimal(sign + match["digits"].replace(",", "") + (match["fraction"] or ""))
    money = value_type(unit) == "decimal"
    trouble = _trouble_of_remark((match["remark"] or "").strip("()").strip(), money)
    if trouble is not None:
        return Reading(trouble=trouble)
    if money and match["end"] == "." and not match["fraction"]:
        return Reading(trouble=translations("numbers.no_decimals"))
    printed_unit = match["unit"]
    in_remark = _UNIT_IN_REMARK.fullmatch(match["remark"] or "")
    if in_remark:
        if in_remark["unit"] not in _UNITS or printed_unit not in (None, in_remark["unit"]):
            return Reading(trouble=translations("numbers.unknown_unit", unit=match["remark"]))
        printed_unit = in_remark["unit"]
    if printed_unit and (printed_unit in _UNITS) != money:
        return Reading(trouble=translations("numbers.other_unit", unit=printed_unit))
    if not money and _may_be_thousands(match["digits"], match["fraction"] or ""):
        return Reading(trouble=translations("numbers.thousands"))
    if not money and value != value.to_integral_value():
        return Reading(trouble=translations("numbers.not_whole"))
    if abs(value) > LARGEST:
        return Reading(trouble=translations("numbers.too_large"))
    return Reading(
        value=value if money else value.to_integral_value(),
        unit=_UNITS.get(printed_unit or "", unit),
        plain=text == str(value),
    )


def _no_number(folded: str) -> Label:
    """Why a text is no number in digits."""
    if _IN_CHARACTERS.fullmatch(folded):
        return translations("numbers.in_characters")
    if "\n" in folded and re.fullmatch(r"[0-9,.\s]+", folded):
        return translations("numbers.several_lines")
    return translations("numbers.not_a_number")


def _trouble_of_remark(remark: str, money: bool) -> Label | None:
    """Why a number followed by that remark in brackets is not read; None where it may be read."""
    if _WITHDRAWN.fullmatch(remark):
        return translations("numbers.remark", remark=remark)
    names_unit = _MONEY_NAMED.fullmatch(remark) or _COUNT_NAMED.fullmatch(remark)
    if money and names_unit and not _UNIT_IN_REMARK.fullmatch(f"({remark})"):
        return translations("numbers.unknown_unit", unit=remark)
    return None


def _may_be_thousands(digits: str, fraction: str) -> bool:
    """Whether 1.000 may be meant as 1,000: nobody writes so many zeros after a count."""
    return len(fraction) - 1 == _DIGITS_OF_THOUSANDS and "," not in digits and digits != "0"


def _fold(text: str) -> str:
    return text.translate(_FULL_WIDTH).strip()
