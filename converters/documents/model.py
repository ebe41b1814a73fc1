"""What every reader of a format returns: text blocks and grids in reading order, with their places.

A format knows where words and cells stand; it knows nothing of any official form.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from gongkai.ontology.labels import Label
from gongkai.ontology.source_places import Place as Place


@dataclass(frozen=True)
class TextBlock:
    """A paragraph, heading, label or cell: its text without surrounding white space.

    ``path`` are the positions, from the root down, of the elements around the block, where the
    format has such elements (HTML): a block whose path has little in common with that of the report
    is navigation around it.
    """

    text: str
    place: Place
    path: tuple[int, ...] = ()


@dataclass(frozen=True)
class GridCell:
    """One cell of a grid, merged or not: its text (empty if blank) and where it begins.

    Where the reader itself is not sure of the text, ``doubt`` says why; ``readings`` then holds the
    possible texts. Such a cell is never read as a number.
    """

    text: str
    place: Place
    doubt: Label = field(default_factory=dict)
    readings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Grid:
    """A table of the source: ``rows`` of equal length from the top down, each from left to right.

    A merged cell is one and the same object in every position that it covers; None is a position
    where the source has no cell at all. ``aligned`` says that cells above one another are a column
    of the source; where it is false (rows of text split at separators), only the order within a row
    counts, and the rows are padded with None. ``hidden`` are the words in rows and columns of the
    source that it does not show: they are left out of ``rows``. ``hidden_below`` are the rows
    directly below which such a hidden row with figures stands.
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
        """The cells of a row from left to right that do not also stand in the row above."""
        above = set(map(id, self.rows[row - 1])) if row else frozenset[int]()
        return [cell for cell in self.distinct(row) if id(cell) not in above]


Item = TextBlock | Grid


@dataclass(frozen=True)
class Content:
    """What a reader makes of the bytes of a source.

    ``declared`` is what the source declares outside its text, under these names where present:
    ``title``, ``publisher``, ``issued`` (as printed), ``identifier``, ``address`` (where the page
    says that it is published), ``site`` (identification code of the government site, 网站标识码).
    ``notes`` say what the reader found and could not use, such as a page without text. Where
    something that may hold tables was not read (pictures, scanned pages), ``unread`` says what it
    is and what to do: what is missing may be there. ``read_once`` says, for a format that is read
    in two ways, that some numbers were read in one way only; ``pictured`` says that some tables
    were read from pictures in the document, by two engines. ``hidden`` are texts that the source
    holds outside of its grids and does not show.
    """

    items: tuple[Item, ...]
    declared: dict[str, str] = field(default_factory=dict)
    notes: tuple[Label, ...] = ()
    unread: Label = field(default_factory=dict)
    read_once: bool = False
    pictured: bool = False
    hidden: tuple[str, ...] = ()


@dataclass(frozen=True)
class SourceFile:
    """The document that was read: its name, type, size in bytes and SHA-256.

    ``address`` and ``retrieved`` say where and when it was fetched, if that is known.
    """

    name: str
    media_type: str
    size: int
    sha256: str
    address: str | None = None
    retrieved: datetime | None = None


@dataclass(frozen=True)
class Document:
    """A source file and its content, in reading order, without regard to any form.

    ``unread``, ``read_once``, ``pictured`` and ``hidden`` are those of its content.
    """

    source_file: SourceFile
    items: tuple[Item, ...]
    declared: dict[str, str] = field(default_factory=dict)
    notes: tuple[Label, ...] = ()
    unread: Label = field(default_factory=dict)
    read_once: bool = False
    pictured: bool = False
    hidden: tuple[str, ...] = ()
