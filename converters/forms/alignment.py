"""Find expected labels in a run of text blocks, in order."""

from collections.abc import Sequence
from dataclasses import dataclass

from gongkai.converters.labels import likeness

LONGEST_SPAN = 4
"""A label may be broken over this many blocks (本年新 / 公开数量)."""


@dataclass(frozen=True)
class Expected:
    """A label that a form prescribes, with the variants of it that were met in reports."""

    label: str
    variants: tuple[str, ...] = ()

    def likeness(self, seen: str) -> float:
        """How like ``seen`` is to the label or the nearest of its variants."""
        return max(likeness(text, seen) for text in (self.label, *self.variants))


@dataclass(frozen=True)
class Match:
    """The label number ``expected`` was found in the blocks ``start`` up to ``end``."""

    expected: int
    start: int
    end: int
    likeness: float


def align(expected: Sequence[Expected], blocks: Sequence[str | None]) -> list[Match]:
    """Match as many expected labels as possible, keeping the order of both sides.

    ``blocks`` holds None where a block cannot be (part of) a label. Of all monotone matchings
    the one with the highest sum of likenesses is taken; the first where several are equal.
    """
    rows, columns = len(expected), len(blocks)
    # best[i][j]: highest sum when the labels from i on are matched in the blocks from j on.
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    choice: dict[tuple[int, int], Match] = {}
    for i in range(rows - 1, -1, -1):
        for j in range(columns - 1, -1, -1):
            best[i][j] = max(best[i + 1][j], best[i][j + 1])
            for match in _matches_at(i, expected[i], blocks, j):
                total = match.likeness + best[i + 1][match.end]
                # A match is preferred to leaving the label out for the same sum: earliest wins.
                if total > 0 and total >= best[i][j] - 1e-9:
                    best[i][j] = max(total, best[i][j])
                    choice[i, j] = match
    matches = []
    i = j = 0
    while i < rows and j < columns:
        match_here = choice.get((i, j))
        if match_here is not None:
            matches.append(match_here)
            i, j = i + 1, match_here.end
        elif best[i + 1][j] >= best[i][j + 1]:
            i += 1
        else:
            j += 1
    return matches


def _matches_at(
    index: int, expected: Expected, blocks: Sequence[str | None], start: int
) -> list[Match]:
    found = []
    text = ""
    for end in range(start, min(start + LONGEST_SPAN, len(blocks))):
        piece = blocks[end]
        if piece is None:
            break
        text += piece
        value = expected.likeness(text)
        if value > 0:
            found.append(Match(index, start, end + 1, value))
    # The best span last, so that it is the one kept.
    return sorted(found, key=lambda match: match.likeness)
