"""The text that is read in a cell of a PDF, and the reasons why it is in doubt."""

from dataclasses import dataclass, field, replace

from gongkai.converters.documents.aligned.glyphs import bare
from gongkai.converters.documents.pdf.printed_digits import DigitVerdict, PrintedDigit, digit_of
from gongkai.ontology.labels import Label

READINGS_DIFFER: Label = {
    "zh": "对该单元格的两次独立读取结果不同",
    "en": "two independent readings of the cell differ",
}
UNREADABLE: Label = {
    "zh": "字体没有说明某些字符是什么字",
    "en": "the font does not say what some of the characters are",
}
OVERPRINTED: Label = {
    "zh": "不同的字符重叠印在一处",
    "en": "different characters are printed over one another",
}
SIZES_DIFFER: Label = {
    "zh": "数字大小不一，其中可能有注码",
    "en": "its digits are of different sizes: some may be the mark of a footnote",
}
TURNED: Label = {"zh": "数字方向倒置或横置", "en": "its digits are turned"}
NOT_SEEN: Label = {
    "zh": "文件中有该数字，但印出后看不见",
    "en": "the file holds digits here that are not seen in print",
}
CUT: Label = {
    "zh": "数字越过表格线，属于哪一单元格无法确定",
    "en": "its digits run over the line beside it: it is not clear to which cell they belong",
}
OVERDRAWN: Label = {
    "zh": "数字上还印有其他图形",
    "en": "something else is drawn over its digits",
}
BESIDE: Label = {
    "zh": "除文字外还印有图形或图像",
    "en": "something is printed beside its text that is not text of the file",
}
OTHER_PRINT: Label = {
    "zh": "印出的数字与文件的文字层所载不同",
    "en": "the printed digits are not those of the text of the file",
}
SEALED: Label = {"zh": "印章盖住了数字", "en": "a seal covers the number"}
MARKED: Label = {
    "zh": "该处没有文字，但印有图形",
    "en": "there is no text here, but something is printed",
}

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
