"""How runs of a Word document look, as far as it changes what a reader sees of them."""

from dataclasses import dataclass, fields, replace
from functools import lru_cache

from lxml import etree

from gongkai.converters.documents.colours import Background, Colour, Visibility, lighter, visibility
from gongkai.converters.documents.word.palette import NO_SHADING, VAL, Palette, W, attributes

W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
"""The namespace of the text effects that Word 2010 added ([MS-DOCX] 2.6.1)."""

RUN_STYLE, VANISH, STRIKE, DOUBLE_STRIKE = (
    W + name for name in ("rStyle", "vanish", "strike", "dstrike")
)
_VERTICAL, _POSITION, _COLOUR, _SIZE, _SCALE, _SPACING, _SHADING, _HIGHLIGHT = (
    W + name
    for name in ("vertAlign", "position", "color", "sz", "w", "spacing", "shd", "highlight")
)
_FILL = W14 + "textFill"
_EDGES = {W + name for name in ("outline", "emboss", "imprint", "shadow")}
# Always hidden, or hidden on the web; two lines in one; fitted to a width: what is seen is
# unknown.
_SPECIAL, _ON_WEB, _TWO_LINES, _FITTED = (
    W + name for name in ("specVanish", "webHidden", "eastAsianLayout", "fitText")
)

LOOKS = frozenset(
    [
        *(RUN_STYLE, VANISH, STRIKE, DOUBLE_STRIKE, _VERTICAL, _POSITION, _COLOUR, _SIZE, _SCALE),
        *(_SPACING, _SHADING, _HIGHLIGHT, _FILL, _SPECIAL, _ON_WEB, _TWO_LINES, _FITTED, *_EDGES),
    ]
)
"""The run properties that matter here; all others do not change what is seen."""

Key = tuple[tuple[str, ...], ...]
"""Run properties that matter, as they are written: for each its tag, names and values."""

_OFF = ("0", "false", "off", "none")
_USUAL_SIZE = 20
"""The font size where a document states none (half points)."""

# In half points; in per cent of the usual width; in parts of the font size by which characters
# are condensed so far that they overlap.
_UNSEEN_SIZE, _FAINT_SIZE = 4, 8
_UNSEEN_SCALE, _FAINT_SCALE = 5, 25
_OVERPRINTED = 0.4
_LEAST_WIDTH = 100
_HALF_CLEAR = 50_000


@dataclass(frozen=True)
class Stated:
    """What run properties state; None for what they leave to the level under them.

    ``colour`` is () where it is automatic. ``size`` is in half points, ``scale`` in per cent,
    ``spacing`` in twentieths of a point. ``fill`` is the text fill of Word 2010.
    """

    hidden: bool | None = None
    struck: bool | None = None
    vertical: str | None = None
    colour: Colour | tuple[()] | None = None
    size: int | None = None
    scale: int | None = None
    spacing: int | None = None
    background: Background | None = None
    fill: tuple[Colour, ...] | None = None
    clear: bool | None = None
    edged: bool | None = None
    unsure: bool | None = None

    def over(self, under: "Stated") -> "Stated":
        """These properties, completed by those ``under`` them."""
        if under == _NOTHING:
            return self
        if self == _NOTHING:
            return under
        said = {name: value for name in _NAMES if (value := getattr(self, name)) is not None}
        return replace(under, **said)


_NOTHING = Stated()
_NAMES = tuple(item.name for item in fields(Stated))


@dataclass(frozen=True, eq=False)
class TextLook:
    """Whether text is struck out, or stands above (below) the line, and what is seen of it.

    ``size`` is in half points. ``plain`` says that nothing of it is unusual.
    """

    struck: bool = False
    raised: bool = False
    lowered: bool = False
    size: int = _USUAL_SIZE
    stated: Stated = _NOTHING
    plain: bool = True

    def visibility(self, background: Background) -> Visibility:
        """Whether the text is seen on the background ``background``."""
        return Visibility.SEEN if self.plain else _visibility(self, background)


def look_of(stated: Stated) -> TextLook:
    """The look that run properties give, with all levels under them."""
    size = _USUAL_SIZE if stated.size is None else stated.size
    struck = bool(stated.struck)
    raised, lowered = stated.vertical == "superscript", stated.vertical == "subscript"
    # In automatic colour text is seen on any background.
    odd = (
        *(struck, raised, lowered, stated.hidden, stated.colour, stated.unsure),
        *(size <= _FAINT_SIZE, (stated.spacing or 0) < 0, stated.fill is not None),
        stated.scale is not None and stated.scale <= _FAINT_SCALE,
    )
    return TextLook(struck, raised, lowered, size, stated, not any(odd))


@lru_cache(maxsize=4096)
def _visibility(look: TextLook, background: Background) -> Visibility:
    stated, size = look.stated, look.size
    scale = 100 if stated.scale is None else stated.scale
    if stated.hidden or size <= _UNSEEN_SIZE or scale <= _UNSEEN_SCALE:
        return Visibility.UNSEEN
    own = (
        stated.background
        if stated.background is not None and stated.background != NO_SHADING
        else background
    )
    if stated.fill is not None:
        painted = {visibility(colour, own) for colour in stated.fill} or {Visibility.UNSEEN}
        found = painted.pop() if len(painted) == 1 else Visibility.UNDECIDED
    else:
        found = visibility(stated.colour or None, own)
    if found is Visibility.UNSEEN and stated.edged:
        return Visibility.UNDECIDED
    squeezed = size <= _FAINT_SIZE or scale <= _FAINT_SCALE
    overprinted = (stated.spacing or 0) / 10 <= -_OVERPRINTED * size
    if found is Visibility.SEEN and (stated.unsure or stated.clear or squeezed or overprinted):
        return Visibility.UNDECIDED
    return found


