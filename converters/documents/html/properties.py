"""The properties of style sheets that decide what is seen, and what their values mean.

CSS Syntax is parsed by tinycss2; a declaration that a browser would drop as wrong is dropped here.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import tinycss2
from tinycss2 import color4

Tokens = tuple[Any, ...]
"""Component values (tinycss2 nodes) without white space at either end, and without comments."""


def named(names: str) -> frozenset[str]:
    """The words of ``names``."""
    return frozenset(names.split())


MOST_TEXT = 500_000
"""Characters of style sheets that are read in one page; no page of a report has more."""

_LONGEST_STYLE = 20_000
_MOST_NESTED = 20
_PER_EM = {"em": 1.0, "ex": 0.5, "ch": 0.5, "ic": 1.0, "lh": 1.2, "cap": 0.7}
_MEDIUM = 16.0
# What is looked at is a page on a usual screen of 1280 × 800.
_PIXELS = {
    **{"px": 1.0, "pt": 96 / 72, "pc": 16.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4},
    **{"q": 96 / 101.6, "rem": _MEDIUM, "vw": 12.8, "vh": 8.0, "vmin": 8.0, "vmax": 12.8},
    **{"vi": 12.8, "vb": 8.0, "dvw": 12.8, "dvh": 8.0, "svw": 12.8, "svh": 8.0},
}
_SIZES = {
    **{"xx-small": 9.0, "x-small": 10.0, "small": 13.0, "medium": 16.0, "large": 18.0},
    **{"x-large": 24.0, "xx-large": 32.0, "xxx-large": 48.0},
}
_RELATIVE_SIZES = {"smaller": 1 / 1.2, "larger": 1.2}
EVERYWHERE = frozenset(("inherit", "initial", "unset", "revert", "revert-layer"))
_SYSTEM_COLOURS = named(
    "canvas canvastext linktext visitedtext activetext buttonface buttontext buttonborder "
    "field fieldtext highlight highlighttext selecteditem selecteditemtext mark marktext "
    "graytext accentcolor accentcolortext window windowtext menu menutext infobackground "
    "infotext -webkit-link -webkit-text"
)
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
"""Properties whose values are words; a function in their place leaves open which."""

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
    """A property that is declared: ``tokens`` are those of ``written``, which may be a shorthand.

    ``name`` is never one (but may be a custom property).
    """

    name: str
    written: str
    tokens: Tokens
    important: bool


def declarations(content: Iterable[Any], quirks: bool) -> tuple[Declaration, ...]:
    """Those of a rule's content (parsed) that matter; ``quirks``: lengths may lack their unit."""
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
            if _uses_variables(tokens) or _is_valid(longhand, pick(name, longhand, tokens), quirks):
                found.append(Declaration(longhand, name, tokens, node.important))
    return tuple(found)


@lru_cache(maxsize=4096)
def inline_declarations(style: str, quirks: bool) -> tuple[Declaration, ...]:
    """The declarations of a style attribute; one that is too long leaves it open what is seen."""
    if len(style) > _LONGEST_STYLE:
        return (Declaration("opacity", "opacity", tokens_of("0.1"), important=True),)
    return declarations(tinycss2.parse_blocks_contents(style, skip_comments=True), quirks)


@lru_cache(maxsize=1024)
def tokens_of(value: str) -> Tokens:
    """The component values of ``value``."""
    return trimmed(tinycss2.parse_component_value_list(value, skip_comments=True))


def trimmed(tokens: Iterable[Any]) -> Tokens:
    """``tokens`` without comments, and without white space at either end."""
    kept = [token for token in tokens if token.type != "comment"]
    while kept and kept[-1].type == "whitespace":
        kept.pop()
    start = next((i for i, token in enumerate(kept) if token.type != "whitespace"), len(kept))
    return tuple(kept[start:])


def keyword(tokens: Tokens) -> str:
    """The one word that a value is, in lower case; empty where it is none."""
    return str(tokens[0].lower_value) if len(tokens) == 1 and tokens[0].type == "ident" else ""


def words(tokens: Tokens) -> list[str]:
    """All words that stand in a value itself, in lower case."""
    return [str(token.lower_value) for token in tokens if token.type == "ident"]


def functions(tokens: Tokens) -> list[Any]:
    """The functions of a value."""
    return [token for token in tokens if token.type == "function"]


def faces(tokens: Tokens) -> list[str]:
    """The families that a list of them names, in lower case."""
    found, name = [], ""
    for token in tokens:
        if token.type == "literal" and token.value == ",":
            found.append(name)
            name = ""
        elif token.type in ("ident", "string"):
            name = f"{name} {token.value}".strip().lower()
    return [*found, name]


