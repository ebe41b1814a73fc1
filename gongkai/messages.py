"""What the command line tells of a file: one clear line for each thing that is wrong."""

import locale
import os
from collections.abc import Iterator

from gongkai.converters.report import Cell, CellState, Report, ReportTable
from gongkai.ontology.bodies import Origin
from gongkai.ontology.forms import Label
from gongkai.ontology.source_places import Place
from gongkai.ontology.structures import cubes
from gongkai.pipeline import Outcome
from gongkai.shapes.findings import Finding

_MANY_ROWS = 4
"""From this many rows of a table with the same trouble on, one line speaks of all."""


def language() -> str:
    """The language for messages: Chinese in a Chinese locale, else English."""
    wanted = (
        os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    )
    return "zh" if locale.normalize(wanted).startswith("zh") else "en"


def problems(outcome: Outcome) -> Iterator[str]:
    """Lines on an outcome: file, place, table, row, column, what is wrong."""
    if outcome.error is not None:
        yield f"{outcome.path}: {outcome.error}"
        return
    if outcome.report is not None:
        for line in missing_cells(outcome.report):
            yield f"{outcome.path}: {line}"
    for finding in outcome.findings:
        # Missing cells were told of above, row by row, with what to do.
        if finding.rule != "complete":
            yield f"{outcome.path}: {finding_line(finding)}"


def missing_cells(report: Report) -> Iterator[str]:
    """Lines on the cells of a report that have no number and should have one."""
    for table in report.tables:
        yield from _table_problems(table)


def summary(report: Report) -> str:
    """One phrase on a report: who, when, how many cells."""
    read = report.count(CellState.READ)
    text = f"{report.body.name} {report.year}, {read} cells read"
    for state, words in (
        (CellState.IMPUTED, "blank and 0 by the sums"),
        (CellState.NOT_STATED, "not stated"),
        (CellState.UNREAD, "unread"),
        (CellState.ABSENT, "absent"),
    ):
        if report.count(state):
            text += f", {report.count(state)} {words}"
    if report.body.origin is Origin.REPORT:
        text += f", unregistered body {report.body.key}"
    return text


def _table_problems(table: ReportTable) -> Iterator[str]:
    """A line per row for what concerns a whole row, per cell for the rest."""
    wanted = [cell for cell in table.cells if cell.codes]
    if all(cell.state is CellState.ABSENT for cell in wanted):
        yield (
            f"{_table_name(table)}: the table was not found ({len(wanted)} cells): "
            "check that the file is whole and its heading is there"
        )
        return
    by_row: dict[str, dict[str, Cell]] = {}
    single: list[Cell] = []
    for cell in table.cells:
        if cell.state in (CellState.READ, CellState.IMPUTED, CellState.NOT_STATED):
            continue
        if cell.codes and (cell.state is CellState.ABSENT or len(cell.readings) != 1):
            by_row.setdefault(_said(cell.reason), {}).setdefault(_said(cell.row), cell)
        else:
            single.append(cell)
    for rows in by_row.values():
        if len(rows) < _MANY_ROWS:
            yield from (_cell_problem(table, cell, whole_row=True) for cell in rows.values())
        else:
            yield _rows_problem(table, list(rows.values()))
    yield from (_cell_problem(table, cell, whole_row=False) for cell in single)


def _rows_problem(table: ReportTable, cells: list[Cell]) -> str:
    """One line for many rows with the same trouble."""
    first, last = _said(cells[0].row), _said(cells[-1].row)
    where = [*_where(cells[0].place), _table_name(table)]
    where.append(f"{len(cells)} rows from “{first}” to “{last}”")
    reason = cells[0].reason.get(language()) or _said(cells[0].reason)
    return f"{', '.join(where)}: {reason}: compare the source and correct the file"


def _cell_problem(table: ReportTable, cell: Cell, whole_row: bool) -> str:
    where = _where(cell.place)
    where.append(_table_name(table))
    if _said(cell.row):
        where.append(f"row “{_said(cell.row)}”")
    if not whole_row and _said(cell.column):
        where.append(f"column “{_said(cell.column)}”")
    reason = cell.reason.get(language()) or _said(cell.reason)
    return f"{', '.join(where)}: {reason}: compare the source and correct the file"


def said_of_place(place: Place | None) -> str:
    """Where something stands in its source, in words; empty where that is not known."""
    return place.describe(language()) if place else ""


def _where(place: Place | None) -> list[str]:
    return [said] if (said := said_of_place(place)) else []


def finding_line(finding: Finding) -> str:
    """A finding in one line: place, table, row, column, rule, both sides, what to do."""
    where = _where(finding.place)
    if finding.table:
        where.append(f"table “{_said(cubes()[finding.table].title)}”")
    if _said(finding.row):
        where.append(f"row “{_said(finding.row)}”")
    if _said(finding.column):
        where.append(f"column “{_said(finding.column)}”")
    numbers = ""
    if finding.expected is not None and finding.found is not None:
        numbers = f" (expected {finding.expected}, found {finding.found})"
    text = finding.message.get(language()) or _said(finding.message)
    said = f"{', '.join(where)}: " if where else ""
    return f"{said}rule {finding.rule}{numbers}: {text} Compare the source."


def _table_name(table: ReportTable) -> str:
    return f"table “{_said(table.form.table(table.cube).label)}”"


def _said(label: Label) -> str:
    """What the source prints: Chinese, whatever language messages are in."""
    return label.get("zh") or next(iter(label.values()), "")
