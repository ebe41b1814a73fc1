"""Dates as reports print them: 2020年1月22日, 2020-01-31, 2020/1/31, 二〇二〇年一月二十二日."""

import re
from datetime import date

from gongkai.converters.labels import fold_text

YEAR = r"(?<![0-9])([0-9]{4})"
DATE = YEAR + r"(?:年|[-/.])([0-9]{1,2})(?:月|[-/.])([0-9]{1,2})(?![0-9])日?"
_DATE = re.compile(DATE)
# Folding removes the space before a time of day: 2024-01-1710:20:30.
_TIME_OF_DAY = re.compile(r"(?<=[0-9]{4}[-/.][0-9]{2}[-/.][0-9]{2})(?=[0-9]{1,2}:[0-9]{2})")
_DATE_ALONE = re.compile(rf"\(?{DATE}\)?")

_ZEROS = "〇○◯零OoΟοОо"
"""Characters that are printed for a zero: two of them Greek letters, two Cyrillic."""

_DIGITS = (
    dict.fromkeys(_ZEROS, "0")
    | {character: str(value) for value, character in enumerate("一二三四五六七八九", start=1)}
    | {str(digit): str(digit) for digit in range(10)}
)
_CHARACTERS = "".join(_DIGITS)
# 二0二二 and 2O22: mixed characters. A year of this century is recognised without 年 after it as
# well.
_YEAR_IN_WORDS = re.compile(
    f"[{_CHARACTERS}]{{4}}(?=年)|(?<![{_CHARACTERS}A-Za-z])[2二][0{_ZEROS}][{_CHARACTERS}]{{2}}(?![{_CHARACTERS}A-Za-z])"
)
_NUMBER = "((?:[二三]?十)?[一二三四五六七八九]|[二三]?十)"
# Both together: a name may hold 三月 or 七日 by itself.
_DAY_IN_WORDS = re.compile(f"{_NUMBER}月{_NUMBER}日")


def with_digits(text: str) -> str:
    """The text folded, years and days of the year in digits."""
    folded = _YEAR_IN_WORDS.sub(
        lambda match: "".join(_DIGITS[character] for character in match.group()), fold_text(text)
    )
    return _DAY_IN_WORDS.sub(lambda match: "{}月{}日".format(*map(_number, match.groups())), folded)


def _number(words: str) -> str:
    tens, ten, ones = words.rpartition("十")
    value = (int(_DIGITS[tens]) if tens else 1) * 10 if ten else 0
    return str(value + (int(_DIGITS[ones]) if ones else 0))


def date_alone(text: str) -> date | None:
    """The date that ``text`` consists of, in brackets or not; None for any other text."""
    match = _DATE_ALONE.fullmatch(with_digits(text))
    return calendar_date(*match.groups()) if match else None


def first_date(text: str) -> date | None:
    """The first date in ``text``; None where there is none that exists in the calendar."""
    match = _DATE.search(_TIME_OF_DAY.sub("T", with_digits(text)))
    return calendar_date(*match.groups()) if match else None


def calendar_date(year: str, month: str, day: str) -> date | None:
    """The date, or None where the calendar has no such day."""
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
