"""The elements of a page in their order, turned into text blocks and grids."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from lxml import etree

from gongkai.converters.documents.html.images import leads_to_table, shown_picture
from gongkai.converters.documents.html.tables import (
    HtmlCell,
    HtmlPiece,
    HtmlTable,
    ShownPicture,
    make_grid,
    too_many_cells,
)
from gongkai.converters.documents.html.unseen_rows import UnseenRows, holds_number, texts_of
from gongkai.converters.documents.limits import Limits
from gongkai.converters.documents.marks import unmarked, with_readings
from gongkai.converters.documents.model import Grid, Item, Place, TextBlock
from gongkai.converters.documents.pictures import Picture
from gongkai.converters.documents.text.reader import INVISIBLE, read_lines
from gongkai.converters.errors import UnreadableSource
from gongkai.ontology.labels import Label
from gongkai.ontology.texts import translations

_BLOCK, _BREAK, _SKIP, _TABLE, _GROUP, _ROW, _CELL, _PRE, _IMAGE = range(1, 10)
_TAGS = {
    _BLOCK: "address article aside blockquote body caption center dd details dialog dir div dl dt "
    "fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main "
    "menu nav ol p section summary ul",
    _BREAK: "br",
    # What a page does not show as text, or shows only as a fallback.
    _SKIP: "applet area audio base canvas datalist embed frame frameset head iframe input link map "
    "math meta noembed noframes noscript object rp rt script select style svg template title video",
    _TABLE: "table",
    _GROUP: "thead tbody tfoot",
    _ROW: "tr",
    _CELL: "td th",
    _IMAGE: "img",
    _PRE: "pre listing xmp plaintext",
}
_KINDS = {tag: kind for kind, tags in _TAGS.items() for tag in tags.split()}
_PLAIN = frozenset(("p", "div", "center"))

_UNSEEN = ("0", "1", "2", "0px", "1px", "2px")
_LINES_COUNTED = 65535
"""The number of lines up to which the parser counts."""

_BREAKS = re.compile(r"(?i)<(p|div|br|h[1-6]|li|section|article)\b")
_INVISIBLE_BY_NAME = re.compile("(?i)&(?:#|zerowidth|shy|zwn?j|nobreak|lrm|rlm)")

_OVERLAP: Label = translations("documents.html.overlap")


class Walker:
    """The state of walking over one page.

    ``items`` are the blocks and grids so far, ``tables`` is the number of innermost tables,
    ``notes`` say what was found and not used.
    """

    def __init__(
        self,
        text: str,
        limits: Limits,
        numbered: bool,
        files: Mapping[str, bytes] | None = None,
        marked: bool = False,
        unseen: UnseenRows | None = None,
    ) -> None:
        """Take the text of the page; ``numbered``: its lines are those of the source.

        ``files`` are those saved with it, by their address; ``marked`` says that the text of its
        tree bears marks, ``unseen`` which rows nobody sees.
        """
        self.items: list[Item | Picture] = []
        self._files = files or {}
        self.notes: list[Label] = []
        self.tables = 0
        self._limits = limits
        self._numbered = numbered
        self._marked = marked
        self._away = unseen.away if unseen else set[etree._Element]()
        self._blank = unseen.blank if unseen else set[etree._Element]()
        self._cells = 0
        self._parts: list[str] = []
        self._steps = [0]
        self._line: int | None = None
        self._stack: list[HtmlTable] = []
        # The innermost open table, as long as no other one is found in it.
        self._table: HtmlTable | None = None
        self._pre = 0
        self._invisible = any(chr(code) in text for code in INVISIBLE) or _INVISIBLE_BY_NAME.search(
            text
        )
        # Text with a few tables in it, as some programs write it, has its lines as paragraphs.
        self._lines_break = not _BREAKS.search(text)

    def walk(self, root: etree._Element) -> None:
        """Go over all elements; raises UnreadableSource where a limit is exceeded."""
        walk = etree.iterwalk(root, events=("start", "end"))
        steps, parts, deepest = self._steps, self._parts, self._limits.most_depth
        for event, element in walk:
            kind = _KINDS.get(str(element.tag))
            if event == "start":
                steps[-1] += 1
                if len(steps) > deepest:
                    raise too_deep(self._limits)
                if kind:
                    whole = kind == _SKIP or self._begin(kind, element)
                    if whole:
                        walk.skip_subtree()
                        steps.append(-1)
                        continue
                steps.append(0)
                text = element.text
            else:
                if kind and steps[-1] >= 0:
                    self._end(kind, element)
                steps.pop()
                text = element.tail
            if text:
                parts.append(text)
        self._flush()
        while self._stack:
            self._end_table()

    def _begin(self, kind: int, element: etree._Element) -> bool:
        """Begin an element; returns whether nothing in it is left to be read."""
        if kind == _IMAGE:
            self._add_image(element)
            return True
        if kind == _ROW and element in self._away:
            if self._table is not None:
                self._table.hide_row(texts_of(element), holds_number(element))
            return True
        if self._pre:
            if kind == _BREAK:
                self._parts.append("\n")
            if kind != _TABLE:
                return False
            self._end_pre(element)
        if self._parts:
            self._flush()
        self._line = self._line_of(element)
        if kind == _TABLE:
            self._begin_table()
        elif kind == _PRE:
            self._pre = len(self._steps) if self._table is None else 0
        elif self._table is None:
            return False
        elif kind == _CELL:
            return self._begin_cell(self._table, element)
        elif kind == _ROW:
            if element in self._blank:
                self._table.hide_row((), has_number=True)
            self._table.begin_row()
        elif kind == _GROUP:
            self._table.begin_group(is_foot=element.tag == "tfoot")
        return False

    def _begin_cell(self, table: HtmlTable, element: etree._Element) -> bool:
        self._cells += 1
        if self._cells > self._limits.most_cells:
            raise too_many_cells(self._limits)
        table.begin_cell(HtmlCell(self._line, element.get("rowspan"), element.get("colspan")))
        # Most cells hold only words, or one paragraph of words.
        child = element[0] if len(element) == 1 else None
        if child is None:
            raw = None if len(element) else element.text
        elif child.tag in _PLAIN and not len(child) and _is_blank(element.text, child.tail):
            raw = child.text
        else:
            raw = None
        if raw is None:
            return False
        text = self._clean(raw)
        if text:
            table.add(text, self._line, tuple(self._steps))
        table.end_cell()
        return True

    def _end(self, kind: int, element: etree._Element) -> None:
        if kind == _BREAK:
            return
        if self._pre:
            if len(self._steps) - 1 == self._pre:
                self._end_pre(element)
            return
        if self._parts:
            self._flush()
        if kind == _TABLE:
            self._end_table()
        elif self._table is None:
            return
        elif kind == _CELL:
            self._table.end_cell()
        elif kind == _GROUP:
            self._table.begin_group(is_foot=False)

    def _add_image(self, element: etree._Element) -> None:
        """Note that a cell shows a picture, unless that is too small to be seen."""
        sizes = element.get("width") or "", element.get("height") or ""
        if self._table is not None and self._table.open and not set(sizes) & set(_UNSEEN):
            self._table.open[-1].picture = True
        if not set(sizes) & set(_UNSEEN):
            self._place_image(element)

    def _place_image(self, element: etree._Element) -> None:
        """Add a picture that may be a table at its place."""
        picture = shown_picture(element, self._files, self._line_of(element))
        if picture is None or self._pre:
            return
        if picture.image is None:
            before = "".join(self._parts).strip() or self._text_before()
            if not leads_to_table(before):
                return
            picture = replace(picture, expected=True)
        if self._parts:
            self._flush()
        picture = replace(picture, path=tuple(self._steps[:-1]))
        if self._table is None:
            self._add_item(picture)
        else:
            self._table.add_picture(picture)

    def _text_before(self) -> str:
        """The last text before this place; empty where the last item is not text."""
        pieces = self._table.pieces if self._table is not None else ()
        last = pieces[-1] if pieces else self.items[-1] if self.items else None
        return last.text if isinstance(last, TextBlock | HtmlPiece) else ""

    # --- text -----------------------------------------------------------------------------------

    def _flush(self) -> None:
        """Make a block of the text gathered since the last break."""
        raw = "".join(self._parts)
        self._parts.clear()
        if self._lines_break and self._table is None:
            self._add_lines(unmarked(raw), None)
        elif text := self._clean(raw):
            path = tuple(self._steps[:-1])
            if self._table is not None:
                self._table.add(text, self._line, path)
            else:
                text = with_readings(text) if self._marked else text
                self._add_item(TextBlock(text, Place(line=self._line), path))

    def _clean(self, raw: str) -> str:
        """Text as it is shown: white space collapsed, characters without width removed."""
        return " ".join((raw.translate(INVISIBLE) if self._invisible else raw).split())

    def _add_item(self, item: Item | Picture) -> None:
        self.items.append(item)
        if len(self.items) > self._limits.most_cells:
            raise too_many_cells(self._limits)

    def _end_pre(self, element: etree._Element) -> None:
        """Read preformatted text like a text file."""
        self._pre = 0
        raw = unmarked("".join(self._parts))
        self._parts.clear()
        self._add_lines(raw, self._line_of(element))

    def _add_lines(self, raw: str, first: int | None) -> None:
        path = tuple(self._steps[:-1])
        for item in read_lines(raw, self._limits, first, path, self.tables):
            self.tables += isinstance(item, Grid)
            self._add_item(item)

    # --- tables ---------------------------------------------------------------------------------

    def _begin_table(self) -> None:
        outer = self._table
        if outer is not None:
            outer.is_layout = True
            self._as_text(outer)
        self._table = HtmlTable(tuple(self._steps), self._line)
        self._stack.append(self._table)

    def _end_table(self) -> None:
        if not self._stack:
            return
        table = self._stack.pop()
        self._table = None
        if table.is_layout:
            return
        self.tables += 1
        if not table.holds_data():
            self._as_text(table)
            return
        for piece in table.pieces:
            if piece.cell is None and isinstance(piece, HtmlPiece):
                self._add_item(piece.block())
        grid, overlaps = make_grid(table, self.tables, self._limits, self._marked)
        self._cells += sum(map(len, grid.rows))
        if self._cells > self._limits.most_cells:
            raise too_many_cells(self._limits)
        if overlaps:
            self._note(_OVERLAP)
        self._add_item(grid)
        for piece in table.pieces:
            if isinstance(piece, ShownPicture):
                self._add_item(piece.picture)

    def _as_text(self, table: HtmlTable) -> None:
        for piece in table.pieces:
            self._add_item(piece.block())

    # --- places ---------------------------------------------------------------------------------

    def _line_of(self, element: etree._Element) -> int | None:
        line = cast(int | None, element.sourceline)
        return line if self._numbered and line and line < _LINES_COUNTED else None

    def _note(self, note: Label) -> None:
        if note not in self.notes:
            self.notes.append(note)


def _is_blank(*texts: str | None) -> bool:
    return all(text is None or text.isspace() for text in texts)


def too_deep(limits: Limits) -> UnreadableSource:
    """The error for a page whose elements are nested deeper than any page needs."""
    return UnreadableSource(translations("unreadable.html.too_deep", most=limits.most_depth))
