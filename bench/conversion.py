"""Measure what a conversion costs beside its library's own work, and beside another checkout.

Run: .venv/bin/python bench/conversion.py [CORPUS]
Per format: the library's bare parse; the parse and the text of every cell; our reader; the whole
conversion, from bytes to a report with every cell. Medians; the first run is not counted.

Run: .venv/bin/python bench/conversion.py [CORPUS] --before CHECKOUT [--runs 15] [--only WORDS]
The whole conversion by the code here and by that of another checkout, each in a process of its
own, in turns on the same file: the least processor time of each (the process and its threads, not
programs it starts), and their ratio. Exit code 1 where a ratio is above 1.3.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import docx
import lxml.html
import openpyxl
import pdfplumber
from measure import SAMPLE, median
from whole_conversion import whole

from gongkai.converters.documents import read_document

ROOT = Path(__file__).parent.parent
CORPUS = ROOT.parent / "shared" / "corpus"
RUNS = 40
AT_MOST = 1.3
"""How much longer than before a conversion may take."""

COMPARED = (
    "*.html",
    "report.docx",
    "dense.docx",
    "report.xlsx",
    "dense.xlsx",
    "report.pdf",
    "report_chromium.pdf",
    "dense.pdf",
    "dense_chromium.pdf",
    "dense_onepage.pdf",
)
"""Ordinary documents among the report in every format."""


def html_cells(path: Path) -> list[str]:
    """The text of every cell, by lxml."""
    page = lxml.html.document_fromstring(path.read_bytes())
    return ["".join(cell.itertext()) for cell in page.iter("td", "th")]


def docx_cells(path: Path) -> list[str]:
    """The text of every cell, by python-docx."""
    document = docx.Document(str(path))
    return [cell.text for table in document.tables for row in table.rows for cell in row.cells]


def xlsx_cells(path: Path) -> list[str]:
    """The text of every cell, by openpyxl."""
    book = openpyxl.load_workbook(path)
    return [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]


def pdf_cells(path: Path) -> list[str | None]:
    """The text of every cell, by pdfplumber."""
    with pdfplumber.open(path) as document:
        tables = [table for page in document.pages for table in page.extract_tables()]
    return [cell for table in tables for row in table for cell in row]


def pdf_words(path: Path) -> int:
    """The number of characters, by pdfplumber."""
    with pdfplumber.open(path) as document:
        return sum(len(page.chars) for page in document.pages)


def main() -> int:
    """Print a line per file; the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", nargs="?", type=Path, default=CORPUS)
    parser.add_argument("--before", type=Path, metavar="CHECKOUT")
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--only", default="", metavar="WORDS", help="files with these in the name")
    given = parser.parse_args()
    if given.before:
        return compare(given.corpus, given.before, given.runs, given.only)
    beside_libraries(given.corpus)
    return 0


def beside_libraries(corpus: Path) -> None:
    """Print what each step costs."""
    formats = corpus / "formats"
    cases: list[tuple[Path, Callable[[Path], object], Callable[[Path], object]]] = [
        (SAMPLE, lambda p: p.read_text("utf-8"), lambda p: p.read_text("utf-8").splitlines()),
    ]
    if formats.exists():
        cases += [
            (formats / name, lambda p: lxml.html.document_fromstring(p.read_bytes()), html_cells)
            for name in ("report.html", "dense.html", "dense_nested.html")
        ]
        cases += [
            (formats / name, lambda p: docx.Document(str(p)), docx_cells)
            for name in ("report.docx", "dense.docx")
        ]
        cases += [(formats / "dense.xlsx", openpyxl.load_workbook, xlsx_cells)]
        cases += [(formats / "dense_chromium.pdf", pdf_words, pdf_cells)]
    print("file                 parse ms  cells ms  reader ms  whole ms  whole/parse  whole/cells")
    for path, parse, cells in cases:
        runs = RUNS if path.suffix != ".pdf" else 5
        times = [
            median(lambda work=work, path=path: work(path), runs) * 1000  # type: ignore[misc]
            for work in (parse, cells, read_document, whole)
        ]
        bare, full, reader, all_of_it = times
        print(
            f"{path.name:20} {bare:8.2f}  {full:8.2f}  {reader:9.2f}  {all_of_it:8.2f}"
            f"  {all_of_it / bare:11.1f}  {all_of_it / full:11.1f}"
        )


# --- before and after ----------------------------------------------------------------------


class Checkout:
    """A process that converts files by the code of a checkout."""

    def __init__(self, folder: Path) -> None:
        """Start it: ``folder`` is where the package ``gongkai`` lies."""
        self.process = subprocess.Popen(
            [sys.executable, str(ROOT / "bench" / "whole_conversion.py")],
            env={**os.environ, "PYTHONPATH": str(folder.resolve())},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def convert(self, path: Path) -> float:
        """How long a conversion takes, in milliseconds."""
        assert self.process.stdin is not None and self.process.stdout is not None
        print(path.resolve(), file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit(f"{path}: the conversion ended the process")
        return float(answer) * 1000

    def end(self) -> None:
        """No more files."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


def compare(corpus: Path, before: Path, runs: int, only: str) -> int:
    """Print per file what a conversion cost before and now; 1 if one costs too much more."""
    paths = [SAMPLE, *sorted((corpus / "cn" / "reports").glob("*.*"))]
    for pattern in COMPARED:
        paths += sorted((corpus / "formats").glob(pattern))
    then, now = Checkout(before), Checkout(ROOT)
    print("file                                     before ms    now ms   ratio")
    slower = 0
    for path in paths:
        if only not in path.name:
            continue
        pairs = [(then.convert(path), now.convert(path)) for _ in range(runs + 1)][1:]
        # Other work on the machine makes a run dearer, never cheaper.
        old, new = min(pair[0] for pair in pairs), min(pair[1] for pair in pairs)
        mark = "  slower" if new / old > AT_MOST else ""
        slower += bool(mark)
        print(f"{path.name:40} {old:9.1f} {new:9.1f}   {new / old:5.2f}{mark}", flush=True)
    then.end()
    now.end()
    return 1 if slower else 0


if __name__ == "__main__":
    sys.exit(main())
