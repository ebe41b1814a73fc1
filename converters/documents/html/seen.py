"""A page as it is seen: the text of its tree changed to what a person reads on it.

Text that nobody sees is removed; digits that are struck out or off the line become characters that
look like it; what is not certain is marked.
"""

from collections.abc import Mapping

from lxml import etree

from gongkai.converters.documents.html.appearance import Appearance, Appearances
from gongkai.converters.documents.html.cell_texts import (
    SeenCell,
    SeenText,
    doubts_by_look,
    doubts_by_name,
)
from gongkai.converters.documents.html.changes import Changes
from gongkai.converters.documents.html.embedded import TAGS as EMBEDDED
from gongkai.converters.documents.html.generated import content_of, number_in_list
from gongkai.converters.documents.html.look import GONE, PERHAPS_GONE, SEEN
from gongkai.converters.documents.html.matching import RuleMatch
from gongkai.converters.documents.html.properties import matters
from gongkai.converters.documents.html.sheets import Sheets
from gongkai.converters.documents.html.styling import ROW_PARTS
from gongkai.converters.documents.html.unseen_rows import UnseenRows
from gongkai.converters.documents.html.values import named
from gongkai.converters.documents.marks import PERHAPS, TURNED, has_digit, marked
from gongkai.converters.numbers import looks_like_cell

_CELLS = ("td", "th")
_INLINE = named(
    "span a b i s u em strong del sup sub strike font label small big code abbr ins mark tt nobr "
    "bdo"
)
_MAY_BE_CELL = frozenset(("div", "p", "li", "dd", "section"))
_MOST_PARTS = 8
_LONGEST_VALUE = 60
_MOST_PARTS_OF_ROW = 500
_LONGEST_ROW = 2000
_PARTS = ("first-letter", "first-line")
_NOT_TEXT = frozenset(["head", "script", "style", "template", "noscript", "title"])


