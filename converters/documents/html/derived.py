"""The look of an element, from the look of its parent and what is declared for it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from gongkai.converters.documents.html.look import (
    GONE,
    HARDLY,
    PERHAPS_GONE,
    SAME,
    Look,
)
from gongkai.converters.documents.html.properties import (
    DECIDED_BY_WORDS,
    SYMBOL_FACES,
    Declaration,
    pick,
)
from gongkai.converters.documents.html.values import (
    BLACK,
    CURRENT,
    EVERYWHERE,
    Colour,
    Tokens,
    arguments,
    colour,
    contrast,
    faces,
    font_size,
    functions,
    keyword,
    length,
    named,
    number,
    off_line,
    over,
    resolved,
    words,
)

_FAR = 500.0
"""Pixels beside the page at which nobody sees a text any more."""

_CELL_PARTS = named("td th tr tbody thead tfoot table caption col colgroup")
_BLOCKS = named(
    "html body address article aside blockquote center dd details dialog dir div dl dt "
    "fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li "
    "main menu nav ol p pre search section summary ul optgroup option"
)
_ROW_PARTS = frozenset(("td", "th", "tr"))
_REPLACED = named("img input select textarea button meter progress svg video canvas")
_FAINT = 0.3
_CUT = 0.6
"""Part of the size of type by which text must be moved for a digit to be cut off."""

_HIDDEN_OVERFLOW = ("hidden", "clip")
_BLOCK_DISPLAYS = ("block", "flex", "grid", "list-item", "table", "flow-root", "table-row")
_HARMLESS_FILTERS = ("grayscale", "sepia", "drop-shadow", "hue-rotate", "saturate")


@dataclass
class Surroundings:
    """What the look of an element depends on beside its parent and its own declarations."""

    tag: str
    in_cell: bool
    quirks: bool
    body_color: Colour | None
    number: int
    """A number that no other element of the page has."""
    odd_faces: frozenset[str] = SYMBOL_FACES
    moving: frozenset[str] = frozenset()

    @property
    def is_block(self) -> bool:
        """Whether the element is a block of text by its tag."""
        return self.tag in _BLOCKS


class Deriver:
    """The look of one element, from its parent's and the declarations that hold for it."""

    def __init__(
        self, parent: Look, declared: Mapping[str, Declaration], around: Surroundings
    ) -> None:
        """Take what the look follows from."""
        self._parent = parent
        self._declared = declared
        self._around = around
        own = {name: each.tokens for name, each in declared.items() if name.startswith("--")}
        self._custom = {**parent.custom, **own} if own else parent.custom
        self._gone = parent.gone
        self._size = parent.size
        self._apart = False
        self._raised = False
        self._clipped = parent.clipped or self._word("overflow-x") in _HIDDEN_OVERFLOW

    def look(self) -> Look:
        """The look of the element."""
        parent, around = self._parent, self._around
        self._size = self._font_size()
        color, fill, ground = self._colours()
        display = self._word("display")
        position = self._word("position")
        floats = self._word("float") not in ("", "none")
        out_of_flow = position in ("absolute", "fixed")
        inline = not (
            floats or out_of_flow or around.tag in _BLOCKS | _CELL_PARTS | _REPLACED or display
        )
        if display in ("inline", "contents", "ruby"):
            inline = not (floats or out_of_flow)
        is_cell_part = (around.tag in _CELL_PARTS and not display) or display.startswith("table-")
        visibility = keyword(self._tokens("visibility") or ())
        visible = parent.visible
        if visibility not in EVERYWHERE - {"initial"} and visibility:
            visible = visibility not in ("hidden", "collapse")
        removed = display == "none"
        if removed:
            self._gone = GONE
        direction = self._word("direction")
        right_to_left = direction == "rtl" or (direction != "ltr" and parent.right_to_left)
        if display in ("grid", "inline-grid", "list-item") and around.in_cell:
            self._perhaps()
        if display != "contents":
            self._effects(inline)
            self._place(position, inline, floats)
        if around.tag in _ROW_PARTS:
            # A cell that is no cell any more stands below the one before it, or nowhere.
            if display and display not in ("none", "table-cell", "table-row", "contents"):
                self._perhaps()
            removed = removed or (out_of_flow and self._gone == GONE and parent.gone != GONE)
        indent = self._indent(inline)
        widest = parent.widest
        if display != "contents":
            widest = self._overflow(inline, is_cell_part)
        struck = parent.struck or self._has_line_through()
        lift = parent.lift
        if not is_cell_part:
            lift = self._lift(lift)
        turned = parent.turned or (
            right_to_left and self._word("unicode-bidi") in ("bidi-override", "isolate-override")
        )
        block = around.tag in _BLOCKS if not display else display in _BLOCK_DISPLAYS
        shadow = self._tokens("text-shadow")
        stroke = self._tokens("-webkit-text-stroke")
        blurred = parent.blurred if shadow is None else keyword(shadow) != "none"
        boxed = parent.boxed or (
            around.in_cell
            and ground != parent.ground
            and (ground is None or parent.ground is None or contrast(ground, parent.ground) > SAME)
        )
        own = (around.number,)
        return replace(
            parent,
            gone=self._gone,
            removed=removed,
            visible=visible,
            size=self._size,
            color=color,
            fill=fill,
            ground=ground,
            struck=struck,
            lift=lift,
            turned=turned,
            right_to_left=right_to_left,
            blurred=blurred or bool(stroke),
            boxed=boxed,
            clipped=self._clipped,
            indent=indent,
            fixed_table=self._word("table-layout") == "fixed" or parent.fixed_table,
            widest=widest,
            block=block,
            custom=self._custom,
            apart=parent.apart + own if self._apart else parent.apart,
            raised=parent.raised + own if self._raised else parent.raised,
        )

    # --- values ---------------------------------------------------------------------------------

    def _tokens(self, name: str) -> Tokens | None:
        """The value of a property, variables put in; None where nothing holds for it."""
        each = self._declared.get(name)
        if each is None:
            return None
        tokens = resolved(each.tokens, self._custom)
        if tokens is None:
            # Invalid at computed-value time: as if it were not there; or a sheet is missing.
            if name in ("display", "visibility", "opacity"):
                self._perhaps()
            return None
        picked = pick(each.written, name, tokens)
        if name in DECIDED_BY_WORDS and functions(picked):
            self._perhaps()
        return picked

    def _word(self, name: str) -> str:
        tokens = self._tokens(name)
        word = "" if tokens is None else keyword(tokens) or (words(tokens) or [""])[0]
        return "" if word in EVERYWHERE else word

    def _length(self, name: str, of: float | None = None) -> float | None:
        """A length; None where there is none, or it cannot be told."""
        tokens = self._tokens(name)
        return None if tokens is None else length(tokens, self._em, of)

    @property
    def _em(self) -> float:
        return self._size if self._size is not None else 16.0

    def _perhaps(self) -> None:
        self._gone = max(self._gone, PERHAPS_GONE)

    def _mark_gone(self) -> None:
        self._gone = GONE

    # --- type and colour ------------------------------------------------------------------------

    def _font_size(self) -> float | None:
        tokens = self._tokens("font-size")
        inherited = self._parent.size
        if self._around.tag == "table" and self._around.quirks:
            inherited = 16.0
        if tokens is None or keyword(tokens) in ("inherit", "unset", "revert", "revert-layer"):
            return inherited
        if keyword(tokens) == "initial":
            return 16.0
        return font_size(tokens, inherited if inherited is not None else 16.0)

    def _colours(self) -> tuple[Colour | None, Colour | str | None, Colour | None]:
        parent, around = self._parent, self._around
        color = parent.color
        if around.tag == "table" and around.quirks:
            color = around.body_color
        own = self._colour("color", color, BLACK)
        color = color if isinstance(own, str) else own
        fill = self._colour("-webkit-text-fill-color", parent.fill, CURRENT)
        ground = parent.ground
        back = self._tokens("background-color")
        if back is not None and keyword(back) not in EVERYWHERE:
            shown = colour(back)
            shown = color if shown == CURRENT else shown
            if shown is None or isinstance(shown, str):
                ground = None
            elif shown[3] >= 1:
                ground = shown
            elif shown[3] > 0:
                ground = None if ground is None else over(shown, ground)
        image = self._tokens("background-image")
        if image is not None and keyword(image) not in EVERYWHERE | {"none"}:
            ground = None
            if around.in_cell:
                # It may be a line through the text, or a sign before it.
                self._perhaps()
        if "text" in words(self._tokens("background-clip") or ()):
            ground = parent.ground
            fill = None if fill == CURRENT or isinstance(fill, tuple) else fill
        return color, fill, ground

    def _colour(
        self, name: str, inherited: Colour | str | None, initial: Colour | str
    ) -> Colour | str | None:
        tokens = self._tokens(name)
        if tokens is None:
            return inherited
        word = keyword(tokens)
        if word == "initial":
            return initial
        if word in EVERYWHERE:
            return inherited
        found = colour(tokens)
        return (inherited if name == "color" else CURRENT) if found == CURRENT else found

    def _has_line_through(self) -> bool:
        return "line-through" in words(self._tokens("text-decoration-line") or ())

    def _lift(self, lift: int) -> int:
        tokens = self._tokens("vertical-align")
        word = keyword(tokens) if tokens else ""
        if word in ("super", "sub"):
            return 1 if word == "super" else -1
        if tokens and not word:
            shift = length(tokens, self._em, self._em)
            if shift is None or abs(shift) >= 1:
                self._raised = self._around.in_cell
        position = self._word("font-variant-position")
        if position in ("super", "sub"):
            return 1 if position == "super" else -1
        if off_line(self._tokens("font-feature-settings") or ()):
            self._perhaps()
        return lift

    # --- effects --------------------------------------------------------------------------------

    def _effects(self, inline: bool) -> None:
        """What makes a whole element faint, or other than it would be."""
        opacity = self._tokens("opacity")
        if opacity is not None and keyword(opacity) not in EVERYWHERE:
            self._faint(number(opacity))
        for function in functions(self._tokens("filter") or ()):
            name = function.lower_name
            if name == "opacity":
                parts = arguments(function)
                self._faint(number(parts[0]) if parts and parts[0] else 1.0)
            elif name not in _HARMLESS_FILTERS:
                self._perhaps()
        if not inline:
            self._transform()
            if self._word("content-visibility") == "hidden":
                self._mark_gone()
        clip = self._tokens("clip-path")
        if clip is not None and keyword(clip) not in EVERYWHERE | {"none"}:
            self._clip_path(clip)
        for name in ("mask-image", "mix-blend-mode"):
            tokens = self._tokens(name)
            if tokens and keyword(tokens) not in EVERYWHERE | {"none", "normal"}:
                self._perhaps()
        if self._word("-webkit-text-security") in ("disc", "circle", "square"):
            self._perhaps()
        zoom = self._tokens("zoom")
        if zoom is not None and keyword(zoom) not in EVERYWHERE | {"normal"}:
            factor = number(zoom)
            if factor is None or 0 < factor < _FAINT:
                self._perhaps()
        spacing = self._length("letter-spacing", self._em)
        if spacing is not None and spacing < -0.15 * self._em:
            self._perhaps()
        if self._word("flex-direction").endswith("-reverse"):
            self._displace(reorders=True)
        if not self._around.odd_faces.isdisjoint(faces(self._tokens("font-family") or ())):
            self._perhaps()
        if self._around.in_cell and not self._around.moving.isdisjoint(
            words(self._tokens("animation-name") or ())
        ):
            self._perhaps()

    def _displace(self, reorders: bool = False) -> None:
        """Note that the element stands elsewhere than where it is written."""
        if self._around.tag in _ROW_PARTS or (reorders and self._around.in_cell):
            self._perhaps()
        self._apart = self._apart or self._around.in_cell

    def _faint(self, opacity: float | None) -> None:
        if opacity is None or HARDLY < opacity < _FAINT:
            self._perhaps()
        elif opacity <= HARDLY:
            self._mark_gone()

    def _transform(self) -> None:
        for name in ("transform", "scale", "rotate", "translate"):
            tokens = self._tokens(name)
            if tokens is None or keyword(tokens) in EVERYWHERE | {"none"}:
                continue
            called = functions(tokens)
            if name == "transform":
                for function in called:
                    self._transformed(function.lower_name, arguments(function))
            else:
                parts = [(token,) for token in tokens if token.type != "whitespace"]
                self._transformed(name, parts)

    def _transformed(self, name: str, parts: list[Tokens]) -> None:
        if name.startswith("scale"):
            factors = [number(part) for part in parts]
            if any(factor is not None and abs(factor) < 0.05 for factor in factors[:2]):
                self._mark_gone()
            elif any(factor is None or factor < _FAINT for factor in factors[:2]):
                self._perhaps()
        elif name.startswith("translate"):
            shifts = [length(part, self._em) for part in parts]
            if any(shift is not None and abs(shift) >= _FAR for shift in shifts):
                self._mark_gone()
            elif any(shift is None for shift in shifts):
                self._perhaps()
            elif any(shifts):
                self._displace()
        elif name.startswith("rotate"):
            if not all(
                part[0].type in ("number", "dimension") and part[0].value % 360 == 0
                for part in parts
                if part
            ):
                self._perhaps()
        else:
            self._perhaps()

    def _clip_path(self, tokens: Tokens) -> None:
        self._perhaps()
        for function in functions(tokens):
            parts = arguments(function)
            sides = [t for t in (parts[0] if parts else ()) if t.type != "whitespace"]
            if function.lower_name == "inset" and any(
                side.type == "percentage" and side.value >= 50 for side in sides[:4]
            ):
                self._mark_gone()
            radius = sides[0] if sides else None
            if function.lower_name in ("circle", "ellipse") and getattr(radius, "value", 1) == 0:
                self._mark_gone()

    # --- place ----------------------------------------------------------------------------------

    def _place(self, position: str, inline: bool, floats: bool) -> None:
        """Where the element is put, as far as that differs from where its text is written."""
        around = self._around
        placed = position in ("absolute", "fixed")
        if placed or position == "relative":
            offsets = {side: self._length(side) for side in ("left", "top", "right", "bottom")}
            if any(offset is not None and abs(offset) >= _FAR for offset in offsets.values()):
                if any(_is_off(side, offset) for side, offset in offsets.items()):
                    self._mark_gone()
                else:
                    self._perhaps()
            if self._far_by_percent():
                self._perhaps()
            cut = _CUT * self._em
            if self._parent.clipped and any(abs(each or 0.0) > cut for each in offsets.values()):
                self._perhaps()
            if placed or any(offsets[side] for side in ("left", "right")):
                self._displace()
            elif any(abs(offsets[side] or 0.0) >= 1 for side in ("top", "bottom")):
                self._raised = around.in_cell
            layer = self._tokens("z-index")
            if layer and layer[0].type == "number" and layer[0].value < 0:
                self._perhaps()
            if placed:
                clip = functions(self._tokens("clip") or ())
                if clip:
                    edges = [
                        edge
                        for part in arguments(clip[0])
                        for edge in part
                        if edge.type != "whitespace"
                    ]
                    sizes = [length((edge,), self._em) for edge in edges]
                    if all(size is not None and abs(size) <= 1 for size in sizes):
                        self._mark_gone()
                    else:
                        self._perhaps()
        if floats or self._moves_order():
            self._displace()
        for side in ("left", "top"):
            if side == "top" and inline:
                continue
            margin = self._length(f"margin-{side}", 1280.0)
            if margin is None or around.tag in ("td", "th", "tr", "tbody"):
                continue
            if margin <= -_FAR:
                self._mark_gone()
                continue
            # Programs of texts pull paragraphs into the padding of their cells: no harm.
            in_block = around.is_block and side == "left" and not inline
            least = 0.1 if not in_block else _CUT if self._clipped else _FAR
            if around.in_cell and margin < -least * self._em:
                self._perhaps()
        right = self._length("margin-right", 1280.0)
        if right is not None and right < -0.1 * self._em and around.in_cell and inline:
            self._perhaps()

    def _far_by_percent(self) -> bool:
        for side in ("left", "top", "right", "bottom"):
            tokens = self._tokens(side)
            if tokens and tokens[0].type == "percentage" and abs(tokens[0].value) >= 100:
                return True
        return False

    def _moves_order(self) -> bool:
        order = self._tokens("order")
        return bool(order) and order is not None and number(order) not in (0, None)

    def _indent(self, inline: bool) -> float | None:
        indent = self._parent.indent
        tokens = self._tokens("text-indent")
        if tokens is not None:
            if keyword(tokens) in ("initial",):
                indent = 0.0
            elif keyword(tokens) not in EVERYWHERE:
                indent = length(tuple(tokens[:1]), self._em, 1280.0)
        if inline or self._around.tag in ("tr", "tbody", "thead", "tfoot"):
            return indent
        if indent is None:
            self._perhaps()
        elif indent <= -_FAR:
            self._mark_gone()
        elif indent <= -60 or indent >= _FAR or (self._clipped and indent < -_CUT * self._em):
            self._perhaps()
        return indent

    def _overflow(self, inline: bool, is_cell_part: bool) -> float:
        """How wide the text may be before it is clipped; hides what has no room at all."""
        widest = self._parent.widest
        across = self._word("overflow-x") in _HIDDEN_OVERFLOW
        down = self._word("overflow-y") in _HIDDEN_OVERFLOW
        if inline or not (across or down) or self._around.tag in ("html", "body"):
            return widest
        if is_cell_part and not (self._around.tag in ("td", "th") and self._parent.fixed_table):
            return widest
        wide = [v for n in ("width", "max-width") if (v := self._length(n)) is not None]
        high = [v for n in ("height", "max-height") if (v := self._length(n)) is not None]
        if is_cell_part:
            return min([widest, *wide]) if across else widest
        if down and self._length("line-height", self._em) == 0:
            self._perhaps()
        if (across and wide and min(wide) <= 1) or (down and high and min(high) <= 1):
            self._mark_gone()
        elif down and high and min(high) < 0.6 * self._em:
            self._perhaps()
        return min([widest, *wide]) if across else widest


def _is_off(side: str, offset: float | None) -> bool:
    """Whether an offset puts an element off the page, beyond where one can scroll to."""
    if offset is None:
        return False
    if side in ("left", "top"):
        return offset <= -_FAR or (side == "left" and offset >= 3000)
    return offset >= 3000 if side == "right" else offset >= 100_000
