"""Tables that stand in lines: which part of the source holds one table, all of it and nothing else.

Values are assigned by counting there, and a count alone places none: every heading and label of the
form must be there, once and in its order, and each row must have as many values as the form has
columns, all in one line. Where heads over the headings are missing, or the values of a row stand in
several lines, the printed sums must hold.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from gongkai.converters.cn.forms.spread import LineKey, Piece, Spread
from gongkai.converters.cn.forms.stream_labels import FoundLabels
from gongkai.converters.labels import fold_label
from gongkai.ontology.forms import Block, Header, Table


@dataclass(frozen=True)
class InLines:
    """A table that stands in lines: its ``pieces``, and whether its sums must confirm it."""

    pieces: tuple[Piece, ...]
    needs_sums: bool


class TableLines:
    """The lines in which labels of a table were ``found``, as ``pieces``."""

    def __init__(self, table: Table, spread: Spread, start: int, end: int) -> None:
        """Look for labels of ``table`` in the lines of the items from ``start`` up to ``end``."""
        self.table = table
        self.pieces = spread.pieces(start, end)
        self.needs_sums = False

    @cached_property
    def found(self) -> FoundLabels:
        """The labels of the table in the lines."""
        return FoundLabels(self.table, [piece.block for piece in self.pieces])

    @cached_property
    def used(self) -> set[int]:
        """The positions of pieces that were found to be of the table."""
        return set(self.found.used)

    @cached_property
    def values(self) -> list[int]:
        """The positions of the pieces that are values."""
        return [i for i, piece in enumerate(self.pieces) if piece.is_value]

    @cached_property
    def _values_in(self) -> Counter[LineKey]:
        """How many values stand in each line."""
        return Counter(piece.line for piece in self.pieces if piece.is_value)

    def whole(self) -> InLines | None:
        """The table, if all of it is there and nothing else stands among it."""
        if any(block.unit_column for block in self.table.blocks):
            return None
        if len(self.values) < self._fewest_values() or not self.found.matches:
            return None
        if not all(self._take_values(block) for block in self.table.blocks) or self.found.unsure:
            return None
        for block in self.table.blocks:
            self._take_heads(block.columns)
            self._take_heads(block.rows)
        # What stands before a label, blank or a grid of its own, is found as a part of it.
        printed = [i for i in self.used if self.pieces[i].block.text]
        first, last = min(printed), max(printed) + 1
        if not self.used.issuperset(range(first, last)) or not self._stands_apart(first, last):
            return None
        return InLines(tuple(self.pieces[first:last]), self.needs_sums)

    def _fewest_values(self) -> int:
        """As many values there are in the rows of the table that have labels."""
        return sum(
            len(block.leaf_columns()) * sum(bool(row.label) for row in block.leaf_rows())
            for block in self.table.blocks
        )

    def values_of(self, block: Block, row: Header) -> list[Piece]:
        """The consecutive values after the label of ``row``."""
        start = self.found.values_start(block, row)
        if start is None:
            return []
        end = start
        while end < len(self.pieces) and self.pieces[end].is_value:
            end += 1
        return self.pieces[start:end]

    def _take_values(self, block: Block) -> bool:
        """Mark the values of all rows as used; returns whether each row has all of its own."""
        count = len(block.leaf_columns())
        if self.found.column_trouble(block) is not None:
            return False
        for row in block.leaf_rows():
            start, values = self.found.values_start(block, row), self.values_of(block, row)
            if start is None or len(values) != count or any(piece.in_text_line for piece in values):
                return False
            self.needs_sums |= not self._together(values)
            self.used.update(range(start, start + count))
        return True

    def _together(self, values: Sequence[Piece]) -> bool:
        """Whether the values stand in one line, or each alone in a line of its own."""
        lines = {piece.line for piece in values}
        return len(lines) == 1 or all(self._values_in[line] == 1 for line in lines)

    def _take_heads(self, headers: Sequence[Header]) -> None:
        """Mark heads as used that stand before the first of the headings under them.

        The form prints heads level by level; a line may print each before its own headings. If a
        head is missing, the sums must decide.
        """
        for position, header in enumerate(headers):
            if header.leaf or not header.label or header.iri in self.found.by_header:
                continue
            at = self._head_before(headers, header, self._first_under(headers, position))
            if at is None:
                self.needs_sums = True
            else:
                self.used.add(at)

    def _head_before(self, headers: Sequence[Header], head: Header, start: int) -> int | None:
        """Where ``head`` stands directly before ``start``, perhaps with other heads between."""
        heads = [header for header in headers if not header.leaf]
        for at in range(start - 1, -1, -1):
            if _is_label(self.pieces[at], head):
                return at if at not in self.used else None
            if not any(_is_label(self.pieces[at], other) for other in heads):
                return None
        return None

    def _first_under(self, headers: Sequence[Header], head: int) -> int:
        """Where the first heading under ``head`` that was found begins."""
        under = {head}
        starts = []
        for i, header in enumerate(headers):
            if header.under in under:
                under.add(i)
                if header.iri in self.found.by_header:
                    starts.append(self.found.by_header[header.iri].start)
        return min(starts, default=0)

    def _stands_apart(self, first: int, last: int) -> bool:
        """Whether no value stands directly before or after, and no item is cut in two."""
        around = [*self.pieces[max(first - 1, 0) : first], *self.pieces[last : last + 1]]
        if any(piece.is_value for piece in around):
            return False
        outside = {piece.item for piece in (*self.pieces[:first], *self.pieces[last:])}
        return outside.isdisjoint(piece.item for piece in self.pieces[first:last])


def _is_label(piece: Piece, header: Header) -> bool:
    return fold_label(piece.block.text) == fold_label(header.label["zh"])
