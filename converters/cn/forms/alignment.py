"""Find expected labels in a sequence of texts, in order."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from gongkai.converters.labels import fold_label, likeness

_NUMBER_WITHIN = re.compile(r"(?<=\w)\s*(?=[（(][一二三四五六七八九十]+[）)]|[1-9][.．、])")

LONGEST_SPAN = 4
"""The most blocks over which a label may be broken (本年新 / 公开数量)."""

_EQUAL = 1e-9


@dataclass(frozen=True)
class Expected:
    """A label that a form prescribes, with the variants of it that were found in reports."""

    label: str
    variants: tuple[str, ...] = ()

    def likeness(self, seen: str) -> float:
        """The likeness of ``seen`` and the label or the nearest of its variants."""
        return max(likeness(text, seen) for text in (self.label, *self.variants))


class ExpectedLabels:
    """The labels of a table in their order, and the likeness of each to any text.

    Reports print the same labels repeatedly; results of comparisons are cached.
    """

    def __init__(self, labels: Sequence[Expected]) -> None:
        """Take the labels in the order of the form."""
        self.labels = tuple(labels)
        self._longest = max(
            (len(fold_label(text)) for item in labels for text in (item.label, *item.variants)),
            default=0,
        )
        self.scores: Callable[[str], tuple[tuple[int, float], ...]]
        """(position, likeness) of every label that a text may mean."""
        self.scores = lru_cache(maxsize=8192)(self._compare)

    def _compare(self, text: str) -> tuple[tuple[int, float], ...]:
        # Twice the longest label cannot be like any: the ratio would be below every threshold.
        if len(fold_label(text)) > 2 * self._longest + 4:
            return ()
        found = ((i, expected.likeness(text)) for i, expected in enumerate(self.labels))
        return tuple((i, value) for i, value in found if value > 0)


class LabelMatch(NamedTuple):
    """The label number ``expected`` was found in the texts ``start`` up to ``end``."""

    expected: int
    start: int
    end: int
    likeness: float


@lru_cache(maxsize=8192)
def after_a_head(text: str) -> str | None:
    """The label of a row after its head in the same text: 三、本年度办理结果（一）予以公开."""
    begins = list(_NUMBER_WITHIN.finditer(text))
    return text[begins[-1].start() :].strip() if begins else None


class Alignment:
    """The largest possible number of expected labels, found in the order of both sides.

    ``matches`` is the monotone matching with the highest sum of likenesses; the first one where
    several are equal.
    """

    def __init__(
        self,
        expected: ExpectedLabels,
        blocks: Sequence[str | None],
        heads_before: bool = False,
        least: float = 0,
    ) -> None:
        """Look for the labels ``expected`` in ``blocks``: None where one cannot be part of a label.

        With ``heads_before`` a block may hold a head before the label. Where fewer than ``least``
        labels are matched, none is.
        """
        self._labels, self._length = len(expected.labels), len(blocks)
        self._candidates = _candidates(expected, blocks, heads_before)
        self.matches: list[LabelMatch] = []
        if len({match.expected for match in self._candidates}) >= least:
            found = best_in_order(self._candidates, self._labels, self._length)
            self.matches = found if len(found) >= least else []

    @cached_property
    def unsure(self) -> set[int]:
        """The labels found for which another choice would be as good."""
        if not self.matches:
            return set()
        last = best_in_order(self._candidates, self._labels, self._length, last=True)
        return ambiguous(self.matches, last)


def _candidates(
    expected: ExpectedLabels, blocks: Sequence[str | None], heads_before: bool
) -> list[LabelMatch]:
    scores = expected.scores
    candidates = []
    for start, first in enumerate(blocks):
        if first is None:
            continue
        text = ""
        for end, piece in enumerate(blocks[start : start + LONGEST_SPAN], start=start + 1):
            if piece is None:
                break
            text += piece
            like = scores(text)
            if heads_before and end == start + 1 and (rest := after_a_head(piece)) is not None:
                like += scores(rest)
            if like:
                candidates += [LabelMatch(i, start, end, value) for i, value in like]
    return candidates


def ambiguous(first: Iterable[LabelMatch], last: Iterable[LabelMatch]) -> set[int]:
    """The labels that the first and the last of the equally good choices match differently."""
    sure = {(match.expected, match.start) for match in last}
    return {match.expected for match in first if (match.expected, match.start) not in sure}


def best_in_order(
    candidates: Sequence[LabelMatch], labels: int, length: int, last: bool = False
) -> list[LabelMatch]:
    """The ``candidates`` that keep the order of both sides with the highest sum of likeness.

    There are ``labels`` labels and ``length`` texts. Where several choices are equally good the
    first labels and texts are taken, or with ``last`` the last: a match that differs between the
    two is ambiguous.
    """
    plain = _without_choice(candidates)
    if plain is not None:
        return plain
    if last:
        turned = [_turned(match, labels, length) for match in candidates]
        found = best_in_order(turned, labels, length)
        return [_turned(match, labels, length) for match in reversed(found)]
    starting: dict[int, list[LabelMatch]] = {}
    for candidate in candidates:
        starting.setdefault(candidate.start, []).append(candidate)
    # best[j][i]: the highest sum when the labels from i on are matched in the texts from j on.
    # Texts in which no label begins share the list of those after them.
    nothing = [0.0] * (labels + 1)
    best = [nothing] * (length + 1)
    for j in range(length - 1, -1, -1):
        best[j] = best[j + 1]
        if j not in starting:
            continue
        here = list(best[j + 1])
        for i, _, end, value in starting[j]:
            total = value + best[end][i + 1]
            # A row never rises with i: where one is as high, so are those before it.
            while i >= 0 and here[i] < total:
                here[i] = total
                i -= 1
        best[j] = here
    return _walk(best, starting, labels)


def _without_choice(candidates: Sequence[LabelMatch]) -> list[LabelMatch] | None:
    """All of ``candidates``, if they follow one another on both sides: nothing is to be chosen."""
    label = end = 0
    for match in candidates:
        if match.expected < label or match.start < end or match.likeness <= _EQUAL:
            return None
        label, end = match.expected + 1, match.end
    return list(candidates)


def _turned(match: LabelMatch, labels: int, length: int) -> LabelMatch:
    """The match with labels and texts counted from their ends."""
    expected, start, end, likeness = match
    return LabelMatch(labels - 1 - expected, length - end, length - start, likeness)


def _walk(
    best: list[list[float]], starting: dict[int, list[LabelMatch]], labels: int
) -> list[LabelMatch]:
    matches: list[LabelMatch] = []
    i = end = 0
    for start in sorted(starting):
        if i == labels or start < end:
            continue
        wanted = best[start][i] - _EQUAL
        if wanted <= 0:
            break
        fitting = [
            match
            for match in starting[start]
            if match.expected >= i
            and match.likeness + best[match.end][match.expected + 1] >= wanted
        ]
        if fitting:
            # Only a text that is taken may skip labels: one that none of the best choices takes
            # would otherwise skip all that can be spared, and the last ones would seem the first.
            nearest = min(match.expected for match in fitting)
            alike = (match for match in fitting if match.expected == nearest)
            matches.append(max(alike, key=lambda match: match.likeness))
            i, end = nearest + 1, matches[-1].end
    return matches