def key_of(properties: etree._Element) -> Key:
    """The properties (w:rPr) that matter for what is seen of a run."""
    # A plain loop: asking lxml for certain tags is slower than visiting all elements.
    return tuple(
        [
            (child.tag, etree.tostring(child).decode())
            if child.tag == _FILL
            else (child.tag, *[word for item in attributes(child).items() for word in item])
            for child in properties
            if child.tag in LOOKS
        ]
    )


def stated_by(key: Key, palette: Palette) -> Stated:
    """What properties state, without the style of the run."""
    said = {
        item[0]: dict(zip(item[1::2], item[2::2], strict=True)) for item in key if item[0] != _FILL
    }
    struck = [_on(said[tag]) for tag in (STRIKE, DOUBLE_STRIKE) if tag in said]
    filled = next((item[1] for item in key if item[0] == _FILL), None)
    fill, clear = (None, None) if filled is None else _fill(etree.fromstring(filled), palette)
    colour = said.get(_COLOUR)
    return Stated(
        hidden=_on(said[VANISH]) if VANISH in said else None,
        struck=any(struck) if struck else None,
        vertical=_vertical(said.get(_VERTICAL), said.get(_POSITION)),
        colour=None if colour is None else palette.colour(colour) or (),
        size=_whole(said.get(_SIZE)),
        scale=_whole(said.get(_SCALE)),
        spacing=_whole(said.get(_SPACING)),
        background=_background(said, palette),
        fill=fill,
        clear=clear,
        edged=any(_on(said[tag]) for tag in _EDGES if tag in said) or None,
        unsure=_is_unsure(said) or None,
    )


def run_style(key: Key) -> str | None:
    """The style that properties name for the run."""
    for item in key:
        if item[0] == RUN_STYLE:
            return dict(zip(item[1::2], item[2::2], strict=True)).get(VAL)
    return None


def _background(said: dict[str, dict[str, str]], palette: Palette) -> Background | None:
    """Highlighting lies over shading."""
    marked = palette.highlight(said[_HIGHLIGHT].get(VAL)) if _HIGHLIGHT in said else None
    if marked is not None and marked != NO_SHADING:
        return marked
    return palette.shading(said[_SHADING]) if _SHADING in said else marked


def _is_unsure(said: dict[str, dict[str, str]]) -> bool:
    width = _whole(said.get(_FITTED))
    return (
        any(tag in said and _on(said[tag]) for tag in (_SPECIAL, _ON_WEB))
        or said.get(_TWO_LINES, {}).get(W + "combine", "0") not in _OFF
        or (width is not None and width < _LEAST_WIDTH)
    )


def _fill(
    element: etree._Element, palette: Palette
) -> tuple[tuple[Colour, ...] | None, bool | None]:
    """The colours of w14:textFill, and whether any of them is transparent."""
    if element.find(W14 + "noFill") is not None:
        return (), None
    colours: list[Colour] = []
    clear = False
    for stated in element.iter(W14 + "srgbClr", W14 + "schemeClr"):
        name = stated.get(W14 + "val", "")
        colour = (
            palette.named(name) if stated.tag == W14 + "schemeClr" else palette.colour({VAL: name})
        )
        if colour is not None:
            colours.append(_changed(colour, stated))
        alpha = whole(next((part.get(W14 + "val") for part in stated.iter(W14 + "alpha")), None))
        clear = clear or (alpha is not None and alpha >= _HALF_CLEAR)
    return tuple(colours) or None, clear or None


def _changed(colour: Colour, stated: etree._Element) -> Colour:
    """A colour with the changes of lightness inside it applied (lumMod, lumOff)."""
    light = 0.0
    for change in stated:
        amount = (whole(change.get(W14 + "val")) or 0) / 100_000
        if change.tag in (W14 + "lumOff", W14 + "tint"):
            light += amount
        elif change.tag == W14 + "lumMod":
            light -= 1 - amount
    if not light:
        return colour
    return lighter(colour, max(-1.0, min(1.0, light)))


def _on(said: dict[str, str]) -> bool:
    return said.get(VAL, "1") not in _OFF


def _whole(said: dict[str, str] | None) -> int | None:
    return None if said is None else whole(said.get(VAL))


def whole(text: str | None) -> int | None:
    """A whole number as the file states it; None for anything else."""
    text = (text or "").removesuffix("%")
    if len(text) > 9:
        return None
    return int(text) if text.lstrip("-").isdecimal() and text.isascii() else None


def _vertical(stated: dict[str, str] | None, moved: dict[str, str] | None) -> str | None:
    """Text above or below the line: by its own property, or moved."""
    if stated is not None:
        return stated.get(VAL)
    height = _whole(moved)
    if not height:
        return None
    return "superscript" if height > 0 else "subscript"
