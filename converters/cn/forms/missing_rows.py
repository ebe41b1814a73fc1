"""Rows that were not found in any table: whether their labels nevertheless stand in the source."""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from gongkai.converters.cn.forms.cells import HIDDEN
from gongkai.converters.documents.model import Item, Place, TextBlock
from gongkai.converters.labels import fold_label, number_before
from gongkai.converters.numbers import looks_like_cell
from gongkai.converters.report import NOT_IN_SOURCE, ReportTable
from gongkai.ontology.forms import Block, Header, cell_codes
from gongkai.ontology.labels import Label
from gongkai.ontology.texts import LANGUAGES, translations

_LEAST_WITHIN = 6
"""A label this long is recognised in a line of values, and without the number before it."""

_LEAST_HEADING = 5
_FEWEST_VALUES = 2

_Why = Callable[[Block, Header], Label | None]


class _Texts:
    """The texts of a source that may be labels or hold labels, and their places."""

    def __init__(self, items: Sequence[Item]) -> None:
        self._whole: dict[str, Place] = {}
        self._lines: dict[str, Place] = {}
        for item in items:
            if isinstance(item, TextBlock):
                self._add(item.text, item.place)
                continue
            for row in range(len(item.rows)):
                for cell in item.distinct(row):
                    self._add(cell.text, cell.place)

    def _add(self, text: str, place: Place) -> None:
        self._whole.setdefault(fold_label(text), place)
        if sum(map(looks_like_cell, text.split())) >= _FEWEST_VALUES:
            self._lines.setdefault(fold_label(text), place)

    def place_of(self, label: str) -> Place | None:
        """The place of a label, alone or, if it is long, in a line of values."""
        folded = fold_label(label)
        if folded in self._whole:
            return self._whole[folded]
        words = folded.removeprefix(number_before(folded))
        within = words if len(words) >= _LEAST_WITHIN else folded
        if len(within) < _LEAST_WITHIN:
            return None
        return next((place for text, place in self._lines.items() if within in text), None)


def with_labels_reported(tables: Sequence[ReportTable], items: Sequence[Item]) -> list[ReportTable]:
    """The tables; a row whose label stands in ``items`` is not reported as missing there."""
    if not any(cell.reason == NOT_IN_SOURCE for table in tables for cell in table.cells):
        return list(tables)
    texts = _Texts(items)

    def why(block: Block, row: Header) -> Label | None:
        for label in _labels(block, row):
            place = texts.place_of(label)
            if place is not None:
                return _stands_at(place)
        return None

    return [_with_reasons(table, why) for table in tables]


def with_hidden_reported(table: ReportTable, hidden: Collection[str]) -> ReportTable:
    """The table; a row that is among the ``hidden`` texts of the source is reported as hidden."""
    if not hidden:
        return table
    folded = {fold_label(text) for text in hidden}

    def why(block: Block, row: Header) -> Label | None:
        is_shown = folded.isdisjoint(map(fold_label, _labels(block, row)))
        return None if is_shown else HIDDEN

    return _with_reasons(table, why)


def _with_reasons(table: ReportTable, why: _Why) -> ReportTable:
    """The table; rows reported as not in the source get the reason that ``why`` returns.

    Where it returns none they are left as they are.
    """
    reasons: dict[frozenset[tuple[str, str]], Label] = {}
    for block in table.form.table(table.cube).blocks:
        for row in block.leaf_rows():
            reason = why(block, row)
            if reason is not None:
                for column in block.leaf_columns():
                    reasons[frozenset(cell_codes(row, column).items())] = reason
    cells = (
        replace(cell, reason=reasons.get(frozenset(cell.codes.items()), NOT_IN_SOURCE))
        if cell.reason == NOT_IN_SOURCE
        else cell
        for cell in table.cells
    )
    return replace(table, cells=tuple(cells))


def _labels(block: Block, row: Header) -> Sequence[str]:
    """What names ``row`` and nothing else: its label, or headings that no other column has."""
    if row.label:
        # Short variants (总计) name other rows as well.
        return (row.label["zh"], *(text for text in row.variants if len(text) >= _LEAST_WITHIN))
    labels = [column.label["zh"] for column in block.columns]
    counts = Counter(labels)
    return [label for label in labels if counts[label] == 1 and len(label) >= _LEAST_HEADING]


def _stands_at(place: Place) -> Label:
    if not place.describe():
        return translations("forms.label_alone")
    where = {lang: place.describe(lang) for lang in LANGUAGES}
    return translations("forms.label_alone_at", where=where)
