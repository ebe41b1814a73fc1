"""A page as it is seen: the text of its tree changed to what a person reads on it.

Text that nobody sees is taken out; digits that are struck out or off the line become characters
that look like it; what is not certain is marked.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from lxml import etree

from gongkai.converters.documents.html.conditions import (
    PERHAPS as IF_UNDECIDED,
)
from gongkai.converters.documents.html.conditions import (
    PRINT,
    SCREEN,
)
from gongkai.converters.documents.html.derived import (
    Deriver,
    Surroundings,
)
from gongkai.converters.documents.html.embedded import TAGS as EMBEDDED
from gongkai.converters.documents.html.generated import content_of
from gongkai.converters.documents.html.hints import (
    HINTED,
    hints,
)
from gongkai.converters.documents.html.look import (
    GONE,
    PERHAPS_GONE,
    SEEN,
    Look,
)
from gongkai.converters.documents.html.marks import (
    ABOVE,
    BELOW,
    BESIDE,
    PERHAPS,
    THROUGH,
    TURNED,
    has_digit,
    marked,
)
from gongkai.converters.documents.html.matching import Match, cascaded
from gongkai.converters.documents.html.properties import (
    SYMBOL_FACES,
    Declaration,
    inline_declarations,
    matters,
)
from gongkai.converters.documents.html.sheets import (
    Sheets,
)
from gongkai.converters.documents.html.values import (
    named,
)
from gongkai.converters.numbers import looks_like_cell

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CELLS = ("td", "th")
_INLINE = named(
    "span a b i s u em strong del sup sub strike font label small big code abbr ins mark tt nobr"
)
_MAY_BE_CELL = frozenset(("div", "p", "li", "dd", "section"))
_MOST_PARTS = 8
_LONGEST_VALUE = 60
_SMALLER = 0.7
_DIGIT_WIDTH = 0.5
_SPECIAL = named("table body s strike del sup sub small big mark bdo h1 dialog details")
_PARTS = ("first-letter", "first-line")
_NOT_TEXT = frozenset(["head", "script", "style", "template", "noscript", "title"])


@dataclass(eq=False)
class Sight:
    """How the text of an element is shown in each view, and what follows from all together."""

    looks: tuple[Look, ...]
    state: int
    on_screen: int
    removed: bool
    plain: bool


@dataclass(eq=False)
class _Text:
    """A text of the tree: the element that holds it, as which attribute, and how it is shown."""

    holder: etree._Element
    attribute: str
    sight: Sight
    inside: etree._Element

    @property
    def text(self) -> str:
        return str(getattr(self.holder, self.attribute))


@dataclass(eq=False)
class _Cell:
    """A cell that is being looked at: its texts, and whether something may lie over them."""

    element: etree._Element
    texts: list[_Text] = field(default_factory=list)
    covered: bool = False


class Painter:
    """The state of looking at one page."""

    def __init__(
        self,
        root: etree._Element,
        sheets: Sheets,
        matched: Mapping[etree._Element, list[Match]],
        has_script: bool,
    ) -> None:
        """Take the page, its style sheets, and which of their rules hold for which element."""
        self.marked = False
        self.undecided = False
        self.hides_tables = False
        self.left_out: list[str] = []
        self.states: dict[etree._Element, int] = {}
        self._root = root
        self._quirks = sheets.quirks
        self._complete = not (sheets.missing or sheets.cut)
        self._matched = matched
        self._has_script = has_script
        self._faces = SYMBOL_FACES | sheets.own_faces
        self._moving = frozenset(sheets.moving)
        self._has_closed = next(root.iter("details", "dialog"), None) is not None
        self._views = _views(matched)
        self._sights: dict[Any, Sight] = {}
        self._body: tuple[Look, ...] | None = None
        self._count = 0
        self._cells: list[_Cell] = []
        self._changes: list[Callable[[], None]] = []
        self._removed: list[etree._Element] = []
        self._before: dict[etree._Element, str] = {}
        self._behind: dict[etree._Element, str] = {}

    def paint(self) -> None:
        """Look at all elements; nothing is changed yet."""
        first = self._sight(tuple(Look() for _ in self._views))
        stack = [first]
        walk = etree.iterwalk(self._root, events=("start", "end"))
        for event, element in walk:
            if event == "start":
                sight = self._of(element, stack[-1])
                if (
                    element.tag == "table"
                    and next(element.iter("col", "colgroup"), None) is not None
                ):
                    sight = self._without_columns(element, sight)
                stack.append(sight)
                tag = element.tag
                if sight.removed or tag in _NOT_TEXT or tag in EMBEDDED:
                    walk.skip_subtree()
                    self._skip(element, sight)
                    continue
                if self._is_cell(element):
                    self._cells.append(_Cell(element))
                if self._cells:
                    self._beside_text(element, sight, stack[-2])
                if element.text:
                    self._text(element, "text", sight, element)
            else:
                stack.pop()
                if self._cells and self._cells[-1].element is element:
                    self._end_cell(self._cells.pop())
                if element.tail:
                    parent = element.getparent()
                    if parent is not None:
                        self._text(element, "tail", stack[-1], parent)

    def _is_cell(self, element: etree._Element) -> bool:
        """Whether an element is a cell of a table, or a block that is nothing but a value."""
        if element.tag in _CELLS:
            return next(element.iter("table"), None) is None
        if self._cells or element.tag not in _MAY_BE_CELL or len(element) > _MOST_PARTS:
            return False
        if any(child.tag not in _INLINE for child in element):
            return False
        text = "".join(map(str, element.itertext()))
        return len(text) < _LONGEST_VALUE and has_digit(text) and looks_like_cell(text.strip())

    def apply(self) -> None:
        """Change the tree to what is seen."""
        for change in self._changes:
            change()
        for element, text in self._before.items():
            element.text = _settable(text) + (element.text or "")
        for element, text in self._behind.items():
            if len(element):
                element[-1].tail = (element[-1].tail or "") + _settable(text)
            else:
                element.text = (element.text or "") + _settable(text)
        for element in self._removed:
            _remove(element)

    # --- looks ----------------------------------------------------------------------------------

    def _sight(self, looks: tuple[Look, ...]) -> Sight:
        states = [look.state(self._complete) for look in looks]
        state = states[0] if len(set(states)) == 1 else PERHAPS_GONE
        plain = state == SEEN and not any(
            look.struck
            or look.lift
            or look.turned
            or look.apart
            or look.raised
            or look.right_to_left
            or look.widest < 1e6
            for look in looks
        )
        return Sight(looks, state, states[0], all(look.removed for look in looks), plain)

    def _of(self, element: etree._Element, parent: Sight) -> Sight:
        """How an element is shown; one that nothing holds for looks like its parent."""
        tag = str(element.tag)
        matched = self._matched.get(element, ())
        style = element.get("style")
        hinted = () if HINTED.isdisjoint(element.keys()) else self._hints(element)
        closed = self._has_closed and _is_closed(element)
        if not (matched or style or hinted or closed or tag in _SPECIAL):
            return parent
        in_cell = bool(self._cells)
        key = (
            id(parent),
            tag,
            style,
            in_cell,
            tuple((id(match.rule), match.pseudo) for match in matched),
            tuple((each.name, id(each.tokens)) for each in hinted),
        )
        found = self._sights.get(key)
        if found is not None and not closed:
            return self._noticed(element, found, parent)
        inline = inline_declarations(style, self._quirks) if style else ()
        self._count += 1
        looks: list[Look] = []
        for view, look in zip(self._views, parent.looks, strict=True):
            declared = cascaded(matched, hinted or hints(tag, {}), inline, view)
            body = self._body[len(looks)].color if self._body else look.color
            around = Surroundings(
                tag, in_cell, self._quirks, body, self._count, self._faces, self._moving
            )
            made = Deriver(look, declared, around).look()
            if closed:
                made = _with_gone(made, GONE if tag == "dialog" else PERHAPS_GONE)
            looks.append(made)
        sight = self._sight(tuple(looks))
        if tag == "body":
            self._body = sight.looks
        if not closed and all(
            one.apart == other.apart and one.raised == other.raised
            for one, other in zip(looks, parent.looks, strict=True)
        ):
            self._sights[key] = sight
        return self._noticed(element, sight, parent)

    def _without_columns(self, table: etree._Element, sight: Sight) -> Sight:
        """The sight of a table; in doubt where a column of it is collapsed."""
        for column in table.iter("col", "colgroup"):
            said = column.get("style") or column in self._matched
            if said and any(not look.visible for look in self._of(column, sight).looks):
                return self._sight(tuple(_with_gone(x, PERHAPS_GONE) for x in sight.looks))
        return sight

    def _hints(self, element: etree._Element) -> list[Declaration]:
        return hints(str(element.tag), cast(Any, element.attrib))

    def _noticed(self, element: etree._Element, sight: Sight, parent: Sight) -> Sight:
        """The sight of an element, after a look at what it means for what is around it."""
        if self._cells:
            self._in_cell(element, sight, parent)
        if sight.state != GONE or parent.state == GONE or self._cells:
            return sight
        if next(element.iter("table"), None) is None:
            return sight
        if not sight.removed and self._has_script:
            # Scripts show what is kept back by such means until the page is ready.
            return self._sight(tuple(_with_gone(look, PERHAPS_GONE) for look in sight.looks))
        self.hides_tables = True
        return sight

    def _in_cell(self, element: etree._Element, sight: Sight, parent: Sight) -> None:
        """Note what an element does to a cell: it breaks the line, or lies over the text."""
        if element.tag in _INLINE and all(look.block for look in sight.looks):
            self._changes.append(lambda: setattr(element, "tag", "div"))
        moved = any(
            one.apart != other.apart or one.raised != other.raised
            for one, other in zip(sight.looks, parent.looks, strict=True)
        )
        doubtful = sight.state == PERHAPS_GONE and parent.state == SEEN
        if (moved or doubtful) and not "".join(map(str, element.itertext())).strip():
            self._cells[-1].covered = True

    def _skip(self, element: etree._Element, sight: Sight) -> None:
        """Pass over an element as a whole."""
        if sight.removed:
            self._removed.append(element)
            if self._cells or element.tag in ("td", "th", "tr"):
                self._leave_out(" ".join(map(str, element.itertext())))
        elif element.tag in EMBEDDED and sight.state != SEEN:
            self.states[element] = sight.state

    # --- text -----------------------------------------------------------------------------------

    def _text(self, holder: etree._Element, attribute: str, sight: Sight, inside: Any) -> None:
        if self._cells:
            self._cells[-1].texts.append(_Text(holder, attribute, sight, inside))
        elif not sight.plain:
            item = _Text(holder, attribute, sight, inside)
            if sight.on_screen == GONE:
                self._set(item, "")
            else:
                text = _translated(item.text, sight)
                if sight.state == PERHAPS_GONE and has_digit(text) and _is_in_lines(inside):
                    # Lines of preformatted text hold values, and no marks: no number is left.
                    text = f"\ufffd{text}\ufffd"
                self._set(item, text)

    def _set(self, item: _Text, text: str) -> None:
        text = _settable(text)
        if text != item.text:
            self._changes.append(lambda: setattr(item.holder, item.attribute, text))

    def _end_cell(self, cell: _Cell) -> None:
        """Change the texts of a cell: what is certain at once, the rest gets its marks."""
        digits = [item for item in cell.texts if has_digit(item.text)]
        seen = [item for item in digits if item.sight.state != GONE]
        if not cell.covered and all(item.sight.plain for item in cell.texts) and len(seen) < 2:
            return
        doubtful = self._in_doubt(cell, seen)
        for item in cell.texts:
            sight, text = item.sight, item.text
            if sight.state == GONE:
                self._leave_out(text)
                self._set(item, " " if _takes_room(sight) and text.strip() else "")
                continue
            text = _translated(text, sight)
            mark = doubtful.get(id(item), "")
            if sight.state == PERHAPS_GONE:
                mark = PERHAPS
            elif any(look.turned for look in sight.looks):
                mark = mark or TURNED
            if text != item.text or mark:
                self.marked = True
            self._set(item, marked(text, mark) if mark else text)

    def _in_doubt(self, cell: _Cell, seen: Sequence[_Text]) -> dict[int, str]:
        """The marks of those texts whose digits may not belong to the number beside them."""
        marks: dict[int, str] = {}
        if cell.covered:
            return {id(item): PERHAPS for item in seen}
        width = sum(len(item.text.strip()) for item in seen)
        for item in seen:
            for look in item.sight.looks:
                if look.widest + 2 < width * _DIGIT_WIDTH * (look.size or 16.0):
                    marks[id(item)] = PERHAPS
        if len(seen) < 2:
            return marks
        looks = [item.sight.looks[0] for item in seen]
        largest = max(look.size or 0.0 for look in looks)
        for item, look in zip(seen, looks, strict=True):
            if look.raised and any(look.raised != each.raised for each in looks):
                marks[id(item)] = BESIDE
            if look.size is not None and look.size < largest * _SMALLER and not look.lift:
                marks[id(item)] = BESIDE
            if look.right_to_left or (
                look.apart and any(look.apart != each.apart for each in looks)
            ):
                marks[id(item)] = PERHAPS
        if not self._complete:
            named = [_named_above(item.inside, cell.element) for item in seen]
            for item, names in zip(seen, named, strict=True):
                if names and any(names != other for other in named):
                    marks[id(item)] = PERHAPS
                    self.undecided = True
        return marks

    def _leave_out(self, text: str) -> None:
        if has_digit(text):
            self.left_out.append(" ".join(text.split())[:20])

    # --- generated content ----------------------------------------------------------------------

    def _beside_text(self, element: etree._Element, sight: Sight, parent: Sight) -> None:
        """What is seen of an element in a cell beside the text that is written in it."""
        if element in self._matched:
            self._generated(element)
        if element.tag == "li":
            above = element.getparent()
            if above is not None and above.tag == "ol":
                self.marked = True
                number = above.index(element) + 1
                self._before[element] = marked(f"{number}. ", PERHAPS) + self._before.get(
                    element, ""
                )
        if element.tag not in _CELLS and not len(element) and not (element.text or "").strip():
            before = [look.ground for look in parent.looks]
            if [look.ground for look in sight.looks] != before and sight.looks[0].ground is None:
                # A sign that is drawn as the background of an element without text.
                self._changes.append(lambda: setattr(element, "tag", "img"))

    def _generated(self, element: etree._Element) -> None:
        """What style sheets put before and behind the content of an element in a cell."""
        matched = self._matched[element]
        if any(
            match.pseudo in _PARTS and any(map(matters, match.rule.declared)) for match in matched
        ):
            self._cells[-1].covered = True
        for pseudo, into in (("before", self._before), ("after", self._behind)):
            if not any(match.pseudo == pseudo for match in matched):
                continue
            shown = [content_of(element, matched, view, pseudo) for view in self._views]
            text, certain = shown[0]
            if len(set(shown)) > 1:
                text, certain = max((each for each, _ in shown), key=len), False
            if not certain and not text:
                self._cells[-1].covered = True
            if text:
                self.marked = True
                into[element] = marked(text, PERHAPS) if not certain else text


def _views(matched: Mapping[etree._Element, list[Match]]) -> list[int]:
    """The views that differ from one another for the rules that hold for anything."""
    bits = {match.views for each in matched.values() for match in each}
    views = [SCREEN]
    for view in (PRINT, IF_UNDECIDED):
        if any(bool(rule & view) != bool(rule & SCREEN) for rule in bits):
            views.append(view)
    return views


def _is_closed(element: etree._Element) -> bool:
    """Whether an element is shown only when somebody opens it."""
    if element.tag == "dialog":
        return element.get("open") is None
    parent = element.getparent()
    if parent is None or parent.tag != "details" or parent.get("open") is not None:
        return False
    return not (element.tag == "summary" and next(parent.iter("summary"), None) is element)


def _with_gone(look: Look, gone: int) -> Look:
    return replace(look, gone=gone, visible=True)


def _is_in_lines(element: etree._Element) -> bool:
    """Whether text stands in lines that are read as those of a text file."""
    return element.tag == "pre" or next(element.iterancestors("pre"), None) is not None


def _takes_room(sight: Sight) -> bool:
    """Whether text that is not seen leaves a gap."""
    look = sight.looks[0]
    return look.size != 0 and not look.apart


def _translated(text: str, sight: Sight) -> str:
    """``text`` with digits that are struck out or off the line as characters that look so."""
    lift = next((look.lift for look in sight.looks if look.lift), 0)
    if lift:
        text = text.translate(ABOVE if lift > 0 else BELOW)
    if any(look.struck for look in sight.looks):
        text = text.translate(THROUGH)
    return text


def _named_above(inside: etree._Element, cell: etree._Element) -> tuple[int, ...]:
    """The elements around a text, within its cell, that a style sheet may mean by class or id."""
    found = []
    element: etree._Element | None = inside
    while element is not None and element is not cell:
        if element.get("class") or element.get("id"):
            found.append(id(element))
        element = element.getparent()
    return tuple(found)


def _remove(element: etree._Element) -> None:
    """Take an element out of the tree, but not the text behind it."""
    parent = element.getparent()
    if parent is None:
        cast(Any, element).clear()
        return
    before = element.getprevious()
    if element.tail:
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    parent.remove(element)


def _settable(text: str) -> str:
    """``text`` without what a tree does not take, though it may come out of a page as an entity."""
    return _NOT_XML.sub("\ufffd", text.replace("\f", " "))
