"""The sources of the corpus and what a careful person reads in each: cells and their values."""

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from gongkai.ontology.forms import Form, cell_codes, forms

EXPECTED_HERE = Path(__file__).parent / "fidelity-expected.json"

Key = tuple[str, frozenset[tuple[str, str]]]
"""A cell of a form: its cube, and its codes by scheme."""
Expected = dict[Key, Decimal | None]
"""What stands in each cell; None where it is blank."""

# The rows of part two as the corpus names them, in the order of each form.
_ITEMS = {
    "2019": ("rules", "norm", "lic", "othermgmt", "pun", "coe", "fee", "proc"),
    "2021": ("rules", "norm", "lic", "pun", "coe", "fee"),
}


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
        yield path, sample_values(files[kind]), "2021/2019" if kind else "2019"


def form_named(key: str) -> Form:
    """The form of that year."""
    return next(form for form in forms() if form.key == key)


def keys_of(form: str, cube: str) -> list[Key]:
    """The cells of a table in the order of the form, row by row."""
    return [
        (cube, frozenset(cell_codes(row, column).items()))
        for block in form_named(form).table(cube).blocks
        for row, column in block.cells()
    ]


def _number(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value).removesuffix("元"))


def paired(keys: Sequence[Key], values: Sequence[Any]) -> Expected:
    """Values for cells, one for each."""
    return {key: _number(value) for key, value in zip(keys, values, strict=True)}


def _from_reports(truth: Mapping[str, Any], form: str) -> Expected:
    part_two = [truth["t2"][name] for name in _ITEMS[form]]
    flat = [v for item in part_two for v in (item if isinstance(item, list) else [item])]
    rows = list(truth["t3"].values())
    requests_form = "2021" if len(rows) == 25 else "2019"
    return {
        **paired(keys_of(form, "disclosure"), flat),
        **paired(keys_of(requests_form, "requests"), [v for row in rows for v in row]),
        **paired(keys_of(form, "disputes"), truth["t4"]),
    }


def sample_values(truth: Mapping[str, Any]) -> Expected:
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
        **paired(keys_of("2019", "disclosure"), flat),
        **paired(keys_of(requests_form, "requests"), [v for row in rows for v in row]),
        **paired(keys_of("2019", "disputes"), disputes),
    }


def _from_own(truth: Mapping[str, Any]) -> Expected:
    """Expected values typed here: per cube the values in the order of the form, as far as known."""
    found: Expected = {}
    for cube in ("disclosure", "requests", "disputes"):
        values = truth.get(cube, [])
        found |= paired(keys_of(truth["form"], cube)[: len(values)], values)
    return found
