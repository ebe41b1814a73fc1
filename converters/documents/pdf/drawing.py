"""Pages of a PDF drawn as images: as they are seen, and their text alone."""

import math
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager

import pypdfium2 as pdfium
from PIL import Image

from gongkai.converters.documents.aligned.glyphs import Glyph, has_digit
from gongkai.converters.documents.pdf.ink import SCALE, PageInk
from gongkai.converters.documents.pdf.shadows import Shadow
from gongkai.converters.documents.pdf.text_alone import hide, leave_text_alone

_MOST_PIXELS = 40_000_000
_DIGIT = 17.0
"""The least height of a digit of usual size, in pixels."""


def draw(page: pdfium.PdfPage, scale: float, grey: bool) -> Image.Image:
    """The page as an image with ``scale`` pixels per point (fewer if it is very large)."""
    width, height = page.get_size()
    pixels = width * height * scale * scale
    if pixels > _MOST_PIXELS:
        scale *= math.sqrt(_MOST_PIXELS / pixels)
    image: Image.Image = page.render(scale=scale, grayscale=grey).to_pil()
    mode = "L" if grey else "RGB"
    return image if image.mode == mode else image.convert(mode)


def ink_of(
    page: pdfium.PdfPage,
    again: Callable[[], AbstractContextManager[pdfium.PdfPage]],
    glyphs: Iterable[Glyph],
    shadows: Sequence[Shadow] = (),
) -> PageInk:
    """The print where the ``glyphs`` of a page stand; ``again`` loads the page once more.

    ``shadows`` of text are known but not examined, like slanted text.
    """
    sizes = sorted(glyph.size for glyph in glyphs if has_digit(glyph.text))
    size = sizes[len(sizes) // 2] if sizes else 0.0
    scale = min(max(SCALE, _DIGIT / size), 2 * SCALE) if size > 0 else SCALE
    with again() as changed:
        aslant = leave_text_alone(changed, shadows)
        slanted = written = draw(changed, scale, grey=True)
        if aslant:
            hide(aslant)
            written = draw(changed, scale, grey=True)
    seen = draw(page, scale, grey=True)
    return PageInk(seen, written, slanted, seen.width / page.get_width())
