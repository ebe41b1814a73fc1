"""Numbers as data files of other countries write them: plain, or with thousands separators."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from gongkai.converters.numbers import LARGEST
from gongkai.converters.report import CellState
from gongkai.ontology.labels import Label
from gongkai.ontology.structures import value_type

_NUMBER = re.compile(r"-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?")
_NOTHING = {"", "-", "NA", "N/A"}
_LESS_THAN_ONE = {"LT1", "<1"}


@dataclass(frozen=True)
class PlainReading:
    """A text read as a number: ``value`` where it was read, else ``reason`` says why not."""

    state: CellState
    value: Decimal | None = None
    reason: Label = field(default_factory=dict)


def read_plain(text: str, unit: str) -> PlainReading:
    """Read ``text`` as a number in ``unit``."""
    text = text.strip()
    if text in _NOTHING:
        said = {"zh": "未填写", "en": "not stated"}
        return PlainReading(CellState.NOT_STATED, reason=said)
    if text in _LESS_THAN_ONE and value_type(unit) == "decimal":
        return PlainReading(
            CellState.NOT_STATED, reason={"zh": "只说小于 1", "en": "only said to be less than 1"}
        )
    if not _NUMBER.fullmatch(text):
        return _unread({"zh": "不是数字", "en": "not a number"})
    value = Decimal(text.replace(",", ""))
    counted = value_type(unit) == "integer"
    if value < 0:
        return _unread({"zh": "负数", "en": "a negative number"})
    if counted and value != value.to_integral_value():
        return _unread({"zh": "计数不是整数", "en": "a count that is not a whole number"})
    if value > LARGEST:
        return _unread({"zh": "数值过大", "en": "too large to be such a number"})
    return PlainReading(CellState.READ, value.to_integral_value() if counted else value)


def _unread(reason: Label) -> PlainReading:
    return PlainReading(CellState.UNREAD, reason=reason)
