"""The styles of a Word document: their run properties, paragraphs and table cells."""

from dataclasses import dataclass, field, replace
from functools import lru_cache

from lxml import etree

from gongkai.converters.documents.colours import BLACK, Background
from gongkai.converters.documents.word.looks import (
    Key,
    Stated,
    TextLook,
    key_of,
    look_of,
    run_style,
    stated_by,
    whole,
)
from gongkai.converters.documents.word.palette import VAL, Palette, W, attributes

_OFF = ("0", "false", "off", "none")
_NO_RUN = Stated()


@dataclass(frozen=True)
class WordStyle:
    """What one style states itself; None for what it leaves to the style under it.

    ``background`` is the shading of its paragraphs, or of the cells of its tables; ``parts`` are
    what a table style states for some of its cells, by the names of ST_TblStyleOverrideType.
    """

    based_on: str | None
    run: Stated
    numbering: tuple[str | None, int | None]
    background: Background | None = None
    parts: dict[str, tuple[Stated, Background | None]] = field(default_factory=dict)


@dataclass
class Styles:
    """The styles of a document: ``default_paragraph`` holds where a paragraph names none.

    ``everywhere`` holds where no style states otherwise; ``in_table`` is what the style of a table
    states for the runs in the cell that is being read.
    """

    styles: dict[str, WordStyle] = field(default_factory=dict)
    default_paragraph: str | None = None
    everywhere: Stated = field(default_factory=Stated)
    palette: Palette = field(default_factory=Palette)
    in_table: Stated = field(default_factory=Stated)
    _bases: dict[tuple[str | None, str | None, Stated], Stated] = field(default_factory=dict)
    _looks: dict[tuple[str | None, int, Key], TextLook] = field(default_factory=dict)
    _backgrounds: dict[str | None, Background | None] = field(default_factory=dict)
    _tables: dict[Stated, int] = field(default_factory=dict)
    _table: int = 0

    def enter(self, in_table: Stated) -> None:
        """Continue in a cell for which the style of its table states ``in_table``."""
        if in_table is self.in_table:
            return
        self.in_table = in_table
        self._table = self._tables.setdefault(in_table, len(self._tables) + 1)

    def look(self, properties: etree._Element | None, paragraph_style: str | None) -> TextLook:
        """The look of a run with ``properties`` (w:rPr) in a paragraph of ``paragraph_style``."""
        key = () if properties is None else key_of(properties)
        known = self._looks.get((paragraph_style, self._table, key))
        if known is None:
            base = self._base(paragraph_style or self.default_paragraph, run_style(key))
            known = look_of(stated_by(key, self.palette).over(base))
            self._looks[paragraph_style, self._table, key] = known
        return known

    def numbering(self, name: str | None) -> tuple[str | None, int | None]:
        """List and level of the numbering of a paragraph style; the nearest style decides."""
        number, level = None, None
        for style in self._chain(name or self.default_paragraph):
            number = number if number is not None else style.numbering[0]
            level = level if level is not None else style.numbering[1]
        return number, level

    def background(self, name: str | None) -> Background | None:
        """The shading that the style of a paragraph states."""
        if name not in self._backgrounds:
            stated = (style.background for style in self._chain(name or self.default_paragraph))
            self._backgrounds[name] = next(
                (background for background in stated if background is not None), None
            )
        return self._backgrounds[name]

    def part(self, name: str | None, parts: tuple[str, ...]) -> tuple[Stated, Background | None]:
        """What the style of a table states for a cell that is in ``parts``, the strongest last."""
        run, background = Stated(), None
        for style in reversed(self._chain(name)):
            run = style.run.over(run)
            background = style.background if style.background is not None else background
        for part in parts:
            for style in reversed(self._chain(name)):
                own_run, own_background = style.parts.get(part, (_NO_RUN, None))
                run = own_run.over(run)
                background = own_background if own_background is not None else background
        return run, background

    def _base(self, paragraph: str | None, run: str | None) -> Stated:
        """The combined run properties of all styles of a run."""
        said = [self._said(run), self._said(paragraph), self.in_table]
        merged = said[0].over(said[1]).over(said[2]).over(self.everywhere)
        # These properties toggle: stated by two styles, they cancel out (17.7.3).
        hidden = sum(bool(style.hidden) for style in said) % 2 == 1
        struck = sum(bool(style.struck) for style in said) % 2 == 1
        return replace(
            merged,
            hidden=bool(self.everywhere.hidden) or hidden,
            struck=bool(self.everywhere.struck) or struck,
        )

    def _said(self, name: str | None) -> Stated:
        said = Stated()
        for style in reversed(self._chain(name)):
            said = style.run.over(said)
        return said

    def _chain(self, name: str | None) -> list[WordStyle]:
        chain: list[WordStyle] = []
        met: set[str] = set()
        while name is not None and name in self.styles and name not in met:
            met.add(name)
            chain.append(self.styles[name])
            name = self.styles[name].based_on
        return chain