def off_line(tokens: Tokens) -> bool:
    """Whether features of a face put digits above or below the line."""
    return any(token.type == "string" and token.value in _OFF_LINE for token in tokens)


_OFF_LINE = ("sups", "subs", "sinf", "ordn", "numr", "dnom")


def arguments(function: Any) -> list[Tokens]:
    """What stands between the commas of a function."""
    parts: list[list[Any]] = [[]]
    for token in function.arguments:
        if token.type == "literal" and token.value == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return [trimmed(part) for part in parts]


# --- validity and shorthands ----------------------------------------------------------------------


def _is_valid(name: str, tokens: Tokens, quirks: bool) -> bool:
    """Whether a browser takes the value; those of rare properties are taken as they are."""
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
        ) or word in _SYSTEM_COLOURS
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
        return token.lower_unit in _PIXELS or token.lower_unit in _PER_EM
    return token.type in ("percentage", "ident", "function") and not _is_hack(token)


def _is_hack(token: Any) -> bool:
    r"""Words with something behind them that one old browser alone understood, as in ``auto\9``."""
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
    system = [
        part for part in parts if part.type == "ident" and part.lower_value in _SYSTEM_COLOURS
    ]
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
        or (token.type == "ident" and token.lower_value in {**_SIZES, **_RELATIVE_SIZES})
        or (token.type == "function" and token.lower_name in _ARITHMETIC)
    )


# --- custom properties ----------------------------------------------------------------------------


_BLOCKS = ("() block", "[] block", "{} block")


def _uses_variables(tokens: Iterable[Any], depth: int = 0) -> bool:
    if depth > _MOST_NESTED:
        return True
    for token in tokens:
        if token.type == "function":
            if token.lower_name in ("var", "env"):
                return True
            if _uses_variables(token.arguments, depth + 1):
                return True
        elif token.type in _BLOCKS and _uses_variables(token.content, depth + 1):
            return True
    return False


_ENVIRONMENT = {f"safe-area-inset-{side}": tokens_of("0px") for side in _SIDES}


def resolved(tokens: Tokens, custom: Mapping[str, Tokens], depth: int = 0) -> Tokens | None:
    """``tokens`` with every ``var()`` in them replaced; None where one of them has no value."""
    if not _uses_variables(tokens):
        return tokens
    if depth > _MOST_NESTED:
        return None
    made: list[Any] = []
    for token in tokens:
        if token.type == "function" and token.lower_name in ("var", "env"):
            name, *fallback = _with_fallback(token)
            known = custom if token.lower_name == "var" else _ENVIRONMENT
            value = known.get(name, fallback[0] if fallback else None)
            inner = None if value is None else resolved(value, custom, depth + 1)
            if inner is None or len(made) + len(inner) > MOST_TEXT // 1000:
                return None
            made.extend(inner)
        elif token.type == "function" and _uses_variables([token]):
            inner = resolved(tuple(token.arguments), custom, depth + 1)
            if inner is None:
                return None
            text = tinycss2.serialize(inner)
            made.extend(tokens_of(f"{token.lower_name}({text})"))
        else:
            made.append(token)
    return trimmed(made)


def _with_fallback(function: Any) -> Iterator[Any]:
    first, *rest = arguments(function)
    yield str(first[0].value) if len(first) == 1 and first[0].type == "ident" else ""
    if rest:
        comma = next(
            i for i, t in enumerate(function.arguments) if t.type == "literal" and t.value == ","
        )
        yield trimmed(function.arguments[comma + 1 :])


# --- lengths --------------------------------------------------------------------------------------

_ARITHMETIC: Mapping[str, Callable[..., float]] = {
    "calc": lambda value: value,
    "min": min,
    "max": max,
    "clamp": lambda low, value, high: max(low, min(value, high)),
}


def length(tokens: Tokens, em: float, of: float | None = None) -> float | None:
    """A length in pixels; None where it is no such thing, or cannot be told.

    ``em`` is the size of the type in pixels, ``of`` what a percentage is one of.
    """
    try:
        return _value(tokens, em, of, 0)
    except (ValueError, TypeError, KeyError, ZeroDivisionError, OverflowError):
        return None


def font_size(tokens: Tokens, parent: float) -> float | None:
    """A size of type in pixels, in an element whose parent has the size ``parent``."""
    word = keyword(tokens)
    if word in _SIZES:
        return _SIZES[word]
    if word in _RELATIVE_SIZES:
        return parent * _RELATIVE_SIZES[word]
    return length(tokens, parent, parent)


def number(tokens: Tokens) -> float | None:
    """A number, or a percentage as one."""
    return length(tokens, 1.0, 1.0)


