"""What a cell says: a number in a unit, a mark for nothing, or something that cannot be read.

The raw text, its meaning and the number are three things (design, section 3). Only full-width
forms are folded, never all of Unicode's compatibility forms: those would turn 12² into 122.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from gongkai.ontology.forms import Label
from gongkai.ontology.structures import value_type

LARGEST = Decimal(10) ** 15
"""Larger numbers are no counts and no budgets, and engines cannot add them up exactly."""

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
# Fonts of PDFs name these characters as the radicals that look the same.
_FULL_WIDTH |= {ord("\u2f46"): ord("无"), ord("\u2f08"): ord("人")}
_NOTHING = {"/", "-", "--", "—", "——", "–", "无", "不适用"}
_UNITS = {"元": "yuan", "万元": "ten-thousand-yuan"}
COUNT_WORDS = (
    *("件次", "人次"),  # before those that they begin with
    *("件", "份", "例", "部", "项", "条", "次", "起", "宗", "篇", "个", "人"),
)
"""What counts are counted in; which word a report takes says nothing of the number."""
_NUMBER = re.compile(
    r"(?P<sign>[+\-−]?)"
    r"(?P<digits>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)"
    r"(?P<fraction>\.[0-9]+)?"
    rf"\s*(?P<unit>{'|'.join([*_UNITS, *COUNT_WORDS])})?"
    r"\s*(?P<remark>\([^()]*[^\W\d_][^()]*\))?"
    r"\s*(?P<end>[。、.]?)"
)
_NUMBERING = re.compile(r"[0-9]{1,2}[.、]")
"""Before a label; by itself it may be the beginning of one."""
_UNIT_IN_REMARK = re.compile(
    r"\(\s*(?:单位\s*[:,]?\s*)?(?:人民币)?\s*(?P<unit>[十百千万亿]*元|[十百千万亿]+[件项条次]?)\s*\)"
)


@dataclass(frozen=True)
class Reading:
    """A cell's text understood: ``value`` in ``unit``, or ``nothing``, or ``trouble``.

    ``plain`` tells that the text is simply the number, so that it need not be kept beside it.
    """

    value: Decimal | None = None
    unit: str | None = None
    plain: bool = False
    nothing: bool = False
    trouble: Label | None = None


@lru_cache(maxsize=16384)
def looks_like_cell(text: str) -> bool:
    """Whether ``text`` can stand in a cell by itself: a number or a mark for nothing."""
    folded = _fold(text)
    if _NUMBERING.fullmatch(folded):
        return False
    return folded in _NOTHING or _NUMBER.fullmatch(folded) is not None


@lru_cache(maxsize=16384)
def read_cell(text: str, unit: str) -> Reading:
    """Understand the text of a cell for which the form prescribes ``unit``.

    A unit printed in the cell holds before the form's, where both are amounts of money.
    """
    folded = _fold(text)
    if not folded or folded in _NOTHING:
        return Reading(nothing=True)
    match = _NUMBER.fullmatch(folded)
    if match is None:
        return Reading(trouble={"zh": "不是数字", "en": "not a number"})
    sign = "-" if match["sign"] in ("-", "−") else ""
    value = Decimal(sign + match["digits"].replace(",", "") + (match["fraction"] or ""))
    money = value_type(unit) == "decimal"
    if money and match["end"] == "." and not match["fraction"]:
        return Reading(
            trouble={"zh": "小数点后没有数字", "en": "no digits after the decimal point"}
        )
    printed_unit = match["unit"]
    in_remark = _UNIT_IN_REMARK.fullmatch(match["remark"] or "")
    if in_remark:
        if in_remark["unit"] not in _UNITS or printed_unit not in (None, in_remark["unit"]):
            return Reading(
                trouble={
                    "zh": f"单位不明“{match['remark']}”",
                    "en": f"the unit {match['remark']} is not known",
                }
            )
        printed_unit = in_remark["unit"]
    if printed_unit and (printed_unit in _UNITS) != money:
        return Reading(
            trouble={
                "zh": f"单位“{printed_unit}”与该列不符",
                "en": f"the unit {printed_unit} does not fit the column",
            }
        )
    if not money and value != value.to_integral_value():
        return Reading(trouble={"zh": "计数不是整数", "en": "a count that is not a whole number"})
    if abs(value) > LARGEST:
        return Reading(trouble={"zh": "数值过大", "en": "too large to be such a number"})
    return Reading(
        value=value if money else value.to_integral_value(),
        unit=_UNITS.get(printed_unit or "", unit),
        plain=text == str(value),
    )


def _fold(text: str) -> str:
    return text.translate(_FULL_WIDTH).strip()
