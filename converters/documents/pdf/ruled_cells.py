"""What the ruled lines of tables enclose, where they separate cells and not only groups of rows."""

from collections.abc import Sequence

from gongkai.converters.documents.aligned.glyphs import Glyph, TextLine, has_digit, lines_of
from gongkai.converters.documents.aligned.row_groups import NEAR
from gongkai.converters.documents.aligned.sentences import begins_heading
from gongkai.converters.documents.aligned.words import split_words
from gongkai.converters.documents.pdf.ruled_tables import RuledTable, share_out
from gongkai.converters.numbers import looks_like_cell

_WIDE_GAP = 0.9
"""Not even the digits of a letter-spaced number are as far apart as this."""

_MOST_IN_A_BOX = 2

_WORDS_APART = 0.5
"""Words of one heading are not farther apart than this."""


def enclosed(
    glyphs: Sequence[Glyph], found: list[RuledTable]
) -> tuple[list[RuledTable], dict[tuple[int, int], list[Glyph]], list[Glyph]]:
    """The tables whose lines separate their cells, what is in each (table, box), and in none."""
    inside, outside = share_out(glyphs, found)
    if not found:
        return found, inside, outside
    lines = lines_of(outside)
    kept = [
        table
        for i, table in enumerate(found)
        if not _parts_no_cells(
            [inside.get((i, k), ()) for k in range(len(table.boxes))], lines, table.box[3]
        )
    ]
    if len(kept) == len(found):
        return found, inside, outside
    return kept, *share_out(glyphs, kept)


def _parts_no_cells(
    boxes: Sequence[Sequence[Glyph]], below: Sequence[TextLine], bottom: float
) -> bool:
    """Whether the lines around ``boxes`` divide a table, but do not separate its cells.

    Most boxes with numbers hold several, or a heading above the number, or most numbers stand in
    boxes with more of them than a cell has; or the boxes hold headings alone, several side by side
    in each, or with their rows directly ``below``, where there are no ruled lines.
    """
    held = [lines_of(glyphs) for glyphs in boxes if glyphs]
    counts = [sum(map(_count, lines)) for lines in held]
    valued = [count for count in counts if count]
    if valued:
        several = [count for count in valued if count > 1]
        many = [count for count in valued if count > _MOST_IN_A_BOX]
        headed = [lines for lines in held if _is_headed(lines)]
        return (
            (bool(many) and 2 * len(several) >= len(valued))
            or 2 * sum(many) > sum(valued)
            or (len(headed) > _MOST_IN_A_BOX and 2 * len(headed) >= len(valued))
        )
    if held and all(any(map(_are_side_by_side, lines)) for lines in held):
        return True
    following = [line for line in below if line.box[1] > bottom - line.size / 2]
    if not following:
        return False
    first = min(following, key=lambda line: line.box[1])
    near = [line for line in following if line.box[1] - bottom < 3 * NEAR * first.size]
    rows = [line for line in near if split_words(line).is_row]
    return bool(rows) and all(
        not begins_heading(line.text) for line in near if line.box[1] < rows[0].box[1]
    )


def _count(line: TextLine) -> int:
    """The number of numbers, or marks for nothing, in a line of a box."""
    return sum(looks_like_cell(part.text) for part in line.split_at_gaps(_WIDE_GAP))


def _is_headed(lines: Sequence[TextLine]) -> bool:
    """Whether a box holds one number in its last line, and only words in the lines above."""
    return (
        len(lines) > 1
        and looks_like_cell(lines[-1].text)
        and not any(has_digit(line.text) or looks_like_cell(line.text) for line in lines[:-1])
    )


def _are_side_by_side(line: TextLine) -> bool:
    """Whether a line of a box holds headings of several columns: words, far apart."""
    parts = line.split_at_gaps(_WORDS_APART)
    return len(parts) > _MOST_IN_A_BOX and all(len(part.glyphs) > 1 for part in parts)
