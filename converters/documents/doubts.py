"""Why a reader of a format is not sure what a person sees: the same wording for all formats.

A value is what is seen on the page. Where a format cannot decide that, its reader reports the cell
as doubtful (``GridCell.doubt``) with all texts that it may show (``readings``).
"""

from gongkai.ontology.labels import Label

_WORDS_OF_LABELS = 4

STROKE = "\u0336"
"""The character that follows each struck-out character, in text that marks them."""

UNKNOWN = "\ufffd"
"""The character that stands for a character that is not clearly seen."""

OFF_THE_LINE = "⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉"
"""Digits that stand above or below their line."""

STRUCK: Label = {
    "zh": "含有加删除线的文字",
    "en": "some of the text is struck out",
}
UNDECIDED: Label = {
    "zh": "其中部分文字是否可见无法确定",
    "en": "it cannot be decided whether all of the text is seen",
}
SET_OFF: Label = {
    "zh": "数字有高出或低于行的，其中可能有注码",
    "en": "its digits do not stand on one line: some may be the mark of a footnote",
}
PICTURE: Label = {
    "zh": "该处是图片",
    "en": "there is a picture here",
}
LINE: Label = {
    "zh": "该处画有线条，可能是删除线",
    "en": "a line is drawn here, which may strike the text out",
}
OVERLAID: Label = {
    "zh": "该处上方有图形或文本框",
    "en": "a shape or text box lies over the cell",
}


def is_label(text: str) -> bool:
    """Whether a cell holds words and not a value with a unit: a doubt about words does no harm."""
    return sum(map(str.isalpha, text)) >= _WORDS_OF_LABELS
