"""From a document to a report: find the parts, choose the forms, read tables and text."""

from collections.abc import Sequence

from gongkai.converters.documents.model import Document, TextBlock
from gongkai.converters.errors import UnreadableSource
from gongkai.converters.forms.alignment import Expected, ExpectedLabels, Match, align
from gongkai.converters.forms.gathering import gather
from gongkai.converters.forms.stream import StreamReading, read_stream
from gongkai.converters.labels import fold_label
from gongkai.converters.metadata import read_metadata
from gongkai.converters.narrative import read_sections
from gongkai.converters.report import Note, Report
from gongkai.ontology.bodies import Register
from gongkai.ontology.forms import Form, Part, Table, forms

_CHINESE_NUMBERS = "一二三四五六"
_LONGEST_HEADING = 40


def recognise_all(document: Document, register: Register | None = None) -> tuple[Report, ...]:
    """Every report that ``document`` holds: a page may print that of a government and its office's.

    ``register`` holds the bodies that are known, those of the packaged one if None. Raises
    UnreadableSource where it holds none.
    """
    return (recognise(document, register),)


def recognise(document: Document, register: Register | None = None) -> Report:
    """The report that ``document`` holds.

    Raises UnreadableSource where it holds none: no title, no known body, or none of the tables.
    """
    blocks = [item for item in document.items if isinstance(item, TextBlock)]
    headings = find_parts(forms()[-1].parts, blocks)
    readings = {
        cube: _best_form(cube, blocks, headings)
        for cube in (table.cube for table in forms()[0].tables)
    }
    if not any(reading.found_rows for _, reading, _ in readings.values()):
        raise UnreadableSource(
            "this is no annual report that can be read: none of its official tables "
            "(parts 二, 三, 四) was found"
        )
    metadata = read_metadata(document, blocks, register)
    notes = list(metadata.notes) + _heading_notes(headings, blocks)
    tables, used, table_notes = gather(readings, headings, blocks)
    notes.extend(table_notes)
    prose = [block for i, block in enumerate(blocks) if i not in used]
    sections, signature = read_sections(prose, metadata)
    return Report(
        body=metadata.body,
        year=metadata.year,
        title=metadata.title,
        period=metadata.period,
        issued=metadata.issued,
        signature=signature,
        contact=metadata.contact,
        sections=sections,
        form=readings["requests"][0],
        tables=tables,
        notes=tuple(sorted(notes, key=lambda note: (note.place and note.place.line) or 0)),
        source=document.source,
    )


def find_parts(parts: Sequence[Part], blocks: Sequence[TextBlock]) -> dict[int, int]:
    """Position of the heading of each statutory part that was found, by the part's number."""
    expected = [
        Expected(
            f"{_CHINESE_NUMBERS[part.number - 1]}、{part.label['zh']}",
            tuple(f"{_CHINESE_NUMBERS[part.number - 1]}、{text}" for text in part.variants),
        )
        for part in parts
    ]
    texts = [block.text if len(block.text) <= _LONGEST_HEADING else None for block in blocks]
    matches: list[Match] = align(ExpectedLabels(expected), texts)
    return {parts[match.expected].number: match.start for match in matches}


def _best_form(
    cube: str, blocks: Sequence[TextBlock], headings: dict[int, int]
) -> tuple[Form, StreamReading, int]:
    """The form that explains a table best, its reading, and where the table's part begins."""
    candidates = []
    for form in forms():
        table = form.table(cube)
        start, end = _extent(table, headings, len(blocks))
        candidates.append((form, read_stream(table, blocks[start:end]), start))
    return max(candidates, key=lambda candidate: candidate[1].fit)


def _extent(table: Table, headings: dict[int, int], length: int) -> tuple[int, int]:
    """From the part's own heading (or, if lost, the one before it) to the next heading found."""
    before = [position for part, position in headings.items() if part <= table.part]
    after = [position for part, position in headings.items() if part > table.part]
    return max(before, default=-1) + 1, min(after, default=length)


def _heading_notes(headings: dict[int, int], blocks: Sequence[TextBlock]) -> list[Note]:
    notes = []
    for part in forms()[-1].parts:
        wanted = f"{_CHINESE_NUMBERS[part.number - 1]}、{part.label['zh']}"
        position = headings.get(part.number)
        if position is None:
            notes.append(
                Note(
                    {
                        "zh": f"没有找到第{_CHINESE_NUMBERS[part.number - 1]}部分的标题“{wanted}”",
                        "en": f"the heading of part {part.number}, “{wanted}”, was not found",
                    }
                )
            )
        elif fold_label(blocks[position].text) != fold_label(wanted):
            seen = blocks[position].text
            notes.append(
                Note(
                    {
                        "zh": f"标题印作“{seen}”，格式为“{wanted}”",
                        "en": f"heading printed “{seen}” where the form has “{wanted}”",
                    },
                    place=blocks[position].place,
                    printed=seen,
                )
            )
    return notes
