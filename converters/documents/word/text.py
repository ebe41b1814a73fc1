"""The text of Word paragraphs as a reader sees it, and why it may be in doubt.

Fields give their results, deleted and hidden text is left out, raised digits become superscripts
(``12²`` must not become 122). What was taken out by a change that nobody accepted yet is kept
beside it, so that a cell that can be read in two ways is known as such.
"""

from dataclasses import dataclass, field

from lxml import etree

from gongkai.converters.documents.word.styles import PLAIN, Look, Styles, W
from gongkai.ontology.forms import Label

MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"

# What carries properties, instructions or marks, never text that is seen.
_UNSEEN = {
    W + name
    for name in [
        "pPr",
        "rPr",
        "sdtPr",
        "sdtEndPr",
        "customXmlPr",
        "smartTagPr",
        "rubyPr",
        "rt",
        "ffData",
        "fldData",
        "instrText",
        "delInstrText",
        "bookmarkStart",
        "bookmarkEnd",
        "proofErr",
        "commentRangeStart",
        "commentRangeEnd",
        "commentReference",
        "annotationRef",
        "footnoteRef",
        "endnoteRef",
        "separator",
        "continuationSeparator",
        "lastRenderedPageBreak",
        "softHyphen",
        "permStart",
        "permEnd",
    ]
}
_RUN, _RUN_PROPERTIES, _SEEN_TEXT, _DELETED_TEXT, _INSTRUCTION, _SYMBOL, _FIELD_MARK, _OVERRIDE = (
    W + name for name in ["r", "rPr", "t", "delText", "instrText", "sym", "fldChar", "bdo"]
)
_TAKEN_OUT = {W + "del", W + "moveFrom"}
_PUT_IN = {W + "ins", W + "moveTo"}
_AS_TEXT = {
    W + "tab": "\t",
    W + "ptab": "\t",
    W + "br": "\n",
    W + "cr": "\n",
    W + "noBreakHyphen": "-",
}
_NOTE_MARKS = {W + "footnoteReference": "footnotes", W + "endnoteReference": "endnotes"}
_PICTURES = {W + "drawing", W + "pict", W + "object"}
_ALTERNATIVES = MC + "AlternateContent"
_BOX = W + "txbxContent"

# Fields that print nothing where they stand; every other field without a result hides something.
_SILENT_FIELDS = (
    "XE",
    "TC",
    "TA",
    "RD",
    "SET",
    "ASK",
    "PRIVATE",
    "NEXT",
    "NOTEREF",
    "BIBLIOGRAPHY",
)

_LAYOUT_OF_XML = str.maketrans("\r\n\t", "   ")
SUPERSCRIPTS = str.maketrans("0123456789+-−=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾")
SUBSCRIPTS = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")

_STRUCK = {"zh": "含有加删除线的文字", "en": "some of the text is struck out"}
_PICTURE = {"zh": "单元格内有图片", "en": "the cell holds a picture, which may show a figure"}
_FORMULA = {"zh": "单元格内有公式", "en": "the cell holds a formula of mathematics"}
_REVERSED = {"zh": "文字方向被反转", "en": "the direction of the text is turned around"}
_NO_RESULT = {"zh": "域没有结果", "en": "a field has no stored result"}
_STALE = {"zh": "域的结果已过期", "en": "a field is marked as out of date"}
_CHOICE = {"zh": "含有下拉列表", "en": "the choice made in a list is not stored as text"}
_ANCHORED = {"zh": "单元格内有文本框", "en": "a text box is anchored in the cell"}

TOLD_IN_TEXT = (_STRUCK, _REVERSED, _NO_RESULT, _STALE, _CHOICE)
"""Doubts that are worth a note outside of tables too."""


@dataclass(slots=True)
class Words:
    """What one or more paragraphs say: pieces of text with what tracked changes make of them.

    A piece is (text, change): 0 for unchanged text, 1 put in, -1 taken out; ``changes`` counts
    those that are not 0, ``hidden`` those that are not shown, ``pictures`` what has no text.
    ``boxes`` are the text boxes anchored here, ``marks`` the notes referred to, as (kind, id).
    """

    pieces: list[tuple[str, int]] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)
    marks: list[tuple[str, str]] = field(default_factory=list)
    doubts: list[Label] = field(default_factory=list)
    changes: int = 0
    hidden: int = 0
    pictures: int = 0

    def seen(self) -> str:
        """The text with every tracked change accepted."""
        return "".join([text for text, change in self.pieces if change >= 0])

    def before(self) -> str:
        """The text with every tracked change rejected."""
        return "".join([text for text, change in self.pieces if change <= 0])


@dataclass
class _Field:
    instruction: str = ""
    shown: bool = False


