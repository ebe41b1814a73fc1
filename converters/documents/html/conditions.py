"""The conditions of style rules: media, and what a browser supports.

A page is examined in several views: on a screen, in print, and as if every condition held that
cannot be decided. What differs between them is not certain to be seen.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import tinycss2

from gongkai.converters.documents.html.properties import (
    LONGHANDS,
    declarations,
)
from gongkai.converters.documents.html.values import (
    length,
    trimmed,
)

SCREEN, PRINT, PERHAPS = 1, 2, 4
"""Views of a page, as bits: the third is a screen on which all undecided conditions hold."""

EVERY_VIEW = SCREEN | PRINT | PERHAPS

MOST_NESTED = 8
_WIDTH, _HEIGHT = 1280.0, 800.0


def split_at_commas(tokens: Iterable[Any]) -> list[list[Any]]:
    """``tokens`` split at their commas."""
    parts: list[list[Any]] = [[]]
    for token in tokens:
        if token.type == "literal" and token.value == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


_USUAL = {"prefers-color-scheme": "light", "prefers-contrast": "no-preference"}
_USUAL |= {"prefers-reduced-motion": "no-preference", "forced-colors": "none"}
_USUAL |= {"hover": "hover", "pointer": "fine", "any-hover": "hover"}
_USUAL |= {"any-pointer": "fine", "scripting": "enabled", "inverted-colors": "none"}
_SIZES = {"width": _WIDTH, "height": _HEIGHT, "device-width": _WIDTH, "device-height": _HEIGHT}


def views_where(holds: bool | None) -> int:
    """The views in which a condition of this value holds; None: the value is not decided."""
    return PERHAPS if holds is None else EVERY_VIEW if holds else 0


def views_of_media(media: str) -> int:
    """The views in which a list of media queries holds."""
    tokens = trimmed(tinycss2.parse_component_value_list(media, skip_comments=True))
    if not tokens:
        return EVERY_VIEW
    views = 0
    for part in split_at_commas(tokens):
        views |= _query(trimmed(part))
    return views


def _query(tokens: tuple[Any, ...]) -> int:
    """The views in which one media query holds."""
    negated, views = False, EVERY_VIEW
    words: list[str] = []
    rest: list[Any] = []
    for token in tokens:
        if token.type == "ident" and not rest:
            words.append(token.lower_value)
        elif token.type != "whitespace" or rest:
            rest.append(token)
    if "not" in words and len(words) == 1 and rest:
        return views_where(_condition(tokens, _feature))
    if "or" in words or (rest and "or" in [getattr(t, "lower_value", "") for t in rest]):
        return views_where(_condition(tokens, _feature))
    for word in words:
        if word == "not":
            negated = True
        elif word in ("screen", "print"):
            views = SCREEN | PERHAPS if word == "screen" else PRINT
        elif word not in ("all", "only", "and"):
            views = 0
    if rest:
        views &= views_where(_condition(tuple(rest), _feature))
    return EVERY_VIEW & ~views if negated else views


def _condition(
    tokens: Sequence[Any], test: Callable[[Any], bool | None], depth: int = 0
) -> bool | None:
    """Whether a condition of ``and``, ``or``, ``not`` and brackets holds; None: not decided."""
    if depth > MOST_NESTED:
        return None
    joined, negated, results = "and", False, []
    for token in tokens:
        if token.type == "whitespace":
            continue
        word = token.lower_value if token.type == "ident" else ""
        if word in ("and", "or"):
            joined = word
        elif word == "not":
            negated = True
        elif not word:
            result = _bracket(token, test, depth)
            results.append(result if result is None or not negated else not result)
            negated = False
        else:
            results.append(None)
    decisive = joined == "or"
    if decisive in results:
        return decisive
    return None if None in results or not results else not decisive


def _bracket(token: Any, test: Callable[[Any], bool | None], depth: int) -> bool | None:
    if token.type != "() block":
        return test(token)
    inner = trimmed(token.content)
    if any(each.type in ("() block", "function") for each in inner[:3]) and not any(
        each.type == "literal" and each.value == ":" for each in inner
    ):
        return _condition(inner, test, depth + 1)
    return test(token)


def _feature(token: Any) -> bool | None:
    """Whether a media feature has the value that the query asks for."""
    if token.type != "() block":
        return None
    text = [each for each in token.content if each.type != "whitespace"]
    name = text[0].lower_value if text and text[0].type == "ident" else ""
    if len(text) == 1:
        return True if name in _SIZES or (name in ("color", "grid") and name != "grid") else None
    if len(text) == 3 and text[1].type == "literal" and text[1].value == ":":
        if name in _USUAL:
            return bool(getattr(text[2], "lower_value", "") == _USUAL[name])
        low, _, feature = name.partition("-")
        if low in ("min", "max") and feature in _SIZES:
            value = length((text[2],), 16.0)
            if value is not None:
                return _SIZES[feature] >= value if low == "min" else _SIZES[feature] <= value
        return None
    return _range(text)


def _range(text: Sequence[Any]) -> bool | None:
    """Whether a range, as in ``width <= 600px`` or ``400px < width < 600px``, is met."""
    sides: list[float] = []
    operators = [""]
    for token in text:
        if token.type == "literal":
            operators[-1] += token.value
            continue
        value = _SIZES.get(token.lower_value) if token.type == "ident" else length((token,), 16.0)
        if value is None:
            return None
        sides.append(value)
        operators.append("")
    for left, operator, right in zip(sides, operators[1:], sides[1:], strict=False):
        if not {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}.get(
            operator, left == right
        ):
            return False
    return len(sides) > 1


def supported(prelude: tuple[Any, ...]) -> bool | None:
    """Whether a current browser supports what is asked for."""
    return _condition(prelude, _supports)


def _supports(token: Any) -> bool | None:
    if token.type != "() block":
        return None
    declared = tinycss2.parse_one_declaration(token.content, skip_comments=True)
    if declared.type != "declaration":
        return None
    known = declared.lower_name in LONGHANDS or declared.lower_name in ("gap", "grid-area", "grid")
    if not known or declared.lower_name not in LONGHANDS:
        return True if known else None
    return bool(declarations([declared], quirks=False))
