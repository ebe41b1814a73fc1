"""Rows whose values are assigned by counting alone, and whose own sums show that they are shifted.

Where a blank cell is lost and a page number stands in the row, or where a merged cell extends too
far, a row has as many values as the form has columns, and yet they are those of other columns; the
same happens where a cell is lost and a blank one stands at its end. A sum that does not hold proves
no shift by itself: reports print wrong sums. But where another reading of the same row is possible,
and the sums support that one, the row is not read in either way.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations

from gongkai.converters.cn.forms.cells import made_unread
from gongkai.converters.cn.forms.printed_sums import PrintedSums, gap_of, possible, proven
from gongkai.converters.numbers import read_cell
from gongkai.converters.report import Cell, CellState, ReportTable
from gongkai.ontology.forms import cell_codes
from gongkai.ontology.labels import Label
from gongkai.ontology.sums import Equation, Key
from gongkai.ontology.texts import LANGUAGES, translation, translations

Texts = tuple[str, ...]
"""What is printed in each column of a row, in the order of the form; empty where nothing is."""

_PAGE_NUMBER = re.compile("[1-9][0-9]?")
_LEAST_MOVED = 2
"""The least number of sums that must support another reading: one alone may be a misprint."""


@dataclass(frozen=True)
class Counted:
    """How the values of a row were placed, where that is based on counting.

    ``others`` are further ways to place what is printed; with ``page_number`` one of the numbers
    may be that of a page, in the place of a blank cell that was lost. ``marked`` says that a mark
    for nothing (“/”) stands beside the values, so that there is a cell too many. With ``blanks``
    some of the cells hold no number, and may belong elsewhere in the row: where a cell is lost, and
    a blank one stands before or after, every value has a heading, though not its own.
    """

    others: tuple[Texts, ...] = ()
    page_number: bool = False
    marked: bool = False
    blanks: bool = False


def without_shifted_rows(table: ReportTable, counted: Mapping[str, Counted]) -> ReportTable:
    """The table; rows whose sums support a reading other than by counting are unread.

    ``counted`` are rows of the form by their IRIs.
    """
    if not counted:
        return table
    sums = PrintedSums(table)
    shifts = _Shifts(sums)
    reasons: dict[int, tuple[Label, Texts]] = {}
    form_table = table.form.table(table.cube)
    for block in form_table.blocks:
        for row in block.leaf_rows():
            if row.iri not in counted:
                continue
            keys = [sums.key(cell_codes(row, column)) for column in block.leaf_columns()]
            cells = [sums.cells.get(key) for key in keys]
            if any(c is None or c.state not in _PLACED for c in cells):
                continue
            texts = tuple(_printed(cell) for cell in cells if cell is not None)
            other = shifts.rather(keys, texts, counted[row.iri])
            if other is not None:
                reason = _reason(texts, other)
                reasons.update({id(cell): (reason, texts) for cell in cells})
    if not reasons:
        return table
    return replace(table, cells=tuple(_unread(cell, reasons.get(id(cell))) for cell in table.cells))


_PLACED = (CellState.READ, CellState.NOT_STATED)


def _printed(cell: Cell) -> str:
    if cell.value is not None:
        return cell.text if cell.text is not None else str(cell.value)
    return cell.text or ""


def _unread(cell: Cell, why: tuple[Label, Texts] | None) -> Cell:
    if why is None:
        return cell
    reason, texts = why
    return made_unread(cell, reason, [text for text in texts if text])


class _Shifts:
    """Other readings of rows, weighed by the sums of the table."""

    def __init__(self, sums: PrintedSums) -> None:
        self._sums = sums
        self._values = sums.values
        self._equations = sums.equations

    def rather(self, keys: Sequence[Key], texts: Texts, counted: Counted) -> Texts | None:
        """Another reading of the row that the sums support; None where they do not."""
        about = {id(e): e for key in keys for e in self._equations.get(key, ())}.values()
        said = [(equation, self._sums.gap(equation)) for equation in about]
        refuted = {equation for equation, gap in said if gap}
        if counted.marked and (refuted or not any(gap == 0 for _, gap in said)):
            return counted.others[0]
        if not refuted:
            return None
        own = [gap for e, gap in said if {*e.left, *e.right} <= set(keys)]
        if 0 in own and not any(own):
            return None
        for other in counted.others:
            if self._speak_for(keys, texts, other, refuted):
                return other
        if counted.page_number:
            for number, other in _without_page_number(texts):
                if self._speak_for(keys, texts, other, refuted, number):
                    return other
        if counted.blanks:
            for other in _blanks_elsewhere(texts):
                if self._speak_for(keys, texts, other, refuted):
                    return other
        return None

    def _speak_for(
        self,
        keys: Sequence[Key],
        texts: Texts,
        other: Texts,
        refuted: set[Equation],
        number: int | None = None,
    ) -> bool:
        """Whether the sums that ``texts`` break hold, or come nearer to it, with ``other``.

        ``number`` is the position of what is left out as the number of a page.
        """
        values = dict(self._values)
        for key, text in zip(keys, other, strict=True):
            read = read_cell(text, "request").value
            if read is None:
                values.pop(key, None)
            else:
                values[key] = read
        blank = {key for key, text in zip(keys, other, strict=True) if not text}
        changed = [
            key for key, one, two in zip(keys, texts, other, strict=True) if one != two and two
        ]
        row = {e for e in refuted if {*e.left, *e.right} <= set(keys)}
        every = {e for key in keys for e in self._equations.get(key, ())}
        within = [e for e in every if {*e.left, *e.right} <= set(keys)]
        if any(not possible(equation, values, blank) for equation in within):
            return False
        # A sum that lacks a number now and then holds counts like one that is broken.
        found = {e for e in within if gap_of(e, self._values) is None and proven(e, values)}
        said = (row | found) if row else row
        if len(said) >= _LEAST_MOVED and any(proven(equation, values) for equation in said):
            return True
        lost = [key for key, text in zip(keys, texts, strict=True) if key in blank and text]
        moved = self._nearer(changed, lost, values, set(within))
        if moved is not None and moved >= _LEAST_MOVED:
            return True
        return bool(row) and self._less_than_a_part(keys, texts, other, next(iter(row)), number)

    def _nearer(
        self,
        changed: Sequence[Key],
        lost: Sequence[Key],
        values: Mapping[Key, Decimal],
        within: set[Equation],
    ) -> int | None:
        """In how many columns of moved values the sum comes nearer; None where one gets farther.

        Of the columns that are blank then (``lost``) each counts whose sum does not hold now.
        """
        nearer = 0
        for key in lost:
            gaps = [
                gap_of(e, self._values) for e in self._equations.get(key, ()) if e not in within
            ]
            nearer += any(gaps)
        if not changed:
            return None
        for key in changed:
            for equation in self._equations.get(key, ()):
                if equation in within:
                    continue
                before, after = gap_of(equation, self._values), gap_of(equation, values)
                if before is None:
                    nearer += proven(equation, values)
                if before is None or after is None:
                    continue
                if abs(after) > abs(before):
                    return None
                nearer += abs(after) < abs(before)
        return nearer

    def _less_than_a_part(
        self,
        keys: Sequence[Key],
        texts: Texts,
        other: Texts,
        equation: Equation,
        number: int | None,
    ) -> bool:
        """Whether the number that counting takes as the total is less than one of its parts.

        No sum is. Either the total is blank (what stands there being far less, no misprint of it),
        or another part is the total: the rest, some of it more than 0, adds up to no more than
        that.
        """
        if number is None or len(equation.left) != 1:
            return False
        total = keys.index(equation.left[0])
        printed = self._values.get(keys[total])
        if number != total or printed is None or self._holds_elsewhere(keys[total], equation):
            return False
        parts = [read_cell(other[keys.index(key)], "request").value or 0 for key in equation.right]
        if not other[total]:
            return printed * 2 < max(parts)
        as_total = read_cell(other[total], "request").value
        return as_total is not None and sum(parts) > 0 and printed < as_total

    def _holds_elsewhere(self, key: Key, equation: Equation) -> bool:
        """Whether all other sums in which the number at ``key`` takes part hold."""
        others = [gap_of(e, self._values) for e in self._equations.get(key, ()) if e != equation]
        return 0 in others and not any(others)


def _without_page_number(texts: Texts) -> Iterator[tuple[int, Texts]]:
    """``texts`` without one number that may be a page's, and with a blank in some place instead.

    The position of the number is returned with each.
    """
    for i in range(len(texts) - 1, -1, -1):
        if not _PAGE_NUMBER.fullmatch(texts[i]):
            continue
        rest = (*texts[:i], *texts[i + 1 :])
        for j in (*range(len(texts) - 2, -1, -1), len(texts) - 1):
            yield i, (*rest[:j], "", *rest[j:])


def _blanks_elsewhere(texts: Texts) -> Iterator[Texts]:
    """The numbers of ``texts`` in their order, with the cells that hold none in other places."""
    numbers = [text for text in texts if any(map(str.isdigit, text))]
    now = tuple(i for i, text in enumerate(texts) if any(map(str.isdigit, text)))
    for places in combinations(range(len(texts)), len(numbers)):
        if places != now:
            there = dict(zip(places, numbers, strict=True))
            yield tuple(there.get(i, "") for i in range(len(texts)))


def _reason(texts: Texts, other: Texts) -> Label:
    first, second = (
        {
            lang: " ".join(text or translation("forms.blank_in_row", lang) for text in row)
            for lang in LANGUAGES
        }
        for row in (texts, other)
    )
    if sum(map(bool, other)) < sum(map(bool, texts)):
        return translations("forms.sums_refute_page_number", first=first, second=second)
    return translations("forms.sums_refute", first=first, second=second)
