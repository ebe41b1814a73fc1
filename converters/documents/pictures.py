"""Pictures in a document where tables may be: read by recognition, or reported.

A reader puts a ``Picture`` among its items where one is shown; ``read_pictures`` replaces it by
what can be read there. Without the extra ``ocr`` it reports that there are pictures, and what to
install.
"""

import io
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import Any

from PIL import Image

from gongkai.converters.documents.limits import Limits
from gongkai.converters.documents.model import Grid, GridCell, Item, Place, TextBlock
from gongkai.converters.documents.native_code import note_native_code
from gongkai.converters.documents.picture_notes import on_picture, where
from gongkai.converters.errors import UnreadableSource
from gongkai.ontology.labels import Label
from gongkai.ontology.texts import joined_labels, translations

_ENGINES = "gongkai.converters.documents.scan.engines"
_SCANS = "gongkai.converters.documents.scan.reader"
_FORMATS = ("PNG", "JPEG", "TIFF", "GIF", "BMP", "WEBP")
_BYTES_A_PIXEL = 4

_LEAST_SHOWN = (150.0, 24.0)
_LEAST_PIXELS = (240, 40)
"""Width and height, in points as shown and in pixels, below which a picture is no table: a symbol,
a logo, a signature.
"""

_LOOKED_AT = (400, 400)
_PAPER_SPREAD = 32
_LEAST_PAPER = 0.5
"""Part of the pixels of a table that are paper, with greys no further apart than that; in a
photograph fewer pixels have one grey.
"""

_LITTLE_TEXT = 200
"""Number of characters: a document with less text consists of pictures, and their text is its text.
"""


@dataclass(frozen=True)
class Picture:
    """A picture where it stands among the items of a document.

    ``image`` holds the bytes of an image file, or returns an image when it is called (images of
    many pages would fill the memory); None means that it is not in the document. ``width`` and
    ``height`` are those with which it is shown, in points, None where not known. ``expected`` says
    that it stands where a table is expected, as directly below a heading: only then is a picture
    that is not in the document reported.
    """

    place: Place
    image: bytes | Callable[[], Image.Image] | None
    width: float | None = None
    height: float | None = None
    path: tuple[int, ...] = ()
    expected: bool = False

    @property
    def is_small(self) -> bool:
        """Whether it is shown too small to be a table."""
        sizes = zip((self.width, self.height), _LEAST_SHOWN, strict=True)
        return any(size is not None and size < least for size, least in sizes)


@dataclass(frozen=True)
class PicturesRead:
    """The items of a document, its pictures replaced by what is read in them.

    ``notes`` report it, ``unread`` names pictures that may be tables and are not read
    (``Content``). ``noted`` are the pictures that were read or that the notes mention. ``tables``
    says that some of the items are tables of pictures.
    """

    items: tuple[Item, ...]
    notes: tuple[Label, ...] = ()
    unread: Label = field(default_factory=dict)
    noted: tuple[Picture, ...] = ()
    tables: bool = False


def read_pictures(items: Sequence[Item | Picture], limits: Limits) -> PicturesRead:
    """Read the pictures among ``items`` in their places.

    A picture gives its tables with the text around them; one without a table gives its text only in
    a document that has hardly any text of its own. Tables of pictures count among the tables of the
    document. Raises UnreadableSource where there are more of them than ``limits`` allow.
    """
    if not any(isinstance(item, Picture) for item in items):
        return PicturesRead(tuple(item for item in items if not isinstance(item, Picture)))
    opened: list[int] = []
    closed: dict[str, list[Picture]] = {}
    for position, item in enumerate(items):
        if not isinstance(item, Picture) or item.is_small:
            continue
        image = _open(item, limits)
        if isinstance(image, str):
            closed.setdefault(image, []).append(item)
        elif image is not None and _may_be_table(image):
            opened.append(position)
    counted = [
        translations(
            f"documents.pictures.unread.{why}", count=len(pictures), where=_where(pictures)
        )
        for why, pictures in closed.items()
    ]
    noted = [picture for pictures in closed.values() for picture in pictures]
    if not opened:
        return _without(items, counted, noted)
    try:
        import_module(_ENGINES).load_engines()
    except UnreadableSource:
        shown = [_picture(items, each) for each in opened]
        return _without(
            items,
            [
                translations(
                    "documents.pictures.not_recognised", count=len(shown), where=_where(shown)
                ),
                *counted,
            ],
            [*shown, *noted],
        )
    read = _recognised(items, opened, counted, limits)
    return replace(read, noted=(*read.noted, *noted))


def _picture(items: Sequence[Item | Picture], position: int) -> Picture:
    item = items[position]
    assert isinstance(item, Picture)
    return item


def _without(
    items: Sequence[Item | Picture], notes: Sequence[Label], noted: Sequence[Picture]
) -> PicturesRead:
    kept = tuple(item for item in items if not isinstance(item, Picture))
    return PicturesRead(kept, tuple(notes), joined_labels(notes), tuple(noted))


# --- which pictures may be tables ------------------------------------------------------------


def _open(picture: Picture, limits: Limits) -> Image.Image | str | None:
    """The image, None where it is too small to be a table, or why it cannot be opened."""
    if picture.image is None:
        return "elsewhere" if picture.expected else None
    if callable(picture.image):
        return picture.image()
    note_native_code()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # The bound below is stricter than the library's.
            image = Image.open(io.BytesIO(picture.image), formats=_FORMATS)
            if any(size < least for size, least in zip(image.size, _LEAST_PIXELS, strict=True)):
                return None
            if image.width * image.height * _BYTES_A_PIXEL > limits.most_unpacked_bytes:
                return "closed"
            image.load()
    except Exception:  # Decoders raise any error on a damaged file.
        return "closed"
    return image


