"""The texts of a cell, and which of them may not belong to the number beside them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lxml import etree

from gongkai.converters.documents.html.appearance import Appearance
from gongkai.converters.documents.html.look import GONE
from gongkai.converters.documents.marks import BESIDE, PERHAPS, has_digit

_SMALLER = 0.7
"""Type smaller than this part of the largest type in its cell is that of a mark."""

_DIGIT_WIDTH = 0.5
"""The least width of a digit, in font sizes."""


@dataclass(eq=False)
class SeenText:
    """A text of the tree: the element that holds it, as which attribute, and how it is shown.

    ``inside`` is the element in which it stands.
    """

    holder: etree._Element
    attribute: str
    appearance: Appearance
    inside: etree._Element

    @property
    def text(self) -> str:
        """The text itself."""
        return str(getattr(self.holder, self.attribute))


@dataclass(eq=False)
class SeenCell:
    """A cell that is being examined: its texts, and whether something may lie over them.

    ``is_row`` says that it is a block with the values of a whole row.
    """

    element: etree._Element
    texts: list[SeenText] = field(default_factory=list)
    covered: bool = False
    is_row: bool = False

    def values(self) -> Iterator["SeenCell"]:
        """The parts of a row whose texts stand together without a space; for one cell, the cell."""
        texts: list[SeenText] = []
        for item in self.texts if self.is_row else ():
            if texts and _are_apart(texts[-1], item):
                yield SeenCell(self.element, texts, self.covered)
                texts = []
            texts.append(item)
        yield SeenCell(self.element, texts, self.covered) if self.is_row else self

    @property
    def seen(self) -> list[SeenText]:
        """Its texts with digits that are seen, or may be seen."""
        return [x for x in self.texts if has_digit(x.text) and x.appearance.state != GONE]


def _are_apart(one: SeenText, other: SeenText) -> bool:
    """Whether a space or the end of a line stands between two texts that follow one another."""
    ends_line = other.attribute == "tail" and other.holder.tag == "br"
    return ends_line or one.text[-1:].isspace() or other.text[:1].isspace()


def doubts_by_look(cell: SeenCell) -> dict[int, str]:
    """The marks of those texts (by ``id``) whose digits may not belong to the number beside."""
    seen = cell.seen
    if cell.covered:
        return {id(item): PERHAPS for item in seen}
    marks: dict[int, str] = {}
    width = sum(len(item.text.strip()) for item in seen)
    for item in seen:
        for look in item.appearance.looks:
            if look.widest + 2 < width * _DIGIT_WIDTH * (look.size or 16.0):
                marks[id(item)] = PERHAPS
    if len(seen) < 2:
        return marks
    looks = [item.appearance.looks[0] for item in seen]
    largest = max(look.size or 0.0 for look in looks)
    for item, look in zip(seen, looks, strict=True):
        if look.raised and any(look.raised != each.raised for each in looks):
            marks[id(item)] = BESIDE
        if look.size is not None and look.size < largest * _SMALLER and not look.lift:
            marks[id(item)] = BESIDE
        if look.right_to_left or (look.apart and any(look.apart != each.apart for each in looks)):
            marks[id(item)] = PERHAPS
    return marks


def doubts_by_name(cell: SeenCell) -> dict[int, str]:
    """The marks of those texts that a style sheet may select without their neighbours."""
    seen = cell.seen
    named = [_named_above(item.inside, cell.element) for item in seen]
    return {
        id(item): PERHAPS
        for item, names in zip(seen, named, strict=True)
        if names and any(names != other for other in named)
    }


def _named_above(inside: etree._Element, cell: etree._Element) -> Sequence[int]:
    """The elements around a text, within its cell, that a style sheet may select by class or id."""
    found = []
    element: etree._Element | None = inside
    while element is not None and element is not cell:
        if element.get("class") or element.get("id"):
            found.append(id(element))
        element = element.getparent()
    return found
