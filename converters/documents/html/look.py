"""The look of an element of a page, as far as it decides whether and how its text is seen."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gongkai.converters.documents.html.values import (
    BLACK,
    CURRENT,
    WHITE,
    Colour,
    Tokens,
    contrast,
    luminance,
    over,
)

SEEN, PERHAPS_GONE, GONE = range(3)

HARDLY = 0.02
"""An opacity up to which nobody sees anything."""

SAME = 1.06
"""A contrast below which two colours look the same."""

_LIKE = 1.35
_LIGHT_TYPE = 0.25
_TINY = 4.0


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """How text that stands directly in an element is shown.

    ``gone`` is how certain it is that the text is not shown, for reasons that hold for the whole
    content; ``removed`` says that the element takes no part in the layout (``display: none``).
    Sizes are in pixels, ``fill`` is the colour of the type (CURRENT: ``color``), ``background``
    that behind it; None means unknown. ``apart`` and ``raised`` name the elements of a cell that
    put their text elsewhere, or higher or lower; ``lift`` is 1 above the line, -1 below it.
    ``blurred``: the type has a shadow or an outline; ``boxed``: it stands on a background of its
    own within its cell; ``clipped``: what is moved may be cut off; ``widest``: what is wider than
    that may be cut off too.
    """

    gone: int = SEEN
    removed: bool = False
    visible: bool = True
    size: float | None = 16.0
    color: Colour | None = BLACK
    fill: Colour | str | None = CURRENT
    background: Colour | None = WHITE
    struck: bool = False
    lift: int = 0
    turned: bool = False
    right_to_left: bool = False
    blurred: bool = False
    boxed: bool = False
    clipped: bool = False
    indent: float | None = 0.0
    fixed_table: bool = False
    widest: float = float("inf")
    block: bool = True
    custom: Mapping[str, Tokens] = field(default_factory=dict)
    apart: tuple[int, ...] = ()
    raised: tuple[int, ...] = ()

    def state(self, is_complete: bool) -> int:
        """Whether a text in this look is seen; ``is_complete``: all style sheets were available."""
        if self.gone == GONE or not self.visible or self.size == 0:
            return GONE
        state = max(self.gone, self._by_colour(is_complete))
        if self.size is None or self.size < _TINY:
            state = max(state, PERHAPS_GONE)
        return state

    def _by_colour(self, is_complete: bool) -> int:
        fill = self.color if self.fill == CURRENT else self.fill
        if fill is None or isinstance(fill, str):
            return PERHAPS_GONE
        if fill[3] <= HARDLY:
            return GONE if is_complete and not self.blurred else PERHAPS_GONE
        if self.background is None:
            return PERHAPS_GONE if luminance(fill) > _LIGHT_TYPE else SEEN
        difference = contrast(over(fill, self.background), self.background)
        if difference < SAME:
            # A box of one colour is seen, and so is the fact that it holds something.
            certain = is_complete and not (self.blurred or self.boxed)
            return GONE if certain else PERHAPS_GONE
        return PERHAPS_GONE if difference < _LIKE else SEEN
