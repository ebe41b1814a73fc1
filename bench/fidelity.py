"""How exactly the corpus is read: cells expected, right, unread and wrong, per format and form.

    make fidelity            (or: python bench/fidelity.py [CORPUS])

A wrong cell, or an unread one in a source that holds text, makes the exit code 1. A blank cell is
right when it is reported as blank, or is 0 by the table's own sums (design, section 3).
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from gongkai.converters.documents import read_document
from gongkai.converters.errors import UnreadableSource
from gongkai.converters.forms.blanks import impute_blanks
from gongkai.converters.forms.tables import read_tables
from gongkai.converters.report import Cell, CellState
from gongkai.ontology.forms import Form, cell_codes, forms

CORPUS = Path(__file__).parent.parent.parent / "shared" / "corpus"
EXPECTED_HERE = Path(__file__).parent / "fidelity-expected.json"

Key = tuple[str, frozenset[tuple[str, str]]]
Expected = dict[Key, Decimal | None]

# The rows of part two as the corpus names them, in the order of each form.
_ITEMS = {
    "2019": ("rules", "norm", "lic", "othermgmt", "pun", "coe", "fee", "proc"),
    "2021": ("rules", "norm", "lic", "pun", "coe", "fee"),
}


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
    told: list[str] = field(default_factory=list)


def main() -> int:
    """Convert everything that has expected values; the exit code."""
    corpus = Path(sys.argv[1]) if len(sys.argv) > 1 else CORPUS
    if not corpus.exists():
        print(f"the corpus is not at {corpus}: nothing measured")
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
        for line in item.told[:12]:
            print(f"{item.path.name}: {line}")
    bad = [s for s in scores if s.wrong or (s.unread and s.text_bearing)]
    print(f"{len(scores)} sources, {len(bad)} of them not as they should be")
    return 1 if bad else 0


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
        result.told.append(str(error))
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
            result.told.append(f"WRONG {_name(key)}: {cell.value}, where nothing is expected")
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
            result.told.append(f"WRONG {_name(key)}: {cell.value}, expected {value}")
    else:
        result.unread += 1
        reason = cell.reason.get("en", "") if cell else "not in the tables found"
        result.told.append(f"{state} {_name(key)}: {reason}")


def _name(key: Key) -> str:
    return " ".join([key[0], *(code for _, code in sorted(key[1]))])


# --- what is expected ----------------------------------------------------------------------


def sources(corpus: Path) -> Iterator[tuple[Path, Expected, str]]:
    """(file, expected values, form) of every source of the corpus that has expected values."""
    reports = json.loads((corpus / "cn" / "expected.json").read_text("utf-8"))["reports"]
    own = json.loads(EXPECTED_HERE.read_text("utf-8")) if EXPECTED_HERE.exists() else {}
    for path in sorted((corpus / "cn" / "reports").iterdir()):
        name = path.name.partition(".")[0]
        if path.name in own:
            yield path, _from_own(own[path.name]), own[path.name]["form"]
        elif name in reports:
            truth = reports[name]
            form = "2021" if "2021" in truth["form"] else "2019"
            yield path, _from_reports(truth, form), form
    files = {
        kind: json.loads((corpus / "formats" / f"expected{kind}.json").read_text("utf-8"))
        for kind in ("", "_dense", "_dirty")
    }
    for path in sorted((corpus / "formats").iterdir()):
        if path.suffix in (".json", ".md"):
            continue
        kind = "_dirty" if path.stem == "dirty" else "_dense" if "dense" in path.stem else ""
        yield path, _from_formats(files[kind]), "2021/2019" if kind else "2019"


def _form(key: str) -> Form:
    return next(form for form in forms() if form.key == key)


def _keys(form: str, cube: str) -> list[Key]:
    """The cells of a table in the order of the form, row by row."""
    return [
        (cube, frozenset(cell_codes(row, column).items()))
        for block in _form(form).table(cube).blocks
        for row, column in block.cells()
    ]


def _number(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value).removesuffix("元"))


def _paired(keys: Sequence[Key], values: Sequence[Any]) -> Expected:
    return {key: _number(value) for key, value in zip(keys, values, strict=True)}


def _from_reports(truth: Mapping[str, Any], form: str) -> Expected:
    part_two = [truth["t2"][name] for name in _ITEMS[form]]
    flat = [v for item in part_two for v in (item if isinstance(item, list) else [item])]
    rows = list(truth["t3"].values())
    requests_form = "2021" if len(rows) == 25 else "2019"
    return {
        **_paired(_keys(form, "disclosure"), flat),
        **_paired(_keys(requests_form, "requests"), [v for row in rows for v in row]),
        **_paired(_keys(form, "disputes"), truth["t4"]),
    }


def _from_formats(truth: Mapping[str, Any]) -> Expected:
    """The values of a sample, as its file states them.

    In the page ``dirty.html`` three cells of part four are blank as well; its file of values has
    numbers there, although it says that null stands for a cell that is blank in the page.
    """
    disputes = list(truth["table4_review_litigation"]["values"])
    if "rowspan too long" in truth.get("note", ""):
        for blank in (2, 4, 6):
            disputes[blank] = None
    flat = [v for b in truth["table2_proactive"] for row in b["rows"].values() for v in row]
    rows = [row["values"] for row in truth["table3_applications"]["rows"]]
    requests_form = "2021" if len(rows) == 25 else "2019"
    return {
        **_paired(_keys("2019", "disclosure"), flat),
        **_paired(_keys(requests_form, "requests"), [v for row in rows for v in row]),
        **_paired(_keys("2019", "disputes"), disputes),
    }


def _from_own(truth: Mapping[str, Any]) -> Expected:
    """Expected values typed here: per cube the values in the order of the form, as far as known."""
    found: Expected = {}
    for cube in ("disclosure", "requests", "disputes"):
        values = truth.get(cube, [])
        found |= _paired(_keys(truth["form"], cube)[: len(values)], values)
    return found


if __name__ == "__main__":
    sys.exit(main())
