"""How well a printed label fits the one that the form prescribes."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

SURE = 0.9
"""From this likeness on, words alone decide, whatever number stands before them."""

LIKELY = 0.6
"""From this likeness on, words decide where the number before them is the right one."""

_NUMBERING = re.compile(
    r"\((?P<bracketed>[一二三四五六七八九十]+)\)|(?P<chinese>[一二三四五六七八九十]+)[、.,]"
    r"|(?P<digits>[0-9]+)[、.,]"
)


@dataclass(frozen=True)
class _Parsed:
    number: str
    words: str


def fold_label(text: str) -> str:
    """A label without white space and compatibility forms (full-width signs, Kangxi radicals)."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def likeness(expected: str, seen: str) -> float:
    """How like ``seen`` is to ``expected``: 0 where it cannot be meant, up to 1 where equal.

    Number and words are weighed together: words garbled in print are believed where the number
    fits, a wrong number only where the words do.
    """
    wanted, met = _parse(expected), _parse(seen)
    words = fuzz.ratio(wanted.words, met.words) / 100
    if wanted.number == met.number:
        return words if words >= (LIKELY if wanted.number else SURE) else 0.0
    return words * 0.95 if words >= SURE else 0.0


@lru_cache(maxsize=8192)
def _parse(text: str) -> _Parsed:
    folded = fold_label(text)
    match = _NUMBERING.match(folded)
    if match is None:
        return _Parsed("", folded)
    if match["bracketed"]:
        number = f"({match['bracketed']})"
    else:
        number = (match["chinese"] or match["digits"]) + "."
    return _Parsed(number, folded[match.end() :])
