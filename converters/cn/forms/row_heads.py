"""Heads over rows of a form: what stands left of a row's label, or has rows of its own below it.

Short labels such as “3.其他” only identify a row together with their head; and a head whose rows
have labels that the body added (申请人撤回 under 其他处理) is not the row of their values.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from gongkai.converters.cn.forms.alignment import Expected, ExpectedLabels
from gongkai.converters.cn.forms.headings import Headings
from gongkai.converters.cn.forms.lines import GridLine
from gongkai.converters.documents.model import GridCell
from gongkai.converters.labels import SURE, fold_label, number_before
from gongkai.converters.numbers import COUNT_WORDS, looks_like_cell
from gongkai.ontology.forms import Block, Header, Table

_DEEP = 2
"""From this depth on, labels are numbered anew under each head, and mean little without it."""


_WORDS = re.compile(r"[\u4e00-\u9fff]")
_UNITS = frozenset((*COUNT_WORDS, "元", "万元"))


class RowHeads:
    """The heads of a table's rows, and which cells of a grid name them."""

    def __init__(self, table: Table) -> None:
        """Take the rows of ``table`` with their heads, in the order of the form."""
        self._labels: list[Header] = []
        self._chains: list[frozenset[str]] = []
        self._deep: list[bool] = []
        for block in table.blocks:
            for row in block.rows:
                if not row.label:
                    continue
                self._labels.append(row)
                chain, under = {row.iri}, row.under
                while under is not None:
                    chain.add(block.rows[under].iri)
                    under = block.rows[under].under
                self._chains.append(frozenset(chain))
                self._deep.append(row.depth >= _DEEP)
        self._expected = ExpectedLabels(
            [Expected(row.label["zh"], row.variants) for row in self._labels]
        )
        self._numbers = {row.iri: i for i, row in enumerate(self._labels)}
        self._any_deep = any(self._deep)
        self._named = lru_cache(maxsize=4096)(self._names)

    def contradicted(self, row: str, line: GridLine, label: GridCell) -> bool:
        """Whether left of ``label`` stands a head, or another row, that ``row`` is not under."""
        number = self._numbers[row]
        if not self._deep[number]:
            return False
        chain = self._chains[number]
        return any(
            not (named & chain)
            for cell in _before(line, label)
            if (named := self._named(cell.text))
        )

    def chain(self, row: str) -> frozenset[str]:
        """``row`` and the heads under which it stands, as IRIs."""
        return self._chains[self._numbers[row]]

    def head_of(self, line: GridLine) -> str | None:
        """The IRI of the lowest row or head of the form that stands in ``line``, if any does."""
        found: str | None = None
        for cell in line.cells:
            if cell is not None and cell.text and (named := self._named(cell.text)):
                found = next(row.iri for row in self._labels if row.iri in named)
        return found

    def _names(self, text: str) -> frozenset[str]:
        """The rows and heads of the form that ``text`` names beyond doubt."""
        return frozenset(
            self._labels[number].iri
            for number, likeness in self._expected.scores(text)
            if likeness >= SURE
        )


_known: dict[str, RowHeads] = {}


def row_heads(table: Table) -> RowHeads:
    """The heads of the rows of ``table``; cached, as tables repeat."""
    if table.iri not in _known:
        _known[table.iri] = RowHeads(table)
    return _known[table.iri]


def own_label_after(
    block: Block, line: GridLine, label: GridCell | None, row: Header, headings: Headings
) -> GridCell | None:
    """The words between the label of ``row`` and the values of ``line``, if they are a label.

    Then the values belong to these words. A unit, or the row's label once more, is no other label.
    """
    if label is None or block.unit_column:
        return None
    known = {fold_label(text) for text in (label.text, row.label["zh"])}
    known |= {text.removeprefix(number_before(text)) for text in known}
    found = [
        cell
        for cell in _words_before_values(line, label, headings)
        if fold_label(cell.text) not in known
    ]
    return found[-1] if found else None


def label_before_values(block: Block, line: GridLine, headings: Headings) -> GridCell | None:
    """The last words of ``line`` before its values (and its unit), if they begin in it."""
    found = _words_before_values(line, None, headings)
    if block.unit_column:
        found = found[:1]
    return found[-1] if found and any(found[-1] is cell for cell in line.own) else None


def _words_before_values(
    line: GridLine, label: GridCell | None, headings: Headings
) -> list[GridCell]:
    begin = 0
    if label is not None:
        begin = max((i + 1 for i, cell in enumerate(line.cells) if cell is label), default=0)
    found: list[GridCell] = []
    for cell in line.cells[begin : _first_value(line, begin, headings)]:
        if cell is None or cell is label or not cell.text:
            continue
        if looks_like_cell(cell.text) or fold_label(cell.text) in _UNITS:
            continue
        # A number in doubt (6*, ~~59~~2) holds no words.
        if not _WORDS.search(cell.text):
            continue
        found.append(cell)
    return found


def _first_value(line: GridLine, begin: int, headings: Headings) -> int:
    """The position in ``line`` where its values begin, by the headings or else by its content."""
    if headings.columns is not None and headings.columns.positions:
        return min(where[0] for where in headings.columns.positions.values())
    first = len(line.cells)
    for i in range(begin, len(line.cells)):
        cell = line.cells[i]
        if cell is not None and cell.text and looks_like_cell(cell.text):
            first = i
            break
    # Blank cells directly before the first number may be values; others are left of a label.
    while first > begin and _is_blank(line.cells[first - 1]):
        first -= 1
    return first


def _is_blank(cell: GridCell | None) -> bool:
    return cell is None or not cell.text


def _before(line: GridLine, label: GridCell) -> Sequence[GridCell]:
    found: dict[int, GridCell] = {}
    for cell in line.cells:
        if cell is label:
            break
        if cell is not None and cell.text:
            found[id(cell)] = cell
    return list(found.values())
