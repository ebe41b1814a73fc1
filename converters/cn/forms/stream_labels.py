"""The labels of a table that were found in a stream of blocks, and what makes them unsure."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gongkai.converters.cn.forms.alignment import Alignment, Expected, ExpectedLabels
from gongkai.converters.cn.forms.heading_order import order_trouble
from gongkai.converters.cn.forms.headings import names_of
from gongkai.converters.documents.model import Place, TextBlock
from gongkai.converters.labels import fold_label
from gongkai.converters.numbers import looks_like_cell
from gongkai.converters.report import Note
from gongkai.ontology.forms import Block, Header, Table
from gongkai.ontology.labels import Label
from gongkai.ontology.texts import LANGUAGES, translations

LONGEST_LABEL = 60
"""A longer block is prose, never a label of the form."""

_LEAST_FOUND = 1 / 3
"""With a smaller part of its labels found, a table is taken as absent."""

_AMBIGUOUS = translations("forms.ambiguous")


@dataclass(frozen=True)
class ExpectedLabel:
    """One expected label: the part of the table that it names."""

    header: Header | None
    is_column: bool
    expected: Expected


_known: dict[str, tuple[list[ExpectedLabel], ExpectedLabels]] = {}


def slots_of(table: Table) -> tuple[list[ExpectedLabel], ExpectedLabels]:
    """The labels that ``table`` prints, in their order."""
    if table.iri not in _known:
        slots = _make_slots(table)
        _known[table.iri] = slots, ExpectedLabels([slot.expected for slot in slots])
    return _known[table.iri]


def _make_slots(table: Table) -> list[ExpectedLabel]:
    slots = []
    for block in table.blocks:
        if block.label:
            slots.append(ExpectedLabel(None, False, Expected(block.label["zh"])))
        if block.corner:
            slots.append(ExpectedLabel(None, False, Expected(block.corner["zh"])))
        for column in block.columns_as_printed():
            slots.append(ExpectedLabel(column, True, _expected(column)))
        for row in block.rows:
            if row.label:
                slots.append(ExpectedLabel(row, False, _expected(row)))
    if table.check_printed:
        slots.insert(0, ExpectedLabel(None, False, Expected(table.check_printed["zh"])))
    return slots


def _expected(header: Header) -> Expected:
    return Expected(header.label["zh"], header.variants)


def label_text(text: str) -> str | None:
    """``text``, if it can be (part of) a label."""
    if len(text) > LONGEST_LABEL or looks_like_cell(text):
        return None
    return text


class FoundLabels:
    """Which labels of ``table`` stand in which of the ``blocks``.

    ``by_header`` gives the match of each row and column by its IRI; ``used`` are the positions of
    all labels, ``starts`` where they begin.
    """

    def __init__(self, table: Table, blocks: Sequence[TextBlock]) -> None:
        """Look for the labels of ``table`` in ``blocks``."""
        self.table = table
        self.blocks = blocks
        self.slots, self._expected = slots_of(table)
        labels = [label_text(block.text) for block in blocks]
        # A few labels that it shares with other tables are no table.
        least = len(self.slots) * _LEAST_FOUND
        self._alignment = Alignment(self._expected, labels, heads_before=True, least=least)
        self.matches = self._alignment.matches
        self.by_header = {
            slot.header.iri: match
            for match in self.matches
            if (slot := self.slots[match.expected]).header is not None
        }
        self.used = {i for match in self.matches for i in range(match.start, match.end)}
        self.starts = sorted(match.start for match in self.matches)
        self._column_troubles: dict[str, Label | None] = {}

    @property
    def unsure(self) -> set[int]:
        """The labels that may equally stand elsewhere."""
        return self._alignment.unsure

    def row_troubles(self) -> dict[str, Label]:
        """Rows whose label was found and whose values may nevertheless be another row's."""
        troubles: dict[str, Label] = {}
        for iri, block in self._rivals().items():
            where = {lang: block.place.describe(lang) for lang in LANGUAGES}
            troubles[iri] = translations("forms.label_again", where=where)
        for number in self.unsure:
            header = self.slots[number].header
            if header is not None and not self.slots[number].is_column:
                troubles.setdefault(header.iri, _AMBIGUOUS)
        rows = [row for block in self.table.blocks for row in block.leaf_rows() if row.label]
        for row, following in itertools.pairwise(rows):
            if row.iri in self.by_header and following.iri not in self.by_header:
                # Where lines were lost between the two, the values after the one label may be the
                # other's, all of them or from some column on.
                troubles[row.iri] = translations(
                    "forms.next_row_missing", row=following.label["zh"]
                )
        return troubles

    def _rivals(self) -> dict[str, TextBlock]:
        """Labels that were matched and of which a second, unmatched copy stands in the stream."""
        rivals: dict[str, TextBlock] = {}
        # A stray label that fits another label better belongs to that one: a row out of order, or
        # a column heading that is repeated after a page break.
        others = [
            number
            for number, slot in enumerate(self.slots)
            if slot.is_column or (slot.header and not self._matched(slot))
        ]
        rows = {
            number: slot.header
            for number, slot in enumerate(self.slots)
            if slot.header is not None and not slot.is_column and self._matched(slot)
        }
        for i in self._stray_labels():
            like = dict(self._expected.scores(self.blocks[i].text))
            best_other = max((like.get(number, 0.0) for number in others), default=0.0)
            for number, likeness in like.items():
                if number in rows and likeness > best_other:
                    rivals[rows[number].iri] = self.blocks[i]
        return rivals

    def _stray_labels(self) -> list[int]:
        if not self.matches:
            return []
        first, last = self.starts[0], max(match.end for match in self.matches)
        return [
            i
            for i in range(first, last)
            if i not in self.used and label_text(self.blocks[i].text) is not None
        ]

    def _matched(self, slot: ExpectedLabel) -> bool:
        return slot.header is not None and slot.header.iri in self.by_header

    def column_trouble(self, block: Block) -> Label | None:
        """Why the values of a block cannot be placed by their position, where that is so."""
        first = block.columns[0].iri
        if first not in self._column_troubles:
            self._column_troubles[first] = self._find_column_trouble(block)
        return self._column_troubles[first]

    def _find_column_trouble(self, block: Block) -> Label | None:
        missing = [column for column in block.leaf_columns() if column.iri not in self.by_header]
        if not missing:
            return order_trouble(block, self._headings(block))
        return translations("forms.columns_out_of_order", columns=names_of(missing))

    def _headings(self, block: Block) -> list[str]:
        """The texts from the first heading of ``block`` to its last, with heads before these."""
        found = [self.by_header[c.iri] for c in block.columns if c.iri in self.by_header]
        first = min(match.start for match in found)
        before = range(first - 1, max(first - 1 - len(block.columns), -1), -1)
        start = next((i + 1 for i in before if label_text(self.blocks[i].text) is None), None)
        begin = max(first - len(block.columns), 0) if start is None else start
        end = max(match.end for match in found)
        return [text.text for text in self.blocks[begin:end]]

    def values_start(self, block: Block, row: Header) -> int | None:
        """Where the values of ``row`` begin: after its label, or after the head if it has none."""
        if row.label:
            match = self.by_header.get(row.iri)
            return match.end if match else None
        ends = [
            self.by_header[column.iri].end
            for column in block.columns
            if column.iri in self.by_header
        ]
        return max(ends, default=None)

    def variants(self) -> Iterator[Note]:
        """Notes on the labels that are not printed as in the form."""
        for match in self.matches:
            slot = self.slots[match.expected]
            seen = "".join(block.text for block in self.blocks[match.start : match.end])
            wanted = slot.expected.label
            if fold_label(seen) != fold_label(wanted):
                place = self.blocks[match.start].place
                yield _variant(slot.header, wanted, seen, place)


def _variant(header: Header | None, wanted: str, seen: str, place: Place) -> Note:
    return Note(
        message=translations("forms.label_variant", printed=seen, wanted=wanted),
        place=place,
        printed=seen,
        about=header.iri if header else None,
    )
