"""Shadows of text: the same characters drawn before it in another colour, with a small offset.

Browsers draw ``text-shadow`` like this; a blurred one as a picture beside transparent characters. A
shadow is no text of its own: only the text in front of it is read.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from gongkai.converters.documents.aligned.glyphs import Box, Glyph
from gongkai.converters.documents.pdf.page_objects import bounds_of, colours_of, objects_of

_FARTHEST = 0.35
"""The largest offset of a shadow, in parts of its height."""

_FAR_ENOUGH = 2.0
_LEAST = 0.1
_ALIKE = 0.15
_SQUARE = 8.0
_TWIN = 0.4


@dataclass(frozen=True)
class Shadow:
    """A text object of a page that is a shadow.

    ``number`` is its index, from 0, among the page's text objects that are in no form; ``box``
    encloses it on the plane of the page (left, bottom, right, top), ``aside`` is the offset to the
    text that it is the shadow of. ``seen`` says that it is drawn, and not transparent.
    """

    number: int
    box: Box
    aside: tuple[float, float]
    seen: bool


def shadows_on(page: pdfium.PdfPage) -> tuple[Shadow, ...]:
    """The shadows among the texts of a loaded page, except those in forms."""
    texts = [
        page_object for kind, page_object, _ in objects_of(page, 1) if kind == raw.FPDF_PAGEOBJ_TEXT
    ]
    colours = colours_of(texts)
    if len(set(colours)) < 2:
        return ()
    boxes = [bounds_of(text) for text in texts]
    near: dict[tuple[int, int], list[int]] = defaultdict(list)
    for i, box in enumerate(boxes):
        near[_square(box)].append(i)
    found = []
    for i, box in enumerate(boxes):
        x, y = _square(box)
        later = [
            j
            for place in product((x - 1, x, x + 1), (y - 1, y, y + 1))
            for j in near.get(place, ())
            if j > i and colours[j] != colours[i]
        ]
        asides = (_aside(box, boxes[j]) for j in sorted(later))
        aside = next((aside for aside in asides if aside is not None), None)
        if aside is not None:
            found.append(Shadow(i, box, aside, colours[i][3] > 0))
    return tuple(found)


def _square(box: Box) -> tuple[int, int]:
    """The square of the page in which a box begins."""
    return round(box[0] / _SQUARE), round(box[1] / _SQUARE)


def remove(page: pdfium.PdfPage, shadows: Iterable[Shadow]) -> None:
    """Remove the shadows from a loaded page."""
    gone = {shadow.number for shadow in shadows}
    texts = page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=1)
    for text in [text for i, text in enumerate(texts) if i in gone]:
        page.remove_obj(text)


def without_shadows(
    glyphs: Sequence[Glyph], shadows: Sequence[tuple[Box, tuple[float, float]]]
) -> list[Glyph]:
    """The characters of a page without those that are shadows of the same ones beside them.

    For each shadow its box on the page as shown is returned, and the offset of its text.
    """
    by_text: dict[str, list[Glyph]] = defaultdict(list)
    for glyph in glyphs:
        by_text[glyph.text].append(glyph)

    def is_shadow(glyph: Glyph) -> bool:
        x, y = glyph.middle
        for (left, top, right, bottom), (across, down) in shadows:
            if not (left - 1 <= x <= right + 1 and top - glyph.size < y < bottom + glyph.size):
                continue
            if any(
                abs(other.x0 - glyph.x0 - across) <= _TWIN
                and abs(other.top - glyph.top - down) <= _TWIN
                for other in by_text[glyph.text]
            ):
                return True
        return False

    return [glyph for glyph in glyphs if not is_shadow(glyph)]


def _aside(box: Box, other: Box) -> tuple[float, float] | None:
    """The offset of a box from another of the same size, if the other may be that of its text."""
    across, up = other[0] - box[0], other[1] - box[1]
    alike = abs(other[2] - box[2] - across) <= _ALIKE and abs(other[3] - box[3] - up) <= _ALIKE
    far = max(abs(across), abs(up))
    close = far <= max(_FARTHEST * (box[3] - box[1]), _FAR_ENOUGH)
    return (across, up) if alike and close and far >= _LEAST else None