def _may_be_table(image: Image.Image) -> bool:
    """Whether much of the image has one grey, as paper has."""
    small = image if image.mode in ("L", "RGB") else _on_paper(image)
    small = small.copy()
    small.thumbnail(_LOOKED_AT)
    counts = small.convert("L").histogram()
    most = max(range(256), key=counts.__getitem__)
    near = counts[max(most - _PAPER_SPREAD, 0) : most + _PAPER_SPREAD + 1]
    return sum(near) >= _LEAST_PAPER * sum(counts)


def _on_paper(image: Image.Image) -> Image.Image:
    """The image as it is seen on white, one byte per channel."""
    if image.mode[0] in "IF":  # More than 8 bits, which a plain conversion would cut off.
        deep = image.convert("F")
        deep.thumbnail(_LOOKED_AT)
        low, high = min(deep.getdata()), max(deep.getdata())
        return deep.point(lambda grey: (grey - low) * 255 / ((high - low) or 1)).convert("L")
    paper = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(paper, image.convert("RGBA")).convert("RGB")


def _where(pictures: Sequence[Picture]) -> Label:
    return where([picture.place for picture in pictures])


# --- recognition -----------------------------------------------------------------------------


def _recognised(
    items: Sequence[Item | Picture],
    opened: Sequence[int],
    notes: Sequence[Label],
    limits: Limits,
) -> PicturesRead:
    """The items with what is recognised in the pictures at the positions ``opened``."""
    scans: Any = import_module(_SCANS)
    own = [item for item in items if not isinstance(item, Picture)]
    letters = sum(len(item.text) for item in own if isinstance(item, TextBlock))
    alone = letters < _LITTLE_TEXT and not any(isinstance(item, Grid) for item in own)

    def image(position: int) -> Image.Image:
        found = _open(_picture(items, position), limits)
        assert isinstance(found, Image.Image)
        return _shown(found)

    wanted = [each for each in opened if alone or scans.holds_lines(image(each))]
    wanted = wanted[: limits.most_pages]
    numbers = _numbered(wanted)
    read = scans.recognise_images(
        ((number, image(each)) for number, each in zip(numbers, wanted, strict=True)), limits
    )
    at = dict(zip(numbers, wanted, strict=True))
    found: dict[int, list[Item]] = {}
    for item in read.items:
        found.setdefault(at[item.place.page], []).append(item)
    tabled = {
        position
        for position, inside in found.items()
        if any(isinstance(item, Grid) for item in inside)
    }
    used = found if alone else {position: found[position] for position in tabled}
    others = [_picture(items, each) for each in opened if each not in tabled]
    noted = [*notes]
    shown = [_picture(items, each) for each in wanted if each in used]
    if shown:
        noted.append(
            translations("documents.pictures.recognised", count=len(shown), where=_where(shown))
        )
    for number, note in read.notes:
        if at[number] in used:
            noted.append(on_picture(items[at[number]].place, note))
    unread = [*notes]
    if others:
        unread.append(
            translations("documents.pictures.no_table", count=len(others), where=_where(others))
        )
    return PicturesRead(
        tuple(_placed(items, used)),
        tuple(noted),
        joined_labels(unread),
        tuple(shown),
        bool(tabled),
    )


def _shown(image: Image.Image) -> Image.Image:
    """The image upright, as its file declares."""
    from PIL import ImageOps

    return ImageOps.exif_transpose(image) or image


def _numbered(positions: Sequence[int]) -> list[int]:
    """A number for each picture; pictures that follow one another have consecutive numbers.

    A table may continue from one picture to the next, but not across what stands between them.
    """
    numbers: list[int] = []
    for i, position in enumerate(positions):
        step = 1 if not i or position == positions[i - 1] + 1 else 2
        numbers.append((numbers[-1] if numbers else 0) + step)
    return numbers


def _placed(items: Sequence[Item | Picture], found: dict[int, list[Item]]) -> list[Item]:
    """All items in order, each with its place in the document; tables numbered in their order."""
    made: list[Item] = []
    tables = 0
    more = 0
    for position, item in enumerate(items):
        if isinstance(item, Picture):
            for inside in found.get(position, []):
                if isinstance(inside, Grid):
                    more += 1
                    made.append(_moved(inside, item, tables + more))
                else:
                    made.append(replace(inside, place=item.place, path=item.path))
        elif isinstance(item, Grid):
            tables = item.place.table or tables
            made.append(_counted_on(item, more) if more and item.place.table else item)
        else:
            made.append(item)
    return made


def _moved(grid: Grid, picture: Picture, table: int) -> Grid:
    """A grid of a picture as table ``table`` of the document."""

    def place(cell: GridCell) -> Place:
        return replace(picture.place, table=table, row=cell.place.row, column=cell.place.column)

    made = _with_places(grid, {id(cell): place(cell) for cell in _cells(grid)})
    return replace(made, place=replace(picture.place, table=table), path=picture.path)


def _counted_on(grid: Grid, more: int) -> Grid:
    """The grid with ``more`` tables before it."""

    def moved(place: Place) -> Place:
        return replace(place, table=(place.table or 0) + more)

    made = _with_places(grid, {id(cell): moved(cell.place) for cell in _cells(grid)})
    return replace(made, place=moved(grid.place))


def _cells(grid: Grid) -> list[GridCell]:
    return [cell for row in grid.rows for cell in row if cell is not None]


def _with_places(grid: Grid, places: dict[int, Place]) -> Grid:
    """The grid with other places of its cells; a merged cell stays one object."""
    made = {id(cell): replace(cell, place=places[id(cell)]) for cell in _cells(grid)}
    return replace(
        grid,
        rows=tuple(
            tuple(None if cell is None else made[id(cell)] for cell in row) for row in grid.rows
        ),
    )
