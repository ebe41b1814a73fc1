"""The content of Word paragraphs: pieces of text, and the texts that they form.

Beside the text as it is seen stands text deleted by a change that nobody has accepted yet,
struck-out text and text that may not be seen: a cell that can be read in two ways is recognised.
"""

from dataclasses import dataclass, field

from lxml import etree

from gongkai.converters.documents.marks import BESIDE, PERHAPS, THROUGH, marked, with_readings
from gongkai.ontology.labels import Label

_SMALLER = 0.8
"""Digits smaller than others beside them by this factor are set off from these."""


@dataclass(slots=True)
class Words:
    """The content of one or more paragraphs: pieces of text with their tracked changes.

    A piece is (text, change): 0 for unchanged text, 1 inserted, -1 deleted; ``changes`` counts
    those that are not 0, ``hidden`` those that are not shown, ``pictures`` what has no text.
    ``shown`` are the elements of these, ``boxes`` the text boxes anchored here, ``marks`` the notes
    referred to, as (kind, id). ``struck`` and ``undecided`` are the positions of pieces that are
    struck out, and of those that may not be seen; ``sizes`` the sizes of digits, in half points,
    ``sized`` the pieces of each.
    """

    pieces: list[tuple[str, int]] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)
    marks: list[tuple[str, str]] = field(default_factory=list)
    doubts: list[Label] = field(default_factory=list)
    changes: int = 0
    hidden: int = 0
    pictures: int = 0
    struck: tuple[int, ...] = ()
    undecided: tuple[int, ...] = ()
    sizes: tuple[int, ...] = ()
    sized: dict[int, int] = field(default_factory=dict)
    shown: list[etree._Element] = field(default_factory=list)

    def seen(self) -> str:
        """The text with every tracked change accepted."""
        return "".join([text for text, change in self.pieces if change >= 0])

    def surely_seen(self) -> str:
        """The text as ``seen``, without what is struck out or may not be seen."""
        left_out = {*self.struck, *self.undecided}
        return "".join(
            [
                text
                for i, (text, change) in enumerate(self.pieces)
                if change >= 0 and i not in left_out
            ]
        )

    def with_readings(self) -> str:
        """The text as ``seen`` for places where no doubt can be given beside it.

        Figures in doubt do not stand as plain ones: struck-out digits are marked; where some may
        not be seen, or are set off, all possible texts are given.
        """
        small = self._small() if self.set_off() else set[int]()
        if not (self.struck or self.undecided or small):
            return self.seen()
        text = "".join(
            _marked(piece, i in self.struck, i in self.undecided, i in small)
            for i, (piece, change) in enumerate(self.pieces)
            if change >= 0
        )
        return "\n".join(map(with_readings, text.split("\n"))) if self.undecided or small else text

    def _small(self) -> set[int]:
        """The pieces whose digits are smaller than others."""
        most = _SMALLER * max(self.sizes)
        return {piece for piece, size in self.sized.items() if size < most}

    def set_off(self) -> bool:
        """Whether some digits are smaller than others, as the mark of a footnote is."""
        return len(self.sizes) > 1 and min(self.sizes) < _SMALLER * max(self.sizes)

    def before(self) -> str:
        """The text with every tracked change rejected."""
        return "".join([text for text, change in self.pieces if change <= 0])


def _marked(text: str, struck: bool, undecided: bool, small: bool) -> str:
    if struck:
        text = text.translate(THROUGH)
    if undecided:
        return marked(text, PERHAPS)
    return marked(text, BESIDE) if small else text
