"""What comes out of the front door for a case, held against what is right."""

import re
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from fidelity_cases import REFUSED, Case
from fidelity_sources import Key

from gongkai.converters.overrides import Overrides
from gongkai.converters.report import Cell, CellState, Report
from gongkai.ontology.bodies import Origin
from gongkai.ontology.structures import cubes
from gongkai.pipeline import Outcome, process
from gongkai.shapes.findings import Finding

BASE = "http://localhost:8000/"

_UNTRUE = re.compile(r"none of its official tables|row is not in the source|left blank")
"""Reasons that are not true of a source in which the number is printed."""
_OWN_ROWS = re.compile(r"under “.*” stand rows that the form does not have")
"""A reason that is true where the source has rows of its own."""

_PLACES = re.compile(r"([^省市州盟区县旗]+?(省|市|自治区|自治州|州|盟|地区|区|县|旗))+")
"""The names of places before a body's own."""


@dataclass
class Judged:
    """Counts for one case, and what was bad in words.

    ``silent`` are numbers that a person sees of which the record says nothing true; ``alarms`` are
    findings that the expected values do not bear out; ``body`` is 1 where body or year is wrong.
    """

    name: str
    expected: int = 0
    right: int = 0
    unread: int = 0
    wrong: int = 0
    silent: int = 0
    alarms: int = 0
    body: int = 0
    bad: list[str] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong, silent, or a false alarm."""
        return not (self.wrong or self.silent or self.alarms or self.body)

    @property
    def whole(self) -> bool:
        """Whether everything is right."""
        return self.sound and not self.unread

    def note(self, kind: str, what: str, count: int = 1) -> None:
        """Count something bad or unread, and say what it is."""
        setattr(self, kind, getattr(self, kind) + count)
        (self.unclear if kind == "unread" else self.bad).append(
            what if kind == "unread" else f"{kind.upper()} {what}"
        )


def judge(case: Case) -> Judged:
    """Read a case the whole way and compare everything that is known of it."""
    judged = Judged(case.name, expected=len(case.cells or {}))
    outcomes = _read(judged, case.path, Overrides(body=case.declared_body, year=case.declared_year))
    if outcomes is None:
        return judged
    refused = all(outcome.report is None for outcome in outcomes)
    if case.body == REFUSED or refused:
        _judge_refusal(judged, case, outcomes, refused)
        return judged
    outcome = _own(case, outcomes)
    assert outcome.report is not None
    _judge_body(judged, case, outcomes, outcome.report)
    if case.cells is not None:
        _judge_cells(judged, case, outcome.report)
    _judge_findings(judged, case, outcome)
    if not judged.whole:
        _judge_words(judged, case, " ".join(_words(outcomes)))
    return judged


def judge_resaved(path: Path, original: Path) -> Judged:
    """A table saved anew: it has the cells of the original, or is refused in words about it."""
    judged = Judged(path.name)
    right = _all_cells(process(original, BASE))
    judged.expected = len(right)
    outcomes = _read(judged, path, Overrides())
    if outcomes is None:
        return judged
    found = _all_cells(outcomes)
    for key, cell in right.items():
        value, found_cell = cell.value, found.get(key)
        if found_cell is None or found_cell.state is CellState.UNREAD:
            judged.unread += 1
        elif found_cell.value == value and found_cell.state is cell.state:
            judged.right += 1
        else:
            judged.note("wrong", f"{' '.join(key)}: {found_cell.value}, expected {value}")
    for key in found.keys() - right.keys():
        judged.note("wrong", f"{' '.join(key)}: {found[key].value}, where nothing is expected")
    errors = " ".join(outcome.error or "" for outcome in outcomes)
    if judged.unread:
        judged.unclear.append(errors)
        if not re.search(r"Cabinet Office|United Kingdom|quarter|column", errors):
            judged.note("silent", f"not said in words about this table: {errors}")
    return judged


def _all_cells(outcomes: Sequence[Outcome]) -> dict[tuple[str, ...], Cell]:
    return {
        (outcome.report.key, table.cube, str(table.time), *sorted(cell.codes.values())): cell
        for outcome in outcomes
        if outcome.report is not None
        for table, cell in outcome.report.cells()
    }


def _read(judged: Judged, path: Path, overrides: Overrides) -> tuple[Outcome, ...] | None:
    try:
        return process(path, BASE, overrides=overrides)
    except Exception:
        judged.note("silent", f"traceback: {traceback.format_exc().splitlines()[-1]}")
        judged.silent += judged.expected
        return None


def _judge_refusal(judged: Judged, case: Case, outcomes: Sequence[Outcome], refused: bool) -> None:
    said = "; ".join(outcome.error or "" for outcome in outcomes)
    if case.body == REFUSED:
        if not refused:
            names = [o.report.body.name for o in outcomes if o.report is not None]
            judged.note("body", f"{names}, where the source says two things")
        return
    judged.unread = judged.expected
    judged.unclear.append(f"refused: {said}")
    if case.cells is not None and _UNTRUE.search(said) and not case.says:
        judged.note("silent", f"untrue: {said}", judged.expected)
    _judge_words(judged, case, said)


def _judge_words(judged: Judged, case: Case, said: str) -> None:
    for wanted in case.says:
        if not re.search(wanted, said):
            judged.note("silent", f"nothing that is said holds “{wanted}”")


def _words(outcomes: Sequence[Outcome]) -> Iterator[str]:
    for outcome in outcomes:
        yield outcome.error or ""
        if outcome.report is not None:
            yield from (note.message.get("en", "") for note in outcome.report.notes)
            yield from (cell.reason.get("en", "") for _, cell in outcome.report.cells())


def _own(case: Case, outcomes: Sequence[Outcome]) -> Outcome:
    """The outcome that is of the case's own body, else the first report."""
    reports = [outcome for outcome in outcomes if outcome.report is not None]
    fitting = [o for o in reports if o.report is not None and named(case.body, o.report)]
    return (fitting or reports)[0]


