"""How numbers differ from the same digits elsewhere on the page: ink along a line is a stroke.

This holds for wavy, slanting and pale strokes. The other numbers of the page decide how dark a
stroke must be.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gongkai.converters.documents.scan.beside import ink_beside
from gongkai.converters.documents.scan.glyphs import Digit, numbers_of
from gongkai.converters.documents.scan.ruled_lines import PixelBox
from gongkai.converters.documents.scan.siblings import FEWEST, WHOLE, compared
from gongkai.converters.documents.scan.strokes import Placed, most_along

if TYPE_CHECKING:
    from numpy import ndarray as Picture

_LEAST = ((40, 7.0), (15, 7.0), (0, 9.0))
_LEAST_OF_SEVERAL = 4.5
_TIMES = 3.0
_LEAST_DEVIATION = 0.6
_AS_PAGE = 12
_SOME = 5
"""The sum along lines (in standard deviations) from which on there is a stroke: with so many digits
of its kind, through several digits, and by so many deviations of what others of the page have. The
last are those of its kind and, counted as so many digits, those of the page; numbers of several
digits are measured by themselves if there are some.
"""

_PLAIN = _ALIKE = 0.6
"""Up to this there is no stroke if it is like most others too; and up to this there hardly is one.
"""

_MUCH_BESIDE = 3.0
"""From this much ink beside the digits on there is a stroke, though they are like others."""


@dataclass(frozen=True)
class Likeness:
    """How a number differs from the same digits elsewhere: ink along a line, 1 being a stroke.

    ``near`` compares it with those most like it, ``all`` with most of its kind, ``beside`` is the
    ink in one piece where digits leave paper. ``other_ink`` says whether there is a stroke.
    ``known`` says that all its digits could be compared; ``digits`` is how each of them differs
    from those most like it, empty if none could be compared.
    """

    near: float = 0.0
    all: float = 0.0
    known: bool = False
    digits: tuple[float, ...] = ()
    beside: float = 0.0
    other_ink: bool = False

    @property
    def plain(self) -> bool:
        """Whether there is certainly no stroke: it is like most others and like the nearest."""
        return self.known and max(self.near, self.all) < _PLAIN


NOT_COMPARED = Likeness()


def likeness_of(
    page: "Picture", numbers: Sequence[tuple[PixelBox, str]], pitch: float
) -> list[Likeness]:
    """How the numbers of a grey page, with their boxes and digits, differ from one another.

    ``pitch`` is the usual width of a digit, in parts of its height.
    """
    if len(numbers) < FEWEST:
        return [NOT_COMPARED] * len(numbers)
    cut = numbers_of(page, numbers, pitch)
    digits = [digit for number in cut for digit in number.digits]
    pairs = compared(digits)
    near, every = (
        _strengths(len(numbers), digits, [None if pair is None else pair[i] for pair in pairs])
        for i in (0, 1)
    )
    nearest, most = ([max(each, default=0.0) for each in found] for found in (near, every))
    beside = ink_beside(
        cut,
        [len(text) for _, text in numbers],
        _by_number(len(numbers), digits, pairs),
        [strength < _ALIKE for strength in nearest],
    )
    strokes = _strokes(nearest, beside)
    left = [len(text) for _, text in numbers]
    for digit, pair in zip(digits, pairs, strict=True):
        left[digit.number] -= pair is not None
    return [
        Likeness(
            nearest[number],
            most[number],
            not left[number],
            near[number] if len(near[number]) == len(text) else (),
            beside[number],
            strokes[number],
        )
        for number, (_, text) in enumerate(numbers)
    ]


def _strokes(near: Sequence[float], beside: Sequence[float]) -> list[bool]:
    """Which numbers have a stroke: certain by one criterion, or nearly so by two."""
    return [
        one > 1 or ink > _MUCH_BESIDE or (one > _ALIKE and ink > 1)
        for one, ink in zip(near, beside, strict=True)
    ]


def _by_number(
    count: int, digits: Sequence[Digit], pairs: Sequence[tuple[Placed, Placed] | None]
) -> list[list[Placed | None]]:
    """How the digits of every number compare with those nearest to them."""
    found: list[list[Placed | None]] = [[] for _ in range(count)]
    for digit, pair in zip(digits, pairs, strict=True):
        found[digit.number].append(None if pair is None else pair[0])
    return found


def _strengths(
    count: int, digits: Sequence[Digit], found: Sequence[Placed | None]
) -> list[tuple[float, ...]]:
    """The largest sums of every digit of every number, in parts of a stroke's sum here."""
    numbers: list[list[tuple[str, Placed | None]]] = [[] for _ in range(count)]
    for digit, each in zip(digits, found, strict=True):
        numbers[digit.number].append((digit.character, each))
    single = _bounds([(digit.character, each) for digit, each in zip(digits, found, strict=True)])
    several = [most_along([each for _, each in number], WHOLE) for number in numbers]
    bound = _bound_of_several([most for most, _ in several if most > 0])
    return [
        tuple(
            max(
                most / bound if place in through else 0.0,
                0.0 if each is None else each.sums.most / single[character],
            )
            for place, (character, each) in enumerate(number)
        )
        for (most, through), number in zip(several, numbers, strict=True)
    ]


def _bounds(digits: Sequence[tuple[str, Placed | None]]) -> dict[str, float]:
    """The sum from which on there is a stroke, for each kind of digit."""
    kinds: dict[str, list[float]] = defaultdict(list)
    for character, each in digits:
        if each is not None:
            kinds[character].append(each.sums.most)
    page = _usual([most for kind in kinds.values() for most in kind])
    found = {}
    for character, kind in kinds.items():
        own = len(kind) / (len(kind) + _AS_PAGE)
        middle, deviation = (
            own * mine + (1 - own) * others for mine, others in zip(_usual(kind), page, strict=True)
        )
        least = next(value for fewest, value in _LEAST if len(kind) >= fewest)
        found[character] = max(least, middle + _TIMES * max(deviation, _LEAST_DEVIATION))
    return found


def _bound_of_several(found: Sequence[float]) -> float:
    if len(found) < _SOME:
        return _LEAST[-1][1]
    middle, deviation = _usual(found)
    return max(_LEAST_OF_SEVERAL, middle + _TIMES * max(deviation, _LEAST_DEVIATION))


def _usual(values: Sequence[float]) -> tuple[float, float]:
    """The median and the standard deviation, neither of them affected by a few strokes."""
    import numpy as np

    if not values:
        return 0.0, 0.0
    middle = float(np.median(values))
    return middle, 1.48 * float(np.median(np.abs(np.array(values) - middle)))
