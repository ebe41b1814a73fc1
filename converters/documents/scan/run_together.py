"""Two numbers that stand in one cell and are read as one, though both engines agree.

They are recognised by two criteria together: more digits than all others of the column, and a joint
or a stroke.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from gongkai.converters.documents.scan.ink import InkLine
from gongkai.converters.documents.scan.spacing import Spacing

_FEWEST_OTHERS = 2
"""Fewer numbers of a column do not show how many digits are usual in it."""

_PERHAPS = 0.75
"""The ink along a line from which on it may be a stroke; 1 is certainly a stroke."""


@dataclass(frozen=True)
class InColumn:
    """A number of a column as both engines read it: its digits, and whether there is a joint.

    ``joint`` is how many digits stand before a place where two numbers may meet. ``stroke`` says
    that there is ink that may be a stroke, though not where one of the numbers ends.
    """

    digits: str
    joint: int | None = None
    stroke: bool = False

    @property
    def plain(self) -> bool:
        """Whether there is no sign of a joint."""
        return self.joint is None and not self.stroke


def in_column(line: InkLine, digits: str, spacing: Spacing) -> InColumn:
    """A number with what its ink shows: an uneven gap, or a stroke through some digits."""
    joint = spacing.uneven(line.parts, digits, line.box.height)
    struck = [strength > _PERHAPS for strength in line.likeness.digits]
    if joint is None and any(struck):
        ends = [place for place in range(1, len(struck)) if struck[place] != struck[place - 1]]
        joint = ends[0] if len(ends) == 1 else None
    return InColumn(digits, joint, any(struck) or line.likeness.beside > 1)


def run_together(column: Sequence[InColumn]) -> list[tuple[str, str] | None]:
    """For every number of a column the two numbers that it may hold; None where it is one."""
    others = [len(number.digits) for number in column if number.plain]
    if len(others) < _FEWEST_OTHERS:
        return [None] * len(column)
    return [_split_number(number, max(others)) for number in column]


def _split_number(number: InColumn, most: int) -> tuple[str, str] | None:
    """With a joint, one more digit than others have is enough; with a mere stroke, two."""
    count = len(number.digits)
    joint = number.joint
    if joint is None and number.stroke and count > most + 1:
        joint = (count + 1) // 2  # What is struck out and what replaces it are about as long.
    if joint is None or count <= most:
        return None
    return number.digits[:joint], number.digits[joint:]
