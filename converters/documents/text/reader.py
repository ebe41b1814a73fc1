"""Plain text: blocks, one per line or per column of a line, and grids of rows with separators."""

import re
from collections.abc import Sequence

from gongkai.converters.documents.encoding import decode
from gongkai.converters.documents.limits import Limits
from gongkai.converters.documents.model import Content, Item, Place, TextBlock
from gongkai.converters.documents.text.columns import split_columns, stacked_headings
from gongkai.converters.documents.text.pages import END, page_numbers
from gongkai.converters.documents.text.rows import (
    SEPARATORS,
    is_framed,
    is_rule,
    kind_of_row,
    read_run,
    without_tab,
)
from gongkai.converters.documents.text.separated import records_of, separated_items
from gongkai.converters.errors import UnreadableSource
from gongkai.ontology.texts import translations

NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1f]")
"""Control characters that no text holds; tab, line feed, form feed and carriage return are allowed.
"""

INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\xad"))
"""Characters without width that nobody sees, to be removed."""

_INVISIBLE_CHARACTERS = tuple(map(chr, INVISIBLE))
_LINE_END = re.compile("\r\n|\r|\n")
_HEADING_MARK = re.compile(r"#{1,6}\s+")
_CORNERS = "+├└┌┣┗┏╠╚╔╟╰╭"
_BOLD = re.compile(r"\*\*([^*]+)\*\*")


def read_text(data: bytes, limits: Limits) -> Content:
    """The lines of a text, numbered as an editor numbers them.

    A line is one block; a label and numbers, or columns, side by side in a line are a block each,
    with the same place. Adjacent lines of cells separated by ``|`` or tabs are a grid, and so are
    rows as a spreadsheet saves them, separated by commas or semicolons. Comments and marks of
    Markdown are no content, nor are lines that only count the pages.

    Raises UnreadableSource for bytes that are not text, or more than ``limits.most_cells`` lines.
    """
    decoded = decode(data)
    control = NOT_TEXT.search(decoded.text)
    if control:
        line = decoded.text.count("\n", 0, control.start()) + 1
        raise UnreadableSource(
            translations(
                "unreadable.text.control_character", line=line, code=f"{ord(control.group()):04X}"
            )
        )
    records = records_of(decoded.text.translate(INVISIBLE))
    if records and not any(character in decoded.text for character in SEPARATORS):
        return Content(tuple(separated_items(records, limits)), notes=decoded.notes)
    return Content(tuple(read_lines(decoded.text, limits)), notes=decoded.notes)


def read_lines(
    text: str,
    limits: Limits,
    first: int | None = 1,
    path: tuple[int, ...] = (),
    tables: int = 0,
) -> list[Item]:
    """The blocks and grids of ``text``.

    Its first line is line ``first`` of the source (None, if that is not known), it stands in the
    element at ``path``, after ``tables`` tables.
    """
    if any(character in text for character in _INVISIBLE_CHARACTERS):
        text = text.translate(INVISIBLE)
    if "<!--" in text:
        text = _without_comments(text)
    lines = _LINE_END.split(text)
    if len(lines) > limits.most_cells:
        raise UnreadableSource(
            translations("unreadable.text.too_many_lines", most=limits.most_cells)
        )
    if END in text:
        for number in page_numbers(lines):
            lines[number] = ""
    reader = _Reader(lines, limits, first, path, tables)
    if any(character in text for character in SEPARATORS):
        reader.read_rows()
    else:
        for number in range(len(lines)):
            reader.read_line(number)
    return reader.items


class _Reader:
    """The state of reading lines: items so far, and the rows that are collected for a grid."""

    def __init__(
        self,
        lines: Sequence[str],
        limits: Limits,
        first: int | None,
        path: tuple[int, ...],
        tables: int,
    ) -> None:
        self.items: list[Item] = []
        self._lines = lines
        self._limits = limits
        self._first = first
        self._path = path
        self._tables = tables
        self._done = 0

    def read_line(self, number: int) -> None:
        """Read a line as text."""
        text = self._lines[number].strip()
        if not text or number < self._done:
            return
        if "\t" in text:
            text = without_tab(text)
        if text[0] == "#":
            text = _HEADING_MARK.sub("", text, count=1)
        if "**" in text:
            text = _BOLD.sub(r"\1", text)
        if not text or is_rule(text):
            return
        pieces = split_columns(text, self._lines, number)
        if len(pieces) > 1 and not self._read_stacked(number):
            place = self._place(number)
            self.items += [TextBlock(piece, place, self._path) for piece in pieces]
        elif len(pieces) == 1:
            self.items.append(TextBlock(text, self._place(number), self._path))

    def _read_stacked(self, number: int) -> bool:
        """Read headings that are broken over this line and the next ones, if there are any."""
        self._done, columns = stacked_headings(self._lines, number)
        self.items += [TextBlock(text, self._place(line), self._path) for line, text in columns]
        return bool(columns)

    def read_rows(self) -> None:
        """Read all lines, those that are rows of cells together with their neighbours."""
        run: list[int] = []
        kind, gap = "", 0
        for number, line in enumerate(self._lines):
            blank = not line or line.isspace()
            if blank and run:
                # Markdown ends a table with a blank line; elsewhere one may stand between rows.
                gap += 1
                if gap == 1 and not is_framed(self._lines[run[-1]]):
                    continue
            if run and not blank and line.strip()[0] in _CORNERS and is_rule(line.strip()):
                continue
            its_kind = "" if blank else kind_of_row(line)
            if run and its_kind != kind:
                self._end_run(run, kind)
                run = []
            if its_kind:
                kind, gap = its_kind, 0
                run.append(number)
            elif not blank:
                self.read_line(number)
        self._end_run(run, kind)

    def _end_run(self, run: Sequence[int], kind: str) -> None:
        if not run:
            return
        rows = [(self._place(number), self._lines[number]) for number in run]
        for item in read_run(rows, kind, self._limits, self._path, self._tables + 1):
            self.items.append(item)
            self._tables += not isinstance(item, TextBlock)

    def _place(self, number: int) -> Place:
        return Place(line=None if self._first is None else self._first + number)


def _without_comments(text: str) -> str:
    """``text`` without HTML comments; what follows a comment stays on its line."""
    kept: list[str] = []
    position = 0
    while (begin := text.find("<!--", position)) >= 0:
        end = text.find("-->", begin)
        if end < 0:
            break
        kept += [text[position:begin], "\n" * text.count("\n", begin, end)]
        position = end + 3
    return "".join([*kept, text[position:]])
