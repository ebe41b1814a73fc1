"""Format numbers, dates and sizes in the language of a page (Unicode CLDR, through Babel)."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation, localcontext
from typing import Any

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

_LOCALES = {"zh": "zh_Hans_CN", "en": "en_GB"}
_MOMENTS = {"zh_Hans_CN": "y年M月d日 HH:mm", "en_GB": "d MMMM y, HH:mm"}
_DIGITS = 60
"""Digits before or after the point that are written out; longer numbers are unchanged."""

_UNITS = ("B", "kB", "MB", "GB", "TB")


def writers(language: str) -> dict[str, Callable[[Any], str]]:
    """The formatting functions of templates: ``number_text`` and so on."""
    locale = _LOCALES[language]
    return {
        "number_text": lambda value: number(value, locale),
        "day_text": lambda text: day(text, locale),
        "moment_text": lambda text: moment(text, locale),
        "size_text": lambda count: size(int(count), locale),
    }


def number(value: Decimal | int | str, locale: str) -> str:
    """A number with all its digits; text that is not a number is unchanged."""
    try:
        exact = Decimal(value)
    except InvalidOperation:
        return str(value)
    if not exact.is_finite() or max(abs(exact.adjusted()), len(exact.as_tuple().digits)) > _DIGITS:
        return str(value)
    exponent = exact.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    pattern = "#,##0" + ("." + "0" * places if places else "")
    with localcontext() as context:
        context.prec = 3 * _DIGITS
        return format_decimal(exact, pattern, locale=locale, decimal_quantization=False)


def day(text: str, locale: str) -> str:
    """A date (xsd:date) in words; text that is not such a date is unchanged."""
    try:
        return format_date(date.fromisoformat(text), "long", locale=locale)
    except ValueError:
        return text


def moment(text: str, locale: str) -> str:
    """A time (xsd:dateTime) to the minute, with its zone; other text is unchanged."""
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return text
    zone = f" ({when.tzname()})" if when.tzinfo else ""
    return format_datetime(when, _MOMENTS[locale], locale=locale) + zone


def size(count: int, locale: str) -> str:
    """A number of bytes in a convenient unit; steps of 1,000."""
    amount, unit = Decimal(count), 0
    while amount >= 1000 and unit < len(_UNITS) - 1:
        amount, unit = amount / 1000, unit + 1
    text = format_decimal(amount, "#,##0.#", locale=locale)
    return f"{text} {_UNITS[unit]}"