class Painter:
    """The state of examining one page.

    ``marked`` says that texts bear marks, ``undecided`` that a style sheet that is not available
    leaves texts in doubt, ``hides_tables`` that the page holds tables that nobody sees.
    ``left_out`` are the texts with digits that nobody sees, ``states`` is how far pictures and
    similar elements are seen where that is not plain, ``unseen`` are the rows and words that nobody
    sees.
    """

    def __init__(
        self,
        root: etree._Element,
        sheets: Sheets,
        matched: Mapping[etree._Element, list[RuleMatch]],
        has_script: bool,
    ) -> None:
        """Take the page, its style sheets, and which of their rules hold for which element."""
        self.marked = False
        self.undecided = False
        self.hides_tables = False
        self.left_out: list[str] = []
        self.states: dict[etree._Element, int] = {}
        self.unseen = UnseenRows()
        self._root = root
        self._matched = matched
        self._has_script = has_script
        self._appearances = Appearances(root, sheets, matched)
        self._changes = Changes()
        self._cells: list[SeenCell] = []

    def paint(self) -> None:
        """Examine all elements; nothing is changed yet."""
        stack = [self._appearances.first()]
        walk = etree.iterwalk(self._root, events=("start", "end"))
        for event, element in walk:
            if event == "start":
                appearance = self._of(element, stack[-1])
                if (
                    element.tag == "table"
                    and next(element.iter("col", "colgroup"), None) is not None
                ):
                    appearance = self._without_columns(element, appearance)
                stack.append(appearance)
                tag = element.tag
                if appearance.removed or tag in _NOT_TEXT or tag in EMBEDDED:
                    walk.skip_subtree()
                    self._skip(element, appearance)
                    continue
                if self._is_cell(element):
                    self._cells.append(SeenCell(element))
                elif self._is_row(element):
                    self._cells.append(SeenCell(element, is_row=True))
                if self._cells:
                    self._beside_text(element, appearance, stack[-2])
                if element.text:
                    self._text(element, "text", appearance, element)
            else:
                stack.pop()
                if self._cells and self._cells[-1].element is element:
                    self._end_cell(self._cells.pop())
                if element.tail:
                    parent = element.getparent()
                    if parent is not None:
                        self._text(element, "tail", stack[-1], parent)

    def _is_cell(self, element: etree._Element) -> bool:
        """Whether an element is a cell of a table, or a block that holds nothing but a value."""
        if element.tag in _CELLS:
            return next(element.iter("table"), None) is None
        if self._cells or element.tag not in _MAY_BE_CELL or len(element) > _MOST_PARTS:
            return False
        if any(child.tag not in _INLINE for child in element):
            return False
        text = "".join(map(str, element.itertext()))
        return len(text) < _LONGEST_VALUE and has_digit(text) and looks_like_cell(text.strip())

    def _is_row(self, element: etree._Element) -> bool:
        """Whether an element is a block with the values of a row, or of several, among words."""
        if self._cells or element.tag not in _MAY_BE_CELL or len(element) > _MOST_PARTS_OF_ROW:
            return False
        if any(child.tag not in _INLINE and child.tag != "br" for child in element):
            return False
        text = "\n".join(map(str, element.itertext()))
        if len(text) > _LONGEST_ROW or not has_digit(text):
            return False
        return sum(map(looks_like_cell, text.split())) > 1

    def apply(self) -> None:
        """Change the tree to what is seen."""
        self._changes.make()

    # --- elements -------------------------------------------------------------------------------

    def _of(self, element: etree._Element, parent: Appearance) -> Appearance:
        """How an element is shown, after noting its effect on what is around it."""
        appearance = self._appearances.of(element, parent, in_cell=bool(self._cells))
        return parent if appearance is parent else self._noticed(element, appearance, parent)

    def _without_columns(self, table: etree._Element, appearance: Appearance) -> Appearance:
        """The sight of a table; in doubt where one of its columns is collapsed."""
        for column in table.iter("col", "colgroup"):
            said = column.get("style") or column in self._matched
            if said and any(not look.visible for look in self._of(column, appearance).looks):
                return self._appearances.in_doubt(appearance)
        return appearance

    def _noticed(
        self, element: etree._Element, appearance: Appearance, parent: Appearance
    ) -> Appearance:
        """The sight of an element that does not look like its parent, in doubt where it is."""
        if self._cells:
            self._in_cell(element, appearance, parent)
        if appearance.state != GONE or parent.state == GONE or self._cells:
            return appearance
        if next(element.iter("table"), None) is None:
            return appearance
        if not appearance.removed and self._has_script:
            # Scripts show what is hidden in this way until the page is ready.
            return self._appearances.in_doubt(appearance)
        self.hides_tables = True
        return appearance

    def _in_cell(self, element: etree._Element, appearance: Appearance, parent: Appearance) -> None:
        """Note the effect of an element on a cell: it breaks the line, or lies over the text."""
        if element.tag in _INLINE and all(look.block for look in appearance.looks):
            self._changes.set_tag(element, "div")
        moved = appearance.moved_from(parent)
        doubtful = appearance.state == PERHAPS_GONE and parent.state == SEEN
        if (moved or doubtful) and not "".join(map(str, element.itertext())).strip():
            self._cells[-1].covered = True

    def _skip(self, element: etree._Element, appearance: Appearance) -> None:
        """Skip an element as a whole."""
        if appearance.removed:
            if not self.unseen.keep(element):
                self._changes.remove(element)
            if self._cells or element.tag in ROW_PARTS:
                self._leave_out(" ".join(map(str, element.itertext())))
        elif element.tag in EMBEDDED and appearance.state != SEEN:
            self.states[element] = appearance.state

    # --- text -----------------------------------------------------------------------------------

    def _text(
        self, holder: etree._Element, attribute: str, appearance: Appearance, inside: etree._Element
    ) -> None:
        if self._cells:
            self._cells[-1].texts.append(SeenText(holder, attribute, appearance, inside))
        elif not appearance.plain:
            item = SeenText(holder, attribute, appearance, inside)
            if appearance.on_screen == GONE:
                self._set(item, "")
            else:
                text = appearance.translated(item.text)
                if appearance.state == PERHAPS_GONE and has_digit(text) and _is_in_lines(inside):
                    # Lines of preformatted text hold values but no marks: U+FFFD prevents a reading
                    # as a number.
                    text = f"\ufffd{text}\ufffd"
                self._set(item, text)

    def _set(self, item: SeenText, text: str) -> None:
        self._changes.set_text(item.holder, item.attribute, text)

    def _end_cell(self, cell: SeenCell) -> None:
        """Change the texts of a cell: certain changes at once, the others as marks."""
        self._note_numbers(cell)
        is_plain = all(item.appearance.plain for item in cell.texts)
        if is_plain and not cell.covered and len(cell.seen) < 2:
            return
        doubtful = self._in_doubt(cell)
        for item in cell.texts:
            appearance, text = item.appearance, item.text
            if appearance.state == GONE:
                self._leave_out(text)
                self._set(item, " " if appearance.takes_room and text.strip() else "")
                continue
            text = appearance.translated(text)
            mark = doubtful.get(id(item), "")
            if appearance.state == PERHAPS_GONE:
                mark = PERHAPS
            elif any(look.turned for look in appearance.looks):
                mark = mark or TURNED
            if text != item.text or mark:
                self.marked = True
            self._set(item, marked(text, mark) if mark else text)

    def _note_numbers(self, cell: SeenCell) -> None:
        """Note whether a number in a cell is seen, and the words that are not seen."""
        for item in cell.texts:
            is_seen = item.appearance.state != GONE
            if any(map(str.isalpha, item.text)):
                self.unseen.words += () if is_seen else (item.text,)
            elif has_digit(item.text):
                self.unseen.number(cell.element, is_seen)

    def _in_doubt(self, cell: SeenCell) -> dict[int, str]:
        """The marks of those texts whose digits may not belong to the number beside them."""
        marks: dict[int, str] = {}
        for value in cell.values():
            marks |= doubts_by_look(value)
            if not (self._appearances.complete or cell.covered):
                by_name = doubts_by_name(value)
                self.undecided = self.undecided or bool(by_name)
                marks |= by_name
        return marks

    def _leave_out(self, text: str) -> None:
        if has_digit(text):
            self.left_out.append(" ".join(text.split())[:20])

    # --- generated content ----------------------------------------------------------------------

    def _beside_text(
        self, element: etree._Element, appearance: Appearance, parent: Appearance
    ) -> None:
        """What is seen of an element in a cell beside the text that is written in it."""
        if element in self._matched:
            self._generated(element)
        if element.tag == "li":
            above = element.getparent()
            if above is not None and above.tag == "ol":
                self.marked = True
                number = number_in_list(element, above)
                self._changes.put_before(element, marked(f"{number}. ", PERHAPS))
        if element.tag not in _CELLS and not len(element) and not (element.text or "").strip():
            before = [look.background for look in parent.looks]
            if [look.background for look in appearance.looks] != before and appearance.looks[
                0
            ].background is None:
                # A sign drawn as the background of an element without text.
                self._changes.set_tag(element, "img")

    def _generated(self, element: etree._Element) -> None:
        """The text that style sheets put before and behind the content of an element in a cell."""
        matched = self._matched[element]
        if any(
            match.pseudo in _PARTS and any(map(matters, match.rule.declared)) for match in matched
        ):
            self._cells[-1].covered = True
        for pseudo, put in (
            ("before", self._changes.put_before),
            ("after", self._changes.put_behind),
        ):
            if not any(match.pseudo == pseudo for match in matched):
                continue
            shown = [content_of(element, matched, view, pseudo) for view in self._appearances.views]
            text, certain = shown[0]
            if len(set(shown)) > 1:
                text, certain = max((each for each, _ in shown), key=len), False
            if not certain and not text:
                self._cells[-1].covered = True
            if text:
                self.marked = True
                put(element, text if certain else marked(text, PERHAPS))


def _is_in_lines(element: etree._Element) -> bool:
    """Whether text stands in lines that are read like those of a text file."""
    return element.tag == "pre" or next(element.iterancestors("pre"), None) is not None
