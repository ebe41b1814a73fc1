"""What the dress of a page says: what is hidden, set off or struck out; and off with the rest."""

import re
from collections.abc import Iterator
from typing import Any, cast

from lxml import etree

from gongkai.ontology.forms import Label

# What only dresses words: taken away before a page is walked over, which is then half as long.
_DRESSED = (
    "a abbr b big code em font i ins label mark nobr s del strike small span strong sub sup tt u "
    "o:p st1:chsdate st1:place"
)
_DRESSING = tuple(_DRESSED.split())

_STYLED = "//*[contains(translate(@style,'{} \t\r\n','{}'),'{}')]"
_HIDDEN = etree.XPath("//*[@hidden]")
_NOT_DISPLAYED = etree.XPath(_STYLED.format("DISPLAYNOE", "displaynoe", "display:none"))
_RAISED = etree.XPath(
    "//sup|" + _STYLED.format("VERTICALGNSUP-", "verticalgnsup-", "vertical-align:super")
)
_LOWERED = etree.XPath(
    "//sub|" + _STYLED.format("VERTICALGNSUB-", "verticalgnsub-", "vertical-align:sub")
)
_STRUCK = etree.XPath(
    "//s|//del|//strike|" + _STYLED.format("LINETHROUG-", "linethroug-", "line-through")
)
# A digit that is set above the line, below it, or struck out is not one more digit of the number
# beside it: it becomes the character that looks like it.
_DIGITS = "0123456789"
_ABOVE = dict(zip(map(ord, _DIGITS), "⁰¹²³⁴⁵⁶⁷⁸⁹", strict=True))
_BELOW = dict(zip(map(ord, _DIGITS), "₀₁₂₃₄₅₆₇₈₉", strict=True))
_THROUGH = {ord(digit): f"{digit}\u0336" for digit in _DIGITS}

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SIGNS = (
    (("<sup", "<SUP", "super"), _RAISED, _ABOVE),
    (("<sub", "<SUB", ":sub", ": sub"), _LOWERED, _BELOW),
    (
        ("<s>", "<S>", "<s ", "<del", "<DEL", "<strike", "<STRIKE", "line-through"),
        _STRUCK,
        _THROUGH,
    ),
)
HIDES: Label = {
    "zh": "网页中有隐藏的表格，未读取",
    "en": "the page holds hidden tables; they were left out",
}


def undress(root: etree._Element, text: str) -> list[Label]:
    """Take out of the page what is not shown, and all marks that only dress words.

    ``text`` is its source. Gives notes of what was left out.
    """
    notes: list[Label] = []
    for find in _hiding(text):
        for element in cast(list[etree._Element], find(root)):
            if not notes and next(element.iter("table"), None) is not None:
                notes.append(HIDES)
            cast(Any, element).clear(keep_tail=True)
    for signs, find, characters in _SIGNS:
        if any(sign in text for sign in signs):
            for element in cast(list[etree._Element], find(root)):
                _translate(element, characters)
    etree.strip_tags(root, *_DRESSING)
    return notes


def _hiding(text: str) -> Iterator[etree.XPath]:
    """What finds hidden elements, as far as the source has signs of any: looking takes time."""
    if "hidden" in text or "HIDDEN" in text:
        yield _HIDDEN
    if ("isplay" in text or "ISPLAY" in text) and ("none" in text or "NONE" in text):
        yield _NOT_DISPLAYED


def _translate(element: etree._Element, characters: dict[int, str]) -> None:
    for inner in element.iter():
        if inner.text:
            inner.text = _settable(inner.text.translate(characters))
        if inner is not element and inner.tail:
            inner.tail = _settable(inner.tail.translate(characters))


def _settable(text: str) -> str:
    """``text`` without what a tree does not take, though it may come out of a page as an entity."""
    return _NOT_XML.sub("\ufffd", text)
