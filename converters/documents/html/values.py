"""The values in style sheets: words, lengths, colours, variables (parsed by tinycss2)."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import tinycss2
from tinycss2 import color4

Tokens = tuple[Any, ...]
"""Component values (tinycss2 nodes) without comments, and without white space at either end."""


def named(names: str) -> frozenset[str]:
    """The words of ``names``."""
    return frozenset(names.split())


MOST_TEXT = 500_000
"""Number of characters of style sheets that are read for one page; no page of a report has more."""

_MOST_NESTED = 20
PER_EM = {"em": 1.0, "ex": 0.5, "ch": 0.5, "ic": 1.0, "lh": 1.2, "cap": 0.7}
MEDIUM = 16.0
# A page is examined as on a usual screen of 1280 × 800.
PIXELS = {
    **{"px": 1.0, "pt": 96 / 72, "pc": 16.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4},
    **{"q": 96 / 101.6, "rem": MEDIUM, "vw": 12.8, "vh": 8.0, "vmin": 8.0, "vmax": 12.8},
    **{"vi": 12.8, "vb": 8.0, "dvw": 12.8, "dvh": 8.0, "svw": 12.8, "svh": 8.0},
}
SIZES = {
    **{"xx-small": 9.0, "x-small": 10.0, "small": 13.0, "medium": 16.0, "large": 18.0},
    **{"x-large": 24.0, "xx-large": 32.0, "xxx-large": 48.0},
}
RELATIVE_SIZES = {"smaller": 1 / 1.2, "larger": 1.2}
EVERYWHERE = frozenset(("inherit", "initial", "unset", "revert", "revert-layer"))
SYSTEM_COLOURS = named(
    "canvas canvastext linktext visitedtext activetext buttonface buttontext buttonborder "
    "field fieldtext highlight highlighttext selecteditem selecteditemtext mark marktext "
    "graytext accentcolor accentcolortext window windowtext menu menutext infobackground "
    "infotext -webkit-link -webkit-text"
)


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
    """The keyword that a value consists of, in lower case; empty where it is not one keyword."""
    return str(tokens[0].lower_value) if len(tokens) == 1 and tokens[0].type == "ident" else ""


def words(tokens: Tokens) -> list[str]:
    """All words directly in a value, in lower case."""
    return [str(token.lower_value) for token in tokens if token.type == "ident"]


def functions(tokens: Tokens) -> list[Any]:
    """The functions of a value."""
    return [token for token in tokens if token.type == "function"]


def faces(tokens: Tokens) -> list[str]:
    """The typefaces in a list of font families, in lower case."""
    found, name = [], ""
    for token in tokens:
        if token.type == "literal" and token.value == ",":
            found.append(name)
            name = ""
        elif token.type in ("ident", "string"):
            name = f"{name} {token.value}".strip().lower()
    return [*found, name]


def off_line(tokens: Tokens) -> bool:
    """Whether font features put digits above or below the line."""
    return any(token.type == "string" and token.value in _OFF_LINE for token in tokens)


_OFF_LINE = ("sups", "subs", "sinf", "ordn", "numr", "dnom")


def arguments(function: Any) -> list[Tokens]:
    """The arguments of a function, split at the commas."""
    parts: list[list[Any]] = [[]]
    for token in function.arguments:
        if token.type == "literal" and token.value == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return [trimmed(part) for part in parts]


# --- custom properties ----------------------------------------------------------------------------


_BLOCKS = ("() block", "[] block", "{} block")


def uses_variables(tokens: Iterable[Any], depth: int = 0) -> bool:
    """Whether a value has variables in it, which are only known for an element."""
    if depth > _MOST_NESTED:
        return True
    for token in tokens:
        if token.type == "function":
            if token.lower_name in ("var", "env"):
                return True
            if uses_variables(token.arguments, depth + 1):
                return True
        elif token.type in _BLOCKS and uses_variables(token.content, depth + 1):
            return True
    return False


_ENVIRONMENT = {
    f"safe-area-inset-{side}": tokens_of("0px") for side in ("top", "right", "bottom", "left")
}


def resolved(tokens: Tokens, custom: Mapping[str, Tokens], depth: int = 0) -> Tokens | None:
    """``tokens`` with every ``var()`` in them replaced; None where one of them has no value."""
    if not uses_variables(tokens):
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
        elif token.type == "function" and uses_variables([token]):
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

ARITHMETIC: Mapping[str, Callable[..., float]] = {
    "calc": lambda value: value,
    "min": min,
    "max": max,
    "clamp": lambda low, value, high: max(low, min(value, high)),
}


def length(tokens: Tokens, em: float, of: float | None = None) -> float | None:
    """A length in pixels; None where it is no length, or is not known.

    ``em`` is the font size in pixels, ``of`` the length of 100 per cent.
    """
    try:
        return _value(tokens, em, of, 0)
    except (ValueError, TypeError, KeyError, ZeroDivisionError, OverflowError):
        return None


def font_size(tokens: Tokens, parent: float) -> float | None:
    """The font size in pixels of an element whose parent has the font size ``parent``."""
    word = keyword(tokens)
    if word in SIZES:
        return SIZES[word]
    if word in RELATIVE_SIZES:
        return parent * RELATIVE_SIZES[word]
    return length(tokens, parent, parent)


def number(tokens: Tokens) -> float | None:
    """A number, or a percentage as a number."""
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
        return float(token.value) * (PER_EM[unit] * em if unit in PER_EM else PIXELS[unit])
    if token.type == "() block":
        return _sum(token.content, em, of, depth + 1)
    if token.type == "function" and token.lower_name in ARITHMETIC:
        parts = [_sum(part, em, of, depth + 1) for part in arguments(token)]
        return ARITHMETIC[token.lower_name](*parts)
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
    """The colour of a value (``CURRENT`` for that of the text); None where it is not known."""
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


def over(colour: Colour, background: Colour) -> Colour:
    """The colour that is seen where ``colour`` lies over the opaque ``background``."""
    alpha = colour[3]
    red, green, blue = (
        a * alpha + b * (1 - alpha) for a, b in zip(colour, background[:3], strict=False)
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
