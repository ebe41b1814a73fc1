"""Changes of trees of XML and HTML."""

from typing import Any, cast

from lxml import etree


def take_out(element: etree._Element) -> None:
    """Take an element out of its tree, but not the text behind it.

    Of the root of a tree, what is in it goes.
    """
    parent = element.getparent()
    if parent is None:
        cast(Any, element).clear()
        return
    before = element.getprevious()
    if element.tail:
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    parent.remove(element)
