"""What is drawn over a character: strokes across it, blots, more ink than its own."""

from collections.abc import Sequence

from PIL import Image, ImageChops

from gongkai.converters.documents.pdf.greys import highest, mask
from gongkai.converters.documents.pdf.ink import PageInk, Pixels, Seen

_RATIO = 0.3
_ACROSS = 0.5
_THROUGH = 0.6
_MIDDLE = 0.14
_BLOT = 0.02
_LEAST_BLOT = 3
_LACKING = 32
_BLACK = 8
_THIN = 0.35
_DOWN = 0.8
_TOUCH = 2
"""Pixels by which a ruled line may extend into the box of the character beside it."""

_OTHER = 48
"""Difference of grey from which on what is drawn over a character is no shade or watermark."""


def overdrawn(ink: PageInk, wide: Pixels, aside: int, background: int, colour: int) -> Seen:
    """Whether ink other than text lies over the middle of the character.

    The character has ``colour``, a grey, and stands on the grey ``background``.
    """
    inset = round(_MIDDLE * (wide[3] - wide[1]))
    middle = (wide[0], wide[1] + inset, wide[2], wide[3] - inset)
    if middle[3] <= middle[1]:
        return Seen.PLAINLY
    tinted = [colour + (background - colour) * grey // 255 for grey in range(256)]
    expected = ink.written.crop(middle).point(tinted)
    difference = ImageChops.difference(ink.seen.crop(middle), expected)
    strong = round(max(_OTHER, _RATIO * abs(colour - background)))
    near = mask(difference, strong, 256)
    if ink.slanted is not ink.written:
        near = ImageChops.multiply(near, ink.unslanted.crop(middle))
    if _is_thin_line(mask(difference, _OTHER, 256), aside):
        return Seen.STRUCK
    # The rim of a character may be drawn a part of a pixel elsewhere.
    other = ImageChops.multiply(near, ink.free(middle))
    columns, rows = other.getprojection()
    first, last = _between_lines(near, aside)
    if any(columns[first:last]) and (
        sum(columns[first:last]) >= _ACROSS * (last - first)
        or _runs_through(near, columns, rows, aside)
    ):
        return Seen.STRUCK
    first, last = max(first, aside), min(last, other.width - aside)
    if last <= first:
        return Seen.PLAINLY
    inner = other.crop((first, 0, last, other.height))
    blot = inner.histogram()[255]
    least = max(_LEAST_BLOT, _BLOT * inner.width * inner.height)
    if blot > least:
        return Seen.OVERDRAWN
    plain = ink.slanted is ink.written and colour <= _BLACK and background >= 255 - _BLACK
    if not plain:
        return Seen.PLAINLY
    return _with_more_ink(ink.seen.crop(middle), expected, first, last)


def _between_lines(near: Image.Image, aside: int) -> tuple[int, int]:
    """The columns between ruled lines that run down beside a character, and at most touch it.

    ``near`` is what is drawn there beside the character.
    """
    down = near.resize((near.width, 1), Image.Resampling.BOX).tobytes()
    lines = [x for x, grey in enumerate(down) if grey >= 255 * _DOWN]
    reach = aside + _TOUCH
    first = max((x + 2 for x in lines if x < reach), default=0)
    last = min((x - 1 for x in lines if x >= near.width - reach), default=near.width)
    return (first, last) if first < last else (0, near.width)


def _with_more_ink(seen: Image.Image, expected: Image.Image, first: int, last: int) -> Seen:
    """Whether a black character on white shows ink that is not its own and lacks none of its own.

    It is examined from the column ``first`` to ``last``. A rim that is drawn a part of a pixel
    elsewhere adds ink on one side and lacks it on the other.
    """
    if highest(ImageChops.subtract(seen, expected)) >= _LACKING:
        return Seen.PLAINLY
    more = mask(ImageChops.subtract(expected, seen), _OTHER, 256)
    inner = more.crop((first, 0, last, more.height))
    if inner.histogram()[255] < _LEAST_BLOT:
        return Seen.PLAINLY
    columns = sum(inner.getprojection()[0])
    return Seen.STRUCK if columns >= _ACROSS * inner.width else Seen.OVERDRAWN


def _is_thin_line(near: Image.Image, aside: int) -> bool:
    """Whether all that is drawn over a character is low and extends beyond both of its sides."""
    found = near.getbbox()
    if found is None or found[3] - found[1] > _THIN * near.height:
        return False
    return found[0] < aside and found[2] > near.width - aside


def _runs_through(
    near: Image.Image, columns: Sequence[int], rows: Sequence[int], aside: int
) -> bool:
    """Whether ink beside a character that does not run all the way down continues across it.

    ``columns`` and ``rows`` say where it is free of the character, ``near`` is all of it.
    """
    top, bottom = rows.index(1), len(rows) - rows[::-1].index(1)
    if bottom - top > 0.5 * len(rows):
        # A ruled line beside the character.
        return False
    left, right = sum(columns[:aside]), sum(columns[-aside:])
    if min(left, right) >= aside - 1:
        return True
    along = near.crop((0, top, near.width, bottom)).getprojection()[0]
    return sum(along) >= _THROUGH * len(along)
