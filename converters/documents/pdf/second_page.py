"""A page of a PDF in the second reading: its characters, and its print."""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from copy import copy
from dataclasses import replace
from functools import cached_property

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import Image

from gongkai.converters.documents.aligned.glyphs import Box, Glyph
from gongkai.converters.documents.pdf.annotations import Undrawn
from gongkai.converters.documents.pdf.drawing import draw, ink_of
from gongkai.converters.documents.pdf.ink import PageInk
from gongkai.converters.documents.pdf.page_images import images_of
from gongkai.converters.documents.pdf.page_look import PageLook, look_of
from gongkai.converters.documents.pdf.seals import is_crossed, red_ink, red_of, seals_on
from gongkai.converters.documents.pdf.second_characters import characters_of, once
from gongkai.converters.documents.pdf.shadows import Shadow, remove, shadows_on
from gongkai.converters.documents.pdf.text_alone import odd_texts


class SecondPage:
    """A page in the second reading."""

    def __init__(
        self,
        page: pdfium.PdfPage,
        again: Callable[[], AbstractContextManager[pdfium.PdfPage]],
        undrawn: Sequence[Undrawn] = (),
        turned: int = 0,
    ) -> None:
        """Take a loaded page; ``again`` loads it once more, to be changed.

        ``width`` and ``height`` are those of the page as shown, in points; ``turned`` is the
        rotation by which the file shows it, in degrees clockwise.
        """
        self._page = page
        self._again = again
        self._undrawn = undrawn
        self.turned = turned
        self.width, self.height = page.get_size()

    @cached_property
    def rotation(self) -> int:
        """The rotation of the plane on which the page is drawn, in degrees clockwise."""
        return int(self._page.get_rotation())

    @cached_property
    def on_its_side(self) -> int:
        """The rotation of most of its text: 90, 180 or 270 degrees clockwise; 0 if upright."""
        found = Counter(glyph.orientation for glyph in self.glyphs)
        orientation, count = found.most_common(1)[0] if found else (0, 0)
        return orientation if orientation % 90 == 0 and 2 * count > len(self.glyphs) else 0

    def undrawn(self, box: Box) -> tuple[str, ...]:
        """The texts of annotations over the box that may or may not be seen."""
        return tuple(note.text for note in self._undrawn if _meet(self._shown(note.box), box))

    def look(self) -> PageLook:
        """What the page consists of."""
        return look_of(self._page, bool(self.glyphs))

    def pictures(self) -> list[tuple[Box, float]]:
        """Where images stand that nothing is written over, with their pixels per point."""
        return images_of(self._page, self._shown, self.glyphs)

    @cached_property
    def glyphs(self) -> tuple[Glyph, ...]:
        """The characters of the page in the library's own order, each once, without white space.

        Invisible characters are not among them.
        """
        return once(glyph for glyph, invisible in self._all if not invisible)

    @cached_property
    def invisible(self) -> tuple[Glyph, ...]:
        """The characters that are written in the invisible mode."""
        return tuple(glyph for glyph, invisible in self._all if invisible)

    @cached_property
    def _all(self) -> tuple[tuple[Glyph, bool], ...]:
        if not self._shadows:
            return characters_of(self._page, self.rotation, self._shown)
        with self._again() as changed:
            remove(changed, self._shadows)
            return characters_of(changed, self.rotation, self._shown)

    @cached_property
    def _shadows(self) -> tuple[Shadow, ...]:
        return shadows_on(self._page)

    @property
    def shadows(self) -> list[tuple[Box, tuple[float, float]]]:
        """Where shadows of text are on the page as shown, and the offsets of their texts."""
        found = []
        for shadow in self._shadows:
            left, bottom, right, top = shadow.box
            across, up = shadow.aside
            box = self._shown(shadow.box)
            text = self._shown((left + across, bottom + up, right + across, top + up))
            found.append((box, (text[0] - box[0], text[1] - box[1])))
        return found

    @cached_property
    def _crop(self) -> Box:
        """The visible part of the plane: left, bottom, right, top."""
        bounds = raw.FS_RECTF()
        raw.FPDF_GetPageBoundingBox(self._page, bounds)
        return bounds.left, bounds.bottom, bounds.right, bounds.top

    def _shown(self, box: Box) -> Box:
        """A box of the plane (left, bottom, right, top) on the page as it is shown."""
        left, bottom, right, top = self._crop
        x0, y0, x1, y1 = box
        match self.rotation:
            case 90:
                return y0 - bottom, x0 - left, y1 - bottom, x1 - left
            case 180:
                return right - x1, y0 - bottom, right - x0, y1 - bottom
            case 270:
                return top - y1, right - x1, top - y0, right - x0
            case _:
                return x0 - left, top - y1, x1 - left, top - y0

    # --- what is seen ---------------------------------------------------------------------------

    def render(self, scale: float) -> Image.Image:
        """The page as an image with ``scale`` pixels per point (fewer if it is very large)."""
        return draw(self._page, scale, grey=False)

    def crop(self, box: Box, scale: float) -> Image.Image:
        """The print in a box of the page, with ``scale`` pixels per point."""
        picture = self.render(scale)
        scale = picture.width / self.width
        return picture.crop(
            (
                max(math.floor(box[0] * scale), 0),
                max(math.floor(box[1] * scale), 0),
                min(math.ceil(box[2] * scale), picture.width),
                min(math.ceil(box[3] * scale), picture.height),
            )
        )

    def may_be_hidden(self, box: Box) -> bool:
        """Whether text in the box may be pale, transparent or cut off."""
        return any(_meet(box, odd) for odd in self._odd)

    @cached_property
    def _odd(self) -> list[Box]:
        """Where such text stands; anywhere, if it is in a part that is drawn by itself."""
        everywhere = (-math.inf, -math.inf, math.inf, math.inf)
        return [everywhere if box is None else self._shown(box) for box in odd_texts(self._page)]

    def has_seal(self, box: Box) -> bool:
        """Whether a red seal lies over or under the box."""
        return any(_meet(box, seal) for seal in self._seals)

    @cached_property
    def _seals(self) -> list[Box]:
        picture = self.render(1.0)
        return seals_on(picture, picture.width / self.width)

    def is_crossed_in_red(self, box: Box) -> bool:
        """Whether a thin red line runs across what stands in the box."""
        ink = self.ink
        pixels = ink.pixels_of(box)
        if pixels is None:
            return False
        rings = [
            (ring[0] * ink.scale, ring[1] * ink.scale, ring[2] * ink.scale, ring[3] * ink.scale)
            for ring in self._seals
        ]
        return is_crossed(red_ink(self._coloured.crop(pixels)), pixels[:2], rings)

    @cached_property
    def _coloured(self) -> Image.Image:
        """The page as it is seen, in colour, in the size of its ink."""
        ink = self.ink
        return draw(self._page, ink.scale, grey=False).resize(ink.seen.size)

    @cached_property
    def through_seals(self) -> "SecondPage":
        """The same page, seen without its red ink."""
        view = copy(self)
        view.__dict__["ink"] = replace(self.ink, seen=red_of(self._coloured))
        return view

    @property
    def is_drawn(self) -> bool:
        """Whether the page was drawn already, so that its ink costs nothing more."""
        return "ink" in vars(self)

    @cached_property
    def ink(self) -> PageInk:
        """The print where the characters stand."""
        return ink_of(self._page, self._again, self.glyphs, self._shadows)


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
