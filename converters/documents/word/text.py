"""The text of Word paragraphs as a reader sees it, and why it may be in doubt.

Fields give their results. Deleted text, and text that is hidden, of the colour of its background or
too small to be seen, is left out; raised digits become superscripts (``12²`` must not become 122).
Text deleted by a change that nobody has accepted yet, struck-out text and text that may not be seen
is kept beside it, so that a cell that can be read in two ways is recognised.
"""

from dataclasses import dataclass

from lxml import etree

from gongkai.converters.documents.colours import PAPER, Background, Visibility
from gongkai.converters.documents.doubts import LINE, PICTURE, STRUCK
from gongkai.converters.documents.word.looks import TextLook
from gongkai.converters.documents.word.palette import NO_SHADING, W
from gongkai.converters.documents.word.styles import ParagraphProperties, Styles
from gongkai.converters.documents.word.words import Words
from gongkai.ontology.texts import translations

MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"

# Elements of properties, instructions or marks, never of visible text.
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
_COMPUTED = {
    W + name
    for name in ("pgNum", "dayShort", "dayLong", "monthShort", "monthLong", "yearShort", "yearLong")
}
"""Numbers that Word prints although they do not stand in the file."""
_INK = W + "contentPart"
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

_DRAWN_FIELDS = ("EQ", "SYMBOL", "MACROBUTTON", "GOTOBUTTON")
"""Fields that programs show by their instruction, whatever result is stored."""

_LAYOUT_OF_XML = str.maketrans("\r\n\t", "   ")
SUPERSCRIPTS = str.maketrans("0123456789+-−=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾")
SUBSCRIPTS = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")

_FORMULA = translations("documents.word.formula")
_REVERSED = translations("documents.word.reversed")
_NO_RESULT = translations("documents.word.no_result")
_STALE = translations("documents.word.stale")
_CHOICE = translations("documents.word.choice")
_ANCHORED = translations("documents.word.anchored")

_SYMBOLS = translations("documents.word.symbols")
_SYMBOL_FONTS = ("Wingdings", "Webdings", "MT Extra", "Marlett")

NOTED_IN_TEXT = (STRUCK, _REVERSED, _NO_RESULT, _STALE, _CHOICE)
"""Doubts that are reported outside of tables too."""

# The part of the height of the text that must be shown; and a height that shows nothing
# (twentieths of a point).
_LEAST_SHOWN = 0.6
_NOTHING_SHOWN = 40
_LONGEST_NUMBER = 20


@dataclass
class _Field:
    """A field that is begun: ``shown`` says that its result follows, ``filled`` that it has one."""

    instruction: str = ""
    shown: bool = False
    filled: bool = False


