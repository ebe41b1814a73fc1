"""Word documents (DOCX): paragraphs and tables as a reader of the accepted document sees them.

``document.xml`` is read directly, since python-docx gives no access to text boxes, content
controls, tracked changes, fields and automatic numbers, all of which change what is seen. Page
headers and footers, comments and the properties of the file (whose title is often that of the
document it was made from) are left out; footnotes become notes.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from lxml import etree

from gongkai.converters.documents.archive import (
    Archive,
    main_part,
    open_archive,
    parse_xml,
    related_part,
    related_parts,
    theme_part,
)
from gongkai.converters.documents.colours import WHITE, Background
from gongkai.converters.documents.doubts import LINE, SET_OFF, UNDECIDED, is_label
from gongkai.converters.documents.limits import Limits
from gongkai.converters.documents.marks import has_digit
from gongkai.converters.documents.model import Content, Grid, GridCell, Item, Place, TextBlock
from gongkai.converters.documents.pictures import Picture, read_pictures
from gongkai.converters.documents.word.notes import (
    CHANGED,
    COVERED,
    IN_MARGIN,
    NUMBERED,
    OTHER_FORMAT,
    UNCLOSED,
    UNSETTLED,
    join,
)
from gongkai.converters.documents.word.numbering import Numbering, PrintedNumber, read_numbering
from gongkai.converters.documents.word.overlaid import floats, is_number, with_doubts
from gongkai.converters.documents.word.palette import Palette, W, attributes
from gongkai.converters.documents.word.pictures import Images
from gongkai.converters.documents.word.styles import (
    ParagraphProperties,
    Styles,
    first_child,
    properties_of,
    read_styles,
    shading_in,
)
from gongkai.converters.documents.word.table_styles import TableStyle
from gongkai.converters.documents.word.tables import (
    CELL,
    PARAGRAPH,
    ROW,
    TABLE,
    CellSlot,
    TableLayout,
    is_crossed,
    is_layout,
    lay_out,
    shown_rows,
    within,
)
from gongkai.converters.documents.word.text import NOTED_IN_TEXT, ParagraphReader
from gongkai.converters.documents.word.words import Words
from gongkai.converters.errors import UnreadableSource
from gongkai.converters.numbers import looks_like_cell
from gongkai.ontology.labels import Label
from gongkai.ontology.texts import LANGUAGES, translations

_LONGEST_QUOTE = 40
_NOT_READ = (OTHER_FORMAT, IN_MARGIN)
_LEAST_NUMBERS = 4
"""A table in a page header with fewer cells that may be a report's is a letterhead."""

_CHUNK = W + "altChunk"
_FLOATING = (
    "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}anchor",
    W + "pict",
)


def read_docx(data: bytes, limits: Limits) -> Content:
    """The paragraphs and tables of a Word document, in the order of its body.

    Soft line breaks separate text blocks. Tables used only for layout (one cell, or with tables
    inside) give their text. A cell is in doubt where tracked changes, struck-out text, pictures or
    fields leave its text open.

    Raises UnreadableSource for a file that is damaged, protected, too large or no Word document.
    """
    archive = open_archive(data, limits)
    main = main_part(archive, limits)
    root = parse_xml(archive.read(main), main, limits)
    body = root.find(W + "body")
    if root.tag != W + "document" or body is None:
        raise UnreadableSource(translations("unreadable.word.other_part", part=main))
    reader = _Reader(
        limits=limits,
        styles=read_styles(
            related_part(archive, main, "styles", limits),
            Palette(partial(theme_part, archive, main, limits)),
        ),
        numbering=read_numbering(related_part(archive, main, "numbering", limits)),
        images=Images(archive, main, limits),
    )
    reader.look_at_page(root)
    items = list(reader.items(body, Place()))
    read = read_pictures(with_doubts(items, reader.loose) if reader.loose else items, limits)
    # Pictures that may be tables are reported there.
    reader.pictures -= min(len(read.noted), reader.pictures)
    reader.finish()
    if _has_table_in_margin(archive, main, limits):
        reader.notes.append(IN_MARGIN)
    reader.note_footnotes(
        {
            kind: related_part(archive, main, kind, limits)
            for kind in dict.fromkeys(kind for kind, _, _ in reader.marks)
        }
    )
    not_read = [note for note in _NOT_READ if note in reader.notes]
    return Content(
        read.items,
        notes=(*read.notes, *reader.notes),
        unread=read.unread or (join(not_read) if not_read else {}),
        pictured=read.tables,
        hidden=tuple(reader.unseen),
    )


