"""Properties that make a whole element faint, or show it other than its text is written."""

from gongkai.converters.documents.html.look import HARDLY
from gongkai.converters.documents.html.styling import FAR, Styling
from gongkai.converters.documents.html.values import (
    EVERYWHERE,
    Tokens,
    arguments,
    faces,
    functions,
    keyword,
    length,
    number,
    words,
)

_FAINT = 0.3
"""An opacity, or a scale, below which a text may not be seen."""

_HARMLESS_FILTERS = ("grayscale", "sepia", "drop-shadow", "hue-rotate", "saturate")


def note_effects(styling: Styling, inline: bool) -> None:
    """Note what makes a whole element faint, or shows it other than it would be."""
    opacity = styling.tokens("opacity")
    if opacity is not None and keyword(opacity) not in EVERYWHERE:
        _faint(styling, number(opacity))
    for function in functions(styling.tokens("filter") or ()):
        name = function.lower_name
        if name == "opacity":
            parts = arguments(function)
            _faint(styling, number(parts[0]) if parts and parts[0] else 1.0)
        elif name not in _HARMLESS_FILTERS:
            styling.perhaps()
    if not inline:
        _transform(styling)
        if styling.word("content-visibility") == "hidden":
            styling.mark_gone()
    clip = styling.tokens("clip-path")
    if clip is not None and keyword(clip) not in EVERYWHERE | {"none"}:
        _clip_path(styling, clip)
    for name in ("mask-image", "mix-blend-mode"):
        tokens = styling.tokens(name)
        if tokens and keyword(tokens) not in EVERYWHERE | {"none", "normal"}:
            styling.perhaps()
    if styling.word("-webkit-text-security") in ("disc", "circle", "square"):
        styling.perhaps()
    zoom = styling.tokens("zoom")
    if zoom is not None and keyword(zoom) not in EVERYWHERE | {"normal"}:
        factor = number(zoom)
        if factor is None or 0 < factor < _FAINT:
            styling.perhaps()
    spacing = styling.length("letter-spacing", styling.em)
    if spacing is not None and spacing < -0.15 * styling.em:
        styling.perhaps()
    if styling.word("flex-direction").endswith("-reverse"):
        styling.displace(reorders=True)
    if not styling.around.odd_faces.isdisjoint(faces(styling.tokens("font-family") or ())):
        styling.perhaps()
    if styling.around.in_cell and not styling.around.moving.isdisjoint(
        words(styling.tokens("animation-name") or ())
    ):
        styling.perhaps()


def _faint(styling: Styling, opacity: float | None) -> None:
    if opacity is None or HARDLY < opacity < _FAINT:
        styling.perhaps()
    elif opacity <= HARDLY:
        styling.mark_gone()


def _transform(styling: Styling) -> None:
    for name in ("transform", "scale", "rotate", "translate"):
        tokens = styling.tokens(name)
        if tokens is None or keyword(tokens) in EVERYWHERE | {"none"}:
            continue
        called = functions(tokens)
        if name == "transform":
            for function in called:
                _transformed(styling, function.lower_name, arguments(function))
        else:
            parts = [(token,) for token in tokens if token.type != "whitespace"]
            _transformed(styling, name, parts)


def _transformed(styling: Styling, name: str, parts: list[Tokens]) -> None:
    if name.startswith("scale"):
        factors = [number(part) for part in parts]
        if any(factor is not None and abs(factor) < 0.05 for factor in factors[:2]):
            styling.mark_gone()
        elif any(factor is None or factor < _FAINT for factor in factors[:2]):
            styling.perhaps()
    elif name.startswith("translate"):
        shifts = [length(part, styling.em) for part in parts]
        if any(shift is not None and abs(shift) >= FAR for shift in shifts):
            styling.mark_gone()
        elif any(shift is None for shift in shifts):
            styling.perhaps()
        elif any(shifts):
            styling.displace()
    elif name.startswith("rotate"):
        if not all(
            part[0].type in ("number", "dimension") and part[0].value % 360 == 0
            for part in parts
            if part
        ):
            styling.perhaps()
    else:
        styling.perhaps()


def _clip_path(styling: Styling, tokens: Tokens) -> None:
    styling.perhaps()
    for function in functions(tokens):
        parts = arguments(function)
        sides = [t for t in (parts[0] if parts else ()) if t.type != "whitespace"]
        if function.lower_name == "inset" and any(
            side.type == "percentage" and side.value >= 50 for side in sides[:4]
        ):
            styling.mark_gone()
        radius = sides[0] if sides else None
        if function.lower_name in ("circle", "ellipse") and getattr(radius, "value", 1) == 0:
            styling.mark_gone()
