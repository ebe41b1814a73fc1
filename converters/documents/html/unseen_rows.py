"""Rows of a page's tables that nobody sees, and words that the page holds and does not show."""

from collections.abc import Iterator

from lxml import etree

from gongkai.converters.documents.marks import has_digit

_GROUPS = ("thead", "tbody", "tfoot")
_PARTS = ("td", "th", "caption", "p", "div", "li")
_LONGEST = 100
"""Longer texts are no labels."""


class UnseenRows:
    """The rows and words that the tables of a page hold and nobody sees.

    ``away`` are the rows (``tr``) that take no room; ``blank`` are those that take room and hold
    numbers, none of which is seen; ``words`` are texts outside of the rows ``away`` that are not
    shown.
    """

    def __init__(self) -> None:
        """Begin without any."""
        self.away: set[etree._Element] = set()
        self.words: list[str] = []
        self._unseen: set[etree._Element] = set()
        self._seen: set[etree._Element] = set()

    @property
    def blank(self) -> set[etree._Element]:
        """The rows that take room, with numbers none of which is seen."""
        return self._unseen - self._seen

    def keep(self, element: etree._Element) -> bool:
        """Note that an element is displayed nowhere; returns whether it stays in the tree."""
        rows = [element] if element.tag == "tr" else []
        if element.tag in _GROUPS:
            rows = list(element.iterchildren("tr"))
        if rows and next(element.iter("table"), None) is None:
            self.away.update(rows)
            return True
        self.words += texts_of(element)
        if element.tag in ("td", "th") and holds_number(element):
            self.number(element, is_seen=False)
        return False

    def number(self, cell: etree._Element, is_seen: bool) -> None:
        """Note a number in a cell."""
        row = cell.getparent()
        if row is not None:
            (self._seen if is_seen else self._unseen).add(row)


def texts_of(element: etree._Element) -> Iterator[str]:
    """The texts with letters in an element, those of each cell and paragraph separately."""
    parts = element.iter(*_PARTS)
    lowest = [part for part in parts if next(part.iterdescendants(*_PARTS), None) is None]
    for part in lowest or [element]:
        text = " ".join("".join(map(str, part.itertext())).split())
        if len(text) <= _LONGEST and any(map(str.isalpha, text)):
            yield text


def holds_number(element: etree._Element) -> bool:
    """Whether a row or cell holds a number."""
    return has_digit("".join(map(str, element.itertext())))
