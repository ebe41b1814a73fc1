"""The cases beside the corpus: small odd inputs, each with what a careful person reads in it.

Three folders: ``documents`` (whole reports, each with its ``NAME.expected.json``), ``reading`` (two
bases with one thing changed; what that means is data here, ``fidelity-cases.json``), ``uk`` (a
table of the United Kingdom, our own sample, saved anew by other programs).
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import lxml.html
from fidelity_sources import Expected, Key, form_named, keys_of, paired, sample_values

from gongkai.ontology.forms import cell_codes
from gongkai.ontology.structures import cubes

TABLE = Path(__file__).parent / "fidelity-cases.json"
REFUSED = "refused"
"""The expected body of a source that says two things of whose report it is, or which year."""


@dataclass(frozen=True)
class Case:
    """A file, what is told of it, and what is right.

    ``body`` ending in “…” is the beginning of a name. ``cells`` is None where only body and year
    count; ``lacking`` are cells of a form that the source does not print. ``others`` are bodies
    whose reports stand in the same document. ``says`` are expressions that a reason, note or
    error must hold where not all is read; ``borne_out`` the rules whose findings are true.
    """

    path: Path
    body: str
    year: int | None
    cells: Expected | None
    lacking: frozenset[Key] = frozenset()
    declared_body: str | None = None
    declared_year: int | None = None
    others: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    borne_out: frozenset[str] = field(default_factory=frozenset)

    @property
    def name(self) -> str:
        """The file's name, and whether something is told of it."""
        declared = self.declared_body is not None or self.declared_year is not None
        return f"{self.path.name} (told)" if declared else self.path.name


def cases(folder: Path) -> Iterator[Case]:
    """All cases of reports in Chinese below ``folder``, or in it."""
    table = json.loads(TABLE.read_text("utf-8"))
    yield from _documents(folder, table["documents"])
    yield from _documents(folder / "documents", table["documents"])
    if (folder / "reading").is_dir():
        yield from _readings(folder / "reading", table)


def _documents(folder: Path, particulars: Mapping[str, Any]) -> Iterator[Case]:
    for truth_path in sorted(folder.glob("*.expected.json")):
        stem = truth_path.name.removesuffix(".expected.json")
        truth = json.loads(truth_path.read_text("utf-8"))
        more = {**particulars.get(stem, {}), **truth.get("case", {})}
        declared = more.get("told", {})
        cells, lacking = _expected(truth)
        note = truth.get("note") or ""
        for path in sorted(folder.glob(f"{stem}.*")):
            if path != truth_path:
                yield Case(
                    path,
                    truth["body"],
                    truth["year"],
                    cells,
                    lacking,
                    declared.get("body"),
                    declared.get("year"),
                    tuple(note.split(": ")[1:]) if note.startswith("second report") else (),
                    tuple(more.get("says", ())),
                )


def _expected(truth: Mapping[str, Any]) -> tuple[Expected | None, frozenset[Key]]:
    """The cells of a file of expected values, and those that its source does not print."""
    if truth.get("expected") is None:
        note = truth.get("note") or ""
        return (_statistics(json.loads(note)) if note.startswith("{") else None), frozenset()
    cells: Expected = {}
    lacking: set[Key] = set()
    for name, value in truth["expected"].items():
        cube, *codes = name.split("/")
        schemes = [dimension.scheme for dimension in cubes()[cube].dimensions]
        key = (cube, frozenset(zip(schemes, codes, strict=True)))
        if value == "ABSENT":
            lacking.add(key)
        else:
            cells[key] = None if value is None else Decimal(value)
    return cells, frozenset(lacking)


def _statistics(values: Mapping[str, str]) -> Expected:
    """Values of the form of 2014, by the number of the row, counted from 0."""
    found: Expected = {}
    (block,) = form_named("2014").table("statistics").blocks
    for number, value in values.items():
        codes = cell_codes(block.rows[int(number)], block.columns[0])
        found["statistics", frozenset(codes.items())] = Decimal(value)
    return found


def _readings(folder: Path, table: Mapping[str, Any]) -> Iterator[Case]:
    dense = folder.parent.parent / "corpus" / "formats" / "expected_dense.json"
    truths = {"base21": _page_values(folder / "base21.html")}
    if dense.exists():
        truths["dense"] = sample_values(json.loads(dense.read_text("utf-8")))
    for item in table["cases"]:
        path, base, declared = (
            folder / item["file"],
            table["bases"][item["base"]],
            item.get("told", {}),
        )
        if path.exists() and item["base"] in truths:
            yield Case(
                path,
                base["body"],
                item.get("year", base["year"]),
                truths[item["base"]],
                declared_body=declared.get("body"),
                declared_year=declared.get("year"),
                says=tuple(item.get("says", ())),
                borne_out=frozenset(base["borne_out"]),
            )


def _page_values(path: Path) -> Expected:
    """What stands in a plain page in the form of 2021: its numbers, in the order of the form."""
    page = lxml.html.document_fromstring(path.read_bytes())
    texts = [cell.text_content().strip() for cell in page.iter("td")]
    numbers = [text for text in texts if text.replace(".", "").isdigit()]
    keys = [key for cube in ("disclosure", "requests", "disputes") for key in keys_of("2021", cube)]
    return paired(keys, numbers)
