"""The type of an element: its size, its colours, and its position relative to the line."""

from gongkai.converters.documents.html.styling import Styling
from gongkai.converters.documents.html.values import (
    BLACK,
    CURRENT,
    EVERYWHERE,
    Colour,
    colour,
    font_size,
    keyword,
    length,
    off_line,
    over,
    words,
)


def font_size_of(styling: Styling) -> float | None:
    """The font size in pixels; None where it is not known."""
    tokens = styling.tokens("font-size")
    inherited = styling.parent.size
    if styling.around.tag == "table" and styling.around.quirks:
        inherited = 16.0
    if tokens is None or keyword(tokens) in ("inherit", "unset", "revert", "revert-layer"):
        return inherited
    if keyword(tokens) == "initial":
        return 16.0
    return font_size(tokens, inherited if inherited is not None else 16.0)


def colours_of(styling: Styling) -> tuple[Colour | None, Colour | str | None, Colour | None]:
    """The colour of the element, that of its type, and that of its background (see ``Look``)."""
    parent, around = styling.parent, styling.around
    color = parent.color
    if around.tag == "table" and around.quirks:
        color = around.body_color
    own = _colour(styling, "color", color, BLACK)
    color = color if isinstance(own, str) else own
    fill = _colour(styling, "-webkit-text-fill-color", parent.fill, CURRENT)
    background = parent.background
    back = styling.tokens("background-color")
    if back is not None and keyword(back) not in EVERYWHERE:
        shown = colour(back)
        shown = color if shown == CURRENT else shown
        if shown is None or isinstance(shown, str):
            background = None
        elif shown[3] >= 1:
            background = shown
        elif shown[3] > 0:
            background = None if background is None else over(shown, background)
    image = styling.tokens("background-image")
    if image is not None and keyword(image) not in EVERYWHERE | {"none"}:
        background = None
        if around.in_cell:
            # It may be a line through the text, or a sign before it.
            styling.perhaps()
    if "text" in words(styling.tokens("background-clip") or ()):
        background = parent.background
        fill = None if fill == CURRENT or isinstance(fill, tuple) else fill
    return color, fill, background


def _colour(
    styling: Styling, name: str, inherited: Colour | str | None, initial: Colour | str
) -> Colour | str | None:
    tokens = styling.tokens(name)
    if tokens is None:
        return inherited
    word = keyword(tokens)
    if word == "initial":
        return initial
    if word in EVERYWHERE:
        return inherited
    found = colour(tokens)
    return (inherited if name == "color" else CURRENT) if found == CURRENT else found


def has_line_through(styling: Styling) -> bool:
    """Whether the text of the element is struck out."""
    return "line-through" in words(styling.tokens("text-decoration-line") or ())


def lift_of(styling: Styling) -> int:
    """Whether the text stands above its line (1), on it (0) or below it (-1)."""
    tokens = styling.tokens("vertical-align")
    word = keyword(tokens) if tokens else ""
    if word in ("super", "sub"):
        return 1 if word == "super" else -1
    if tokens and not word:
        shift = length(tokens, styling.em, styling.em)
        if shift is None or abs(shift) >= 1:
            styling.raised = styling.around.in_cell
    position = styling.word("font-variant-position")
    if position in ("super", "sub"):
        return 1 if position == "super" else -1
    if off_line(styling.tokens("font-feature-settings") or ()):
        styling.perhaps()
    return styling.parent.lift