def _has_table_in_margin(archive: Archive, main: str, limits: Limits) -> bool:
    """Whether a page header or footer has a table that may be one of the report's."""
    for kind in ("header", "footer"):
        # What is not read may be damaged.
        with suppress(UnreadableSource):
            for root in related_parts(archive, main, kind, limits):
                for table in root.iter(TABLE):
                    texts = (
                        "".join(map(str, cell.itertext())).strip() for cell in table.iter(CELL)
                    )
                    if sum(has_digit(text) and looks_like_cell(text) for text in texts) >= (
                        _LEAST_NUMBERS
                    ):
                        return True
    return False


@dataclass
class _Reader:
    """The state of reading one document: counters of lists, tables and cells, and notes."""

    limits: Limits
    styles: Styles
    numbering: Numbering
    images: Images
    notes: list[Label] = field(default_factory=list)
    loose: list[TextBlock] = field(default_factory=list)
    tables: int = 0
    cells: int = 0
    changes: int = 0
    hidden: int = 0
    unseen: list[str] = field(default_factory=list)
    pictures: int = 0
    marks: list[tuple[str, str, Place]] = field(default_factory=list)
    shown: list[etree._Element] = field(default_factory=list)
    unknown_numbers: list[Label] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.text = ParagraphReader(self.styles)

    def look_at_page(self, root: etree._Element) -> None:
        """Note the background of the document: a page may have a colour that is not printed."""
        stated = root.find(W + "background")
        if stated is not None:
            colour = self.styles.palette.colour(
                {**attributes(stated), W + "val": stated.get(W + "color", "")}
            )
            self.text.background = Background((WHITE,) if colour is None else (WHITE, colour))
        if next(root.iter(*_FLOATING), None) is not None:
            # A picture or shape may lie behind the text.
            self.text.background = Background(self.text.background.colours, sure=False)

    def items(self, parent: etree._Element, place: Place) -> Iterator[Item | Picture]:
        """The items in ``parent``, whose text stands at ``place``."""
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
        """Note what was found over the whole document."""
        if any(not entry.shown for entry in self.text.fields):
            self.notes.append(UNCLOSED)
        if self.changes:
            self.notes.append(translations("documents.word.changes", count=self.changes))
        if self.hidden:
            self.notes.append(translations("documents.word.hidden", count=self.hidden))
        if self.pictures:
            self.notes.append(translations("documents.word.pictures", count=self.pictures))
        for name in {label["en"]: label for label in self.unknown_numbers}.values():
            count = self.unknown_numbers.count(name)
            self.notes.append(
                translations("documents.word.unknown_numbers", count=count, format=name)
            )

    def note_footnotes(self, roots: dict[str, etree._Element | None]) -> None:
        """Note the footnotes that are referred to, with the place of their marks."""
        for kind, number, place in self.marks:
            root = roots.get(kind)
            texts = []
            for note in () if root is None else root:
                if note.get(W + "id") == number:
                    for element in within(note, PARAGRAPH):
                        words = Words()
                        self.text.read(element, properties_of(element), words)
                        texts.append(words.seen().strip())
            said = " ".join(text for text in texts if text)
            text = translations("documents.word.footnote_place")
            where = {lang: place.describe(lang) or text[lang] for lang in LANGUAGES}
            self.notes.append(translations("documents.word.footnote", where=where, text=said))

    # --- paragraphs -----------------------------------------------------------------------------

    def _read(self, element: etree._Element, into: Words) -> bool:
        """Add a paragraph; false where a tracked change joins the next one to it."""
        properties = properties_of(element)
        if properties.joins_next:
            self.text.read(element, properties, into)
            return False
        printed = self._number(properties) if self.numbering.lists else None
        if printed is None:
            self.text.read(element, properties, into)
            return True
        before = len(into.pieces)
        into.pieces.append((printed.text + printed.after, 0))
        self.text.read(element, properties, into)
        following = "".join([text for text, _ in into.pieces[before + 1 :]])
        if not following.strip():
            into.doubts.append(NUMBERED)
        elif following[0].isdigit() and not printed.after:
            # An automatic number must not run into a figure: 1. and 5 are not 1.5.
            into.pieces[before] = (printed.text + " ", 0)
        return True

    def _number(self, properties: ParagraphProperties) -> PrintedNumber | None:
        number, level = properties.number, properties.level
        if number is None:
            number, styled_level = self.styles.numbering(properties.style)
            level = styled_level if level is None else level
        printed = self.numbering.next(number, level or 0)
        if printed is not None and printed.unknown is not None:
            self.unknown_numbers.append(printed.unknown)
            return None
        return printed

    def _blocks(self, words: Words, place: Place) -> Iterator[Item | Picture]:
        self._count(words, place)
        seen = words.seen()
        for doubt in words.doubts:
            if doubt in NOTED_IN_TEXT:
                quote = seen.strip()[:_LONGEST_QUOTE]
                self.notes.append({lang: f"{text}: “{quote}”" for lang, text in doubt.items()})
        for line in words.with_readings().split("\n"):
            if line.strip():
                yield TextBlock(line.strip(), place)
        yield from self._pictures(words.shown, place)
        for box in words.boxes:
            held = list(self._box(box, place))
            if floats(box) and is_number(held):
                self.loose += [item for item in held if isinstance(item, TextBlock)]
            yield from held

    def _box(self, box: etree._Element, place: Place) -> Iterator[Item | Picture]:
        """The items in a text box, which may have a colour of its own."""
        background, self.text.background = (
            self.text.background,
            Background(self.text.background.colours, sure=False),
        )
        yield from self.items(box, place)
        self.text.background = background

    def _pictures(self, shown: list[etree._Element], place: Place) -> Iterator[Picture]:
        for element in shown:
            picture = self.images.picture(element, place)
            if picture is not None:
                yield picture

    def _count(self, words: Words, place: Place) -> None:
        self.changes += words.changes
        self.hidden += words.hidden
        self.pictures += words.pictures
        if words.marks:
            self.marks.extend((kind, number, place) for kind, number in words.marks)

    # --- tables ---------------------------------------------------------------------------------

    def _table(self, table: etree._Element) -> Iterator[Item | Picture]:
        self.tables += 1
        number = self.tables
        if is_layout(table):
            yield from self._arranged(table, number)
            return
        layout = lay_out(table, self.limits)
        self._check_cells(layout)
        boxes: list[tuple[etree._Element, Place]] = []
        table_style = TableStyle(
            table, self.styles, len(layout.rows), max(map(len, layout.rows), default=0)
        )
        cells = {
            id(slot): self._cell(slot, layout, number, boxes, table_style) for slot in layout.slots
        }
        if cells:
            yield Grid(
                rows=tuple(
                    tuple(None if slot is None else cells[id(slot)] for slot in row)
                    for row in layout.rows
                ),
                place=Place(table=number),
                aligned=layout.aligned,
                hidden=tuple(self._hidden_words(layout)),
                hidden_below=frozenset(layout.hidden_below),
            )
        else:
            self.unseen += self._hidden_words(layout)
        yield from self._pictures(self.shown, Place(table=number))
        self.shown = []
        for box, place in boxes:
            yield from self._box(box, place)

    def _arranged(self, table: etree._Element, number: int) -> Iterator[Item | Picture]:
        """The items in a table used only for layout."""
        around = self.text.background
        rows = [list(within(row, CELL)) for row in shown_rows(table)]
        self._note_rows_left_out(table, len(rows))
        table_style = TableStyle(table, self.styles, len(rows), max(map(len, rows), default=0))
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                self.text.background = table_style.of(cell, r, c, 1).background or around
                yield from self.items(cell, Place(table=number, row=r + 1, column=c + 1))
        self.text.background = around

    def _note_rows_left_out(self, table: etree._Element, shown: int) -> None:
        """Note the hidden rows of a table that is used for layout or stands in a cell."""
        left_out = len(list(within(table, ROW))) - shown
        if left_out:
            self.notes.append(translations("documents.word.rows_left_out", count=left_out))

    def _hidden_words(self, layout: TableLayout) -> Iterator[str]:
        """The words in hidden rows, whether or not they are hidden for another reason too."""
        for cell in (cell for row in layout.hidden for cell in row):
            text = "".join(part.text or "" for part in cell.iter(W + "t")).strip()
            if any(map(str.isalpha, text)):
                yield text

    def _check_cells(self, layout: TableLayout) -> None:
        self.cells += sum(len(row) for row in layout.rows)
        if self.cells > self.limits.most_cells:
            raise UnreadableSource(
                translations("unreadable.word.too_many_cells", most=self.limits.most_cells)
            )
        self.changes += layout.changed + len(layout.unsettled)
        if layout.hidden:
            self.notes.append(translations("documents.word.hidden_rows", count=len(layout.hidden)))

    def _cell(
        self,
        slot: CellSlot,
        layout: TableLayout,
        table: int,
        boxes: list[tuple[etree._Element, Place]],
        table_style: TableStyle,
    ) -> GridCell:
        place = Place(table=table, row=slot.row + 1, column=slot.column + 1)
        around, outside = self.text.background, self.styles.in_table
        cell_style = table_style.of(slot.elements[0], slot.row, slot.column, slot.width)
        self.text.background = cell_style.background or around
        self.text.height = layout.heights.get(slot.row) if len(slot.elements) == 1 else None
        self.styles.enter(cell_style.run)
        words = self._cell_words(slot.elements[0], place, boxes)
        text = _lines(words.seen())
        doubts = words.doubts
        readings: tuple[str, ...] = ()
        if LINE in doubts and not has_digit(text):
            doubts = [doubt for doubt in doubts if doubt is not LINE]
        if has_digit(text) and not is_label(text) and is_crossed(slot.elements[0]):
            doubts.append(LINE)
        if words.undecided and not is_label(text):
            doubts.append(UNDECIDED)
        if words.undecided or words.struck:
            sure = _lines(words.surely_seen())
            readings = tuple(dict.fromkeys(reading for reading in (text, sure) if reading))
        if words.set_off() and not any(character.isalpha() for character in text):
            doubts.append(SET_OFF)
        if words.changes:
            before = _lines(words.before())
            if before and before != text:
                doubts.append(CHANGED)
                readings = (*(readings or (text,)), before)
        for element in slot.elements[1:]:
            covered = _lines(self._covered_words(element, place, boxes).seen())
            if covered:
                doubts.append(COVERED)
                readings = (*(readings or (text,)), covered)
        if slot.row in layout.unsettled:
            doubts.append(UNSETTLED)
        self.text.background, self.text.height = around, None
        self.styles.enter(outside)
        if not doubts:
            return GridCell(text, place)
        return GridCell(text, place, doubt=join(doubts), readings=readings or (text,))

    def _cell_words(
        self, cell: etree._Element, place: Place, boxes: list[tuple[etree._Element, Place]]
    ) -> Words:
        """The text of a cell, its paragraphs on lines of their own."""
        # A field that was begun outside of the table does not affect its cells.
        outer, self.text.fields = self.text.fields, []
        words = Words()
        self._read_cell(cell, words)
        if self.text.fields and any(not entry.shown for entry in self.text.fields):
            words.doubts.append(UNCLOSED)
        self.text.fields = outer
        self._count(words, place)
        self.shown.extend(words.shown)
        if words.boxes:
            boxes.extend((box, place) for box in words.boxes)
        return words

    def _covered_words(
        self, cell: etree._Element, place: Place, boxes: list[tuple[etree._Element, Place]]
    ) -> Words:
        """The text of a cell that another covers, without counting its automatic numbers."""
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
                around = self.text.background
                rows = list(shown_rows(element))
                self._note_rows_left_out(element, len(rows))
                for row in rows:
                    for inner in within(row, CELL):
                        shading = shading_in(first_child(inner, W + "tcPr"), self.styles.palette)
                        self.text.background = shading if shading and shading.colours else around
                        self._read_cell(inner, into)
                self.text.background = around
            else:
                into.doubts.append(OTHER_FORMAT)


def _lines(text: str) -> str:
    text = text.strip()
    if "\n" not in text:
        return text
    lines = [line.strip() for line in text.split("\n")]
    return "\n".join([line for line in lines if line])