class ParagraphReader:
    """Reads paragraphs in order; fields may begin in one and end in another."""

    def __init__(self, styles: Styles) -> None:
        """Read with ``styles``, with no field begun, on white paper."""
        self.styles = styles
        self.fields: list[_Field] = []
        self.background: Background = PAPER
        self.height: int | None = None
        self._below: Background = PAPER
        self._height: int | None = None
        self._far = False

    def read(self, paragraph: etree._Element, properties: ParagraphProperties, into: Words) -> None:
        """Add the text of ``paragraph`` to ``into``.

        Its background is ``background``, in rows of the fixed ``height`` (twentieths of a point; or
        None).
        """
        style = properties.style
        shading: Background | None = None
        if properties.shading:
            shading = self.styles.palette.shading(dict(properties.shading))
        if shading is None:
            shading = self.styles.background(style)
        self._below = self.background if shading is None or shading == NO_SHADING else shading
        heights = [height for height in (self.height, properties.line) if height is not None]
        self._height = min(heights, default=None)
        self._far = properties.far
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
            elif tag == _INK:
                into.doubts.append(LINE)
            else:
                if tag == _OVERRIDE:
                    into.doubts.append(_REVERSED)
                self._walk(child, into, change, style)

    def _run(self, run: etree._Element, into: Words, change: int, style: str | None) -> None:
        # The properties of a run come first in it.
        first = run[0] if len(run) else None
        properties = first if first is not None and first.tag == _RUN_PROPERTIES else None
        if properties is not None and _is_of_symbols(properties) and _holds_digits(run):
            into.doubts.append(_SYMBOLS)
        self._run_content(run, into, change, style, self.styles.look(properties, style))

    def _run_content(
        self,
        run: etree._Element,
        into: Words,
        change: int,
        style: str | None,
        look: TextLook,
    ) -> None:
        for child in run:
            tag = child.tag
            if tag == _SEEN_TEXT:
                self._add(_text(child), into, change, look)
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
            elif tag in _COMPUTED:
                into.doubts.append(_NO_RESULT)
            elif tag == _INK:
                into.doubts.append(LINE)
            elif tag in _NOTE_MARKS:
                into.marks.append((_NOTE_MARKS[tag], child.get(W + "id", "")))
                if child.get(W + "customMarkFollows") in ("1", "true", "on"):
                    return
            elif tag in _PICTURES:
                if look.stated.hidden is not True:
                    self._picture(child, into)
            elif tag == _ALTERNATIVES:
                self._run_content(chosen(child), into, change, style, look)
            else:
                self._walk(child, into, change, style)

    def _add(self, text: str, into: Words, change: int, look: TextLook) -> None:
        if self.fields and any(not entry.shown for entry in self.fields):
            return
        if self.fields and text.strip():
            for entry in self.fields:
                entry.filled = True
        if not look.plain or self._height is not None or self._far:
            seen = self._visibility(look)
            if seen is Visibility.UNSEEN:
                into.hidden += bool(text.strip())
                return
            if text.strip() and change >= 0:
                if look.struck:
                    into.doubts.append(STRUCK)
                    into.struck += (len(into.pieces),)
                if seen is Visibility.UNDECIDED:
                    into.undecided += (len(into.pieces),)
            if look.raised:
                text = text.translate(SUPERSCRIPTS)
            elif look.lowered:
                text = text.translate(SUBSCRIPTS)
        if len(text) < _LONGEST_NUMBER and any(character.isdigit() for character in text):
            into.sized[len(into.pieces)] = look.size
            if look.size not in into.sizes:
                into.sizes += (look.size,)
        if change and text.strip():
            into.changes += 1
        into.pieces.append((text, change))

    def _visibility(self, look: TextLook) -> Visibility:
        seen = look.visibility(self._below)
        if seen is Visibility.UNSEEN or self._height is None:
            return Visibility.UNDECIDED if self._far and seen is Visibility.SEEN else seen
        if self._height <= _NOTHING_SHOWN:
            return Visibility.UNSEEN
        return Visibility.UNDECIDED if self._height < _LEAST_SHOWN * look.size * 10 else seen

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
            instruction = ended.instruction.strip().upper()
            if ended.shown:
                is_missing = not ended.filled and instruction.startswith(_DRAWN_FIELDS)
            else:
                is_missing = not instruction.startswith(_SILENT_FIELDS)
            if is_missing:
                into.doubts.append(_NO_RESULT)

    def _picture(self, picture: etree._Element, into: Words) -> None:
        boxes = list(_boxes(picture))
        into.boxes.extend(boxes)
        if boxes:
            into.doubts.append(_ANCHORED)
        elif _is_line(picture):
            into.doubts.append(LINE)
        else:
            into.pictures += 1
            into.shown.append(picture)
            into.doubts.append(PICTURE)


def chosen(alternatives: etree._Element) -> etree._Element:
    """The newest of several alternatives; an empty element where there is none."""
    for name in ("Choice", "Fallback"):
        found = alternatives.find(MC + name)
        if found is not None:
            return found
    return etree.Element("none")


def _is_of_symbols(properties: etree._Element) -> bool:
    """Whether a run is set in a symbol font, which shows pictures in the places of digits."""
    fonts = properties.find(W + "rFonts")
    return fonts is not None and fonts.get(W + "ascii", "").startswith(_SYMBOL_FONTS)


def _holds_digits(run: etree._Element) -> bool:
    return any(map(str.isdigit, "".join(part.text or "" for part in run.iter(_SEEN_TEXT))))


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
    """Whether it is only drawn, like the lines and stars under a red letterhead."""
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
    """A character of a symbol font; if its code means nothing in other fonts, it stays private."""
    code = element.get(W + "char", "")
    try:
        number = int(code, 16)
    except ValueError:
        return "�"
    # Symbol fonts may be addressed without the private area: digit 1 of Wingdings is no 1.
    return chr(number) if 0xA0 <= number < 0xD800 or 0xE000 <= number <= 0xFFFD else "�"
