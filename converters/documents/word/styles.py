"""How runs of a Word document look, as far as it changes what a reader sees: styles and marks."""

from dataclasses import dataclass, field
from functools import lru_cache

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
"""The namespace of WordprocessingML (ISO/IEC 29500-1, part 17), as lxml writes it."""

VAL = W + "val"
_RUN_STYLE, _VANISH, _STRIKE, _DOUBLE_STRIKE = (
    W + name for name in ("rStyle", "vanish", "strike", "dstrike")
)
_VERTICAL, _POSITION = W + "vertAlign", W + "position"
_LOOKS = {_RUN_STYLE, _VANISH, _STRIKE, _DOUBLE_STRIKE, _VERTICAL, _POSITION}

_OFF = ("0", "false", "off", "none")


@dataclass(frozen=True)
class Look:
    """Whether text is not shown, is struck out, or stands above (below) the line."""

    hidden: bool = False
    struck: bool = False
    raised: bool = False
    lowered: bool = False


PLAIN = Look()
"""Text as it stands; the same object wherever a look is plain."""


@dataclass(frozen=True)
class Style:
    """What one style says itself; None where it leaves a matter to the style under it."""

    based_on: str | None
    hidden: bool | None
    struck: bool | None
    vertical: str | None
    numbering: tuple[str | None, int | None]


@dataclass
class Styles:
    """The styles of a document: ``default_paragraph`` holds where a paragraph names none."""

    styles: dict[str, Style] = field(default_factory=dict)
    default_paragraph: str | None = None
    everywhere: Look = field(default_factory=Look)
    _looks: dict[tuple[str | None, str | None], Look] = field(default_factory=dict)

    def look(self, properties: etree._Element | None, paragraph_style: str | None) -> Look:
        """The look of a run with ``properties`` (w:rPr) in a paragraph of ``paragraph_style``."""
        if properties is None or not len(properties):
            return self._base_look(paragraph_style or self.default_paragraph, None)
        # Plain loops throughout: asking lxml for certain tags costs more than looking at all.
        said = {child.tag: child for child in properties if child.tag in _LOOKS}
        run_style = said.pop(_RUN_STYLE).get(VAL) if _RUN_STYLE in said else None
        base = self._base_look(paragraph_style or self.default_paragraph, run_style)
        if not said:
            return base
        struck = [is_on(said[tag]) for tag in (_STRIKE, _DOUBLE_STRIKE) if tag in said]
        vertical = _vertical(said.get(_VERTICAL), said.get(_POSITION))
        return Look(
            hidden=is_on(said[_VANISH]) if _VANISH in said else base.hidden,
            struck=any(struck) if struck else base.struck,
            raised=base.raised if vertical is None else vertical == "superscript",
            lowered=base.lowered if vertical is None else vertical == "subscript",
        )

    def numbering(self, name: str | None) -> tuple[str | None, int | None]:
        """List and level that paragraphs of a style are numbered by; the nearest says it."""
        number, level = None, None
        for style in self._chain(name or self.default_paragraph):
            number = number if number is not None else style.numbering[0]
            level = level if level is not None else style.numbering[1]
        return number, level

    def _base_look(self, paragraph: str | None, run: str | None) -> Look:
        key = (paragraph, run)
        known = self._looks.get(key)
        if known is None:
            # These properties toggle: said by both styles, they cancel out (17.7.3).
            both = [self._said(name) for name in key]
            vertical = both[1][2] or both[0][2]
            at_first = self.everywhere
            look = Look(
                hidden=at_first.hidden or (both[0][0] != both[1][0]),
                struck=at_first.struck or (both[0][1] != both[1][1]),
                raised=vertical == "superscript",
                lowered=vertical == "subscript",
            )
            known = self._looks[key] = PLAIN if look == PLAIN else look
        return known

    def _said(self, name: str | None) -> tuple[bool, bool, str | None]:
        hidden: bool | None = None
        struck: bool | None = None
        vertical: str | None = None
        for style in self._chain(name):
            hidden = style.hidden if hidden is None else hidden
            struck = style.struck if struck is None else struck
            vertical = style.vertical if vertical is None else vertical
        return bool(hidden), bool(struck), vertical

    def _chain(self, name: str | None) -> list[Style]:
        chain: list[Style] = []
        met: set[str] = set()
        while name is not None and name in self.styles and name not in met:
            met.add(name)
            chain.append(self.styles[name])
            name = self.styles[name].based_on
        return chain


