"""Changes to the tree of a page that are collected while it is examined and made afterwards."""

import re
from collections.abc import Callable

from lxml import etree

from gongkai.converters.documents.trees import take_out

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Changes:
    """The changes to be made to a tree."""

    def __init__(self) -> None:
        """Begin without changes."""
        self._set: list[Callable[[], None]] = []
        self._before: dict[etree._Element, str] = {}
        self._behind: dict[etree._Element, str] = {}
        self._removed: list[etree._Element] = []

    def set_text(self, holder: etree._Element, attribute: str, text: str) -> None:
        """Set the text of an element, or the text behind it (``attribute``: text, tail)."""
        text = _settable(text)
        if text != getattr(holder, attribute):
            self._set.append(lambda: setattr(holder, attribute, text))

    def set_tag(self, element: etree._Element, tag: str) -> None:
        """Change the tag of an element."""
        self._set.append(lambda: setattr(element, "tag", tag))

    def put_before(self, element: etree._Element, text: str) -> None:
        """Put a text before the content of an element, and before earlier insertions there."""
        self._before[element] = text + self._before.get(element, "")

    def put_behind(self, element: etree._Element, text: str) -> None:
        """Put a text behind the content of an element, and behind earlier insertions there."""
        self._behind[element] = self._behind.get(element, "") + text

    def remove(self, element: etree._Element) -> None:
        """Remove an element, but not the text behind it."""
        self._removed.append(element)

    def make(self) -> None:
        """Change the tree."""
        for change in self._set:
            change()
        for element, text in self._before.items():
            element.text = _settable(text) + (element.text or "")
        for element, text in self._behind.items():
            if len(element):
                element[-1].tail = (element[-1].tail or "") + _settable(text)
            else:
                element.text = (element.text or "") + _settable(text)
        for element in self._removed:
            take_out(element)


def _settable(text: str) -> str:
    """``text`` without characters that a tree does not accept; a page may hold them as entities."""
    return _NOT_XML.sub("\ufffd", text.replace("\f", " "))
