"""Which columns of a grid are which columns of the form, by the rows above the values."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from rapidfuzz import fuzz

from gongkai.converters.cn.forms.alignment import LabelMatch, ambiguous, best_in_order
from gongkai.converters.documents.model import Grid, GridCell
from gongkai.converters.labels import SURE, fold_label, mistyped_alike, of_another_year
from gongkai.ontology.forms import Block, Header

LIKELY = 0.6
"""From this likeness on a heading may mean a column, if it is like no other column as much."""

SURE_HEAD = 0.8
"""From this likeness on words above a heading are taken as the head that they are like."""

_MOST_CACHED = 20_000

_Key = TypeVar("_Key")
_Found = TypeVar("_Found")


def _cached(known: dict[_Key, _Found], key: _Key, find: Callable[[], _Found]) -> _Found:
    """What was found for ``key``, as reports repeat; else what is found now."""
    if key not in known:
        if len(known) >= _MOST_CACHED:
            known.clear()
        known[key] = find()
    return known[key]


@dataclass(frozen=True)
class ColumnMap:
    """Where the columns of a block stand.

    ``positions`` gives for each leaf column found the columns of the grid that its heading covers;
    ``headings`` what is printed there, ``above`` all that stands there. A column that two headings
    fit, or a heading that fits two columns, is not found. ``covered`` is the first column after all
    those in which the heading rows have cells. ``extra`` are headed columns among them that are not
    the form's, such as 小计, with what is printed above one another there; none are given where a
    column of the form is not found.
    """

    positions: dict[str, tuple[int, ...]]
    headings: dict[str, str]
    above: dict[str, tuple[str, ...]]
    covered: int
    extra: tuple[tuple[tuple[int, ...], tuple[str, ...]], ...] = ()


@dataclass(frozen=True)
class _Unit:
    """Adjacent columns under one heading: the cells above one another, from the top."""

    columns: tuple[int, ...]
    stack: tuple[str, ...]


def map_columns(block: Block, grid: Grid, rows: Sequence[int], caption: str = "") -> ColumnMap:
    """Match the columns of ``block`` with those of ``grid`` by the headings in ``rows``.

    ``caption`` is what is printed over the grid, where that may name a head of its columns.
    """
    units = _units(grid, rows, fold_label(caption))
    leaves = block.leaf_columns()
    candidates = [
        LabelMatch(i, j, j + 1, value)
        for j, unit in enumerate(units)
        for i, value in _scores(block, leaves, unit)
    ]
    first = best_in_order(candidates, len(leaves), len(units))
    unsure = ambiguous(first, best_in_order(candidates, len(leaves), len(units), last=True))
    sure = [match for match in first if match.expected not in unsure]
    if len(sure) < len(leaves):
        # The columns may stand in another order: total first, 行政诉讼 before 行政复议.
        freely = _by_headings_alone(candidates)
        sure = freely if len(freely) == len(leaves) else sure
        sure = _but_of_two(sure, leaves, units)
    return ColumnMap(
        positions={leaves[m.expected].iri: units[m.start].columns for m in sure},
        headings={
            leaves[m.expected].iri: _printed(leaves[m.expected], units[m.start]) for m in sure
        },
        above={leaves[m.expected].iri: units[m.start].stack for m in sure},
        covered=max(
            (i + 1 for row in rows for i, cell in enumerate(grid.rows[row]) if cell is not None),
            default=0,
        ),
        extra=_extra(units, sure, leaves) if len(sure) == len(leaves) else (),
    )


def _but_of_two(
    matches: Sequence[LabelMatch], leaves: Sequence[Header], units: Sequence[_Unit]
) -> list[LabelMatch]:
    """The matches without those whose heading also names a column that was not found.

    Two columns may be printed so closely that their headings, and their numbers, look like one.
    """
    matched = {match.expected for match in matches}
    missing = {fold_label(leaf.label["zh"]) for i, leaf in enumerate(leaves) if i not in matched}

    def names_another(match: LabelMatch) -> bool:
        leaf = leaves[match.expected]
        own = [fold_label(text) for text in (leaf.label["zh"], *leaf.variants)]
        printed = _printed(leaf, units[match.start])
        return any(label in printed and not any(label in text for text in own) for label in missing)

    return [match for match in matches if not names_another(match)]


def _by_headings_alone(candidates: Sequence[LabelMatch]) -> list[LabelMatch]:
    """The matches in which one heading means exactly one column, in any order."""
    surely = [match for match in candidates if match.likeness >= SURE]
    return [
        match
        for match in surely
        if not any(
            other != match and (other.expected == match.expected or other.start == match.start)
            for other in surely
        )
    ]


def _extra(
    units: Sequence[_Unit], found: Sequence[LabelMatch], leaves: Sequence[Header]
) -> tuple[tuple[tuple[int, ...], tuple[str, ...]], ...]:
    """Headed columns, from the first of the form's on, that are not the form's.

    Before that one stand the labels of the rows; only a column of another year is not a label.
    """
    taken = {match.start for match in found}
    return tuple(
        (unit.columns, unit.stack)
        for i, unit in enumerate(units)
        if i not in taken
        and (i > min(taken) or of_another_year(leaves[0].label["zh"], unit.stack[-1]))
    )


def names_heads(block: Block, caption: str) -> bool:
    """Whether ``caption`` names a head of ``block``, and not several side by side.

    The title of the whole table names them all.
    """
    depths = [block.columns[i].depth for i in _heads_among(block, (fold_label(caption),))]
    return bool(depths) and len(set(depths)) == len(depths)


def headings_in_order(block: Block, texts: Sequence[str]) -> set[str]:
    """The leaf columns whose headings stand among ``texts`` in the order of the form.

    For rows split at separators, where nothing shows what stands above what.
    """
    printed = block.columns_as_printed()
    candidates = [
        LabelMatch(i, j, j + 1, value)
        for j, text in enumerate(texts)
        for i, value in _headings_like(block, fold_label(text))
    ]
    found = best_in_order(candidates, len(printed), len(texts))
    return {printed[match.expected].iri for match in found if printed[match.expected].leaf}


_headings_by_text: dict[tuple[str, str], list[tuple[int, float]]] = {}


def _headings_like(block: Block, folded: str) -> list[tuple[int, float]]:
    """(column or head, as printed, likeness) of those that ``folded`` may mean; cached."""
    return _cached(
        _headings_by_text,
        (block.columns[0].iri, folded),
        lambda: [
            (i, value)
            for i, column in enumerate(block.columns_as_printed())
            if (value := _alike(column, folded)) >= LIKELY
        ],
    )


_likest_by_text: dict[tuple[str, str], list[Header]] = {}


def likest_columns(block: Block, text: str) -> list[Header]:
    """The columns and heads of ``block`` that ``text`` certainly names, with highest likeness."""
    folded = fold_label(text)
    key = block.columns[0].iri, folded
    return _cached(_likest_by_text, key, lambda: _likest(block, folded))


def _likest(block: Block, folded: str) -> list[Header]:
    alike = [_alike(column, folded) for column in block.columns]
    best = max(alike)
    if best < SURE_HEAD:
        return []
    return [column for value, column in zip(alike, block.columns, strict=True) if value == best]


def is_heading_row(block: Block, words: frozenset[str], valued: bool) -> bool:
    """Whether a line with these folded texts is a line of headings of ``block``.

    It holds some of its columns, and no number (``valued``).
    """
    if valued or not words:
        return False
    known = _known_labels(block)
    return len(words & known) >= min(2, len(known))


def is_head_alone(block: Block, words: frozenset[str], valued: bool) -> bool:
    """Whether a line holds the label of one head of ``block`` and nothing else."""
    heads = (column for column in block.columns if not column.leaf)
    labels = {fold_label(text) for head in heads for text in (head.label["zh"], *head.variants)}
    return not valued and len(words) == 1 and words <= labels


_labels_by_column: dict[str, frozenset[str]] = {}


def _known_labels(block: Block) -> frozenset[str]:
    first = block.columns[0].iri
    if first not in _labels_by_column:
        _labels_by_column[first] = frozenset(
            fold_label(text)
            for column in block.columns
            for text in (column.label["zh"], *column.variants)
        )
    return _labels_by_column[first]


def _units(grid: Grid, rows: Sequence[int], caption: str) -> list[_Unit]:
    units: list[_Unit] = []
    lowest: GridCell | None = None
    for column in range(grid.width):
        stack: list[GridCell] = []
        for row in rows:
            cell = grid.rows[row][column]
            if cell is not None and cell.text and (not stack or stack[-1] is not cell):
                stack.append(cell)
        if not stack:
            lowest = None
            continue
        if units and stack[-1] is lowest:
            units[-1] = _Unit((*units[-1].columns, column), units[-1].stack)
        else:
            texts = [caption] if caption else []
            texts += [fold_label(cell.text) for cell in stack]
            units.append(_Unit((column,), tuple(texts)))
        lowest = stack[-1]
    return units


_scores_by_stack: dict[tuple[str, tuple[str, ...]], list[tuple[int, float]]] = {}


def _scores(block: Block, leaves: Sequence[Header], unit: _Unit) -> list[tuple[int, float]]:
    """(leaf column, likeness) of those that ``unit`` may mean; cached, as reports repeat."""
    key = (block.columns[0].iri, unit.stack)
    return _cached(_scores_by_stack, key, lambda: _compare(block, leaves, unit))


def _compare(block: Block, leaves: Sequence[Header], unit: _Unit) -> list[tuple[int, float]]:
    """(leaf column, likeness) of those that ``unit`` may mean: no other label is more like it."""
    texts = ["".join(unit.stack[-count:]) for count in range(1, len(unit.stack) + 1)]
    alike = [max(_alike(leaf, text) for text in texts) for leaf in leaves]
    best = max(alike, default=0.0)
    if best < LIKELY:
        return []
    heads = _heads_among(block, unit.stack)
    return [
        (i, value)
        for i, (leaf, value) in enumerate(zip(leaves, alike, strict=True))
        if value == best and not _contradicted(block, leaf, heads)
    ]


def _heads_among(block: Block, stack: tuple[str, ...]) -> set[int]:
    """Positions of the heads of ``block`` that ``stack`` names."""
    return {
        i
        for i, column in enumerate(block.columns)
        if not column.leaf
        and any(
            _alike(column, text) >= SURE_HEAD or fold_label(column.label["zh"]) in text
            for text in stack
        )
    }


def _contradicted(block: Block, leaf: Header, heads: set[int]) -> bool:
    """Whether what stands above names a head that ``leaf`` does not stand under."""
    above: set[int] = set()
    under = leaf.under
    while under is not None:
        above.add(under)
        under = block.columns[under].under
    return bool(heads - above)


def _alike(column: Header, folded: str) -> float:
    return _nearest((column.label["zh"], *column.variants), folded)


@lru_cache(maxsize=16384)
def _nearest(labels: tuple[str, ...], folded: str) -> float:
    return max(_ratio(fold_label(text), folded) for text in labels)


@lru_cache(maxsize=16384)
def _ratio(wanted: str, met: str) -> float:
    if of_another_year(wanted, met):
        return 0.0
    if wanted == met:
        return 1.0
    return max(
        fuzz.ratio(wanted, met) / 100, SURE * (mistyped_alike(wanted) == mistyped_alike(met))
    )


def _printed(leaf: Header, unit: _Unit) -> str:
    """The part of the cells above one another that is the heading of ``leaf``."""
    joined = ["".join(unit.stack[-count:]) for count in range(1, len(unit.stack) + 1)]
    return max(joined, key=lambda text: _alike(leaf, text))