def read_styles(root: etree._Element | None) -> Styles:
    """The styles of ``word/styles.xml``; none where the document has no such part."""
    styles = Styles()
    if root is None:
        return styles
    defaults = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
    if defaults is not None:
        styles.everywhere = Look(
            hidden=bool(_switch(defaults, "vanish")), struck=bool(_switch(defaults, "strike"))
        )
    for element in root.iterfind(W + "style"):
        name = element.get(W + "styleId")
        if name is None:
            continue
        run = element.find(W + "rPr")
        paragraph = element.find(W + "pPr")
        styles.styles[name] = Style(
            based_on=_value(element, "basedOn"),
            hidden=None if run is None else _switch(run, "vanish"),
            struck=None if run is None else _any_switch(run, "strike", "dstrike"),
            vertical=None if run is None else _vertical(run.find(_VERTICAL), run.find(_POSITION)),
            numbering=numbering_of(paragraph),
        )
        if element.get(W + "type") == "paragraph" and element.get(W + "default") in ("1", "true"):
            styles.default_paragraph = name
    return styles


_PARAGRAPH_STYLE, _NUMBERING, _MARK = (W + name for name in ("pStyle", "numPr", "rPr"))
_PARAGRAPH_PROPERTIES = W + "pPr"
_JOINS = (W + "del", W + "moveFrom")


@dataclass(frozen=True)
class ParagraphProperties:
    """What a paragraph states: its style, list and level, and whether a change joins the next."""

    style: str | None = None
    number: str | None = None
    level: int | None = None
    joins_next: bool = False


_NOTHING_STATED = ParagraphProperties()


def properties_of(paragraph: etree._Element) -> ParagraphProperties:
    """The properties of a paragraph that matter for its text."""
    stated = first_child(paragraph, _PARAGRAPH_PROPERTIES)
    if stated is None:
        return _NOTHING_STATED
    style, joins, number, level = None, False, None, None
    for child in stated:
        if child.tag == _PARAGRAPH_STYLE:
            style = child.get(VAL)
        elif child.tag == _MARK:
            joins = any(change.tag in _JOINS for change in child)
        elif child.tag == _NUMBERING:
            number, level = numbering_of(stated)
    return _shared(style, number, level, joins)


@lru_cache(maxsize=4096)
def _shared(
    style: str | None, number: str | None, level: int | None, joins: bool
) -> ParagraphProperties:
    return ParagraphProperties(style, number, level, joins)


def numbering_of(properties: etree._Element | None) -> tuple[str | None, int | None]:
    """The list and the level that paragraph properties (w:pPr) state themselves."""
    stated = None if properties is None else properties.find(W + "numPr")
    if stated is None:
        return None, None
    level = _value(stated, "ilvl")
    return _value(stated, "numId"), int(level) if level and level.isdecimal() and len(
        level
    ) < 4 else None


def first_child(parent: etree._Element, tag: str) -> etree._Element | None:
    """The first element of ``tag`` directly in ``parent``; the quickest where it comes first."""
    for child in parent:
        if child.tag == tag:
            return child
    return None


def is_on(element: etree._Element | None) -> bool:
    """Whether an on-off element is there and not switched off."""
    return element is not None and element.get(VAL, "1") not in _OFF


def _value(parent: etree._Element, name: str) -> str | None:
    element = parent.find(W + name)
    return None if element is None else element.get(VAL)


def _switch(properties: etree._Element, name: str) -> bool | None:
    element = properties.find(W + name)
    return None if element is None else is_on(element)


def _any_switch(properties: etree._Element, *names: str) -> bool | None:
    said = [switch for name in names if (switch := _switch(properties, name)) is not None]
    return any(said) if said else None


def _vertical(stated: etree._Element | None, moved: etree._Element | None) -> str | None:
    """What stands above or below the line: by its own property, or text that was moved up."""
    if stated is not None:
        return stated.get(VAL)
    height = "" if moved is None else moved.get(VAL, "")
    return "superscript" if height.isdecimal() and height.strip("0") else None
