"""Numbers as data files of other countries write them: plain, or with thousands separators."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from gongkai.converters.numbers import LARGEST
from gongkai.converters.report import CellState
from gongkai.ontology.labels import Label
from gongkai.ontology.structures import value_type
from gongkai.ontology.texts import translations

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
        said = translations("numbers.not_stated")
        return PlainReading(CellState.NOT_STATED, reason=said)
    if text in _LESS_THAN_ONE and value_type(unit) == "decimal":
        return PlainReading(CellState.NOT_STATED, reason=translations("numbers.less_than_one"))
    if not _NUMBER.fullmatch(text):
        return _unread(translations("numbers.not_a_number"))
    value = Decimal(text.replace(",", ""))
    counted = value_type(unit) == "integer"
    if value < 0:
        return _unread(translations("numbers.negative"))
    if counted and value != value.to_integral_value():
        return _unread(translations("numbers.not_whole"))
    if value > LARGEST:
        return _unread(translations("numbers.too_large"))
    return PlainReading(CellState.READ, value.to_integral_value() if counted else value)


def _unread(reason: Label) -> PlainReading:
    return PlainReading(CellState.UNREAD, reason=reason)
