"""The units that headings and rows print, where the form prescribes another or none."""

import re
from collections.abc import Sequence

from gongkai.converters.labels import fold_label
from gongkai.ontology.structures import unit_words, value_type

_MONEY = re.compile("(?P<before>.?)(?P<unit>[十百千万亿]*元)")
_BEFORE_UNIT = frozenset("([{<【〔:,/、位币额-")
"""What may stand before a unit of money; anything else makes it another word (美元, 单元)."""
_MONEY_UNITS = {"元": "yuan", "万元": "ten-thousand-yuan"}


def money_unit(heading: str, unit: str, around: Sequence[str] = ()) -> str | None:
    """The unit of money that a heading prints, else ``unit``; None where it is an unknown one.

    ``around`` are texts that may print it for the whole table (单位：元), where the heading does
    not. Where the form prescribes no money, no unit is looked for.
    """
    if value_type(unit) != "decimal":
        return unit
    printed = _units_of_money(heading)
    if not printed:
        printed = {found for text in around if "单位" in text for found in _units_of_money(text)}
    if len(printed) > 1:
        return None
    return next(iter(printed), unit)


def _units_of_money(text: str) -> set[str | None]:
    """The units of money that ``text`` prints, None for an unknown one."""
    return {
        _MONEY_UNITS.get(match["unit"])
        if not match["before"] or match["before"] in _BEFORE_UNIT
        else None
        for match in _MONEY.finditer(fold_label(text))
    }


def row_unit(printed: str, unit: str) -> str | None:
    """The unit that a row prints in a column of its own; None where it is not the form's ``unit``.

    Amounts of money may be in another unit of money.
    """
    folded = fold_label(printed)
    if folded in ("", unit_words().get(unit, "")):
        return unit
    return _MONEY_UNITS.get(folded) if value_type(unit) == "decimal" else None
