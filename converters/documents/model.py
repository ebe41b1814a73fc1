"""What every reader of a format gives: text blocks and grids in reading order, each with its place.

A format says where words and cells stand; it knows nothing of any official form.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from gongkai.ontology.labels import Label
from gongkai.ontology.source_places import Place as Place


@dataclass(frozen=True)
class TextBlock:
    """A paragraph, heading, label or cell: its text without surrounding white space.

    ``path`` are the positions, from the root down, of the elements that the block stands in, where
    the format has such (HTML): what has no long common path with the report is navigation around
    it.
    """

    text: str
    place: Place
    path: tuple[int, ...] = ()


@dataclass(frozen=True)
class GridCell:
    """One cell of a grid, merged or not: its text (empty if blank) and where it begins.

    ``doubt`` says, where the reader itself is not sure of the text, why; ``readings`` then holds
    the texts that are possible. Such a cell is never read as a number.
    """

    text: str
    place: Place
    doubt: Label = field(default_factory=dict)
    readings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Grid:
    """A table of the source: ``rows`` of equal length, read from the top, each from the left.

    A merged cell stands, as one and the same object, in every position that it covers; None is a
    position where the source has no cell at all. ``aligned`` tells that what stands above one
    another is a column of the source; where it is not (rows of text parted by signs), only the
    order within a row counts, and the rows are filled up with None. ``hidden`` are the words in
    rows and columns of the source that it does not show: they are left out of ``rows``.
    ``hidden_below`` are the rows right below which such a row with figures stands.
    """

    rows: tuple[tuple[GridCell | None, ...], ...]
    place: Place
    aligned: bool = True
    path: tuple[int, ...] = ()
    hidden: tuple[str, ...] = ()
    hidden_below: frozenset[int] = frozenset()

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.rows[0]) if self.rows else 0

    def distinct(self, row: int) -> Iterator[GridCell]:
        """The cells of a row from left to right, a merged one once."""
        before: GridCell | None = None
        for cell in self.rows[row]:
            if cell is not None and cell is not before:
                yield cell
            before = cell

    def beginning(self, row: int) -> list[GridCell]:
        """The cells of a row from left to right that do not stand in the row above as well."""
        above = set(map(id, self.rows[row - 1])) if row else frozenset[int]()
        return [cell for cell in self.distinct(row) if id(cell) not in above]


Item = TextBlock | Grid


@dataclass(frozen=True)
class Content:
    """What a reader makes of the bytes of a source.

    ``declared`` is what the source says of itself outside its text, by these names where present:
    ``title``, ``publisher``, ``issued`` (as printed), ``identifier``, ``address`` (where the
    page says that it is published), ``site`` (identification code of the government site,
    网站标识码). ``notes`` tell what the reader met and could not use, such as
    a page without text. ``unread`` says, where something that may hold tables was not read
    (pictures, scanned pages), what it is and what to do: what is missing may be there.
    ``read_once`` tells, of a format that is read in two ways, that not every number was;
    ``pictured`` that some tables were read from pictures in the document, by two engines.
    ``hidden`` are texts that the source holds outside of its grids and does not show.
    """

    items: tuple[Item, ...]
    declared: dict[str, str] = field(default_factory=dict)
    notes: tuple[Label, ...] = ()
    unread: Label = field(default_factory=dict)
    read_once: bool = False
    pictured: bool = False
    hidden: tuple[str, ...] = ()


@dataclass(frozen=True)
class Source:
    """The document that was read: what it was called, its type, size in bytes and SHA-256.

    ``address`` and ``retrieved`` tell where and when it was fetched, if that is known.
    """

    name: str
    media_type: str
    size: int
    sha256: str
    address: str | None = None
    retrieved: datetime | None = None


@dataclass(frozen=True)
class Document:
    """A source and what it says, in reading order, without regard to any form.

    ``unread``, ``read_once``, ``pictured`` and ``hidden`` are those of its content.
    """

    source: Source
    items: tuple[Item, ...]
    declared: dict[str, str] = field(default_factory=dict)
    notes: tuple[Label, ...] = ()
    unread: Label = field(default_factory=dict)
    read_once: bool = False
    pictured: bool = False
    hidden: tuple[str, ...] = ()
