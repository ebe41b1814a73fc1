"""The look of an element, derived from the look of its parent and its own declarations."""

from collections.abc import Mapping
from dataclasses import replace

from gongkai.converters.documents.html.effects import note_effects
from gongkai.converters.documents.html.lettering import (
    colours_of,
    font_size_of,
    has_line_through,
    lift_of,
)
from gongkai.converters.documents.html.look import GONE, SAME, Look
from gongkai.converters.documents.html.placing import indent_of, note_place, room_of
from gongkai.converters.documents.html.properties import Declaration
from gongkai.converters.documents.html.styling import ROW_PARTS, StyleContext, Styling
from gongkai.converters.documents.html.values import EVERYWHERE, contrast, keyword, named

_CELL_PARTS = named("td th tr tbody thead tfoot table caption col colgroup")
_REPLACED = named("img input select textarea button meter progress svg video canvas")
_BLOCK_DISPLAYS = ("block", "flex", "grid", "list-item", "table", "flow-root", "table-row")


def derived_look(parent: Look, declared: Mapping[str, Declaration], around: StyleContext) -> Look:
    """The look of an element whose parent looks like ``parent``, with its own declarations."""
    styling = Styling(parent, declared, around)
    styling.size = font_size_of(styling)
    color, fill, background = colours_of(styling)
    display = styling.word("display")
    position = styling.word("position")
    floats = styling.word("float") not in ("", "none")
    out_of_flow = position in ("absolute", "fixed")
    inline = not (
        floats or out_of_flow or around.is_block or around.tag in _CELL_PARTS | _REPLACED or display
    )
    if display in ("inline", "contents", "ruby"):
        inline = not (floats or out_of_flow)
    is_cell_part = (around.tag in _CELL_PARTS and not display) or display.startswith("table-")
    visibility = keyword(styling.tokens("visibility") or ())
    visible = parent.visible
    if visibility not in EVERYWHERE - {"initial"} and visibility:
        visible = visibility not in ("hidden", "collapse")
    removed = display == "none"
    if removed:
        styling.gone = GONE
    direction = styling.word("direction")
    right_to_left = direction == "rtl" or (direction != "ltr" and parent.right_to_left)
    if display in ("grid", "inline-grid", "list-item") and around.in_cell:
        styling.perhaps()
    if display != "contents":
        note_effects(styling, inline)
        note_place(styling, position, inline, floats)
    if around.tag in ROW_PARTS:
        # A cell that is no longer displayed as a cell stands below the one before it, or nowhere.
        if display and display not in ("none", "table-cell", "table-row", "contents"):
            styling.perhaps()
        removed = removed or (out_of_flow and styling.gone == GONE and parent.gone != GONE)
    indent = indent_of(styling, inline)
    widest = parent.widest
    if display != "contents":
        widest = room_of(styling, inline, is_cell_part)
    struck = parent.struck or has_line_through(styling)
    lift = parent.lift if is_cell_part else lift_of(styling)
    turned = parent.turned or (
        right_to_left and styling.word("unicode-bidi") in ("bidi-override", "isolate-override")
    )
    block = around.is_block if not display else display in _BLOCK_DISPLAYS
    shadow = styling.tokens("text-shadow")
    stroke = styling.tokens("-webkit-text-stroke")
    blurred = parent.blurred if shadow is None else keyword(shadow) != "none"
    boxed = parent.boxed or (
        around.in_cell
        and background != parent.background
        and (
            background is None
            or parent.background is None
            or contrast(background, parent.background) > SAME
        )
    )
    own = (around.number,)
    return replace(
        parent,
        gone=styling.gone,
        removed=removed,
        visible=visible,
        size=styling.size,
        color=color,
        fill=fill,
        background=background,
        struck=struck,
        lift=lift,
        turned=turned,
        right_to_left=right_to_left,
        blurred=blurred or bool(stroke),
        boxed=boxed,
        clipped=styling.clipped,
        indent=indent,
        fixed_table=styling.word("table-layout") == "fixed" or parent.fixed_table,
        widest=widest,
        block=block,
        custom=styling.custom,
        apart=parent.apart + own if styling.apart else parent.apart,
        raised=parent.raised + own if styling.raised else parent.raised,
    )
