"""From image files and PDF pages to upright grey pictures."""

import io
import math
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from gongkai.converters.documents.limits import Limits
from gongkai.converters.documents.native_code import note_native_code
from gongkai.converters.documents.scan.tones import BLACK_AND_WHITE
from gongkai.converters.errors import UnreadableSource
from gongkai.ontology.texts import translations

if TYPE_CHECKING:
    from numpy import ndarray as Picture
    from PIL.Image import Image

FORMATS = ("PNG", "JPEG", "TIFF")

_LEAST_SIDE = 8
_LONGEST_SIDE = 3508
"""A4 at 300 dpi: more pixels cost time and do not improve the reading."""

_BYTES_A_PIXEL = 4
_MOST_STRETCHED = 4
FEEDER, _WIDEST_TURN = 4.0, 12.0
"""Degrees by which a feeder rotates a sheet, and a hand a camera."""

_PALEST, _DARK_PRINT = 25, 150
"""How much darker than paper the darkest hundredth of a page is where it is print, and where it
need not be made darker."""

_COLOURED = 70
"""By how much (of 255) red, green and blue of a coloured pixel differ."""

_FEWEST_COLOURED = 30

_FEWEST_POINTS = 200
_MOST_POINTS = 100_000
_FEW_POINTS = 20_000


