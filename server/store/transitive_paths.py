"""Whether a query has property paths of any length, which Virtuoso may answer with less than all.

Virtuoso 7.2.5 loses solutions of ``?x :p+ ?y`` and ``?x :p* ?y`` where both ends are known when it
comes to the path, which depends on the order that its optimiser chooses; without a word.
"""

import re

from gongkai.server.store.query_text import OPAQUE, VARIABLE, prologue

_NAME = r"(?<![\w?$@])(?:a(?![\w:])|[\w.-]*:[\w%.-]*|<>)"
_GROUP = re.compile(rf"\(\s*(?:(?:{_NAME}|[/|^!+*]|\?(?!\w))\s*)*\)")
"""Brackets of a path: names and operators, but no variable, number or comma as in expressions."""

_REPEATED = re.compile(rf"{_NAME}\s*[+*]")


def has_transitive_path(text: str) -> bool:
    """Whether a query may have a path with ``+`` or ``*``; also said of some that have none."""
    words = OPAQUE.sub(lambda found: "<>" if found[0].startswith("<") else " ", prologue(text)[2])
    words = VARIABLE.sub("?v", words)
    while (shorter := _GROUP.sub(" <> ", words)) != words:
        if _REPEATED.search(words):
            return True
        words = shorter
    return _REPEATED.search(words) is not None