def _value(tokens: Sequence[Any], em: float, of: float | None, depth: int) -> float:
    if depth > _MOST_NESTED:
        raise ValueError("nested too deep")
    token, *more = tokens or (None,)
    if token is None or more:
        raise ValueError("not one value")
    if token.type == "number":
        return float(token.value)
    if token.type == "percentage" and of is not None:
        return float(token.value) / 100 * of
    if token.type == "dimension":
        unit = token.lower_unit
        return float(token.value) * (_PER_EM[unit] * em if unit in _PER_EM else _PIXELS[unit])
    if token.type == "() block":
        return _sum(token.content, em, of, depth + 1)
    if token.type == "function" and token.lower_name in _ARITHMETIC:
        parts = [_sum(part, em, of, depth + 1) for part in arguments(token)]
        return _ARITHMETIC[token.lower_name](*parts)
    raise ValueError("no length")


def _sum(tokens: Iterable[Any], em: float, of: float | None, depth: int) -> float:
    """The value of a sum of products, as in ``calc()``."""
    total, sign, product, by = 0.0, 1.0, 1.0, "*"
    for token in tokens:
        if token.type == "whitespace":
            continue
        if token.type == "literal" and token.value in "+-":
            total += sign * product
            sign, product, by = (1.0 if token.value == "+" else -1.0), 1.0, "*"
        elif token.type == "literal" and token.value in "*/":
            by = token.value
        else:
            value = _value((token,), em, of, depth)
            product = product * value if by == "*" else product / value
    return total + sign * product


# --- colours --------------------------------------------------------------------------------------

Colour = tuple[float, float, float, float]
"""Red, green, blue and opacity, each from 0 to 1."""

WHITE: Colour = (1.0, 1.0, 1.0, 1.0)
BLACK: Colour = (0.0, 0.0, 0.0, 1.0)
CURRENT = "currentcolor"
_SYSTEM = {"canvas": WHITE, "field": WHITE, "window": WHITE, "canvastext": BLACK}
_SYSTEM |= {"windowtext": BLACK, "fieldtext": BLACK, "linktext": (0.0, 0.0, 0.93, 1.0)}
_SYSTEM |= {"-webkit-link": (0.0, 0.0, 0.93, 1.0), "-webkit-text": BLACK}


def colour(tokens: Tokens) -> Colour | str | None:
    """The colour that a value is (``CURRENT`` for that of the text); None where it is not told."""
    if len(tokens) != 1:
        return None
    word = keyword(tokens)
    if word in _SYSTEM:
        return _SYSTEM[word]
    parsed = color4.parse_color(tokens[0])
    if parsed is None or parsed == CURRENT:
        return CURRENT if parsed == CURRENT else None
    try:
        red, green, blue = (0.0 if c is None else float(c) for c in parsed.to("srgb").coordinates)
    except (NotImplementedError, ValueError, TypeError):
        return None
    return red, green, blue, float(parsed.alpha)


def over(colour: Colour, ground: Colour) -> Colour:
    """What is seen where ``colour`` lies over the opaque ``ground``."""
    alpha = colour[3]
    red, green, blue = (
        a * alpha + b * (1 - alpha) for a, b in zip(colour, ground[:3], strict=False)
    )
    return red, green, blue, 1.0


def contrast(one: Colour, other: Colour) -> float:
    """The contrast of two opaque colours, from 1 to 21 (WCAG 2.2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: Colour) -> float:
    """The relative luminance of a colour, from 0 to 1 (WCAG 2.2)."""
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour[:3]]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


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
"""Faces whose signs are not those that the text is written in."""

_SMALL, _SMALL_TYPE = 0.75, 11.0


def matters(declaration: Declaration) -> bool:
    """Whether a declaration can by itself change what is seen of a text in dark type on light."""
    name, tokens = declaration.name, declaration.tokens
    if name.startswith("--") or name in _NEVER_ALONE:
        return False
    if declaration.written == "all" or _uses_variables(tokens):
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
        by_em = kind == "percentage" or (kind == "dimension" and tokens[0].lower_unit in _PER_EM)
        if word in {**_SIZES, **_RELATIVE_SIZES}:
            return word in ("xx-small", "x-small", "smaller")
        return relative is None or relative < (_SMALL if by_em else _SMALL_TYPE)
    if name == "text-decoration-line":
        return "line-through" in words(tokens)
    if name == "vertical-align":
        return word not in ("baseline", "middle", "top", "bottom", "text-top", "text-bottom")
    if name == "text-indent":
        value = length(tokens, _MEDIUM, 1280.0)
        return value is None or not -50 < value < 500
    if name.startswith("margin-") or name == "letter-spacing":
        value = length(tokens, _MEDIUM, 1280.0)
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
