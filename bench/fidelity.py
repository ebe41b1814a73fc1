"""How exactly the corpus and the cases are read: cells expected, right, unread and wrong.

    make fidelity            (or: python bench/fidelity.py [CORPUS])
    python bench/fidelity.py --cases [PATTERN] [--folder DIR]

The corpus: a wrong cell, or an unread one in a source that holds text, makes the exit code 1. A
blank cell is right when it is reported as blank, or is 0 by the table's own sums (docs/design.md,
section 3). The cases (small odd inputs, ``fidelity_cases``) go the whole way that the command line
goes; the goal is 0 wrong, 0 silent, 0 false alarms, 0 wrong bodies, else the exit code is 1.
``--cases`` reads the cases alone, those with PATTERN in their names (a regular expression);
``--folder`` takes them from another folder, in which each ``NAME.expected.json`` says what is right
of ``NAME.*``.
"""

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from pathlib import Path

from fidelity_cases import cases
from fidelity_judged import Judged, judge, judge_resaved, name_of
from fidelity_sources import Expected, Key, sources
from rich.console import Console
from rich.table import Table

from gongkai.converters.cn.forms.blanks import impute_blanks
from gongkai.converters.cn.forms.tables import read_tables
from gongkai.converters.documents import read_document
from gongkai.converters.errors import UnreadableSource
from gongkai.converters.report import Cell, CellState

SHARED = Path(__file__).parent.parent.parent / "shared"
CORPUS = SHARED / "corpus"
UNITED_KINGDOM = Path(__file__).parent.parent / "samples" / "uk-2020.csv"
CASE_COUNTS = ("expected", "right", "unread", "wrong", "silent", "alarms", "body")


@dataclass
class Score:
    """Counts for one source, and what was wrong or unread in words."""

    path: Path
    form: str
    text_bearing: bool
    expected: int = 0
    right: int = 0
    unread: int = 0
    wrong: int = 0
    messages: list[str] = field(default_factory=list)


def main() -> int:
    """Convert everything that has expected values; the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", nargs="?", type=Path, default=CORPUS)
    parser.add_argument("--cases", nargs="?", const=".", metavar="PATTERN")
    parser.add_argument("--folder", type=Path, default=SHARED / "cases")
    given = parser.parse_args()
    bad = 0 if given.cases else _corpus(given.corpus)
    return 1 if bad + _cases(given.folder, given.cases or ".") else 0


def _corpus(corpus: Path) -> int:
    """Read the corpus and print how; the number of sources that are not as they should be."""
    if not corpus.exists():
        print(f"the corpus is not at {corpus}: not measured")
        return 0
    scores = [score(path, expected, form) for path, expected, form in sources(corpus)]
    console = Console(width=100)
    table = Table("source", "form", "expected", "right", "unread", "wrong")
    for item in scores:
        counts = (item.expected, item.right, item.unread, item.wrong)
        table.add_row(item.path.name, item.form, *map(str, counts))
    console.print(table)
    console.print(_by_format(scores))
    for item in scores:
        for line in item.messages[:12]:
            print(f"{item.path.name}: {line}")
    bad = [s for s in scores if s.wrong or (s.unread and s.text_bearing)]
    print(f"{len(scores)} sources, {len(bad)} of them not as they should be")
    return len(bad)


def _cases(folder: Path, pattern: str) -> int:
    """Read the cases and print how; the number of those that are not sound."""
    if not folder.exists():
        print(f"the cases are not at {folder}: not measured")
        return 0
    found = list(_judged(folder, pattern))
    table = Table("case", *CASE_COUNTS)
    for item in found:
        table.add_row(item.name, *(str(getattr(item, name) or "") for name in CASE_COUNTS))
    Console(width=120).print(table)
    sound = [item for item in found if item.sound]
    totals = {name: sum(getattr(item, name) for item in found) for name in CASE_COUNTS}
    print(
        f"{len(found)} cases: {totals['expected']} cells, {totals['right']} right, "
        f"{totals['unread']} unread; {totals['wrong']} wrong, {totals['silent']} silent, "
        f"{totals['alarms']} false alarms, {totals['body']} wrong bodies or years"
    )
    return len(found) - len(sound)


def _judged(folder: Path, pattern: str) -> Iterator[Judged]:
    """Judge case after case, saying at once what is bad, or what is unread and why."""
    works = [(case.name, partial(judge, case)) for case in cases(folder)]
    for path in sorted(folder.glob("uk/*.csv")):
        works.append((path.name, partial(judge_resaved, path, UNITED_KINGDOM)))
    for name, work in works:
        if not re.search(pattern, name):
            continue
        judged = work()
        for line in (*judged.bad[:2], *judged.unclear[: 0 if judged.bad else 2]):
            print(f"{name}: {line}", flush=True)
        yield judged


def _by_format(scores: Sequence[Score]) -> Table:
    table = Table("format", "form", "sources", "expected", "right", "unread", "wrong")
    groups: dict[tuple[str, str], list[Score]] = {}
    for item in scores:
        kind = "scan" if "_scan" in item.path.name else item.path.suffix.lstrip(".")
        groups.setdefault((kind, item.form), []).append(item)
    for (kind, form), group in sorted(groups.items()):
        counts = [
            sum(getattr(s, n) for s in group) for n in ("expected", "right", "unread", "wrong")
        ]
        table.add_row(kind, form, str(len(group)), *map(str, counts))
    return table


def score(path: Path, expected: Expected, form: str) -> Score:
    """Read ``path`` and compare every cell."""
    # No original that bears text: what a recogniser of characters or of pages made of one, and
    # excerpts that end within a table (their last row may always be another's).
    derived = re.search(r"_scan|\.ocr\.|pdf2md|\.layout\.|^part-", path.name)
    result = Score(path, form, text_bearing=derived is None)
    result.expected = len(expected)
    try:
        found = read_tables(read_document(path).items)
    except UnreadableSource as error:
        result.unread = len(expected)
        result.messages.append(str(error))
        return result
    cells: dict[Key, Cell] = {
        (table.cube, frozenset(cell.codes.items())): cell
        for table in map(impute_blanks, found.tables)
        for cell in table.cells
        if cell.codes
    }
    for key, value in expected.items():
        _compare(result, key, value, cells.get(key))
    for key, cell in cells.items():
        if key not in expected and cell.state in (CellState.READ, CellState.IMPUTED):
            result.wrong += 1
            result.messages.append(f"WRONG {name_of(key)}: {cell.value}, where nothing is expected")
    return result


def _compare(result: Score, key: Key, value: Decimal | None, cell: Cell | None) -> None:
    state = cell.state if cell else CellState.ABSENT
    if value is None and state in (CellState.NOT_STATED, CellState.IMPUTED):
        result.right += 1
    elif state in (CellState.READ, CellState.IMPUTED):
        assert cell is not None
        if value is not None and cell.value == value and state is CellState.READ:
            result.right += 1
        else:
            result.wrong += 1
            result.messages.append(f"WRONG {name_of(key)}: {cell.value}, expected {value}")
    else:
        result.unread += 1
        reason = cell.reason.get("en", "") if cell else "not in the tables found"
        result.messages.append(f"{state} {name_of(key)}: {reason}")


if __name__ == "__main__":
    sys.exit(main())
