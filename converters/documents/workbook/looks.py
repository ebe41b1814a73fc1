"""How the text of a cell of a workbook looks, as far as it changes what a person sees of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from gongkai.converters.documents.colours import (
    BLACK,
    PAPER,
    Background,
    Colour,
    Visibility,
    visibility,
)
from gongkai.converters.documents.doubts import LINE, SET_OFF, STRUCK, UNDECIDED, is_label
from gongkai.converters.documents.word.text import SUBSCRIPTS, SUPERSCRIPTS
from gongkai.converters.documents.workbook.sheets import SheetCell, tidy_lines

_UNSEEN_SIZE, _FAINT_SIZE, _SMALLER = 2.0, 4.0, 0.8

_SHIFTED = {"superscript": SUPERSCRIPTS, "subscript": SUBSCRIPTS}


@dataclass(frozen=True)
class Font:
    """A font: ``vertical`` as files state it, ``colour`` None where automatic, size in points."""

    struck: bool = False
    vertical: str | None = None
    colour: Colour | None = None
    size: float = 11.0


@dataclass(frozen=True)
class SheetStyle:
    """How a cell is shown: its number format, its font, and its fill (None: nothing).

    ``crossed`` says that a border runs across it, from corner to corner.
    """

    format: str = "General"
    font: Font = Font()
    background: Background | None = None
    crossed: bool = False

    @cached_property
    def plain(self) -> bool:
        """Whether all text in this style is seen as it is stored."""
        font = self.font
        seen = font_visibility(font, self.background) is Visibility.SEEN
        return seen and not font.struck and font.vertical is None and not self.crossed


Piece = tuple[str, Font | None]
"""A run of a text, with a font of its own or that of the cell."""


def font_visibility(
    font: Font, background: Background | None, sheet: Background = PAPER
) -> Visibility:
    """Whether text in a font is seen in a cell with a ``background`` (None: that of ``sheet``)."""
    if font.size <= _UNSEEN_SIZE:
        return Visibility.UNSEEN
    found = visibility(font.colour or BLACK, background or sheet)
    if font.colour is None and found is Visibility.UNSEEN:
        # Some programs use white for automatic where the cell is dark.
        return Visibility.UNDECIDED
    return Visibility.UNDECIDED if found is Visibility.SEEN and font.size <= _FAINT_SIZE else found


def seen_cell(
    pieces: Sequence[Piece], style: SheetStyle, sheet: Background
) -> tuple[SheetCell, bool]:
    """A text of several pieces as it is seen, and whether some of it is not."""
    if style.plain and len(pieces) == 1 and pieces[0][1] is None:
        return SheetCell(tidy_lines(pieces[0][0])), False
    text, sure = "", ""
    doubts = []
    hidden = False
    sizes: set[float] = set()
    for words, own in pieces:
        font = own or style.font
        found = font_visibility(font, style.background, sheet) if words.strip() else Visibility.SEEN
        if found is Visibility.UNSEEN:
            hidden = True
            continue
        said = words.translate(_SHIFTED.get(font.vertical or "", {}))
        text += said
        struck = font.struck and bool(words.strip())
        if struck:
            doubts.append(STRUCK)
        elif found is Visibility.UNDECIDED:
            doubts.append(UNDECIDED)
        else:
            sure += said
        if any(map(str.isdigit, words)):
            sizes.add(font.size)
    text, sure = tidy_lines(text), tidy_lines(sure)
    if is_label(text):
        doubts = [doubt for doubt in doubts if doubt is STRUCK]
    elif len(sizes) > 1 and min(sizes) < _SMALLER * max(sizes):
        doubts.append(SET_OFF)
    if style.crossed and not is_label(text):
        doubts.append(LINE)
    if not doubts or not text:
        return SheetCell(text), hidden
    readings = tuple(dict.fromkeys(reading for reading in (text, sure) if reading))
    return SheetCell(text, False, doubts[0], readings), hidden


def seen_number(cell: SheetCell, style: SheetStyle, sheet: Background) -> tuple[SheetCell, bool]:
    """A number as it is seen, and whether it is not."""
    if style.plain:
        return cell, False
    found = font_visibility(style.font, style.background, sheet)
    if found is Visibility.UNSEEN:
        return SheetCell(""), bool(cell.text)
    text = cell.text.translate(_SHIFTED.get(style.font.vertical or "", {}))
    cell = replace(cell, text=text)
    if style.font.struck and text:
        return doubted(cell, STRUCK), False
    if style.crossed:
        return doubted(cell, LINE), False
    return (doubted(cell, UNDECIDED) if found is Visibility.UNDECIDED else cell), False


def doubted(cell: SheetCell, doubt: dict[str, str]) -> SheetCell:
    """The cell with a doubt, unless it has one already or holds only words."""
    if not cell.text or cell.doubt or (doubt is not STRUCK and is_label(cell.text)):
        return cell
    return replace(cell, doubt=doubt, readings=cell.readings or (cell.text,))


def filled(colours: Iterable[Colour | None]) -> Background | None:
    """The background that a fill of some colours gives; None where none of them is known."""
    known = tuple(colour for colour in dict.fromkeys(colours) if colour is not None)
    return Background(known) if known else None
