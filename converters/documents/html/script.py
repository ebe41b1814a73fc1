"""Pages that a script holds as strings, and pages saved as such a string."""

import json
import re

from gongkai.ontology.labels import Label
from gongkai.ontology.texts import translations

# A string ends with its line, a template may go on; each is skipped once, closed or not.
_STRING = re.compile(
    r'"((?:[^"\\\n]|\\.)*+)(?:"|(?=\n)|\Z)'
    r"|'((?:[^'\\\n]|\\.)*+)(?:'|(?=\n)|\Z)"
    r"|`((?:[^`\\]|\\.)*+)(?:`|\Z)",
    re.DOTALL,
)
_HOLDS_TABLE = re.compile(r"(?i)(?:<|\\u003c|\\x3c)t[dr][\s>\\]")
_CHINESE = re.compile("[\u4e00-\u9fff]")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|.))", re.DOTALL)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "b": " ", "f": " ", "v": " ", "0": ""}
_ESCAPED |= dict.fromkeys(("\n", "\r", "\r\n"), "")

_MOSTLY = 0.8
_SOME = 4

FOUND: Label = translations("documents.html.in_script")


def unescape(text: str) -> str:
    """``text`` with the escapes of JavaScript and JSON strings resolved."""
    plain = _ESCAPE.sub(_resolved, text)
    # Characters beyond the basic plane are written as two escapes.
    return plain.encode("utf-16", errors="surrogatepass").decode("utf-16", errors="replace")


def _resolved(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else _ESCAPED.get(match[3], match[3])


def page_of_script(text: str) -> str | None:
    """The page that ``text`` holds where it is a script, JSON, or the content of such a string.

    None where it is none of these.
    """
    if not _HOLDS_TABLE.search(text):
        return None
    escaped = text.count('\\"')
    quotes = text.count('"')
    if (
        (escaped >= _SOME and escaped >= quotes * _MOSTLY)
        or text.count("<\\/") > text.count("</")
        or _is_json(text)
    ):
        inside = quotes - escaped < 2 and text.count("'") < 2
        return unescape(text) if inside else page_in_strings(text) or unescape(text)
    return None


def page_in_strings(text: str) -> str | None:
    """The content of the strings in ``text``, one after the other, if one of them holds a table.

    Strings without any Chinese are names and addresses.
    """
    found, tables = [], False
    for match in _STRING.finditer(text):
        inside = unescape(match[1] or match[2] or match[3] or "")
        tables = tables or _HOLDS_TABLE.search(inside) is not None
        if _CHINESE.search(inside):
            found.append(f"<div>{inside}</div>\n")
    return "".join(found) if tables else None


def _is_json(text: str) -> bool:
    if text.lstrip()[:1] not in ("{", "[", '"'):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