def named(body: str, report: Report) -> bool:
    """Whether a report is of that body: names of places before it may be there or not."""
    printed, expected = (
        text.replace("(", "（").replace(")", "）") for text in (report.body.name, body)
    )
    if expected.endswith("…"):
        # Names of places may stand before it, and must not be all of it.
        return re.search(f"{expected[:-1]}.*$", printed) is not None
    if report.body.origin is not Origin.REPORT and expected in report.body.names:
        return True
    longer, shorter = sorted((printed, expected), key=len, reverse=True)
    before = longer.removesuffix(shorter)
    return longer.endswith(shorter) and (not before or _PLACES.fullmatch(before) is not None)


def _judge_body(judged: Judged, case: Case, outcomes: Sequence[Outcome], report: Report) -> None:
    if not named(case.body, report) or (case.year is not None and report.year != case.year):
        judged.note("body", f"{report.body.name} {report.year}, expected {case.body} {case.year}")
    for other in outcomes:
        if other.report is None or other.report is report:
            continue
        if not any(named(name, other.report) for name in case.others):
            judged.note("body", f"a report of {other.report.body.name}, where none is expected")
    said = " ".join(_words(outcomes))
    for name in case.others:
        found = any(o.report is not None and named(name, o.report) for o in outcomes)
        if not found and name not in said:
            judged.note("silent", f"the report of {name} is lost without a word")


def _judge_cells(judged: Judged, case: Case, report: Report) -> None:
    assert case.cells is not None
    cells: dict[Key, Cell] = {
        (table.cube, frozenset(cell.codes.items())): cell
        for table, cell in report.cells()
        if cell.codes
    }
    own_rows = bool(case.lacking)
    others_read = {table.cube for table, cell in report.cells() if _said_truly(cell, own_rows)}
    for key, value in case.cells.items():
        cell = cells.get(key)
        kind = _kind(value, cell, key[0] in others_read, own_rows)
        if kind == "right":
            judged.right += 1
        else:
            found = "nothing" if cell is None else _shown(cell)
            judged.note(kind, f"{name_of(key)}: {found}, expected {value}")
    for key, cell in cells.items():
        if key in case.cells:
            continue
        if cell.state in (CellState.READ, CellState.IMPUTED):
            judged.note("wrong", f"{name_of(key)}: {_shown(cell)}, where nothing is expected")
        elif cell.state is CellState.NOT_STATED and key in case.lacking:
            judged.note("silent", f"{name_of(key)}: {_shown(cell)}, which is not printed")
    if report.complete and judged.unread:
        judged.note("silent", "complete, although cells are not read")


def _kind(value: Decimal | None, cell: Cell | None, others_read: bool, own_rows: bool) -> str:
    """What a cell comes to; ``others_read``: another of its table is read truly."""
    if cell is None:
        return "unread" if others_read else "silent"
    state = cell.state
    if state is CellState.UNREAD:
        return "unread"
    if value is None:
        known = {CellState.NOT_STATED: "right", CellState.IMPUTED: "right"}
        return known.get(state, "unread" if state is CellState.ABSENT else "wrong")
    if state is CellState.READ or (state is CellState.IMPUTED and cell.value != value):
        return "right" if cell.value == value else "wrong"
    return "unread" if _said_truly(cell, own_rows) else "silent"


def _said_truly(cell: Cell, own_rows: bool) -> bool:
    if cell.state is CellState.ABSENT:
        reason = cell.reason.get("en", "")
        return not _UNTRUE.search(reason) or (own_rows and bool(_OWN_ROWS.search(reason)))
    return cell.state is CellState.UNREAD


def _judge_findings(judged: Judged, case: Case, outcome: Outcome) -> None:
    for finding in outcome.findings:
        if finding.rule in ("complete", "observation") or finding.rule in case.borne_out:
            continue
        if finding.rule.startswith("narrative") or not _borne_out(finding, case, outcome):
            judged.note("alarms", f"{finding.rule}: {finding.message.get('en', '')}")


def _borne_out(finding: Finding, case: Case, outcome: Outcome) -> bool:
    """Whether all cells that a finding counts have the values expected: then the report says so."""
    report = outcome.report
    assert report is not None
    values = {
        (table.cube, frozenset(cell.codes.items())): cell.value for table, cell in report.cells()
    }
    keys = [_key_of(cell) for cell in finding.cells]
    cells = case.cells or {}
    return bool(keys) and all(key in cells and cells[key] == values.get(key) for key in keys)


def _key_of(address: str) -> Key:
    cube, _body, _year, *codes = address.strip("<>").partition("id/observation/")[2].split("/")
    if cube not in cubes():
        return (cube, frozenset())
    schemes = [dimension.scheme for dimension in cubes()[cube].dimensions]
    return (cube, frozenset(zip(schemes, codes, strict=False)))


def name_of(key: Key) -> str:
    """A cell's cube and codes, in words."""
    cube, codes = key
    known: Mapping[str, str] = dict(codes)
    return " ".join([cube, *(known.get(d.scheme, "?") for d in cubes()[cube].dimensions)])


def _shown(cell: Cell) -> str:
    value = "" if cell.value is None else f" {cell.value}"
    reason = cell.reason.get("en", "")
    return f"{cell.state.value}{value}" + (f" ({reason})" if reason else "")
