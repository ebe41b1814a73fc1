"""A report as read: every cell of the source is accounted for, with its place. No RDF in it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from gongkai.converters.documents.model import Place, SourceFile
from gongkai.ontology.bodies import Body
from gongkai.ontology.forms import Form
from gongkai.ontology.labels import Label
from gongkai.ontology.periods import Period, calendar_year
from gongkai.ontology.structures import cubes
from gongkai.ontology.texts import translations


class CellState(StrEnum):
    """The state of a cell of the form after reading (docs/design.md, section 3)."""

    READ = "read"
    IMPUTED = "imputed"
    NOT_STATED = "not-stated"
    UNREAD = "unread"
    ABSENT = "absent"
    UNATTRIBUTED = "unattributed"


NOT_IN_SOURCE = translations("forms.not_in_source")
"""The reason of an absent cell whose row was looked for everywhere."""


@dataclass(frozen=True)
class Cell:
    """One cell of a table.

    ``codes`` are its codes by scheme, empty for a value in the source that belongs to no cell of
    the form. ``value`` and ``unit`` are set when it was read; otherwise ``reason`` says, in each
    language, what is wrong and ``readings`` holds the texts found there. ``statement`` is what the
    source says of the entry (a reason, a statute), ``received_on`` the day of its receipt.
    """

    codes: dict[str, str]
    row: Label
    column: Label
    state: CellState
    place: Place | None = None
    text: str | None = None
    value: Decimal | None = None
    unit: str | None = None
    reason: Label = field(default_factory=dict)
    readings: tuple[str, ...] = ()
    statement: str | None = None
    received_on: date | None = None


@dataclass(frozen=True)
class ReportTable:
    """One table of the report: the cube that it fills, the form it follows, its cells.

    ``time`` is its period, where that is not the report's.
    """

    cube: str
    form: Form
    cells: tuple[Cell, ...]
    time: Period | None = None

    @property
    def label(self) -> Label:
        """The form's name for the table; where no form prints it, the title of its cube."""
        if self.cube in self.form.cubes:
            return self.form.table(self.cube).label
        return cubes()[self.cube].title

    def count(self, state: CellState) -> int:
        """The number of cells in ``state``."""
        return sum(cell.state is state for cell in self.cells)


@dataclass(frozen=True)
class Section:
    """A heading and the paragraphs under it; level 0 is the preamble, which has no heading.

    ``place`` is that of the heading, ``places`` are those of the paragraphs.
    """

    heading: str
    level: int
    paragraphs: tuple[str, ...]
    place: Place
    places: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Contact:
    """Contact particulars as printed; None where the report does not give them."""

    name: str | None = None
    address: str | None = None
    postal_code: str | None = None
    telephone: str | None = None
    fax: str | None = None
    email: str | None = None


@dataclass(frozen=True)
class Note:
    """Something odd that changes no value, such as a label that differs from the form's."""

    message: Label
    place: Place | None = None
    printed: str | None = None
    about: str | None = None
    """IRI path of the form's row or column that the note concerns, where there is one."""
    to_operator: bool = False
    """Whether the commands report it as well, since it is more than odd."""


@dataclass(frozen=True)
class Claim:
    """A figure that the text of a report states about its own tables.

    ``kind`` is its code in the scheme ``claim``, ``quotation`` the clause that states it, as
    printed, ``section`` the section in which it stands, counted from 1. ``cells`` are the cells
    that it concerns, as cube and codes in the order of its dimensions: it should equal their sum.
    ``reason`` says why it cannot be compared, where it cannot; then there are no ``cells``.
    """

    kind: str
    value: Decimal
    quotation: str
    section: int
    place: Place
    cells: tuple[tuple[str, tuple[str, ...]], ...] = ()
    reason: Label = field(default_factory=dict)


@dataclass(frozen=True)
class Wording:
    """The language of the reports of a source, and where the texts that describe them are.

    ``language`` is the tag of the texts, ``authority`` their language's key in the authority list
    of the European Union. ``source`` names the texts in the catalogue: ``titles.SOURCE``.
    """

    language: str
    authority: str
    source: str


@dataclass(frozen=True)
class Report:
    """An annual report on open government information, as read from one source document.

    ``time`` is its period, where that is no calendar year; ``components`` are the parts of its body
    for which it gives numbers. ``cells_apart`` says that each number stands by itself in the
    source, named there, so that one that cannot be read puts no other in doubt. ``read_once`` says,
    for a format that is read in two ways, that some numbers were read in one way only; ``pictured``
    says that some tables were read from pictures in the source.
    """

    body: Body
    year: int
    title: str
    period: tuple[date, date] | None
    issued: date | None
    signature: tuple[str, ...]
    contact: Contact | None
    sections: tuple[Section, ...]
    form: Form
    tables: tuple[ReportTable, ...]
    notes: tuple[Note, ...]
    source_file: SourceFile
    wording: Wording
    claims: tuple[Claim, ...] = ()
    time: Period | None = None
    components: tuple[Body, ...] = ()
    cells_apart: bool = False
    read_once: bool = False
    pictured: bool = False

    @property
    def reported_on(self) -> Period:
        """The period of the report."""
        return self.time or calendar_year(self.year)

    @property
    def key(self) -> str:
        """The report's path under ``id/report/``."""
        return f"{self.body.key}/{self.year}"

    def cells(self, *states: CellState) -> Iterator[tuple[ReportTable, Cell]]:
        """Every cell in one of ``states`` with its table; all cells when none is named."""
        for table in self.tables:
            for cell in table.cells:
                if not states or cell.state in states:
                    yield table, cell

    def count(self, state: CellState) -> int:
        """The number of cells of all tables in ``state``."""
        return sum(table.count(state) for table in self.tables)

    @property
    def complete(self) -> bool:
        """Whether every cell was read, or is left blank by the report itself."""
        return not self.count(CellState.UNREAD) and not self.count(CellState.ABSENT)
