"""One cell of a report is hidden, struck, raised, covered or moved: what is seen is read, or none.

A report is drawn in an official form and written in each format; one cell of it is disturbed in a
way from the tables of ``seen_…``. Every other cell is then right, and this one is what a person
sees in it, or unread: never another number, and never blank where something is seen.
EXAMPLES in the environment asks for more examples of each way.
"""

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from random import Random

import pypdfium2
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from gongkai.converters.cn.reader import recognise
from gongkai.converters.documents import read_document
from gongkai.converters.documents.libreoffice import convert
from gongkai.converters.documents.limits import DEFAULT_LIMITS
from gongkai.converters.documents.scan.engines import require_extra
from gongkai.converters.errors import UnreadableSource
from gongkai.converters.report import CellState, Report
from helpers.drawn_reports import Drawn, Seen, complaints, draw
from helpers.office_files import for_programs, needs_libreoffice
from helpers.official_grids import Key
from helpers.profiles import SHARED_FIXTURES
from helpers.seen_html import HTML, Page
from helpers.seen_office import BOOK, WORD, word_document, workbook
from helpers.seen_pdf import PDF, SCANNED, Sheet
from helpers.seen_text import LAYOUTS, TEXT, text_document

try:
    require_extra()
    MISSING = ""
except UnreadableSource as error:
    MISSING = str(error)

IN_OPEN_DOCUMENT = (
    *("hidden", "hidden by style", "white", "white by style", "one point", "all hidden"),
    *("all white", "colour of its highlight", "colour of the cell", "white on dark"),
    *("raised", "lowered", "raised by style", "struck", "struck twice", "all struck"),
    *("deleted", "inserted", "simple field", "control"),
)
"""Ways that LibreOffice keeps when it writes a Word document as OpenDocument text."""

EXAMPLES = int(os.environ.get("EXAMPLES", "1"))

some = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=SHARED_FIXTURES,
)
number = st.integers(min_value=0, max_value=10**9)


def drawn_for(ways: tuple[str, ...], example: int) -> tuple[Random, Drawn, list[Key]]:
    """Chances, a report and cells of it to change, in rows of their own: others each time."""
    random = Random(f"{ways} {example}")
    drawn = draw(random, random.choice(("2019", "2021")))
    rows = [row for rows in drawn.tables.values() for row in rows]
    ours = [[box.key for box in row if box.key is not None] for row in rows]
    chosen = random.sample([keys for keys in ours if keys], len(ways))
    return random, drawn, [random.choice(keys) for keys in chosen]


def together(ways: Iterable[str], number: int) -> list[tuple[str, ...]]:
    """Ways that are tried in one document, each in a cell of its own: one, if time is no matter."""
    listed = list(ways)
    number = number if EXAMPLES == 1 else 1
    return [tuple(listed[i : i + number]) for i in range(0, len(listed), number)]


def read(data: bytes, path: Path) -> Report | None:
    path.write_bytes(data)
    try:
        return recognise(read_document(path))
    except UnreadableSource:
        return None


@pytest.mark.parametrize("way", HTML)
@some
@given(example=number)
def test_a_page(way: str, example: int, tmp_path: Path) -> None:
    random, drawn, (key,) = drawn_for((way,), example)
    page = Page(drawn, key, random)
    seen = HTML[way](page)
    report = read(page.bytes(), tmp_path / "report.html")
    found = complaints(drawn, report, {key: seen})
    assert not found, f"{page.content}: {found}"


@pytest.mark.parametrize("ways", together(PDF, 8), ids=", ".join)
@some
@given(example=number)
def test_a_printed_page(ways: tuple[str, ...], example: int, tmp_path: Path) -> None:
    random, drawn, keys = drawn_for(ways, example)
    sheet = Sheet(drawn, random)
    data = sheet.bytes({key: PDF[way] for key, way in zip(keys, ways, strict=True)})
    report = read(data, tmp_path / "report.pdf")
    found = complaints(drawn, report, sheet.seen)
    assert not found, f"{ways}: {found}"


@pytest.mark.parametrize("ways", together(WORD, 8), ids=", ".join)
@some
@given(example=number)
def test_a_word_document(ways: tuple[str, ...], example: int, tmp_path: Path) -> None:
    random, drawn, keys = drawn_for(ways, example)
    changes = {key: WORD[way] for key, way in zip(keys, ways, strict=True)}
    data, seen = word_document(drawn, random, changes)
    found = complaints(drawn, read(data, tmp_path / "report.docx"), seen)
    assert not found, f"{ways}: {found}"


@needs_libreoffice
@some
@given(example=number)
def test_an_open_document_text(example: int, tmp_path: Path) -> None:
    random, drawn, keys = drawn_for(IN_OPEN_DOCUMENT, example)
    changes = {key: WORD[way] for key, way in zip(keys, IN_OPEN_DOCUMENT, strict=True)}
    made, seen = word_document(drawn, random, changes)
    data = convert(for_programs(made), "docx", "odt", DEFAULT_LIMITS)
    found = complaints(drawn, read(data, tmp_path / "report.odt"), seen)
    assert not found, f"{found}"


@pytest.mark.parametrize("ways", together(BOOK, 6), ids=", ".join)
@some
@given(example=number)
def test_a_workbook(ways: tuple[str, ...], example: int, tmp_path: Path) -> None:
    random, drawn, keys = drawn_for(ways, example)
    changes = {key: BOOK[way] for key, way in zip(keys, ways, strict=True)}
    data, seen = workbook(drawn, random, changes)
    found = complaints(drawn, read(data, tmp_path / "report.xlsx"), seen)
    assert not found, f"{ways}: {found}"


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("ways", together(TEXT, 5), ids=", ".join)
@some
@given(example=number)
def test_a_text(ways: tuple[str, ...], layout: str, example: int, tmp_path: Path) -> None:
    random, drawn, keys = drawn_for(ways, example)
    changes = {key: TEXT[way] for key, way in zip(keys, ways, strict=True)}
    data, seen = text_document(drawn, layout, random, changes)
    found = complaints(drawn, read(data, tmp_path / "report.txt"), seen)
    assert not found, f"{ways}: {found}"


@pytest.mark.ocr
@pytest.mark.skipif(bool(MISSING), reason=f"scans are not tested: {MISSING}")
def test_a_scan(tmp_path: Path) -> None:
    """Table four as a picture: what is struck, covered or raised is never part of a number."""
    random = Random(4)
    whole = draw(random, "2021")
    values = {key: value for key, value in whole.values.items() if key[0] == "disputes"}
    drawn = Drawn("2021", values, {"disputes": whole.tables["disputes"]})
    sheet = Sheet(drawn, random)
    changed = random.sample(list(values), len(SCANNED))
    data = sheet.bytes({key: PDF[way] for key, way in zip(changed, SCANNED, strict=True)})
    path = tmp_path / "report.png"
    page = pypdfium2.PdfDocument(data)[0]
    page.render(scale=2.5, crop=(0, page.get_height() - 320, 0, 0)).to_pil().save(path)
    document = replace(read_document(path), declared={"body": "mohrss", "year": "2022"})
    # What is printed badly may be unread anywhere in a scan.
    seen = {key: Seen((value,)) for key, value in values.items()} | sheet.seen
    report = recognise(document)
    assert not complaints(drawn, report, seen)
    read_well = [cell for _, cell in report.cells(CellState.READ) if cell.codes]
    assert len(read_well) >= len(values) - len(SCANNED) - 2
