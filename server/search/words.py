"""Words of a text as an index has them: Chinese in pairs of signs, other writing word by word.

Chinese does not part its words. Pairs of neighbouring signs find every word of two signs or more,
as a phrase of pairs, without a dictionary that would have to know it.
"""

import re
import unicodedata

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUNS = re.compile(f"[{_HAN}]+|[^\\W{_HAN}_]+")
_MOST_TERMS = 20


def folded(text: str) -> str:
    """The text with full-width, compatibility and capital forms made alike (NFKC, case folding)."""
    return unicodedata.normalize("NFKC", text).casefold()


def words(text: str) -> list[str]:
    """The words of a text, in order. The last sign of a Chinese run stands alone as well."""
    found = []
    for run in _RUNS.findall(folded(text)):
        found += [*_pairs(run), run[-1]] if _is_han(run) else [run]
    return found


def terms(text: str) -> list[str]:
    """What a search asks for: runs of Chinese signs, and words of other writing, each once."""
    return list(dict.fromkeys(_RUNS.findall(folded(text))))[:_MOST_TERMS]


def match_expression(text: str) -> str:
    """A search as SQLite's full-text index takes it: every term must be found; "" for none.

    A single Chinese sign, and the last word of other writing, are found as beginnings.
    """
    found = terms(text)
    return " AND ".join(_phrase(term, term == found[-1]) for term in found)


def any_expression(text: str) -> str:
    """A search for whatever has some of the words of a text; "" for none."""
    found = (pair for run in terms(text) for pair in _parts(run))
    return " OR ".join(f'"{word}"' for word in dict.fromkeys(found))


def _phrase(term: str, last: bool) -> str:
    # Terms are letters and digits alone: nothing in them is quoted or obeyed.
    if not _is_han(term):
        return f'"{term}"*' if last else f'"{term}"'
    return f'"{" ".join(_pairs(term))}"' if len(term) > 1 else f'"{term}"*'


def _parts(run: str) -> list[str]:
    return _pairs(run) if _is_han(run) and len(run) > 1 else [run]


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]


def _is_han(run: str) -> bool:
    return re.match(f"[{_HAN}]", run) is not None
