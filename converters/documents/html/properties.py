"""The properties of style sheets that decide what is seen: which are declared, and validly.

CSS syntax is parsed by tinycss2; a declaration that a browser drops as invalid is dropped here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import tinycss2
from tinycss2 import color4

from gongkai.converters.documents.html.values import (
    ARITHMETIC,
    EVERYWHERE,
    MEDIUM,
    PER_EM,
    PIXELS,
    RELATIVE_SIZES,
    SIZES,
    SYSTEM_COLOURS,
    WHITE,
    Tokens,
    colour,
    faces,
    functions,
    keyword,
    length,
    luminance,
    named,
    number,
    off_line,
    over,
    tokens_of,
    trimmed,
    uses_variables,
    words,
)

_LONGEST_STYLE = 20_000
_DISPLAYS = named(
    "none contents block inline inline-block flex inline-flex grid inline-grid flow-root "
    "list-item table inline-table table-row table-cell table-row-group table-header-group "
    "table-footer-group table-column table-column-group table-caption ruby ruby-text run-in "
    "-webkit-box -webkit-inline-box -webkit-flex math"
)
_FILTERS = named(
    "blur brightness contrast drop-shadow grayscale hue-rotate invert opacity saturate sepia url"
)
_KEYWORDS: Mapping[str, frozenset[str]] = {
    name: frozenset(words.split())
    for name, words in {
        "visibility": "visible hidden collapse",
        "position": "static relative absolute fixed sticky -webkit-sticky",
        "overflow-x": "visible hidden clip scroll auto overlay",
        "overflow-y": "visible hidden clip scroll auto overlay",
        "content-visibility": "visible auto hidden",
        "unicode-bidi": "normal embed isolate bidi-override isolate-override plaintext",
        "direction": "ltr rtl",
        "float": "none left right inline-start inline-end",
        "-webkit-text-security": "none disc circle square",
        "font-variant-position": "normal super sub",
        "table-layout": "auto fixed",
        "background-clip": "border-box padding-box content-box text border-area",
        "flex-direction": "row row-reverse column column-reverse",
    }.items()
} | {"display": _DISPLAYS}
_NUMBERS = frozenset(("opacity", "zoom", "order", "z-index"))
_LENGTHS = named(
    "font-size left right top bottom text-indent width height max-width max-height "
    "margin-left margin-right margin-top margin-bottom letter-spacing vertical-align line-height"
)
_COLOURS = frozenset(("color", "background-color", "-webkit-text-fill-color"))
DECIDED_BY_WORDS = frozenset(_KEYWORDS)
"""Properties whose values are keywords; with a function in place of one the value is unknown."""

_FREE = named(
    "background-image clip clip-path transform scale rotate translate filter mask-image "
    "mix-blend-mode content text-decoration-line text-shadow font-family animation-name "
    "-webkit-text-stroke font-feature-settings"
)
LONGHANDS = frozenset(_KEYWORDS) | _NUMBERS | _LENGTHS | _COLOURS | _FREE
_SIDES = ("top", "right", "bottom", "left")
SHORTHANDS: Mapping[str, tuple[str, ...]] = {
    "background": ("background-color", "background-image", "background-clip"),
    "font": ("font-size", "font-family"),
    "animation": ("animation-name",),
    "text-decoration": ("text-decoration-line",),
    "overflow": ("overflow-x", "overflow-y"),
    "inset": _SIDES,
    "margin": tuple(f"margin-{side}" for side in _SIDES),
    "mask": ("mask-image",),
    "font-variant": ("font-variant-position",),
    "all": tuple(sorted(LONGHANDS - {"direction", "unicode-bidi"})),
}
_OTHER_NAMES = {
    **{
        f"-webkit-{name}": name
        for name in ("transform", "filter", "clip-path", "mask", "animation", "animation-name")
    },
    "-webkit-text-stroke-width": "-webkit-text-stroke",
    **{"-webkit-mask-image": "mask-image", "-webkit-background-clip": "background-clip"},
    **{"inset-inline-start": "left", "inset-inline-end": "right", "inset-block-start": "top"},
    **{"inset-block-end": "bottom", "margin-inline-start": "margin-left"},
    **{"margin-inline-end": "margin-right", "margin-block-start": "margin-top"},
    **{"inline-size": "width", "block-size": "height", "max-inline-size": "max-width"},
    **{"max-block-size": "max-height", "-webkit-text-decoration": "text-decoration"},
    **{"-webkit-text-decoration-line": "text-decoration-line", "word-wrap": "overflow-wrap"},
}


@dataclass(frozen=True, eq=False)
class Declaration:
    """A declared property; ``tokens`` are the value of ``written``, which may be a shorthand.

    ``name`` is never a shorthand (but may be a custom property).
    """

    name: str
    written: str
    tokens: Tokens
    important: bool


def declarations(content: Iterable[Any], quirks: bool) -> tuple[Declaration, ...]:
    """The declarations of a parsed rule that matter; ``quirks``: lengths may lack their unit."""
    found = []
    for node in content:
        if node.type != "declaration":
            continue
        name = node.lower_name
        tokens = trimmed(node.value)
        if node.name.startswith("--"):
            found.append(Declaration(node.name, node.name, tokens, node.important))
            continue
        name = _OTHER_NAMES.get(name, name)
        for longhand in SHORTHANDS.get(name, (name,) if name in LONGHANDS else ()):
            if uses_variables(tokens) or _is_valid(longhand, pick(name, longhand, tokens), quirks):
                found.append(Declaration(longhand, name, tokens, node.important))
    return tuple(found)


@lru_cache(maxsize=4096)
def inline_declarations(style: str, quirks: bool) -> tuple[Declaration, ...]:
    """The declarations of a style attribute; one that is too long leaves open what is seen."""
    if len(style) > _LONGEST_STYLE:
        return (Declaration("opacity", "opacity", tokens_of("0.1"), important=True),)
    return declarations(tinycss2.parse_blocks_contents(style, skip_comments=True), quirks)


# --- validity and shorthands ----------------------------------------------------------------------


def _is_valid(name: str, tokens: Tokens, quirks: bool) -> bool:
    """Whether a browser accepts the value; values of rare properties are accepted as they are."""
    word = keyword(tokens)
    if not tokens:
        return False
    if word in EVERYWHERE:
        return True
    if name in _KEYWORDS and functions(tokens):
        return len(tokens) == 1
    if name in _KEYWORDS:
        return bool(words(tokens)) and all(each in _KEYWORDS[name] for each in words(tokens))
    if name in _NUMBERS:
        kinds = ("number", "percentage", "function") if name in ("opacity", "zoom") else ("number",)
        return len(tokens) == 1 and (tokens[0].type in kinds or word in ("auto", "normal"))
    if name in _LENGTHS:
        return _is_length(tokens, quirks)
    if name in _COLOURS:
        return (
            len(tokens) == 1
            and (color4.parse_color(tokens[0]) is not None or tokens[0].type == "function")
        ) or word in SYSTEM_COLOURS
    if name == "filter":
        return word == "none" or all(f.lower_name in _FILTERS for f in functions(tokens))
    return True


def _is_length(tokens: Tokens, quirks: bool) -> bool:
    if len(tokens) != 1:
        return False
    token = tokens[0]
    if token.type == "number":
        return quirks or token.value == 0
    if token.type == "dimension":
        return token.lower_unit in PIXELS or token.lower_unit in PER_EM
    return token.type in ("percentage", "ident", "function") and not _is_hack(token)


def _is_hack(token: Any) -> bool:
    r"""Keywords with a suffix that only one old browser understood, as in ``auto\9``."""
    return token.type == "ident" and not token.value.isprintable()


def pick(written: str, longhand: str, tokens: Tokens) -> Tokens:
    """The part of a value of ``written`` that is the value of ``longhand``."""
    if written == longhand or written == "all" or keyword(tokens) in EVERYWHERE:
        return tokens
    parts = [token for token in tokens if token.type != "whitespace"]
    if written == "background":
        return _background(longhand, parts)
    if written == "font":
        if longhand == "font-family":
            at = next((i for i, part in enumerate(parts) if _is_size(part)), len(parts))
            return tuple(parts[at + 1 :])
        return next(((part,) for part in parts if _is_size(part)), tokens_of("medium"))
    if written == "overflow":
        return (parts[-1] if longhand == "overflow-y" else parts[0],) if parts else ()
    if written in ("inset", "margin"):
        if not 0 < len(parts) <= len(_SIDES):
            return ()
        side = _SIDES.index(longhand.rpartition("-")[2])
        return (parts[side if side < len(parts) else (side - 2 if side - 2 < len(parts) else 0)],)
    if written == "font-variant":
        found = {"super", "sub"}.intersection(words(tokens))
        return tokens_of(found.pop() if found else "normal")
    return tokens


def _background(longhand: str, parts: list[Any]) -> Tokens:
    if longhand == "background-clip":
        return tokens_of("text" if "text" in words(tuple(parts)) else "border-box")
    if longhand == "background-image":
        shown = [part for part in parts if _is_image(part)]
        return tuple(shown) or tokens_of("none")
    colours = [part for part in parts if color4.parse_color(part) is not None]
    system = [part for part in parts if part.type == "ident" and part.lower_value in SYSTEM_COLOURS]
    return tuple((colours or system)[-1:]) or tokens_of("transparent")


def _is_image(token: Any) -> bool:
    return token.type == "url" or (
        token.type == "function"
        and (
            "gradient" in token.lower_name
            or "image" in token.lower_name
            or token.lower_name == "url"
        )
    )


def _is_size(token: Any) -> bool:
    return (
        token.type in ("dimension", "percentage")
        or (token.type == "number" and token.value == 0)
        or (token.type == "ident" and token.lower_value in {**SIZES, **RELATIVE_SIZES})
        or (token.type == "function" and token.lower_name in ARITHMETIC)
    )


# --- what can make a difference -------------------------------------------------------------------

_HARMLESS: Mapping[str, frozenset[str]] = {
    "display": _DISPLAYS - {"none", "block", "list-item", "flex", "grid", "inline-grid"},
    "visibility": frozenset(("visible",)),
    "position": frozenset(("static", "sticky", "-webkit-sticky")),
    "overflow-x": frozenset(("visible", "auto", "scroll", "overlay")),
    "overflow-y": frozenset(("visible", "auto", "scroll", "overlay")),
    "content-visibility": frozenset(("visible", "auto")),
    "unicode-bidi": frozenset(("normal", "embed", "isolate", "plaintext")),
    "direction": frozenset(("ltr",)),
    "float": frozenset(("none",)),
    "-webkit-text-security": frozenset(("none",)),
    "font-variant-position": frozenset(("normal",)),
    "table-layout": _KEYWORDS["table-layout"],
    "background-clip": _KEYWORDS["background-clip"] - {"text"},
    "flex-direction": frozenset(("row", "column")),
    "mix-blend-mode": frozenset(("normal",)),
    "content": frozenset(("none", "normal")),
}
_NONE = frozenset(("none", "auto", "normal"))
_NEVER_ALONE = named(
    "width height max-width max-height left right top bottom text-shadow z-index line-height "
    "animation-name -webkit-text-stroke"
)
SYMBOL_FACES = frozenset(
    ("wingdings", "wingdings 2", "wingdings 3", "webdings", "marlett", "zapf dingbats")
)
"""Typefaces whose symbols differ from the characters that the text is written in."""

_SMALL, _SMALL_TYPE = 0.75, 11.0


def matters(declaration: Declaration) -> bool:
    """Whether a declaration alone can change what is seen of dark text on a light background."""
    name, tokens = declaration.name, declaration.tokens
    if name.startswith("--") or name in _NEVER_ALONE:
        return False
    if declaration.written == "all" or uses_variables(tokens):
        return True
    tokens = pick(declaration.written, name, tokens)
    word = keyword(tokens)
    if word in EVERYWHERE:
        return True
    if name in _HARMLESS:
        return word not in _HARMLESS[name]
    if name in _COLOURS:
        return _is_odd_colour(name, tokens)
    if name == "background-image":
        return word not in _NONE
    if name == "font-feature-settings":
        return off_line(tokens)
    if name == "font-family":
        return not SYMBOL_FACES.isdisjoint(faces(tokens))
    if name == "font-size":
        relative = length(tokens, 1.0, 1.0)
        kind = tokens[0].type if tokens else ""
        by_em = kind == "percentage" or (kind == "dimension" and tokens[0].lower_unit in PER_EM)
        if word in {**SIZES, **RELATIVE_SIZES}:
            return word in ("xx-small", "x-small", "smaller")
        return relative is None or relative < (_SMALL if by_em else _SMALL_TYPE)
    if name == "text-decoration-line":
        return "line-through" in words(tokens)
    if name == "vertical-align":
        return word not in ("baseline", "middle", "top", "bottom", "text-top", "text-bottom")
    if name == "text-indent":
        value = length(tokens, MEDIUM, 1280.0)
        return value is None or not -50 < value < 500
    if name.startswith("margin-") or name == "letter-spacing":
        value = length(tokens, MEDIUM, 1280.0)
        return word not in _NONE and (value is None or value < 0)
    if name in ("opacity", "zoom"):
        value = number(tokens)
        return value is None or value < 1
    if name == "order":
        return number(tokens) != 0
    return word not in _NONE


def _is_odd_colour(name: str, tokens: Tokens) -> bool:
    found = colour(tokens)
    if found is None:
        return True
    if isinstance(found, str):
        return name == "background-color"
    if name == "background-color":
        return found[3] > 0 and luminance(over(found, WHITE)) < 0.5
    return luminance(over(found, WHITE)) > 0.25
