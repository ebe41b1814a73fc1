"""Where an element puts its text, and how much room it has."""

from gongkai.converters.documents.html.styling import FAR, HIDDEN_OVERFLOW, Styling
from gongkai.converters.documents.html.values import (
    EVERYWHERE,
    arguments,
    functions,
    keyword,
    length,
    number,
)

_CUT = 0.6
"""The part of the font size by which text must be moved for a digit to be cut off."""


def note_place(styling: Styling, position: str, inline: bool, floats: bool) -> None:
    """Note where the element is placed, if that is not where its text is written."""
    around = styling.around
    placed = position in ("absolute", "fixed")
    if placed or position == "relative":
        offsets = {side: styling.length(side) for side in ("left", "top", "right", "bottom")}
        if any(offset is not None and abs(offset) >= FAR for offset in offsets.values()):
            if any(_is_off(side, offset) for side, offset in offsets.items()):
                styling.mark_gone()
            else:
                styling.perhaps()
        if _far_by_percent(styling):
            styling.perhaps()
        cut = _CUT * styling.em
        if styling.parent.clipped and any(abs(each or 0.0) > cut for each in offsets.values()):
            styling.perhaps()
        if placed or any(offsets[side] for side in ("left", "right")):
            styling.displace()
        elif any(abs(offsets[side] or 0.0) >= 1 for side in ("top", "bottom")):
            styling.raised = around.in_cell
        layer = styling.tokens("z-index")
        if layer and layer[0].type == "number" and layer[0].value < 0:
            styling.perhaps()
        if placed:
            clip = functions(styling.tokens("clip") or ())
            if clip:
                edges = [
                    edge
                    for part in arguments(clip[0])
                    for edge in part
                    if edge.type != "whitespace"
                ]
                sizes = [length((edge,), styling.em) for edge in edges]
                if all(size is not None and abs(size) <= 1 for size in sizes):
                    styling.mark_gone()
                else:
                    styling.perhaps()
    if floats or _moves_order(styling):
        styling.displace()
    for side in ("left", "top"):
        if side == "top" and inline:
            continue
        margin = styling.length(f"margin-{side}", 1280.0)
        if margin is None or around.tag in ("td", "th", "tr", "tbody"):
            continue
        if margin <= -FAR:
            styling.mark_gone()
            continue
        # Word processors pull paragraphs into the padding of their cells: no harm.
        in_block = around.is_block and side == "left" and not inline
        least = 0.1 if not in_block else _CUT if styling.clipped else FAR
        if around.in_cell and margin < -least * styling.em:
            styling.perhaps()
    right = styling.length("margin-right", 1280.0)
    if right is not None and right < -0.1 * styling.em and around.in_cell and inline:
        styling.perhaps()


def _far_by_percent(styling: Styling) -> bool:
    for side in ("left", "top", "right", "bottom"):
        tokens = styling.tokens(side)
        if tokens and tokens[0].type == "percentage" and abs(tokens[0].value) >= 100:
            return True
    return False


def _moves_order(styling: Styling) -> bool:
    order = styling.tokens("order")
    return bool(order) and order is not None and number(order) not in (0, None)


def indent_of(styling: Styling, inline: bool) -> float | None:
    """The indent of the first line of a block in pixels; None where it is not known."""
    indent = styling.parent.indent
    tokens = styling.tokens("text-indent")
    if tokens is not None:
        if keyword(tokens) in ("initial",):
            indent = 0.0
        elif keyword(tokens) not in EVERYWHERE:
            indent = length(tuple(tokens[:1]), styling.em, 1280.0)
    if inline or styling.around.tag in ("tr", "tbody", "thead", "tfoot"):
        return indent
    if indent is None:
        styling.perhaps()
    elif indent <= -FAR:
        styling.mark_gone()
    elif indent <= -60 or indent >= FAR or (styling.clipped and indent < -_CUT * styling.em):
        styling.perhaps()
    return indent


def room_of(styling: Styling, inline: bool, is_cell_part: bool) -> float:
    """How wide the text may be before it is clipped; text without any room is marked as hidden."""
    widest = styling.parent.widest
    across = styling.word("overflow-x") in HIDDEN_OVERFLOW
    down = styling.word("overflow-y") in HIDDEN_OVERFLOW
    if inline or not (across or down) or styling.around.tag in ("html", "body"):
        return widest
    if is_cell_part and not (styling.around.tag in ("td", "th") and styling.parent.fixed_table):
        return widest
    wide = [v for n in ("width", "max-width") if (v := styling.length(n)) is not None]
    high = [v for n in ("height", "max-height") if (v := styling.length(n)) is not None]
    if is_cell_part:
        return min([widest, *wide]) if across else widest
    if down and styling.length("line-height", styling.em) == 0:
        styling.perhaps()
    if (across and wide and min(wide) <= 1) or (down and high and min(high) <= 1):
        styling.mark_gone()
    elif down and high and min(high) < 0.6 * styling.em:
        styling.perhaps()
    return min([widest, *wide]) if across else widest


def _is_off(side: str, offset: float | None) -> bool:
    """Whether an offset moves an element off the page, farther than one can scroll."""
    if offset is None:
        return False
    if side in ("left", "top"):
        return offset <= -FAR or (side == "left" and offset >= 3000)
    return offset >= 3000 if side == "right" else offset >= 100_000
