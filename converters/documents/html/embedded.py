"""Elements in a cell that are not plain text: form fields, drawings, formulas, pictures, scripts.

What they show becomes text, certain or not; one that shows no text becomes a picture.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, cast

from lxml import etree

from gongkai.converters.documents.html.look import (
    GONE,
    PERHAPS_GONE,
    SEEN,
)
from gongkai.converters.documents.html.values import (
    named,
)
from gongkai.converters.documents.marks import BESIDE, PERHAPS, has_digit, marked
from gongkai.converters.numbers import may_be_read

FIELDS = ("input", "select", "meter", "progress")
_DRAWN = ("canvas", "object", "embed", "iframe", "video", "applet")
TAGS = (*FIELDS, *_DRAWN, "svg", "math", "rt", "textarea", "template", "script")
"""Elements that are replaced in cells."""

_BUTTONS = frozenset(("button", "submit", "reset"))
_NOT_SHOWN = frozenset(("hidden", "checkbox", "radio", "file", "color"))
_KEPT = ("textarea", "template", "script")
_WRITES = re.compile(r"\bdocument\s*\.\s*write(?:ln)?\b")
_MOST_OF_SCRIPT = 60
_PLAIN_MATH = named("math mrow mn mi mo mtext mstyle mpadded semantics")

Shown = tuple[str, bool]
"""A text, and whether it is certain that this is what is seen."""


def replace_embedded(root: etree._Element, states: Mapping[etree._Element, int]) -> bool:
    """Replace elements embedded in cells by what they show; returns whether any is in doubt."""
    doubtful = False
    for element in list(root.iter(*TAGS)):
        cell = next(element.iterancestors("td", "th"), None)
        if cell is None or next(cell.iter("table"), None) is not None:
            continue
        state = states.get(element, SEEN)
        tag = str(element.tag)
        if tag == "script" and _has_words(cell):
            continue
        shown = None if tag in _DRAWN else _SHOWN[tag](element)
        if tag in _KEPT and shown is not None and shown[1] and state == SEEN:
            continue
        cast(Any, element).clear(keep_tail=True)
        if shown is None:
            element.tag = "img" if state != GONE else "span"
            continue
        text, certain = shown
        element.tag = "span"
        if state == GONE or not text.strip():
            element.text = "" if tag == "rt" else " "
        elif certain and state != PERHAPS_GONE:
            element.text = f" {text} " if tag in FIELDS else text
        else:
            element.text = marked(text, BESIDE if tag == "rt" else PERHAPS)
            doubtful = True
    return doubtful


def _input(element: etree._Element) -> Shown | None:
    kind = (element.get("type") or "text").strip().lower()
    value = element.get("value") or ""
    if kind == "image":
        return None
    if kind in _NOT_SHOWN:
        return "", True
    if kind in _BUTTONS:
        return value, True
    if kind in ("range", "password"):
        return value, False
    if not value.strip():
        hint = element.get("placeholder") or ""
        return (hint, False) if has_digit(hint) else ("", True)
    size = (element.get("size") or "").strip()
    narrow = size.isdigit() and 0 < int(size[:9]) < len(value.strip())
    no_number = kind == "number" and not value.strip().lstrip("-").replace(".", "", 1).isdigit()
    return value, not (narrow or no_number)


def _select(element: etree._Element) -> Shown:
    """The selected option of a list: the last one marked as selected, else the first one."""
    choices = list(element.iter("option"))
    texts = [choice.get("label") or _text(choice) for choice in choices]
    if element.get("multiple") is not None or (element.get("size") or "1").strip() not in ("", "1"):
        return " ".join(texts), not any(map(has_digit, texts))
    selected = [i for i, choice in enumerate(choices) if choice.get("selected") is not None]
    usable = [i for i, choice in enumerate(choices) if choice.get("disabled") is None]
    at = selected[-1:] or usable[:1]
    return (texts[at[0]] if at else ""), True


def _bar(element: etree._Element) -> Shown:
    """A bar shows no number; the number in its source is reported as a possible meaning."""
    return element.get("value") or _text(element), False


def _textarea(element: etree._Element) -> Shown:
    text = _text(element)
    hint = element.get("placeholder") or ""
    return (hint, False) if not text and has_digit(hint) else (text, True)


def _template(element: etree._Element) -> Shown:
    """A template shows nothing, unless it is the content of the element in which it stands."""
    is_shown = element.get("shadowrootmode") is not None
    return (_text(element), False) if is_shown else ("", True)


def _has_words(cell: etree._Element) -> bool:
    """Whether a cell holds words, beside its scripts: then it is no value."""
    texts = cell.xpath(".//text()[not(ancestor::script or ancestor::style)]")
    text = "".join(map(str, cast(list[str], texts))).strip()
    return bool(text) and not may_be_read(text)


def _script(element: etree._Element) -> Shown:
    """A script that writes into the page where it stands; no script is run."""
    text = _text(element)
    written = _WRITES.search(text)
    return (text[written.start() :][:_MOST_OF_SCRIPT], False) if written else ("", True)


def _drawing(element: etree._Element) -> Shown | None:
    """The words of a drawing, whose order is unknown; None where it has none."""
    texts = [_text(each) for each in element.iter("text")]
    return (" ".join(texts), False) if any(texts) else None


def _formula(element: etree._Element) -> Shown:
    """The text of a formula of one line."""
    tags = {str(each.tag) for each in element.iter(etree.Element)}
    return _text(element), tags <= _PLAIN_MATH


def _annotation(element: etree._Element) -> Shown:
    """Small text above words (ruby)."""
    text = _text(element)
    return (text, False) if has_digit(text) else ("", True)


def _text(element: etree._Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())


_SHOWN: Mapping[str, Callable[[etree._Element], Shown | None]] = {
    "input": _input,
    "select": _select,
    "meter": _bar,
    "progress": _bar,
    "textarea": _textarea,
    "svg": _drawing,
    "math": _formula,
    "rt": _annotation,
    "template": _template,
    "script": _script,
}
