"""The digits of a document as printed, compared with the digits that its text names.

Both libraries use the same table of a font to map shapes to characters; where that table is wrong,
they agree on a number that is not the printed one. So the shapes themselves are examined: each
different one once, first by likeness to known digits, then by likeness to one another. What is
still not sure then is recognised where character recognition is installed.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from PIL.Image import Image

from gongkai.converters.documents.pdf.digit_shapes import DigitShape, distance, picture_of, shown

_SAME = 0.03
_ONE = 0.02
_OTHER = 0.06
_FAR_OTHER = 0.12
_MOST_RECOGNISED = 100
"""Beyond this number of shapes, the rest stays unsure: so many cannot be the digits of a few fonts.
"""

Recognise = Callable[[Sequence[Image]], Sequence[str | None]]
"""From pictures of single characters to the digit that each shows; None where that is not sure."""


class PrintedDigit(NamedTuple):
    """A digit of the text (``digit``, folded), its font, and the shape that is printed for it."""

    digit: str
    font: str
    shape: DigitShape


@dataclass(frozen=True)
class DigitVerdict:
    """What the shapes show about the digits of a document.

    ``others`` are those that show another digit than the text names, with that digit, or None where
    it is only sure that it is another. ``unsure`` are those that nothing confirms.
    """

    others: Mapping[PrintedDigit, str | None]
    unsure: frozenset[PrintedDigit]


def digit_of(character: str) -> str | None:
    """The digit that a character is, of any width; None if it is no digit."""
    folded = unicodedata.normalize("NFKC", character)
    return folded if len(folded) == 1 and folded in "0123456789" else None


def judge(digits: Iterable[PrintedDigit], recognise: Recognise | None = None) -> DigitVerdict:
    """Compare all digits of a document with what is printed for them.

    ``recognise`` is called once, and only where shapes are like no known digit.
    """
    by_font: dict[str, dict[PrintedDigit, int]] = defaultdict(lambda: defaultdict(int))
    for printed in digits:
        by_font[printed.font][printed] += 1
    others: dict[PrintedDigit, str | None] = {}
    unsure: set[PrintedDigit] = set()
    for counted in by_font.values():
        sure: dict[str, list[DigitShape]] = defaultdict(list)
        waiting = []
        for printed in counted:
            character = shown(printed.shape, printed.digit)
            if character is None:
                waiting.append(printed)
            elif character == printed.digit:
                sure[character].append(printed.shape)
            else:
                others[printed] = character
        for printed in waiting:
            near = _nearest(printed.shape, sure.get(printed.digit, ()))
            other = _nearest_other(printed, sure)
            if near <= _SAME:
                continue
            if other is not None and other[0] <= _ONE and near >= _OTHER:
                others[printed] = other[1]
            else:
                unsure.add(printed)
        others.update(dict.fromkeys(_odd(unsure & counted.keys(), counted)))
    unsure -= others.keys()
    heard = _recognised(unsure, recognise) if unsure and recognise else {}
    others.update((printed, digit) for printed, digit in heard.items() if digit != printed.digit)
    return DigitVerdict(others, frozenset(unsure - heard.keys()))


def _recognised(unsure: Iterable[PrintedDigit], recognise: Recognise) -> dict[PrintedDigit, str]:
    """The digits that recognition is sure of; shapes of one digit that are alike are one."""
    groups: dict[tuple[str, str], list[list[PrintedDigit]]] = defaultdict(list)
    for printed in sorted(unsure, key=_order):
        alike = groups[printed.font, printed.digit]
        for group in alike:
            if distance(group[0].shape, printed.shape) <= _SAME:
                group.append(printed)
                break
        else:
            alike.append([printed])
    found = [group for alike in groups.values() for group in alike][:_MOST_RECOGNISED]
    characters = recognise([picture_of(group[0].shape) for group in found])
    return {
        printed: character
        for group, character in zip(found, characters, strict=True)
        if character is not None
        for printed in group
    }


def _order(printed: PrintedDigit) -> tuple[str, str, int]:
    return printed.font, printed.digit, printed.shape.bits


def _nearest(shape: DigitShape, shapes: Iterable[DigitShape]) -> float:
    return min((distance(shape, other) for other in shapes), default=1.0)


def _nearest_other(
    printed: PrintedDigit, sure: Mapping[str, Sequence[DigitShape]]
) -> tuple[float, str] | None:
    found = [
        (_nearest(printed.shape, shapes), character)
        for character, shapes in sure.items()
        if character != printed.digit
    ]
    return min(found, default=None)


def _odd(
    unsure: Iterable[PrintedDigit], counted: Mapping[PrintedDigit, int]
) -> Iterable[PrintedDigit]:
    """Among digits of one font that are like no known digit, those that contradict one another.

    One shape for two digits is wrong for both; a shape far from the usual one of its digit is
    another digit.
    """
    by_digit: dict[str, list[PrintedDigit]] = defaultdict(list)
    for printed in unsure:
        by_digit[printed.digit].append(printed)
    usual = {
        digit: max(found, key=lambda printed: (counted[printed], printed.shape.bits))
        for digit, found in by_digit.items()
    }
    for digit, found in by_digit.items():
        for printed in found:
            strange = distance(printed.shape, usual[digit].shape) >= _FAR_OTHER
            double = any(
                distance(printed.shape, other.shape) <= _ONE / 2
                for character, other in usual.items()
                if character != digit
            )
            if strange or double:
                yield printed
