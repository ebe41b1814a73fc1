"""The text that is read in a cell of a PDF, and the reasons why it is in doubt."""

from dataclasses import dataclass, field, replace

from gongkai.converters.documents.aligned.glyphs import bare
from gongkai.converters.documents.pdf.printed_digits import DigitVerdict, PrintedDigit, digit_of
from gongkai.ontology.labels import Label
from gongkai.ontology.texts import translations

READINGS_DIFFER: Label = translations("documents.pdf.readings_differ")
UNREADABLE: Label = translations("documents.pdf.unreadable")
OVERPRINTED: Label = translations("documents.pdf.overprinted")
SIZES_DIFFER: Label = translations("documents.pdf.sizes_differ")
TURNED: Label = translations("documents.pdf.turned")
NOT_SEEN: Label = translations("documents.pdf.not_seen")
CUT: Label = translations("documents.pdf.cut")
OVERDRAWN: Label = translations("documents.pdf.overdrawn")
BESIDE: Label = translations("documents.pdf.beside")
OTHER_PRINT: Label = translations("documents.pdf.other_print")
SEALED: Label = translations("documents.pdf.sealed")
MARKED: Label = translations("documents.pdf.marked")

_UNKNOWN = "?"


@dataclass(frozen=True)
class CellReading:
    """The text of a cell; ``checked`` says that it was compared with the second reading.

    ``digits`` are its digits as printed, where nothing else is in doubt.
    """

    text: str
    doubt: Label = field(default_factory=dict)
    readings: tuple[str, ...] = ()
    checked: bool = False
    digits: tuple[PrintedDigit, ...] = ()

    def judged(self, verdict: DigitVerdict) -> "CellReading":
        """The same cell, in doubt where the printed digit is not the digit of the text."""
        if not any(printed in verdict.others for printed in self.digits):
            return self
        seen = [verdict.others.get(printed, printed.digit) or _UNKNOWN for printed in self.digits]
        characters = list(bare(self.text))
        places = [i for i, character in enumerate(characters) if digit_of(character)]
        for i, character in zip(places, seen, strict=False):
            characters[i] = character
        return replace(self, doubt=OTHER_PRINT, readings=(self.text, "".join(characters)))
