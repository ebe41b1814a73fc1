"""Whether what two engines read of a cell may be believed.

A number is believed only where both read the same, both are sure, and it is as wide as that many
digits of this table are. Words are taken from the first engine: forms are recognised by likeness.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from gongkai.converters.documents.scan_engines import Heard
from gongkai.converters.documents.scan_ink import InkLine
from gongkai.ontology.forms import Label

LEAST_SURE = 0.9
"""How sure both engines must be of a number (of 1), measured on degraded renderings."""

UNREADABLE = "\ufffd"
"""Stands where something is printed that cannot be read."""

DIFFERENT: Label = {"zh": "两次识别的结果不同", "en": "two readings of the image differ"}
UNSURE: Label = {"zh": "图像不清晰，识别不可靠", "en": "the image is not clear enough to be sure"}
NOTHING_READ: Label = {
    "zh": "格内有印迹，无法识别",
    "en": "something is printed that cannot be read",
}
SEVERAL: Label = {
    "zh": "格内的数字分为几处，可能不是一个数",
    "en": "the figures in the cell stand apart: they may be more than one number",
}
WIDTH: Label = {
    "zh": "印迹的宽度与识别出的位数不符",
    "en": "the print is not as wide as that many digits: one may be missing or too many",
}
CUT: Label = {
    "zh": "数字与表线相接，可能不完整",
    "en": "the figures touch a rule of the table: some may be hidden",
}
RULE: Label = {
    "zh": "表线不完整，无法确定单元格的界限",
    "en": "the rules around the cell are broken: where it ends is not sure",
}
MERGED: Label = {
    "zh": "数字所占的列与表头不符，可能缺少表线",
    "en": "the number spans columns that its heading does not: a rule may be missing",
}

_SPACE = re.compile(r"\s+")
_BARS = frozenset("-‐‑‒–—―－一_ー~")
_NUMBER = re.compile(
    r"[+\-−±]?[0-9][0-9.,:;·'’]*(?:万?元|件|项|条|次|起|宗|个|%)?(?:\(.*\)?)?", re.DOTALL
)
_NOTHING = re.compile(r"[-‐‑‒–—―_/\\|.,、·*]+|无|不适用")
_LIKE_DIGITS = frozenset("0123456789OoQDUlI|!iZzSsBgqbG〇○一丨丿亅了i]['`.,:;·+-−—_/\\*()")
_FIGURES = re.compile(r"(?:(?<![0-9A-Za-z])[+\-−])?[0-9]+(?:[.,][0-9]+)*")


@dataclass(frozen=True)
class Settled:
    """What a cell says, why that is doubtful (empty if it is not), and the texts possible."""

    text: str
    doubt: Label
    readings: tuple[str, ...]


def bare(text: str) -> str:
    """What two readings are compared by: compatibility forms folded, no white space."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", text))


def figures(text: str) -> list[str]:
    """The numbers in a text, as they are compared."""
    return _FIGURES.findall(unicodedata.normalize("NFKC", text))


def is_value(text: str) -> bool:
    """Whether a text may be a value: a number, a mark for nothing, or signs taken for digits."""
    folded = bare(text)
    return bool(folded) and (
        _NUMBER.fullmatch(folded) is not None
        or _NOTHING.fullmatch(folded) is not None
        or all(sign in _LIKE_DIGITS for sign in folded)
    )


def pitch_of(lines: Sequence[tuple[InkLine, Heard, Heard]]) -> float | None:
    """How wide a digit is in these lines, in parts of its height; None if too few tell."""
    found = [
        line.box.width / line.box.height / (len(one.text) - _BEARING)
        for line, one, other in lines
        if one.text == other.text and one.text.isdigit() and len(one.text) > 1
    ]
    return median(found) if len(found) >= _ENOUGH else None


_BEARING = 0.15
_ENOUGH = 6


def settle(
    lines: Sequence[InkLine],
    first: Sequence[Heard],
    second: Sequence[Heard],
    pitch: float | None,
) -> Settled:
    """What the lines of a cell say, by two readings of each."""
    one = "\n".join(heard.text.strip() for heard in first)
    other = "\n".join(heard.text.strip() for heard in second)
    if not (is_value(one) or is_value(other)):
        if not bare(one):
            return Settled(UNREADABLE, NOTHING_READ, tuple(filter(None, (one, other))))
        return Settled(one, {}, ())
    if all(sign in _BARS for sign in bare(one) + bare(other)) and one and other:
        one = other = "—"
    text = one if bare(one) else (other if bare(other) else UNREADABLE)
    doubt = _doubt(lines, one, other, [*first, *second], pitch)
    return Settled(text, doubt, tuple(dict.fromkeys((one, other))) if doubt else ())


def _doubt(
    lines: Sequence[InkLine], one: str, other: str, heard: Sequence[Heard], pitch: float | None
) -> Label:
    if not bare(one) and not bare(other):
        return NOTHING_READ
    if bare(one) != bare(other):
        return DIFFERENT
    if len(lines) > 1:
        return SEVERAL
    if min(each.score for each in heard) < LEAST_SURE:
        return UNSURE
    line = lines[0]
    if not bare(one).isdigit():
        return {}
    if line.widest_gap > line.box.height:
        return SEVERAL
    return {} if _fits(line, len(bare(one)), pitch) else WIDTH


def _fits(line: InkLine, digits: int, pitch: float | None) -> bool:
    """Whether the print can be so many digits: by its width, or part by part."""
    if pitch is not None:
        wide = line.box.width / (line.box.height * pitch)
        return digits - 0.85 < wide < digits + 0.25
    return len(line.parts) == digits
