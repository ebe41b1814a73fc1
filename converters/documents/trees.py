"""Changes to trees of XML and HTML."""

from typing import Any, cast

from lxml import etree


def take_out(element: etree._Element) -> None:
    """Remove an element from its tree, but not the text behind it.

    Of the root of a tree, the content is removed.
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
