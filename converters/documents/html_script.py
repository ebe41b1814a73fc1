"""Pages that a script holds as strings, and pages saved as such a string."""

import json
import re

from gongkai.ontology.forms import Label

# A string ends with its line, a template may go on; each is passed over once, closed or not.
_STRING = re.compile(
    r'"((?:[^"\\\n]|\\.)*+)(?:"|(?=\n)|\Z)'
    r"|'((?:[^'\\\n]|\\.)*+)(?:'|(?=\n)|\Z)"
    r"|`((?:[^`\\]|\\.)*+)(?:`|\Z)",
    re.DOTALL,
)
_HOLDS_TABLE = re.compile(r"(?i)(?:<|\\u003c|\\x3c)t[dr][\s>\\]")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|.))", re.DOTALL)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "b": " ", "f": " ", "v": " ", "0": ""}
_ESCAPED |= dict.fromkeys(("\n", "\r", "\r\n"), "")

_MOSTLY = 0.8
_SOME = 4

FOUND: Label = {
    "zh": "报告原在脚本的字符串中，已还原为网页",
    "en": "the report stood in a string of a script and was unescaped",
}


def unescape(text: str) -> str:
    """``text`` with the escapes of JavaScript and JSON strings resolved."""
    plain = _ESCAPE.sub(_resolved, text)
    # Characters beyond the basic plane are written as two escapes.
    return plain.encode("utf-16", errors="surrogatepass").decode("utf-16", errors="replace")


def _resolved(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else _ESCAPED.get(match[3], match[3])


def is_escaped(text: str) -> bool:
    """Whether ``text`` is as a whole the inside of a string: its tags have escaped quotes."""
    escaped = text.count('\\"')
    return escaped >= _SOME and escaped >= text.count('"') * _MOSTLY


def pages_in_strings(text: str) -> list[str]:
    """What the strings in ``text`` hold that are pages with rows of a table, unescaped."""
    if not _HOLDS_TABLE.search(text):
        return []
    return [
        unescape(inside)
        for match in _STRING.finditer(text)
        if _HOLDS_TABLE.search(inside := match[1] or match[2] or match[3] or "")
    ]


def pages_in_json(text: str) -> list[str]:
    """The same of a text that is JSON as a whole; nothing, if it is not."""
    if text.lstrip()[:1] not in ("{", "[", '"'):
        return []
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return []
    return pages_in_strings(text)
