"""The declarations for one element of a page, as far as its look follows from them."""

from collections.abc import Mapping
from dataclasses import dataclass

from gongkai.converters.documents.html.look import GONE, PERHAPS_GONE, Look
from gongkai.converters.documents.html.properties import (
    DECIDED_BY_WORDS,
    SYMBOL_FACES,
    Declaration,
    pick,
)
from gongkai.converters.documents.html.values import (
    EVERYWHERE,
    Colour,
    Tokens,
    functions,
    keyword,
    length,
    named,
    resolved,
    words,
)

BLOCKS = named(
    "html body address article aside blockquote center dd details dialog dir div dl dt "
    "fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li "
    "main menu nav ol p pre search section summary ul optgroup option"
)
"""Elements that are blocks of text by their tag."""

ROW_PARTS = frozenset(("td", "th", "tr"))
"""A row of a table, and its parts."""

FAR = 500.0
"""An offset in pixels beyond which nobody sees a text any more."""

HIDDEN_OVERFLOW = ("hidden", "clip")
"""Values of ``overflow`` that hide text without room."""


@dataclass
class StyleContext:
    """What the look of an element depends on beside its parent and its own declarations."""

    tag: str
    in_cell: bool
    quirks: bool
    body_color: Colour | None
    number: int
    """A number that no other element of the page has."""
    odd_faces: frozenset[str] = SYMBOL_FACES
    moving: frozenset[str] = frozenset()

    @property
    def is_block(self) -> bool:
        """Whether the element is a block of text by its tag."""
        return self.tag in BLOCKS


class Styling:
    """The values that hold for one element, and what has been found of its look so far.

    ``parent`` is the look of its parent, ``custom`` are the variables that hold in it. ``gone`` is
    how certain it is that its text is not seen; ``size`` is its font size in pixels, None where it
    is not known. ``apart`` and ``raised`` say that it puts its text elsewhere, or higher or lower,
    within a cell; ``clipped`` says that what is moved may be cut off.
    """

    def __init__(
        self, parent: Look, declared: Mapping[str, Declaration], around: StyleContext
    ) -> None:
        """Take what the look follows from."""
        self.parent = parent
        self.around = around
        self._declared = declared
        own = {name: each.tokens for name, each in declared.items() if name.startswith("--")}
        self.custom = {**parent.custom, **own} if own else parent.custom
        self.gone = parent.gone
        self.size = parent.size
        self.apart = False
        self.raised = False
        self.clipped = parent.clipped or self.word("overflow-x") in HIDDEN_OVERFLOW

    @property
    def em(self) -> float:
        """The font size in pixels, the usual one where it is not known."""
        return self.size if self.size is not None else 16.0

    def tokens(self, name: str) -> Tokens | None:
        """The value of a property, variables replaced; None where no declaration holds for it."""
        each = self._declared.get(name)
        if each is None:
            return None
        tokens = resolved(each.tokens, self.custom)
        if tokens is None:
            # Invalid at computed-value time: as if it were not there; or a sheet is missing.
            if name in ("display", "visibility", "opacity"):
                self.perhaps()
            return None
        picked = pick(each.written, name, tokens)
        if name in DECIDED_BY_WORDS and functions(picked):
            self.perhaps()
        return picked

    def word(self, name: str) -> str:
        """The keyword that is the value of a property; empty where none is, or none of its own."""
        tokens = self.tokens(name)
        word = "" if tokens is None else keyword(tokens) or (words(tokens) or [""])[0]
        return "" if word in EVERYWHERE else word

    def length(self, name: str, of: float | None = None) -> float | None:
        """A length in pixels; None where there is none, or it is not known.

        ``of`` is the length of 100 per cent.
        """
        tokens = self.tokens(name)
        return None if tokens is None else length(tokens, self.em, of)

    def perhaps(self) -> None:
        """Note that the text may not be seen as it is written."""
        self.gone = max(self.gone, PERHAPS_GONE)

    def mark_gone(self) -> None:
        """Note that the text is not seen."""
        self.gone = GONE

    def displace(self, reorders: bool = False) -> None:
        """Note that the element stands elsewhere than where it is written.

        ``reorders``: so do the elements within it.
        """
        if self.around.tag in ROW_PARTS or (reorders and self.around.in_cell):
            self.perhaps()
        self.apart = self.apart or self.around.in_cell
