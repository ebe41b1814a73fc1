"""Tokenise text for an index: Chinese in pairs of characters, other scripts in words.

Chinese does not separate its words. Pairs of adjacent characters find every word of two or more
characters, as a phrase of pairs, without a dictionary.
"""

import re
import unicodedata

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUNS = re.compile(f"[{_HAN}]+|[^\\W{_HAN}_]+")
_MOST_TERMS = 20


def folded(text: str) -> str:
    """The text with full-width, compatibility and upper-case forms normalised (NFKC, casefold)."""
    return unicodedata.normalize("NFKC", text).casefold()


def words(text: str) -> list[str]:
    """The words of a text, in order. The last character of a Chinese run is also a word."""
    found = []
    for run in _RUNS.findall(folded(text)):
        found += [*_pairs(run), run[-1]] if _is_han(run) else [run]
    return found


def terms(text: str) -> list[str]:
    """The terms of a search: runs of Chinese characters, and words of other scripts, each once."""
    return list(dict.fromkeys(_RUNS.findall(folded(text))))[:_MOST_TERMS]


def match_expression(text: str) -> str:
    """A search as an expression for SQLite FTS: every term must match; "" for none.

    A single Chinese character, and the last word of another script, match as prefixes.
    """
    found = terms(text)
    return " AND ".join(_phrase(term, term == found[-1]) for term in found)


def any_expression(text: str) -> str:
    """A search expression for any of the words of a text; "" for none."""
    found = (pair for run in terms(text) for pair in _parts(run))
    return " OR ".join(f'"{word}"' for word in dict.fromkeys(found))


def is_chinese(term: str) -> bool:
    """Whether a term is a run of Chinese characters."""
    return _is_han(term)


def pairs(run: str) -> list[str]:
    """The pairs of neighbouring characters of a run of Chinese characters, in order."""
    return _pairs(run)


def _phrase(term: str, last: bool) -> str:
    # Terms are letters and digits only: they cannot contain quotes or operators.
    if not _is_han(term):
        return f'"{term}"*' if last else f'"{term}"'
    return f'"{" ".join(_pairs(term))}"' if len(term) > 1 else f'"{term}"*'


def _parts(run: str) -> list[str]:
    return _pairs(run) if _is_han(run) and len(run) > 1 else [run]


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]


def _is_han(run: str) -> bool:
    return re.match(f"[{_HAN}]", run) is not None
