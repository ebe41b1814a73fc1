"""Query texts, and what may be put into them."""

import re
from functools import cache
from importlib.resources import files
from urllib.parse import urlsplit

_IRI = re.compile(r"https?://[^\x00-\x20<>\"{}|\\^`]+")


@cache
def _text(name: str) -> str:
    return files("gongkai.linking").joinpath("queries", f"{name}.rq").read_text(encoding="utf-8")


def query_text(name: str, **parts: str) -> str:
    """The text of ``queries/NAME.rq``, with each ``?PART`` of ``parts`` replaced."""
    if not parts:
        return _text(name)
    names = "|".join(map(re.escape, parts))
    return re.sub(rf"\?({names})\b", lambda match: parts[match[1]], _text(name))


def is_address(text: object) -> bool:
    """Whether a text is an http or https IRI with a host, safe to use in a query or a graph."""
    if not isinstance(text, str) or _IRI.fullmatch(text) is None:
        return False
    try:
        # The host is checked last: it raises ValueError if it is invalid.
        parts = urlsplit(text)
        return bool(parts.hostname) and parts.port is not False
    except ValueError:
        return False
