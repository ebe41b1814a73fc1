"""The header row of the statistics: the meaning of each column, by its heading, never by position.

Spreadsheets and programs change headings: case, spaces, quotation marks, the sovereign; and of two
columns of one name the second becomes “… .1”, “… _2” or “… 2”.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from gongkai.converters.cell_table import Meaning, meanings
from gongkai.converters.errors import UnreadableSource
from gongkai.ontology.texts import translations

PERIOD, BODY = "Quarter", "Government body"
LEAST_KNOWN = 10
"""A header with fewer known headings is not that of this table."""

_FOLDED_AWAY = re.compile(r"[\s\"'“”‘’`´,_]+")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
_SAME = (("&", "and"), ("hismajesty", "hermajesty"))
_REPEATED = re.compile(r"[.\-(]*([0-9]{1,3})\)?$")
_UNNAMED = re.compile(
    r"(?i)unnamed:? ?[0-9]+(?:_level_[0-9]+)?|(?:column|field)[ _]?[0-9]+|x[0-9]+"
)


@dataclass(frozen=True)
class Head:
    """The columns of the table: ``period``, ``body`` and the meaning of each other column.

    ``nameless`` are columns without a heading, whose meaning is not known.
    """

    period: int
    body: int
    columns: dict[int, Meaning]
    nameless: tuple[int, ...]


def fold_heading(text: str) -> str:
    """A heading normalised: without what programs change in it."""
    folded = unicodedata.normalize("NFKC", text).translate(_DASHES).casefold()
    folded = _FOLDED_AWAY.sub("", folded)
    for one, other in _SAME:
        folded = folded.replace(one, other)
    return folded


@lru_cache(maxsize=1)
def _known() -> dict[str, tuple[Meaning, ...]]:
    """The meanings of columns by their folded headings; two columns of one name in their order."""
    found: dict[str, tuple[Meaning, ...]] = {}
    for meaning in meanings("gongkai.converters.uk", "columns.csv"):
        name = fold_heading(meaning.where[0])
        found[name] = (*found.get(name, ()), meaning)
    return found


@lru_cache(maxsize=1)
def known_headings() -> frozenset[str]:
    """The folded headings of the table."""
    return frozenset(_known())


def known_in(cells: Sequence[str]) -> int:
    """The number of headings of the table that stand in a row."""
    return len({name for cell in cells if (name := _split(cell)[0]) in _known()})


def read_head(cells: Sequence[str]) -> Head:
    """The meaning of each column of a header.

    Raises UnreadableSource where a column is not known, is missing, or occurs twice.
    """
    period, body = (_only(cells, name) for name in (PERIOD, BODY))
    stated: dict[str, list[tuple[int, int]]] = {}
    nameless = []
    for position, text in enumerate(cells):
        if position in (period, body):
            continue
        if not text.strip() or _UNNAMED.fullmatch(text.strip()):
            nameless.append(position)
            continue
        name, number = _split(text)
        if name not in _known():
            raise UnreadableSource(
                translations("unreadable.uk.unknown_column", heading=" ".join(text.split()))
            )
        stated.setdefault(name, []).append((number, position))
    columns: dict[int, Meaning] = {}
    for name, wanted in _known().items():
        found = sorted(stated.get(name, ()))
        if len(found) < len(wanted):
            raise UnreadableSource(
                translations("unreadable.uk.no_column", heading=wanted[len(found)].where[0])
            )
        if len(found) > len(wanted):
            raise UnreadableSource(
                translations(
                    "unreadable.uk.duplicate_column", heading=wanted[0].where[0], found=len(found)
                )
            )
        columns.update((position, wanted[i]) for i, (_, position) in enumerate(found))
    _check_order(columns, stated)
    return Head(period, body, dict(sorted(columns.items())), tuple(nameless))


def _split(text: str) -> tuple[str, int]:
    """A folded heading, and which of two columns of one name it claims to be (0: no claim)."""
    name = fold_heading(text)
    if name in _known():
        return name, 0
    match = _REPEATED.search(name)
    if match is not None and len(_known().get(name[: match.start()], ())) > 1:
        return name[: match.start()], int(match[1])
    return name, 0


def _only(cells: Sequence[str], heading: str) -> int:
    positions = [i for i, text in enumerate(cells) if fold_heading(text) == fold_heading(heading)]
    if not positions:
        raise UnreadableSource(translations("unreadable.uk.no_row_heading", heading=heading))
    if len(positions) > 1:
        why = translations("unreadable.uk.several_row_headings", heading=heading)
        raise UnreadableSource(why)
    return positions[0]


def _check_order(columns: dict[int, Meaning], stated: dict[str, list[tuple[int, int]]]) -> None:
    """Check the order of two columns of one name: only their order distinguishes them."""
    order = [meaning.codes for meaning in meanings("gongkai.converters.uk", "columns.csv")]
    as_printed = [order.index(meaning.codes) for _, meaning in sorted(columns.items())]
    for found in stated.values():
        numbers = [number for number, _ in found]
        if len(numbers) > len(set(numbers)) and as_printed != sorted(as_printed):
            heading = next(m.where[0] for p, m in columns.items() if p == found[0][1])
            raise UnreadableSource(translations("unreadable.uk.order_unclear", heading=heading))
