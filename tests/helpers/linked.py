"""A store for tests of links, and a table of candidates from the made-up endpoint."""

import csv
from collections.abc import Mapping
from pathlib import Path

from click.testing import Result

from helpers.commands import BASE, gongkai

MOHRSS = f"{BASE}id/body/mohrss"
MOE = f"{BASE}id/body/moe"
HONGZE = f"{BASE}id/area/320813"
WD = "http://www.wikidata.org/entity/"
CONTACT = "data@example.org"

Rows = list[dict[str, str]]


def find(store: Path | str, output: Path, endpoint: str, *more: object) -> Result:
    """Look for candidates, without pauses unless ``more`` says otherwise."""
    pause = () if "--pause" in more else ("--pause", 0)
    return gongkai(
        "link", "find", "--store", store, "-o", output, "--endpoint", endpoint,
        "--contact", CONTACT, *pause, *more,
    )  # fmt: skip


def accept(store: Path, review: Path) -> Result:
    return gongkai("link", "accept", "--store", store, review)


def table(path: Path) -> Rows:
    """The rows of a table as a spreadsheet has them."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write_table(path: Path, rows: Rows, delimiter: str = ",") -> Path:
    """A table as a spreadsheet may save it."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def decided(
    path: Path,
    target: Path,
    decisions: Mapping[tuple[str, str], str],
    reviewer: str = "王一",
    note: str = "",
) -> Path:
    """The table at ``path`` with decisions on pairs of thing and candidate, at ``target``."""
    rows = table(path)
    left = dict(decisions)
    for row in rows:
        decision = left.pop((row["subject"], row["candidate"]), None)
        if decision is not None:
            row |= {"decision": decision, "reviewer": reviewer, "note": note}
    assert not left, left
    return write_table(target, rows)