class ParagraphReader:
    """Reads paragraphs in order; fields may begin in one and end in another."""

    def __init__(self, styles: Styles) -> None:
        """Read by ``styles``, with no field begun."""
        self.styles = styles
        self.fields: list[_Field] = []

    def read(self, paragraph: etree._Element, style: str | None, into: Words) -> None:
        """Add the text of ``paragraph``, whose style is ``style``, to ``into``."""
        self._walk(paragraph, into, 0, style)

    def _walk(self, parent: etree._Element, into: Words, change: int, style: str | None) -> None:
        for child in parent:
            tag = child.tag
            if tag == _RUN:
                self._run(child, into, change, style)
            elif tag in _UNSEEN:
                continue
            elif tag in _TAKEN_OUT:
                self._walk(child, into, -1, style)
            elif tag in _PUT_IN:
                self._walk(child, into, change or 1, style)
            elif tag == _ALTERNATIVES:
                self._walk(chosen(child), into, change, style)
            elif tag.startswith(MATH):
                into.pieces.append(("".join(_math_texts(child)), change))
                into.doubts.append(_FORMULA)
            elif tag in _PICTURES:
                self._picture(child, into)
            else:
                if tag == _OVERRIDE:
                    into.doubts.append(_REVERSED)
                self._walk(child, into, change, style)

    def _run(self, run: etree._Element, into: Words, change: int, style: str | None) -> None:
        self._run_content(run, into, change, style, self.styles.look(None, style))

    def _run_content(
        self,
        run: etree._Element,
        into: Words,
        change: int,
        style: str | None,
        look: Look,
    ) -> None:
        for child in run:
            tag = child.tag
            if tag == _SEEN_TEXT:
                self._add(_text(child), into, change, look)
            elif tag == _RUN_PROPERTIES:
                look = self.styles.look(child, style)
            elif tag == _DELETED_TEXT:
                self._add(_text(child), into, -1, look)
            elif tag == _INSTRUCTION and self.fields:
                self.fields[-1].instruction += child.text or ""
            elif tag in _UNSEEN:
                continue
            elif tag in _AS_TEXT:
                self._add(_AS_TEXT[tag], into, change, look)
            elif tag == _SYMBOL:
                self._add(_symbol(child), into, change, look)
            elif tag == _FIELD_MARK:
                self._field(child, into)
            elif tag in _NOTE_MARKS:
                into.marks.append((_NOTE_MARKS[tag], child.get(W + "id", "")))
                if child.get(W + "customMarkFollows") in ("1", "true", "on"):
                    return
            elif tag in _PICTURES:
                if not look.hidden:
                    self._picture(child, into)
            elif tag == _ALTERNATIVES:
                self._run_content(chosen(child), into, change, style, look)
            else:
                self._walk(child, into, change, style)

    def _add(self, text: str, into: Words, change: int, look: Look) -> None:
        if self.fields and any(not entry.shown for entry in self.fields):
            return
        if look is not PLAIN:
            if look.hidden:
                into.hidden += bool(text.strip())
                return
            if look.struck and text.strip() and change >= 0:
                into.doubts.append(_STRUCK)
            if look.raised:
                text = text.translate(SUPERSCRIPTS)
            elif look.lowered:
                text = text.translate(SUBSCRIPTS)
        if change and text.strip():
            into.changes += 1
        into.pieces.append((text, change))

    def _field(self, mark: etree._Element, into: Words) -> None:
        kind = mark.get(W + "fldCharType")
        if kind == "begin":
            self.fields.append(_Field())
            if mark.get(W + "dirty") in ("1", "true", "on"):
                into.doubts.append(_STALE)
            if mark.find(f"{W}ffData/{W}ddList") is not None:
                into.doubts.append(_CHOICE)
        elif self.fields and kind == "separate":
            self.fields[-1].shown = True
        elif self.fields and kind == "end":
            ended = self.fields.pop()
            if not ended.shown and not ended.instruction.strip().upper().startswith(_SILENT_FIELDS):
                into.doubts.append(_NO_RESULT)

    def _picture(self, picture: etree._Element, into: Words) -> None:
        boxes = list(_boxes(picture))
        into.boxes.extend(boxes)
        if boxes:
            into.doubts.append(_ANCHORED)
        elif not _is_line(picture):
            into.pictures += 1
            into.doubts.append(_PICTURE)


def chosen(alternatives: etree._Element) -> etree._Element:
    """Of several forms of one thing, the newest; an empty element where there is none."""
    for name in ("Choice", "Fallback"):
        found = alternatives.find(MC + name)
        if found is not None:
            return found
    return etree.Element("none")


def _boxes(element: etree._Element) -> list[etree._Element]:
    """The outermost text boxes in ``element``, each once, in reading order."""
    found: list[etree._Element] = []
    for child in element:
        if child.tag == _BOX:
            found.append(child)
        else:
            found.extend(_boxes(chosen(child) if child.tag == _ALTERNATIVES else child))
    return found


def _is_line(picture: etree._Element) -> bool:
    """Whether it is drawn only, as the lines and stars under a red letterhead are."""
    shows = {"blip", "imagedata", "OLEObject", "chart", "control", "relIds"}
    return not any(
        isinstance(node.tag, str) and etree.QName(node).localname in shows
        for node in picture.iter()
    )


def _math_texts(element: etree._Element) -> list[str]:
    return [node.text or "" for node in element.iter(MATH + "t")]


def _text(element: etree._Element) -> str:
    text = element.text or ""
    if text.isalnum():
        return text
    if element.get(_SPACE) != "preserve":
        text = text.strip(" \t\r\n")
    return text.translate(_LAYOUT_OF_XML)


def _symbol(element: etree._Element) -> str:
    """A sign of a symbol font: where its code says nothing outside that font, it stays private."""
    code = element.get(W + "char", "")
    try:
        number = int(code, 16)
    except ValueError:
        return "�"
    # Symbol fonts may be addressed without the private area: digit 1 of Wingdings is no 1.
    return chr(number) if 0xA0 <= number < 0xD800 or 0xE000 <= number <= 0xFFFD else "�"