def images_of(data: bytes, limits: Limits) -> "Iterator[tuple[int, Image]]":
    """The pages of an image file with their numbers, upright as the file declares.

    Raises UnreadableSource for a file that is no PNG, JPEG or TIFF, is cut off, has more pages than
    ``limits.most_pages`` or has one that unpacks to more than ``limits.most_unpacked_bytes``.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    most_pixels = limits.most_unpacked_bytes // _BYTES_A_PIXEL
    note_native_code()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # The bound below is stricter than the library's.
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                frames = getattr(image, "n_frames", 1)
                if frames > limits.most_pages:
                    raise UnreadableSource(
                        translations(
                            "unreadable.scan.too_many_frames", found=frames, most=limits.most_pages
                        )
                    )
                for number in range(1, frames + 1):
                    image.seek(number - 1)
                    if image.width * image.height > most_pixels:
                        raise UnreadableSource(
                            translations(
                                "unreadable.scan.page_too_large",
                                page=number,
                                width=image.width,
                                height=image.height,
                            )
                        )
                    yield number, ImageOps.exif_transpose(image.copy())
    except UnreadableSource:
        raise
    except Image.DecompressionBombError:
        raise UnreadableSource(translations("unreadable.scan.too_large")) from None
    except UnidentifiedImageError:
        raise UnreadableSource(translations("unreadable.scan.no_image")) from None
    except Exception as error:  # Decoders raise any error on a damaged file.
        raise UnreadableSource(
            translations("unreadable.scan.damaged", error=type(error).__name__)
        ) from None


def page_image(pdf_page: Any) -> "Image":
    """A page of a PDF, rendered by pypdfium2 in grey at the resolution of its scan.

    That is the resolution of the largest image on the page, but at least 200 and at most 300 dpi.
    ``pdf_page`` is a ``pypdfium2.PdfPage``. The ``info`` of the image says where that image has no
    greys, which rendering adds.
    """
    import pypdfium2.raw as raw

    inches = pdf_page.get_width() / 72
    images = pdf_page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE])
    largest = max(images, key=lambda image: image.get_px_size()[0], default=None)
    widest = largest.get_px_size()[0] if largest else 0
    dpi = min(max(round(widest / inches) if inches else 0, 200), 300)
    longest = max(pdf_page.get_width(), pdf_page.get_height()) * dpi / 72
    scale = dpi / 72 * min(1.0, _LONGEST_SIDE / max(longest, 1))
    image: Image = pdf_page.render(scale=scale, grayscale=True).to_pil()
    if largest and largest.get_metadata().bits_per_pixel == 1:
        image.info[BLACK_AND_WHITE] = True
    return image


def grey_of(image: "Image", number: int) -> "Picture":
    """The page in grey, its paper made evenly white, and no larger than is useful.

    Raises UnreadableSource for an image too small to hold text.
    """
    import cv2

    grey = _grey(image)
    if min(grey.shape) < _LEAST_SIDE:
        raise UnreadableSource(
            translations(
                "unreadable.scan.too_small", page=number, width=image.width, height=image.height
            )
        )
    # TIFF has fractions of a type that does not divide by itself.
    across, down = (float(value) for value in image.info.get("dpi", (1, 1)))
    if across > 0 and down > 0 and not 0.9 < across / down < 1.1:  # Fax has half as many lines.
        wider, higher = (1.0, across / down) if across > down else (down / across, 1.0)
        if wider * higher < _MOST_STRETCHED:
            grey = cv2.resize(grey, None, fx=float(wider), fy=float(higher))
    shrink = _LONGEST_SIDE / max(grey.shape)
    if shrink < 1:
        grey = cv2.resize(grey, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    return grey if min(grey.shape) < _LEAST_SIDE else _even(grey)


def coloured_ink(image: "Image", shape: tuple[int, ...]) -> "Picture | None":
    """Where the ink of an image is clearly coloured, like seals and pen marks.

    A mask (0 or 255) of ``shape``, that of the page in grey; None where there is hardly any.
    """
    import cv2
    import numpy as np

    if image.mode in ("1", "L", "I", "F") or image.mode.startswith("I;"):
        return None
    picture = np.asarray(image.convert("RGB"))
    shrink = max(shape) / max(picture.shape[:2])
    if shrink < 1:
        picture = cv2.resize(picture, (shape[1], shape[0]), interpolation=cv2.INTER_AREA)
    spread = picture.max(axis=2).astype(np.int16) - picture.min(axis=2)
    mask = (spread > _COLOURED).astype(np.uint8) * 255
    if int((mask > 0).sum()) < _FEWEST_COLOURED:
        return None
    if mask.shape != tuple(shape[:2]):
        mask = cv2.resize(mask, (shape[1], shape[0]), interpolation=cv2.INTER_NEAREST)
    return mask


def _grey(image: "Image") -> "Picture":
    import numpy as np
    from PIL import Image as images

    if image.mode[0] in "IF":  # More than 8 bits, which a plain conversion would cut off.
        deep = np.asarray(image, dtype=np.float64)
        low, high = float(deep.min()), float(deep.max())
        return ((deep - low) * (255 / ((high - low) or 1))).astype(np.uint8)
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        paper = images.new("RGBA", image.size, "white")
        image = images.alpha_composite(paper, image.convert("RGBA"))
    return np.array(image.convert("L"))


def _even(grey: "Picture") -> "Picture":
    """Shadows and tinted paper removed: each pixel in relation to the paper around it."""
    import cv2
    import numpy as np

    small = cv2.resize(grey, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    if min(small.shape) < 16:
        return grey
    size = 2 * (max(small.shape) // 60) + 3
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, cv2.getStructuringElement(0, (size, size)))
    paper = cv2.GaussianBlur(paper, (0, 0), size)
    paper = cv2.resize(paper, (grey.shape[1], grey.shape[0]))
    even = cv2.divide(grey, cv2.max(paper, 64), scale=250)
    pale = 250 - float(np.percentile(even, 1))
    if not _PALEST < pale < _DARK_PRINT:
        return even
    # Pale print is made dark: everything is recognised by its contrast with the paper.
    return cv2.convertScaleAbs(
        cv2.subtract(250, cv2.convertScaleAbs(cv2.subtract(250, even), alpha=_DARK_PRINT / pale))
    )


def straight(grey: "Picture") -> "Picture":
    """The page with its horizontal strokes level."""
    return turned(grey, tilt_of(grey))


def turned(grey: "Picture", angle: float) -> "Picture":
    """The page rotated counterclockwise by some degrees, with its edges extended."""
    import cv2

    if abs(angle) < 0.03:
        return grey
    height, width = grey.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    return cv2.warpAffine(
        grey, turn, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )


def tilt_of(grey: "Picture") -> float:
    """By how many degrees the horizontal strokes of the page fall to the right.

    The angle at which most of them fall into few rows; strokes of letters show it as well where
    there are no ruled lines. A page is first examined as if rotated by hand, then as by a feeder.
    """
    dark = dark_of(grey)
    length = max(grey.shape[1] // 80, 8)
    wide = _sharpest(dark, length // 2, _FEW_POINTS, (-_WIDEST_TURN, _WIDEST_TURN), 0.1)
    aside = 0.0 if abs(wide) <= FEEDER else wide
    length = length // 2 if aside else length
    coarse = _sharpest(dark, length, _MOST_POINTS, (aside - FEEDER, aside + FEEDER), 0.1)
    return _sharpest(dark, length, _MOST_POINTS, (coarse - 0.1, coarse + 0.1), 0.01)


def dark_of(grey: "Picture") -> "Picture":
    """Where a page is darker than its surroundings, as a mask."""
    import cv2

    return cv2.adaptiveThreshold(
        grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 12
    )


def _sharpest(
    dark: "Picture", length: int, most: int, between: tuple[float, float], step: float
) -> float:
    """The angle at which level strokes of a ``length`` fall into the fewest rows.

    It is searched ``between`` two angles, in degrees, and measured by at most ``most`` points.
    """
    import cv2
    import numpy as np

    strokes = cv2.morphologyEx(dark, cv2.MORPH_OPEN, cv2.getStructuringElement(0, (length, 1)))
    down, across = np.nonzero(strokes)
    if len(down) < _FEWEST_POINTS:
        return 0.0
    every = len(down) // most + 1
    down, across = down[::every], across[::every] - dark.shape[1] / 2

    def sharpness(angle: float) -> float:
        rows = np.rint(down - across * math.tan(math.radians(angle))).astype(int)
        return float((np.bincount(rows - rows.min()).astype(float) ** 2).sum())

    return float(max(np.arange(between[0], between[1] + step / 10, step), key=sharpness))
