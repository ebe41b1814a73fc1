"""What a cell of a workbook shows: its number in its number format, where that is certain.

Only formats that show a number as digits are supported (ECMA-376, part 1, 18.8.31): integers,
decimals, thousands separators, literal words such as 件, dates, per cent. All others are reported
as unknown, so that nobody takes the stored number for the printed one.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

BUILT_IN = {
    0: "General",
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    **dict.fromkeys((14, 15, 16, 17, 22, 30, 36, 50), "yyyy-mm-dd"),
    **dict.fromkeys((27, 31, 51, 52, 54, 57, 58), 'yyyy"年"m"月"d"日"'),
    **dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47, 55, 56), "h:mm:ss"),
    37: "#,##0_);(#,##0)",
    38: "#,##0_);[Red](#,##0)",
    39: "#,##0.00_);(#,##0.00)",
    40: "#,##0.00_);[Red](#,##0.00)",
    41: '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ',
    43: '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ',
    48: "##0.0E+0",
    49: "@",
}
"""The formats that workbooks name by number only (18.8.30); dates as Chinese programs show them."""

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_(?P<space>.)|\*(?P<filled>.)'
    r"|\[(?P<bracket>[^\]]*)\]|(?P<general>(?i:General)|G/通用格式|@)|(?P<digits>[0#?][0#?,]*(?:\.[0#?]*)?)"
    r"|(?P<percent>%)|(?P<date>[yYmMdDhHsSeEgGbB]+|AM/PM|上午/下午)|(?P<plain>.)",
    re.DOTALL,
)
_COLOURS = re.compile(
    r"(?i)(black|blue|cyan|green|magenta|red|white|yellow|color ?[0-9]+|黑色|红色)"
)
_COMPARISON = re.compile(r"\[[<>=]")
_CURRENCY = re.compile(r"\$(?P<sign>[^-\]]*)(?:-[0-9A-Fa-f,]+)?")
_PLAIN_LITERALS = " -+()（）￥¥$€£件项条次起宗元万个人份"
_TOO_LARGE = Decimal(10) ** 15
_MOST_DECIMALS = 10
_DAY_ZERO = datetime(1899, 12, 30)
_DAY_ZERO_1904 = datetime(1904, 1, 1)


@dataclass(frozen=True)
class Shown:
    """What a cell shows; ``exact`` is false where digits that are stored are not shown.

    ``whole`` says that the format shows no fraction.
    """

    text: str
    exact: bool = True
    whole: bool = False


def plain(value: float) -> Decimal:
    """A stored number with the 15 digits that spreadsheets keep: 0.1 + 0.2 is 0.3."""
    return Decimal(f"{value:.15g}")


def digits(number: Decimal) -> str:
    """A number in digits, without exponent and without insignificant zeros."""
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def show(number: Decimal, code: str, since_1904: bool = False) -> Shown | None:
    """The text of ``number`` in format ``code``; None where the format is not known here.

    A zero shown as a dash or not at all is returned as 0, a number in brackets with its sign.
    """
    sections = _sections(code)
    if sections is None or abs(number) >= _TOO_LARGE or re.search("[0#?][eE][+-]", code):
        return None
    if _COMPARISON.search(code):
        # A condition in one section changes which numbers the others are for.
        return None
    section, magnitude = _choose(number, sections)
    tokens = list(_TOKEN.finditer(section))
    if any(token["date"] for token in tokens):
        return _date(number, section, since_1904)
    if any(token["general"] for token in tokens):
        text = _literal(tokens, "general", digits(magnitude))
        shown = None if text is None else Shown(text)
    else:
        shown = _digits(magnitude, tokens)
    if number == 0 and not _has_figure(shown):
        return _bare_zero(tokens)
    if number < 0 and shown is not None and magnitude > 0:
        return _negative(shown)
    return shown


def hides(number: Decimal, code: str) -> bool:
    """Whether a format shows nothing of a number, like ``;;;``.

    A zero alone that is shown as nothing is still read as 0 (see ``show``).
    """
    sections = _sections(code) if ";" in code else None
    if sections is None or len(sections) == 1 or _has_conditions(code):
        return False
    if number == 0:
        return not any(map(_says_something, sections[:3]))
    return not _says_something(_choose(number, sections)[0])


def show_text(text: str, code: str) -> str | None:
    """How a text is shown in format ``code``, as in ``;;;@``; None where that is not known."""
    if "@" not in code and code.count(";") < 3:
        return text
    sections = _sections(code)
    if sections is None:
        return None
    section = _text_section(sections)
    if section is None or section == "@":
        return text
    if "@" in section:
        return _literal(list(_TOKEN.finditer(section)), "general", text)
    return None if _says_something(section) else ""


def stated_colour(value: Decimal | None, code: str) -> str | None:
    """The colour, in small letters, that a format states for a number, or for text (None).

    None where it states none, or has conditions: how such a format shows a number is not known.
    """
    sections = _sections(code)
    if sections is None or (value is not None and _COMPARISON.search(code)):
        return None
    section = _text_section(sections) if value is None else _choose(value, sections)[0]
    brackets = (token["bracket"] for token in _TOKEN.finditer(section or ""))
    return next((text.lower() for text in brackets if text and _COLOURS.fullmatch(text)), None)


def _text_section(sections: list[str]) -> str | None:
    """The section for text; None where text is shown as it is."""
    return sections[3] if len(sections) == 4 else next((s for s in sections if "@" in s), None)


def _has_conditions(code: str) -> bool:
    brackets = [token["bracket"] for token in _TOKEN.finditer(code) if token["bracket"] is not None]
    return any(not _COLOURS.fullmatch(text) and not _CURRENCY.fullmatch(text) for text in brackets)


def _says_something(section: str) -> bool:
    return any(
        token["space"] is None and token["filled"] is None and token["bracket"] is None
        for token in _TOKEN.finditer(section)
        if token[0].strip() and token["quoted"] != ""
    )


def _has_figure(shown: Shown | None) -> bool:
    return shown is not None and any(sign.isdigit() for sign in shown.text)


def _bare_zero(tokens: list[re.Match[str]]) -> Shown | None:
    """A zero that is shown as a dash or not at all is still the zero that is stored."""
    known = all(
        token["bracket"] is None or _COLOURS.fullmatch(token["bracket"]) for token in tokens
    )
    return Shown("0", whole=True) if known else None


def _negative(shown: Shown) -> Shown | None:
    """A negative number with its sign: accounts use brackets; by colour alone it is unsure."""
    inner = re.fullmatch(r"[(（](.*)[)）]", shown.text)
    if inner:
        return replace(shown, text="-" + inner[1])
    return shown if shown.text.startswith("-") else None


def _sections(code: str) -> list[str] | None:
    """The parts of a format for positive, negative, zero and text."""
    parts: list[str] = [""]
    for token in _TOKEN.finditer(code):
        if token["plain"] == ";":
            parts.append("")
        else:
            parts[-1] += token[0]
    return parts if len(parts) <= 4 else None


def _choose(number: Decimal, sections: list[str]) -> tuple[str, Decimal]:
    if number < 0 and len(sections) > 1:
        # The section for negative numbers itself states how they look.
        return sections[1], -number
    if number == 0 and len(sections) > 2:
        return sections[2], number
    return sections[0], number


def _literal(tokens: list[re.Match[str]], slot: str, text: str) -> str | None:
    """The words of a format with ``text`` in its only placeholder; None for an unknown format."""
    shown = ""
    filled = False
    for token in tokens:
        words = token["quoted"] or token["escaped"]
        if words:
            # A figure among the words would run into the number: 12 shown as 120.
            if re.search("[0-9０-９.．,，]", words):
                return None
            shown += words
        elif token["quoted"] is not None:
            continue
        elif token["space"] is not None or token["filled"] is not None:
            shown += " "
        elif token["bracket"] is not None:
            currency = _CURRENCY.fullmatch(token["bracket"])
            if currency:
                shown += currency["sign"]
            elif not _COLOURS.fullmatch(token["bracket"]):
                return None
        elif token[slot] is not None:
            if filled:
                return None
            shown += text
            filled = True
        elif token["percent"] is not None:
            shown += "%"
        elif token["plain"] is not None and token["plain"] in _PLAIN_LITERALS:
            shown += token["plain"]
        else:
            return None
    shown = shown.strip()
    return shown if filled else None


def _digits(number: Decimal, tokens: list[re.Match[str]]) -> Shown | None:
    places = [token["digits"] for token in tokens if token["digits"] is not None]
    if len(places) != 1 or places[0].endswith(","):
        # No number at all, several groups of digits, or a number shown in thousands.
        return None
    whole, _, fraction = places[0].partition(".")
    if len([token for token in tokens if token["percent"]]) > 1:
        return None
    if any(token["percent"] for token in tokens):
        number = number * 100
    wanted = len(fraction)
    if wanted > _MOST_DECIMALS:
        return None
    rounded = number.quantize(Decimal(1).scaleb(-wanted), rounding=ROUND_HALF_UP)
    text = f"{abs(rounded):,f}" if "," in whole else f"{abs(rounded):f}"
    text = _drop_optional(text, fraction)
    zeros = whole.count("0")
    integer, point, rest = text.partition(".")
    if len(integer) < zeros:
        integer = integer.rjust(zeros, "0")
    sign = "-" if rounded < 0 else ""
    shown = _literal(tokens, "digits", sign + integer + point + rest)
    if shown is None:
        return None
    return Shown(shown, exact=rounded == number, whole=not fraction)


def _drop_optional(text: str, fraction: str) -> str:
    """The number without the zeros at the end that ``#`` and ``?`` do not require."""
    optional = len(fraction) - len(fraction.rstrip("#?"))
    while optional and text.endswith("0") and "." in text:
        text = text[:-1]
        optional -= 1
    return text.rstrip(".")


def _date(number: Decimal, section: str, since_1904: bool) -> Shown | None:
    if not 0 <= number < 2_958_466:
        return None
    if not since_1904 and number < 60:
        # Excel counts a day too many until 1 March 1900: its own dates before are no dates.
        return None
    zero = _DAY_ZERO_1904 if since_1904 else _DAY_ZERO
    seconds = round(float(number) * 86400)
    moment = zero + timedelta(seconds=seconds)
    letters = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", section).lower()
    words = re.sub(r"[a-z/:;@.,\s-]", "", section.lower())
    if "y" not in letters or "h" in letters or "s" in letters:
        return Shown(moment.isoformat(sep=" "))
    if "d" not in letters:
        return Shown(f"{moment:%Y}年{moment.month}月" if "年" in words else f"{moment:%Y-%m}")
    if "年" in words:
        return Shown(f"{moment.year}年{moment.month}月{moment.day}日")
    return Shown(f"{moment:%Y-%m-%d}")
