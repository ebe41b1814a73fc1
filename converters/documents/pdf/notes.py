"""Notes of the reader of PDF on what it found."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from gongkai.converters.documents.pdf.cell_reading import CellReading
from gongkai.ontology.labels import Label
from gongkai.ontology.texts import listed, translations


@dataclass
class PageCounts:
    """What was found, by page where it matters."""

    checked: int = 0
    unsure: str = ""
    doubtful: int = 0
    scanned: list[int] = field(default_factory=list)
    layers: list[int] = field(default_factory=list)
    over_images: list[int] = field(default_factory=list)
    images: list[int] = field(default_factory=list)
    drawings: list[int] = field(default_factory=list)
    annotated: list[int] = field(default_factory=list)
    turned: list[int] = field(default_factory=list)
    slanted: dict[int, str] = field(default_factory=dict)
    invisible: list[tuple[int, str]] = field(default_factory=list)
    figures: list[tuple[int, str]] = field(default_factory=list)
    running: dict[str, tuple[int, ...]] = field(default_factory=dict)
    page_numbers: dict[int, str] = field(default_factory=dict)

    def add(self, readings: Iterable[CellReading]) -> None:
        """Add to the counts of cells that were read."""
        for reading in readings:
            self.checked += reading.checked
            self.doubtful += bool(reading.doubt)


_OF_PAGES = ("layers", "over_images", "images", "annotated", "drawings", "turned")
"""Fields of ``Count`` with the pages that a note tells of."""


def notes_of(count: PageCounts, recognised: bool) -> tuple[Label, ...]:
    """The notes; ``recognised`` says whether images of pages were read."""
    notes: list[Label] = []
    if count.checked:
        notes.append(
            translations(
                "documents.pdf.read_twice",
                checked=count.checked,
                agree=count.checked - count.doubtful,
                doubtful=count.doubtful,
            )
        )
    if count.unsure:
        digits = ", ".join(count.unsure)
        notes.append(translations("documents.pdf.shapes_unsure", digits=digits))
    if count.scanned and not recognised:
        notes.append(not_recognised(count))
    notes.extend(
        translations(f"documents.pdf.pages.{name}", pages=_listed(pages))
        for name in _OF_PAGES
        if (pages := getattr(count, name))
    )
    for page, text in count.slanted.items():
        notes.append(translations("documents.pdf.watermark", page=page, text=text))
    for page, text in count.invisible:
        notes.append(translations("documents.pdf.invisible", page=page, text=text))
    for page, text in count.figures:
        notes.append(translations("documents.pdf.figures_in_doubt", page=page, text=text))
    for text, pages in count.running.items():
        notes.append(translations("documents.pdf.running_head", pages=_listed(pages), text=text))
    if count.page_numbers:
        notes.append(
            translations("documents.pdf.page_numbers", numbers=listed(count.page_numbers.values()))
        )
    return tuple(notes)


def not_recognised(count: PageCounts) -> Label:
    """The note that pages which are images were not read."""
    return translations("documents.pdf.not_recognised", pages=_listed(count.scanned))


def _listed(pages: Iterable[int]) -> str:
    return ", ".join(str(page) for page in sorted(pages))
