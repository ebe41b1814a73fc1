"""Measure what a conversion costs beside its library's own work on the same file, in one process.

Run: .venv/bin/python bench/conversion.py [CORPUS]
Per format: the library's bare parse; the parse and the text of every cell; our reader; the whole
conversion, from bytes to a report with every cell. Medians; the first run is not counted.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import docx
import lxml.html
from measure import SAMPLE, median

from gongkai.converters.documents import read_document
from gongkai.converters.forms.recognise import recognise_all

CORPUS = Path(__file__).parent.parent.parent / "shared" / "corpus"
RUNS = 40


def html_cells(path: Path) -> list[str]:
    """The text of every cell, by lxml."""
    page = lxml.html.document_fromstring(path.read_bytes())
    return ["".join(cell.itertext()) for cell in page.iter("td", "th")]


def docx_cells(path: Path) -> list[str]:
    """The text of every cell, by python-docx."""
    document = docx.Document(str(path))
    return [cell.text for table in document.tables for row in table.rows for cell in row.cells]


def main() -> None:
    """Print a line per file."""
    corpus = Path(sys.argv[1]) if len(sys.argv) > 1 else CORPUS
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
    print("file                 parse ms  cells ms  reader ms  whole ms  whole/parse  whole/cells")
    for path, parse, cells in cases:
        times = [
            median(lambda work=work, path=path: work(path), RUNS) * 1000  # type: ignore[misc]
            for work in (parse, cells, read_document, lambda p: recognise_all(read_document(p)))
        ]
        bare, full, reader, whole = times
        print(
            f"{path.name:20} {bare:8.2f}  {full:8.2f}  {reader:9.2f}  {whole:8.2f}"
            f"  {whole / bare:11.1f}  {whole / full:11.1f}"
        )


if __name__ == "__main__":
    main()
