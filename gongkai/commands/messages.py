"""Messages of the command line about a file: one clear line for each problem."""

from collections.abc import Iterator

from gongkai.converters.report import NOT_IN_SOURCE, Cell, CellState, Report, ReportTable
from gongkai.ontology.bodies import Origin
from gongkai.ontology.forms import printed_cubes
from gongkai.ontology.labels import Label
from gongkai.ontology.source_places import Place
from gongkai.ontology.structures import cubes
from gongkai.ontology.texts import message, readers_language
from gongkai.pipeline import Outcome
from gongkai.shapes.findings import Finding

_MANY_ROWS = 4
"""So many rows of a table with the same problem, or more, are reported on one line."""


def problems(outcome: Outcome) -> Iterator[str]:
    """Lines on an outcome: file, place, table, row, column, problem."""
    if outcome.error is not None:
        yield f"{outcome.path}: {outcome.error}"
        return
    if outcome.report is not None:
        for line in (*missing_cells(outcome.report), *notes_to_user(outcome.report)):
            yield f"{outcome.path}: {line}"
    for finding in outcome.findings:
        # Missing cells were reported above, row by row, with what to do.
        if finding.rule != "complete":
            yield f"{outcome.path}: {finding_line(finding)}"


def missing_cells(report: Report) -> Iterator[str]:
    """Lines on the cells of a report that should have a number but have none."""
    for table in report.tables:
        yield from _table_problems(table)


def notes_to_user(report: Report) -> Iterator[str]:
    """Lines on the notes of a report that are meant for the user of the command."""
    for note in report.notes:
        if note.to_operator:
            yield colon().join((*_where(note.place), note.message[readers_language()]))


def summary(report: Report) -> str:
    """One phrase on a report: who, when, how many cells."""
    chinese = report.wording.language == "zh" or readers_language() == "zh"
    name = report.body.name if chinese else report.body.english_name
    read = message("messages.cells.read", count=report.count(CellState.READ))
    parts = [f"{name} {report.year}", read]
    for state in (
        CellState.IMPUTED,
        CellState.NOT_STATED,
        CellState.UNATTRIBUTED,
        CellState.UNREAD,
        CellState.ABSENT,
    ):
        number = report.count(state)
        if state is CellState.IMPUTED:
            computed = sum(1 for _, cell in report.cells(state) if cell.value)
            number -= computed
            if computed:
                parts.append(message("messages.cells.computed", count=computed))
        if number:
            parts.append(message(f"messages.cells.{state.value}", count=number))
    if report.body.origin is Origin.REPORT and report.body.names:
        parts.append(message("messages.unregistered", key=report.body.key))
    return comma().join(parts)


def _table_problems(table: ReportTable) -> Iterator[str]:
    """One line per row for problems of a whole row, one per cell for the rest."""
    wanted = [cell for cell in table.cells if cell.codes]
    if all(cell.state is CellState.ABSENT for cell in wanted):
        missed = message("messages.not_found", count=len(wanted))
        reason = wanted[0].reason if wanted else {}
        if reason and reason != NOT_IN_SOURCE:  # It may be in a part that was not read.
            missed = message("messages.absent_table", count=len(wanted), reason=reason)
        yield f"{_table_name(table)}{colon()}{missed}"
        return
    by_row: dict[str, dict[str, Cell]] = {}
    by_block: dict[str, list[Cell]] = {}
    single: list[Cell] = []
    for cell in table.cells:
        if cell.state in (CellState.READ, CellState.IMPUTED, CellState.NOT_STATED):
            continue
        if cell.codes and (cell.state is CellState.ABSENT or len(cell.readings) != 1):
            by_row.setdefault(_said(cell.reason), {}).setdefault(_said(cell.row), cell)
        elif cell.state is CellState.UNATTRIBUTED:
            by_block.setdefault(_said(cell.reason), []).append(cell)
        else:
            single.append(cell)
    for rows in by_row.values():
        if len(rows) < _MANY_ROWS:
            yield from (_cell_problem(table, cell, whole_row=True) for cell in rows.values())
        else:
            yield _rows_problem(table, list(rows.values()))
    for cells in by_block.values():
        numbers = message("messages.numbers", count=len(cells))
        yield _problem(cells[0], [*_where(cells[0].place), _table_name(table), numbers])
    yield from (_cell_problem(table, cell, whole_row=False) for cell in single)