def read_styles(root: etree._Element | None, palette: Palette | None = None) -> Styles:
    """The styles of ``word/styles.xml``; none where the document has no such part."""
    styles = Styles(palette=palette or Palette())
    if root is None:
        return styles
    defaults = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
    styles.everywhere = _run(defaults, styles.palette)
    if styles.everywhere.colour == BLACK:
        # LibreOffice writes automatic colours like this: black, or white on dark.
        styles.everywhere = replace(styles.everywhere, colour=())
    for element in root.iterfind(W + "style"):
        name = element.get(W + "styleId")
        if name is None:
            continue
        paragraph = element.find(W + "pPr")
        in_cells = element.find(W + "tcPr")
        styles.styles[name] = WordStyle(
            based_on=_value(element, "basedOn"),
            run=_run(element.find(W + "rPr"), styles.palette),
            numbering=numbering_of(paragraph),
            background=shading_in(paragraph if in_cells is None else in_cells, styles.palette),
            parts={
                part.get(W + "type", ""): (
                    _run(part.find(W + "rPr"), styles.palette),
                    shading_in(part.find(W + "tcPr"), styles.palette),
                )
                for part in element.iterfind(W + "tblStylePr")
            },
        )
        if element.get(W + "type") == "paragraph" and element.get(W + "default") in ("1", "true"):
            styles.default_paragraph = name
    return styles


def _run(properties: etree._Element | None, palette: Palette) -> Stated:
    return Stated() if properties is None else stated_by(key_of(properties), palette)


def shading_in(properties: etree._Element | None, palette: Palette) -> Background | None:
    """The background that properties of a paragraph, cell or table state; None where none is."""
    stated = None if properties is None else first_child(properties, _SHADING)
    return None if stated is None else palette.shading(attributes(stated))


_PARAGRAPH_STYLE, _NUMBERING, _MARK, _SHADING, _SPACING, _INDENT = (
    W + name for name in ("pStyle", "numPr", "rPr", "shd", "spacing", "ind")
)
_OF_PARAGRAPHS = {_PARAGRAPH_STYLE, _NUMBERING, _MARK, _SHADING, _SPACING, _INDENT}
_PARAGRAPH_PROPERTIES = W + "pPr"
_JOINS = (W + "del", W + "moveFrom")


@dataclass(frozen=True)
class ParagraphProperties:
    """What a paragraph states: its style, list and level, and whether a change joins the next.

    ``shading`` are the names and values of its own w:shd. ``line`` is the height of its lines where
    it is fixed (twentieths of a point), ``far`` says that it is indented by more than a page.
    """

    style: str | None = None
    number: str | None = None
    level: int | None = None
    joins_next: bool = False
    shading: tuple[tuple[str, str], ...] = ()
    line: int | None = None
    far: bool = False


_NOTHING_STATED = ParagraphProperties()
_PAGE_WIDTH = 12_000
"""Twentieths of a point; a page of A4 is 11,906 wide."""


def properties_of(paragraph: etree._Element) -> ParagraphProperties:
    """The properties of a paragraph that matter for its text."""
    stated = first_child(paragraph, _PARAGRAPH_PROPERTIES)
    if stated is None:
        return _NOTHING_STATED
    style, joins, number, level = None, False, None, None
    shading: tuple[tuple[str, str], ...] = ()
    line: int | None = None
    far = False
    for child in stated:
        if child.tag not in _OF_PARAGRAPHS:
            continue
        if child.tag == _PARAGRAPH_STYLE:
            style = child.get(VAL)
        elif child.tag == _MARK:
            joins = any(change.tag in _JOINS for change in child)
        elif child.tag == _NUMBERING:
            number, level = numbering_of(stated)
        elif child.tag == _SHADING:
            shading = tuple(attributes(child).items())
        elif child.tag == _SPACING and child.get(W + "lineRule") == "exact":
            line = whole(child.get(W + "line"))
        elif child.tag == _INDENT:
            far = any(abs(whole(text) or 0) > _PAGE_WIDTH for text in attributes(child).values())
    return _shared(style, number, level, joins, shading, line, far)


@lru_cache(maxsize=4096)
def _shared(
    style: str | None,
    number: str | None,
    level: int | None,
    joins: bool,
    shading: tuple[tuple[str, str], ...],
    line: int | None,
    far: bool,
) -> ParagraphProperties:
    return ParagraphProperties(style, number, level, joins, shading, line, far)


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
    """Whether an on-off element is present and not switched off."""
    return element is not None and element.get(VAL, "1") not in _OFF


def _value(parent: etree._Element, name: str) -> str | None:
    element = parent.find(W + name)
    return None if element is None else element.get(VAL)
