"""The findings of one report as a table of a given width: coloured on a terminal, else plain."""

import io
import os
import shutil
import sys
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from gongkai.commands.messages import as_printed, equation, finding_text, said_of_place
from gongkai.ontology.texts import message
from gongkai.ontology.triples.numbers_by_value import EXACT
from gongkai.shapes.findings import Finding

_COLUMNS = ("place", "row", "column", "expected", "found", "difference")
_NARROWEST, _PLAIN = 60, 100
"""The least width of a table, and its width where the output is not a terminal."""
_LEAST_PLACE, _LEAST_LABEL, _MOST_NUMBER = 20, 8, 20
_GAP, _INDENT, _DEEPER = 2, 2, 4
_COLOURS = {"Violation": "red", "Warning": "yellow"}


class FindingsTable:
    """Writes the parts of the table one by one; all have the same columns."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        """Measure the columns: places and numbers get the width they need, labels the rest."""
        terminal = sys.stdout.isatty()
        self._console = Console(
            file=io.StringIO(),
            width=max(_width(), _NARROWEST),
            force_terminal=terminal,
            no_color=not terminal or None,
            highlight=False,
            emoji=False,
            markup=False,
        )
        self._heads = [message(f"check.head.{name}") for name in _COLUMNS]
        needed = [
            max(cell_len(text) for text in texts)
            for texts in zip(self._heads, *map(_cells, findings), strict=True)
        ]
        numbers = [min(width, _MOST_NUMBER) for width in needed[3:]]
        room = self._console.width - _INDENT - sum(numbers) - _GAP * 5
        self._widths = (*_shared(room, *needed[:3]), *numbers)

    def head(self) -> str:
        """The column heads, and a line under them."""
        line = "─" * (self._console.width - _INDENT)
        return self._written(self._grid(self._heads, "bold")) + self._written(
            Padding(Text(line), (0, 0, 0, _INDENT))
        )

    def rule(self, severity: str, kind: str, said: str) -> str:
        """The rule that the next rows belong to."""
        text = Text(severity, style=_COLOURS.get(kind, ""))
        return self._written(text.append(f"  {said}", style="bold"))

    def row(self, finding: Finding) -> str:
        """Both sides of a broken rule; under it the message of the rule and the equation."""
        parts: list[str] = []
        cells = _cells(finding)
        if any(cells):
            parts.append(self._written(self._grid(cells)))
        lines = [finding_text(finding), equation(finding)]
        if not any(cells[:3]):
            lines.append(finding.cell)
        parts += [self.note(line) for line in lines if line]
        return "".join(parts)

    def note(self, text: str) -> str:
        """A note across the whole width."""
        return self._written(Padding(Text(_plain(text), overflow="fold"), (0, 0, 0, _DEEPER)))

    def _grid(self, cells: Sequence[str], style: str = "") -> RenderableType:
        grid = Table.grid(padding=(0, _GAP, 0, 0))
        for number, width in enumerate(self._widths):
            justify = "left" if number < 3 else "right"
            grid.add_column(width=width, justify=justify, overflow="fold")  # type: ignore[arg-type]
        grid.add_row(*(Text(_plain(cell), style=style) for cell in cells))
        return Padding(grid, (0, 0, 0, _INDENT))

    def _written(self, part: RenderableType) -> str:
        with self._console.capture() as capture:
            self._console.print(part)
        return "".join(line.rstrip() + "\n" for line in capture.get().splitlines())


def _shared(room: int, place: int, row: int, column: int) -> tuple[int, int, int]:
    """The widths of places and labels: what each needs, or a fair share if room is short."""
    least = min(_LEAST_PLACE, room - 2 * _LEAST_LABEL)
    place = min(place, max(least, room - row - column))
    rest = room - place
    row = min(max(rest * row // (row + column), _LEAST_LABEL), max(row, rest - column))
    return place, row, max(rest - row, _LEAST_LABEL)


def _width() -> int:
    """The width of the terminal, or the value of COLUMNS."""
    columns = os.environ.get("COLUMNS", "")
    return int(columns) if columns.isdecimal() else shutil.get_terminal_size((_PLAIN, 24)).columns


def _plain(text: str) -> str:
    """Text without terminal control characters: a file may hold anything."""
    return "".join(character if character.isprintable() else " " for character in text)


def _cells(finding: Finding) -> tuple[str, ...]:
    """Place, row and column as printed, both sides and their difference."""
    labels = (as_printed(label, finding.table) for label in (finding.row, finding.column))
    return (said_of_place(finding.place), *labels, *_numbers(finding))


def _numbers(finding: Finding) -> tuple[str, str, str]:
    expected, found = finding.expected, finding.found
    if expected is None or found is None:
        return "", found or "", ""
    try:
        return expected, found, f"{EXACT.subtract(Decimal(found), Decimal(expected)):+f}"
    except InvalidOperation:
        return expected, found, ""
