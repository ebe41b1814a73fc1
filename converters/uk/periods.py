"""The periods of the statistics, as their first column writes them: ``2020``, ``Q3 2020``."""

import re

from gongkai.ontology.periods import Period, calendar_year, quarter

_YEAR = re.compile(r"(20[0-9]{2})")
_QUARTER = re.compile(r"Q([1-4]) (20[0-9]{2})")


def period_named(text: str) -> Period | None:
    """The period that ``text`` names, written with single spaces; None if it names none."""
    if match := _YEAR.fullmatch(text):
        return calendar_year(int(match[1]))
    if match := _QUARTER.fullmatch(text):
        return quarter(int(match[2]), int(match[1]))
    return None