def _rows_problem(table: ReportTable, cells: list[Cell]) -> str:
    """One line for many rows with the same problem."""
    first, last = (as_printed(cell.row, table.cube) for cell in (cells[0], cells[-1]))
    rows = message("messages.rows", count=len(cells), first=first, last=last)
    return _problem(cells[0], [*_where(cells[0].place), _table_name(table), rows])


def _cell_problem(table: ReportTable, cell: Cell, whole_row: bool) -> str:
    where = [*_where(cell.place), _table_name(table)]
    if row := as_printed(cell.row, table.cube):
        where.append(message("messages.header.row", name=row))
    if not whole_row and (column := as_printed(cell.column, table.cube)):
        where.append(message("messages.header.column", name=column))
    return _problem(cell, where)


def _problem(cell: Cell, where: list[str]) -> str:
    """The place, why there is no number, and what to do."""
    reason = cell.reason.get(readers_language()) or _said(cell.reason)
    return colon().join((comma().join(where), reason, message("messages.correct")))


def said_of_place(place: Place | None) -> str:
    """A place in the source in words; empty if it is not known."""
    return place.describe(readers_language()) if place else ""


def _where(place: Place | None) -> list[str]:
    return [said] if (said := said_of_place(place)) else []


def finding_line(finding: Finding) -> str:
    """A finding on one line: place, table, row, column, rule, both sides, what to do."""
    where = _where(finding.place)
    if finding.table:
        where.append(table_name(cubes()[finding.table].title, finding.table))
    for name, label in (("row", finding.row), ("column", finding.column)):
        if printed := as_printed(label, finding.table):
            where.append(message(f"messages.header.{name}", name=printed))
    rule = message("messages.rule", rule=finding.rule)
    if finding.expected is not None and finding.found is not None:
        rule += message("messages.sides", expected=finding.expected, found=finding.found)
    parts = [comma().join(where)] if where else []
    return colon().join((*parts, rule, finding_text(finding) + message("messages.compare")))


def finding_text(finding: Finding) -> str:
    """The message of the rule on the finding, in the language of the user."""
    return finding.message.get(readers_language()) or _said(finding.message)


def equation(finding: Finding) -> str:
    """The rule's equation in the numbers of all its cells, and the printed number; else empty.

    As in ``366 + 2 + 8 = 376, printed 377``. The formula of a balance has both sides. If one number
    has to equal another, there is no equation: both are reported anyway.
    """
    if finding.formula is None or finding.found is None:
        return ""
    left, _, right = finding.formula.partition(" = ")
    if left == right:
        return ""
    if ";" in finding.formula:
        return finding.formula
    # A figure in the text is not a cell of a table.
    return message(
        "messages.printed" if finding.cell in finding.cells else "messages.text_says",
        formula=finding.formula,
        found=finding.found,
    )


def table_name(title: Label, cube: str) -> str:
    """The name of a table in words, as it is printed."""
    return message("messages.table", name=as_printed(title, cube))


def _table_name(table: ReportTable) -> str:
    return table_name(table.label, table.cube)


def comma() -> str:
    """What stands between the parts of a list, in the language of the user."""
    return message("messages.comma")


def colon() -> str:
    """What stands before what is said of a thing, in the language of the user."""
    return message("messages.colon")


def as_printed(label: Label, cube: str) -> str:
    """The label of a table's row or column, or its name, as the source prints it.

    Official forms print Chinese. The files of other countries print no such labels: what they count
    is named in the language of the user.
    """
    return (
        _said(label) if cube in printed_cubes() else label.get(readers_language()) or _said(label)
    )


def _said(label: Label) -> str:
    """The text that the source prints: Chinese, whatever the language of messages."""
    return label.get("zh") or next(iter(label.values()), "")
