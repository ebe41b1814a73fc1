"""How a character is seen: clearly, not at all, struck out, or with something drawn over it."""

from gongkai.converters.documents.aligned.glyphs import Box
from gongkai.converters.documents.pdf.greys import FAINTEST, contrast_of, highest, mask
from gongkai.converters.documents.pdf.ink import INK, PageInk, Pixels, Seen
from gongkai.converters.documents.pdf.overdrawn import overdrawn

_ALIKE = 12
_PLAIN_INK = 150
_MOST_MISSING = 0.3
_LEAST_RATIO = 0.2
_LEAST_BACKGROUND = 6


def look(ink: PageInk, box: Box) -> Seen:
    """How the character is seen whose ink the box encloses closely."""
    pixels = ink.pixels_of(box)
    if pixels is None:
        return Seen.NOT
    # What runs across extends into the space beside a character.
    aside = max(2, round(0.12 * (pixels[3] - pixels[1])))
    wide = ink.inside((pixels[0] - aside, pixels[1], pixels[2] + aside, pixels[3]))
    if highest(ink.difference(wide)) <= _ALIKE:
        # The usual case: nothing but the character, in black on white.
        inked = ink.written.crop(pixels).getextrema()[0] < INK  # type: ignore[operator]
        return Seen.PLAINLY if inked else Seen.NOT
    return _compare(ink, pixels, wide, aside)


def _compare(ink: PageInk, pixels: Pixels, wide: Pixels, aside: int) -> Seen:
    own = mask(ink.written.crop(pixels), 0, _PLAIN_INK)
    inked_box = own.getbbox()
    if inked_box is None:
        return Seen.NOT
    # Some fonts give a box that is wider than the ink.
    left, top = pixels[:2]
    pixels = (left + inked_box[0], top + inked_box[1], left + inked_box[2], top + inked_box[3])
    wide = ink.inside((pixels[0] - aside, pixels[1], pixels[2] + aside, pixels[3]))
    own, seen = own.crop(inked_box), ink.seen.crop(pixels)
    darkest, lightest = seen.getextrema()
    if lightest - darkest < FAINTEST:  # type: ignore[operator]
        return Seen.NOT
    inked = seen.histogram(own)
    count = sum(inked)
    background = _background(ink, pixels, wide)
    contrast = contrast_of(inked, count, background)
    if contrast < FAINTEST:
        return Seen.NOT
    least = max(FAINTEST / 2, _LEAST_RATIO * contrast)
    missing = sum(n for grey, n in enumerate(inked) if abs(grey - background) < least)
    if missing > _MOST_MISSING * count:
        return Seen.NOT
    colour = max(range(256), key=lambda grey: inked[grey] * (abs(grey - background) >= least))
    return overdrawn(ink, wide, aside, background, colour)


def _background(ink: PageInk, box: Pixels, wide: Pixels) -> int:
    """The grey of the background of the character in the box, or of what is beside it."""
    counts = ink.seen.crop(box).histogram(ink.free(box))
    if sum(counts) < _LEAST_BACKGROUND:
        counts = ink.seen.crop(wide).histogram(ink.free(wide))
    if not any(counts):
        counts = ink.seen.crop(wide).histogram()
    return max(range(256), key=counts.__getitem__)
