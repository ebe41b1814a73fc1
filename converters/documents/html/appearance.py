"""How the text of each element of a page is shown, on a screen and in print."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from lxml import etree

from gongkai.converters.documents.html.conditions import PERHAPS as IF_UNDECIDED
from gongkai.converters.documents.html.conditions import PRINT, SCREEN
from gongkai.converters.documents.html.derived import derived_look
from gongkai.converters.documents.html.hints import HINTED, hints
from gongkai.converters.documents.html.look import GONE, PERHAPS_GONE, SEEN, Look
from gongkai.converters.documents.html.matching import RuleMatch, cascaded
from gongkai.converters.documents.html.properties import (
    SYMBOL_FACES,
    Declaration,
    inline_declarations,
)
from gongkai.converters.documents.html.sheets import Sheets
from gongkai.converters.documents.html.styling import StyleContext
from gongkai.converters.documents.html.values import named
from gongkai.converters.documents.marks import ABOVE, BELOW, THROUGH

_SPECIAL = named("table body s strike del sup sub small big mark bdo h1 dialog details")


@dataclass(eq=False)
class Appearance:
    """How the text of an element is shown in each view, and what follows from all views together.

    ``state`` is whether it is seen, in doubt where the views differ; ``on_screen`` whether it is
    seen on a screen; ``removed`` says that it is displayed nowhere, ``plain`` that it is seen as it
    is written.
    """

    looks: tuple[Look, ...]
    state: int
    on_screen: int
    removed: bool
    plain: bool

    @property
    def takes_room(self) -> bool:
        """Whether text that is not seen leaves a gap."""
        look = self.looks[0]
        return look.size != 0 and not look.apart

    def moved_from(self, parent: "Appearance") -> bool:
        """Whether the text is placed elsewhere, or higher or lower, than that of the parent."""
        return any(
            one.apart != other.apart or one.raised != other.raised
            for one, other in zip(self.looks, parent.looks, strict=True)
        )

    def translated(self, text: str) -> str:
        """``text`` with digits that are struck out or off the line as characters that look so."""
        lift = next((look.lift for look in self.looks if look.lift), 0)
        if lift:
            text = text.translate(ABOVE if lift > 0 else BELOW)
        if any(look.struck for look in self.looks):
            text = text.translate(THROUGH)
        return text


class Appearances:
    """Finds how the elements of one page are shown, each from its parent."""

    def __init__(
        self,
        root: etree._Element,
        sheets: Sheets,
        matched: Mapping[etree._Element, list[RuleMatch]],
    ) -> None:
        """Take the page, its style sheets, and which of their rules hold for which element."""
        self.views = _views(matched)
        self._quirks = sheets.quirks
        self.complete = not (sheets.missing or sheets.cut)
        self._matched = matched
        self._faces = SYMBOL_FACES | sheets.own_faces
        self._moving = frozenset(sheets.moving)
        self._has_closed = next(root.iter("details", "dialog"), None) is not None
        # Kept with the objects whose identity its key holds, so that no other object gets that
        # identity.
        self._found: dict[Any, tuple[Appearance, Sequence[Declaration]]] = {}
        self._body: tuple[Look, ...] | None = None
        self._count = 0

    def first(self) -> Appearance:
        """The sight of a page before anything is declared."""
        return self._sight(tuple(Look() for _ in self.views))

    def of(self, element: etree._Element, parent: Appearance, in_cell: bool) -> Appearance:
        """How an element is shown; one for which no declaration holds looks like its parent."""
        tag = str(element.tag)
        matched = self._matched.get(element, ())
        style = element.get("style")
        hinted = () if HINTED.isdisjoint(element.keys()) else _hints(element)
        closed = self._has_closed and _is_closed(element)
        if not (matched or style or hinted or closed or tag in _SPECIAL):
            return parent
        key = (
            parent,
            tag,
            style,
            in_cell,
            tuple((id(match.rule), match.pseudo) for match in matched),
            tuple((each.name, id(each.tokens)) for each in hinted),
        )
        found = self._found.get(key)
        if found is not None and not closed:
            return found[0]
        inline = inline_declarations(style, self._quirks) if style else ()
        self._count += 1
        looks: list[Look] = []
        for view, look in zip(self.views, parent.looks, strict=True):
            declared = cascaded(matched, hinted or hints(tag, {}), inline, view)
            body = self._body[len(looks)].color if self._body else look.color
            around = StyleContext(
                tag, in_cell, self._quirks, body, self._count, self._faces, self._moving
            )
            made = derived_look(look, declared, around)
            if closed:
                made = _with_gone(made, GONE if tag == "dialog" else PERHAPS_GONE)
            looks.append(made)
        appearance = self._sight(tuple(looks))
        if tag == "body":
            self._body = appearance.looks
        if not closed and not appearance.moved_from(parent):
            self._found[key] = appearance, hinted
        return appearance

    def in_doubt(self, appearance: Appearance) -> Appearance:
        """The same sight, except that its text may not be seen."""
        return self._sight(tuple(_with_gone(look, PERHAPS_GONE) for look in appearance.looks))

    def _sight(self, looks: tuple[Look, ...]) -> Appearance:
        states = [look.state(self.complete) for look in looks]
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
        return Appearance(looks, state, states[0], all(look.removed for look in looks), plain)


def _hints(element: etree._Element) -> list[Declaration]:
    return hints(str(element.tag), cast(Any, element.attrib))


def _views(matched: Mapping[etree._Element, list[RuleMatch]]) -> list[int]:
    """The views that differ from one another in the rules that hold for any element."""
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
