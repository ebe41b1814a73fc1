"""Word documents (DOCX): paragraphs and tables as a reader of the accepted document sees them.

``document.xml`` is read as it stands, since python-docx gives no way to text boxes, content
controls, tracked changes, fields and automatic numbers, all of which change what is seen. Page
headers and footers, comments and the properties of the file (whose title is often that of the
document it was made from) are left out; footnotes become notes.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from gongkai.converters.documents.archive import main_part, open_archive, parse_xml, related_part
from gongkai.converters.documents.limits import Limits
from gongkai.converters.documents.model import Content, Grid, GridCell, Item, Place, TextBlock
from gongkai.converters.documents.word.notes import (
    CHANGED,
    CHANGES,
    COVERED,
    HIDDEN,
    HIDDEN_ROWS,
    NUMBERED,
    OTHER_FORMAT,
    PICTURES,
    UNCLOSED,
    UNKNOWN_NUMBERS,
    UNSETTLED,
    join,
)
from gongkai.converters.documents.word.numbering import Numbering, Printed, read_numbering
from gongkai.converters.documents.word.styles import (
    ParagraphProperties,
    Styles,
    W,
    properties_of,
    read_styles,
)
from gongkai.converters.documents.word.tables import (
    CELL,
    PARAGRAPH,
    ROW,
    TABLE,
    Layout,
    Slot,
    is_layout,
    lay_out,
    within,
)
from gongkai.converters.documents.word.text import TOLD_IN_TEXT, ParagraphReader, Words
from gongkai.converters.errors import UnreadableSource
from gongkai.ontology.forms import Label

_LONGEST_QUOTE = 40
_CHUNK = W + "altChunk"


def read_docx(data: bytes, limits: Limits) -> Content:
    """The paragraphs and tables of a Word document, in the order of its body.

    Soft line breaks part text blocks. Tables that only arrange others (one cell, or with tables
    inside) give their text. A cell is in doubt where tracked changes, struck-out text, pictures or
    fields leave its text open.

    Raises UnreadableSource for a file that is damaged, protected, too large or no Word document.
    """
    archive = open_archive(data, limits)
    main = main_part(archive, limits)
    root = parse_xml(archive.read(main), main, limits)
    body = root.find(W + "body")
    if root.tag != W + "document" or body is None:
        raise UnreadableSource(f"the file is no Word document (its part {main} is of another kind)")
    reader = _Reader(
        limits=limits,
        styles=read_styles(related_part(archive, main, "styles", limits)),
        numbering=read_numbering(related_part(archive, main, "numbering", limits)),
    )
    items = tuple(reader.items(body, Place()))
    reader.finish()
    reader.tell_footnotes(
        {
            kind: related_part(archive, main, kind, limits)
            for kind in dict.fromkeys(kind for kind, _, _ in reader.marks)
        }
    )
    return Content(items, notes=tuple(reader.notes))


@dataclass
class _Reader:
    """The state of reading one document: counters of lists, tables and cells, and notes."""

    limits: Limits
    styles: Styles
    numbering: Numbering
    notes: list[Label] = field(default_factory=list)
    tables: int = 0
    cells: int = 0
    changes: int = 0
    hidden: int = 0
    pictures: int = 0
    marks: list[tuple[str, str, Place]] = field(default_factory=list)
    unknown_numbers: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.text = ParagraphReader(self.styles)

    def items(self, parent: etree._Element, place: Place) -> Iterator[Item]:
        """The items in ``parent``, where text stands at ``place``."""
        words = Words()
        for element in within(parent, PARAGRAPH, TABLE, _CHUNK):
            if element.tag == TABLE:
                yield from self._table(element)
            elif element.tag == _CHUNK:
                self.notes.append(OTHER_FORMAT)
            elif self._read(element, words):
                yield from self._blocks(words, place)
                words = Words()
        yield from self._blocks(words, place)

    def finish(self) -> None:
        """Note what was met over the whole document."""
        if any(not entry.shown for entry in self.text.fields):
            self.notes.append(UNCLOSED)
        for count, note in (
            (self.changes, CHANGES),
            (self.hidden, HIDDEN),
            (self.pictures, PICTURES),
        ):
            if count:
                self.notes.append({lang: text.format(count) for lang, text in note.items()})
        for name, count in self.unknown_numbers.items():
            self.notes.append(
                {lang: text.format(count, name) for lang, text in UNKNOWN_NUMBERS.items()}
            )

    def tell_footnotes(self, roots: dict[str, etree._Element | None]) -> None:
        """Note the footnotes that are referred to, with the place of their marks."""
        for kind, number, place in self.marks:
            root = roots.get(kind)
            texts = []
            for note in () if root is None else root:
                if note.get(W + "id") == number:
                    for element in within(note, PARAGRAPH):
                        words = Words()
                        self.text.read(element, properties_of(element).style, words)
                        texts.append(words.seen().strip())
            said = " ".join(text for text in texts if text)
            where = {lang: place.describe(lang) for lang in ("zh", "en")}
            self.notes.append(
                {
                    "zh": f"脚注（{where['zh'] or '正文'}）：“{said}”",
                    "en": f"footnote ({where['en'] or 'text'}): “{said}”",
                }
            )

    # --- paragraphs -----------------------------------------------------------------------------

    def _read(self, element: etree._Element, into: Words) -> bool:
        """Add a paragraph; false where a tracked change joins the next one to it."""
        properties = properties_of(element)
        if properties.joins_next:
            self.text.read(element, properties.style, into)
            return False
        printed = self._number(properties) if self.numbering.lists else None
        if printed is None:
            self.text.read(element, properties.style, into)
            return True
        before = len(into.pieces)
        into.pieces.append((printed.text + printed.after, 0))
        self.text.read(element, properties.style, into)
        following = "".join([text for text, _ in into.pieces[before + 1 :]])
        if not following.strip():
            into.doubts.append(NUMBERED)
        elif following[0].isdigit() and not printed.after:
            # An automatic number must not run into a figure: 1. and 5 are not 1.5.
            into.pieces[before] = (printed.text + " ", 0)
        return True

    def _number(self, properties: ParagraphProperties) -> Printed | None:
        number, level = properties.number, properties.level
        if number is None:
            number, styled_level = self.styles.numbering(properties.style)
            level = styled_level if level is None else level
        printed = self.numbering.next(number, level or 0)
        if printed is not None and printed.unknown is not None:
            count = self.unknown_numbers.get(printed.unknown, 0)
            self.unknown_numbers[printed.unknown] = count + 1
            return None
        return printed

    def _blocks(self, words: Words, place: Place) -> Iterator[Item]:
        self._count(words, place)
        seen = words.seen()
        for doubt in words.doubts:
            if doubt in TOLD_IN_TEXT:
                quote = seen.strip()[:_LONGEST_QUOTE]
                self.notes.append({lang: f"{text}: “{quote}”" for lang, text in doubt.items()})
        for line in seen.split("\n"):
            if line.strip():
                yield TextBlock(line.strip(), place)
        for box in words.boxes:
            yield from self.items(box, place)

    def _count(self, words: Words, place: Place) -> None:
        self.changes += words.changes
        self.hidden += words.hidden
        self.pictures += words.pictures
        if words.marks:
            self.marks.extend((kind, number, place) for kind, number in words.marks)

    # --- tables ---------------------------------------------------------------------------------

    def _table(self, table: etree._Element) -> Iterator[Item]:
        self.tables += 1
        number = self.tables
        if is_layout(table):
            for r, row in enumerate(within(table, ROW), start=1):
                for c, cell in enumerate(within(row, CELL), start=1):
                    yield from self.items(cell, Place(table=number, row=r, column=c))
            return
        layout = lay_out(table, self.limits)
        self._check_cells(layout)
        boxes: list[tuple[etree._Element, Place]] = []
        cells = {id(slot): self._cell(slot, layout, number, boxes) for slot in layout.slots}
        if cells:
            yield Grid(
                rows=tuple(
                    tuple(None if slot is None else cells[id(slot)] for slot in row)
                    for row in layout.rows
                ),
                place=Place(table=number),
                aligned=layout.aligned,
            )
        for box, place in boxes:
            yield from self.items(box, place)

    def _check_cells(self, layout: Layout) -> None:
        self.cells += sum(len(row) for row in layout.rows)
        if self.cells > self.limits.most_cells:
            raise UnreadableSource(
                f"the tables of the file have more than {self.limits.most_cells} cells: no report "
                "has so many; check that it is the right file"
            )
        self.changes += layout.changed + len(layout.unsettled)
        if layout.hidden:
            self.notes.append(
                {lang: text.format(layout.hidden) for lang, text in HIDDEN_ROWS.items()}
            )

    def _cell(
        self,
        slot: Slot,
        layout: Layout,
        table: int,
        boxes: list[tuple[etree._Element, Place]],
    ) -> GridCell:
        place = Place(table=table, row=slot.row + 1, column=slot.column + 1)
        words = self._cell_words(slot.elements[0], place, boxes)
        text = _lines(words.seen())
        doubts = words.doubts
        readings: tuple[str, ...] = ()
        if words.changes:
            before = _lines(words.before())
            if before and before != text:
                doubts.append(CHANGED)
                readings = (text, before)
        for element in slot.elements[1:]:
            covered = _lines(self._covered_words(element, place, boxes).seen())
            if covered:
                doubts.append(COVERED)
                readings = (*(readings or (text,)), covered)
        if slot.row in layout.unsettled:
            doubts.append(UNSETTLED)
        if not doubts:
            return GridCell(text, place)
        return GridCell(text, place, doubt=join(doubts), readings=readings or (text,))

    def _cell_words(
        self, cell: etree._Element, place: Place, boxes: list[tuple[etree._Element, Place]]
    ) -> Words:
        """What a cell says, its paragraphs on lines of their own."""
        # A field that was begun outside of the table says nothing of its cells.
        outer, self.text.fields = self.text.fields, []
        words = Words()
        self._read_cell(cell, words)
        if self.text.fields and any(not entry.shown for entry in self.text.fields):
            words.doubts.append(UNCLOSED)
        self.text.fields = outer
        self._count(words, place)
        if words.boxes:
            boxes.extend((box, place) for box in words.boxes)
        return words

    def _covered_words(
        self, cell: etree._Element, place: Place, boxes: list[tuple[etree._Element, Place]]
    ) -> Words:
        """What a cell says that another covers: nothing is counted on in it."""
        counted, self.numbering = self.numbering, Numbering()
        words = self._cell_words(cell, place, boxes)
        self.numbering = counted
        return words

    def _read_cell(self, cell: etree._Element, into: Words) -> None:
        """Add the paragraphs of a cell, and those in a frame within it."""
        for element in within(cell, PARAGRAPH, TABLE, _CHUNK):
            if element.tag == PARAGRAPH:
                if self._read(element, into):
                    into.pieces.append(("\n", 0))
            elif element.tag == TABLE:
                for row in within(element, ROW):
                    for inner in within(row, CELL):
                        self._read_cell(inner, into)
            else:
                into.doubts.append(OTHER_FORMAT)


def _lines(text: str) -> str:
    text = text.strip()
    if "\n" not in text:
        return text
    lines = [line.strip() for line in text.split("\n")]
    return "\n".join([line for line in lines if line])
