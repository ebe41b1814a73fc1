"""Numbers of the statistics as spreadsheets of several countries save them."""

import re

from gongkai.converters.plain_numbers import PlainReading, read_plain
from gongkai.converters.report import CellState
from gongkai.ontology.structures import value_type
from gongkai.ontology.texts import translations

_COMMA_GROUPS = re.compile(r"-?[0-9]{1,3}(?:,[0-9]{3})+")
_POINT_GROUPS = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{3})+")
_PERCENT = "percent"


def read_resaved(text: str, unit: str, decimal: str) -> PlainReading:
    """Read ``text`` in a table whose decimal separator is ``decimal`` (empty: not known)."""
    text = text.strip()
    if unit == _PERCENT and text.endswith("%"):
        text = text[:-1].rstrip()
    whole = value_type(unit) == "integer"
    if not decimal and ("," in text or "." in text):
        reason = translations("numbers.comma_or_point")
        return PlainReading(CellState.UNREAD, reason=reason)
    if decimal == ",":
        if _POINT_GROUPS.fullmatch(text) and whole:
            text = text.replace(".", "")
        else:
            # A remaining point belongs to no number here, and is reported.
            text = text.replace(".", "·").replace(",", ".")
    elif not whole and _COMMA_GROUPS.fullmatch(text) and unit == _PERCENT:
        text = text.replace(",", "·")
    return read_plain(text, unit)
