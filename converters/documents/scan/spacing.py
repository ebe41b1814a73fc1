"""The gaps between the digits of printed numbers, compared with the usual ones."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from gongkai.converters.documents.scan.ruled_lines import PixelBox

_ROUNDS = 3
_FEWEST_JOINTS, _FEWEST = 20, 3
"""Fewer joints between digits do not show what is usual on a page; fewer of one digit do not show
what that leaves beside itself.
"""

_WIDER = 0.12
_AS_OTHERS = 2.5
"""By how much a joint that may separate two numbers is wider than usual, in parts of the height of
the digits, and as a multiple of the widest of nearly all others of the page.
"""

_NEARLY_ALL = 0.95
_RARELY = 0.02
"""Digits that touch are significant where at most this share of the joints of the page do."""

_BESIDE, _BESIDE_ONE = 0.12, 0.28
"""The least space that most fonts leave beside a digit, and beside a 1, in parts of its height."""

_OFF = 0.35
"""By how much of a digit the width of a part may differ from that of a number of digits."""


@dataclass(frozen=True)
class _Joint:
    """Where one digit ends and the next begins: digits before it, what they are, the gap's width.

    ``gap`` is in parts of the height; None where both touch.
    """

    place: int
    before: str
    after: str
    gap: float | None


@dataclass(frozen=True)
class Spacing:
    """What is usual between the digits of a page, in parts of their height.

    ``after`` and ``before`` are what a digit leaves on its right and on its left, ``widest`` is by
    how much nearly all gaps are wider at most, ``touching`` the share of joints without a gap, and
    ``pitch`` the usual width of a digit.
    """

    after: dict[str, float]
    before: dict[str, float]
    widest: float
    touching: float
    pitch: float

    def uneven(self, parts: Sequence[PixelBox], digits: str, height: int) -> int | None:
        """How many digits stand before the joint that is unlike others; None if there is none."""
        found = _joints(parts, digits, height, self.pitch)
        odd = [
            (wider, joint.place)
            for joint in found
            if (wider := self.wider(joint)) > max(_WIDER, _AS_OTHERS * self.widest)
        ]
        if odd:
            return max(odd)[1]
        touching = [joint.place for joint in found if joint.gap is None]
        alone = len(touching) == 1 and self.touching < _RARELY
        return touching[0] if alone else None

    def wider(self, joint: _Joint) -> float:
        """By how much a joint is wider than usual: rare digits are taken as the narrowest."""
        if joint.gap is None:
            return 0.0
        right = self.after.get(joint.before, max(self.after.values(), default=_BESIDE_ONE))
        left = self.before.get(joint.after, max(self.before.values(), default=_BESIDE_ONE))
        return joint.gap - right - left


def spacing_of(numbers: Sequence[tuple[Sequence[PixelBox], str, int]], pitch: float) -> Spacing:
    """What is usual, from the parts of numbers, their digits and their heights in pixels.

    A gap is what the digit before it leaves on its right and the one after it on its left.
    ``pitch`` is the usual width of a digit, in parts of its height.
    """
    joints = [joint for number in numbers for joint in _joints(*number, pitch)]
    gaps = [(joint.before, joint.after, joint.gap or 0.0) for joint in joints]
    if len(gaps) < _FEWEST_JOINTS:
        sides = {
            character: _BESIDE_ONE if character == "1" else _BESIDE for character in "0123456789"
        }
        return Spacing(sides, sides, 0.0, 1.0, pitch)
    before: dict[str, float] = {}
    after: dict[str, float] = {}
    for _ in range(_ROUNDS):
        after = _medians([(one, gap - before.get(other, 0.0)) for one, other, gap in gaps])
        before = _medians([(other, gap - after.get(one, 0.0)) for one, other, gap in gaps])
    touching = sum(joint.gap is None for joint in joints) / len(joints)
    even = Spacing(after, before, 0.0, touching, pitch)
    wider = sorted(even.wider(joint) for joint in joints)
    return replace(even, widest=wider[int(_NEARLY_ALL * (len(wider) - 1))])


def _medians(pairs: Sequence[tuple[str, float]]) -> dict[str, float]:
    """The median of each sign that is not rare."""
    found: dict[str, list[float]] = defaultdict(list)
    for character, value in pairs:
        found[character].append(value)
    return {
        character: median(values) for character, values in found.items() if len(values) >= _FEWEST
    }


def _joints(parts: Sequence[PixelBox], digits: str, height: int, pitch: float) -> list[_Joint]:
    """The joints of a number; none where it is not known which part is which digits."""
    counts = [1] * len(parts)
    if len(parts) != len(digits):
        counts = [max(round(part.width / (height * pitch)), 1) for part in parts]
        wide = [part.width / (height * pitch) for part in parts]
        if sum(counts) != len(digits) or any(
            abs(each - count) > _OFF for each, count in zip(wide, counts, strict=True) if count > 1
        ):
            return []
    found = []
    place = 0
    gaps = [(after.left - before.right) / height for before, after in pairwise(parts)]
    for count, gap in zip(counts, [*gaps, None], strict=True):
        inside = range(place + 1, place + count)
        found += [_Joint(i, digits[i - 1], digits[i], None) for i in inside]
        place += count
        if gap is not None:
            found.append(_Joint(place, digits[place - 1], digits[place], gap))
    return found
