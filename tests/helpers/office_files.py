"""Office files for tests: Word documents from their XML, workbooks from openpyxl."""

import io
import json
import shutil
import zipfile
from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from lxml import etree
from openpyxl.worksheet.worksheet import Worksheet

from gongkai.converters.documents.model import Content, Grid, GridCell, TextBlock
from helpers.commands import ORIGINAL

FORMATS = ORIGINAL.parent.parent.parent / "formats"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NAMESPACES = (
    f'xmlns:w="{_W}" xmlns:r="{_RELATIONS}" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)

without_libreoffice = pytest.mark.skipif(
    shutil.which("soffice") is None and shutil.which("libreoffice") is None,
    reason="LibreOffice is not installed: conversions through it are not tested",
)
needs_formats = pytest.mark.skipif(
    not FORMATS.exists(), reason=f"the report in every format is not at {FORMATS}: not tested"
)


def needs_libreoffice(test: Any) -> Any:
    """Mark a test that converts with LibreOffice."""
    return pytest.mark.libreoffice(without_libreoffice(test))


def zipped(parts: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as file:
        for name, part in parts.items():
            file.writestr(name, part)
    return buffer.getvalue()


def unzipped(data: bytes) -> dict[str, str | bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return {name: file.read(name) for name in file.namelist()}


def docx_parts(body: str, **others: str) -> dict[str, str | bytes]:
    """The parts of a Word document; ``others`` are parts such as ``numbering``, by their names."""
    document = f"<w:document {_NAMESPACES}><w:body>{body}</w:body></w:document>"
    listed = "".join(
        f'<Relationship Id="{name}" Type="{_RELATIONS}/{name}" Target="{name}.xml"/>'
        for name in others
    )
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    main = (
        f'<Relationship Id="main" Type="{_RELATIONS}/officeDocument" Target="word/document.xml"/>'
    )
    return {
        "_rels/.rels": f'<Relationships xmlns="{package}">{main}</Relationships>',
        "word/document.xml": document,
        "word/_rels/document.xml.rels": (
            f'<Relationships xmlns="{package}">{listed}</Relationships>'
        ),
        **{
            f"word/{name}.xml": f"<w:{name} {_NAMESPACES}>{inner}</w:{name}>"
            for name, inner in others.items()
        },
    }


def docx(body: str, **others: str) -> bytes:
    return zipped(docx_parts(body, **others))


def for_programs(document: bytes) -> bytes:
    """A document of ``docx`` with the kinds, names and widths that office programs ask for."""
    parts = unzipped(document)
    root = etree.fromstring(parts["word/document.xml"])
    for laid_out in root.iter(f"{{{_W}}}tbl"):
        _set_widths(laid_out)
    parts["word/document.xml"] = etree.tostring(root)
    if "word/styles.xml" in parts:
        styles = etree.fromstring(parts["word/styles.xml"])
        for style in styles.iter(f"{{{_W}}}style"):
            name = etree.Element(f"{{{_W}}}name")
            name.set(f"{{{_W}}}val", style.get(f"{{{_W}}}styleId", ""))
            style.insert(0, name)
        parts["word/styles.xml"] = etree.tostring(styles)
    package = "http://schemas.openxmlformats.org/package/2006/"
    kind = "application/vnd.openxmlformats-"
    stated = "".join(
        f'<Override PartName="/{name}" '
        f'ContentType="{kind}officedocument.wordprocessingml.{word}+xml"/>'
        for name, word in (("word/document.xml", "document.main"), ("word/styles.xml", "styles"))
        if name in parts
    )
    parts["[Content_Types].xml"] = (
        f'<Types xmlns="{package}content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Default Extension="rels" ContentType="{kind}package.relationships+xml"/>{stated}</Types>'
    )
    return zipped(parts)


def _set_widths(laid_out: etree._Element) -> None:
    columns = 0
    for line in laid_out.iter(f"{{{_W}}}tr"):
        spans = []
        for box in line.iter(f"{{{_W}}}tcPr"):
            span = box.find(f"{{{_W}}}gridSpan")
            spans.append(1 if span is None else int(span.get(f"{{{_W}}}val", "1")))
            width = etree.Element(f"{{{_W}}}tcW")
            width.set(f"{{{_W}}}w", str(600 * spans[-1]))
            width.set(f"{{{_W}}}type", "dxa")
            box.insert(0, width)
        columns = max(columns, sum(spans))
    grid = etree.Element(f"{{{_W}}}tblGrid")
    for _ in range(columns):
        etree.SubElement(grid, f"{{{_W}}}gridCol").set(f"{{{_W}}}w", "600")
    laid_out.insert(0, grid)


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*inner: str, properties: str = "") -> str:
    """A paragraph; what does not begin with a tag is the text of a run."""
    said = "".join(part if part.startswith("<") else run(part) for part in inner)
    return f"<w:p><w:pPr>{properties}</w:pPr>{said}</w:p>"


def cell(*inner: str, properties: str = "") -> str:
    """A cell; what is no paragraph or table is put into one."""
    said = "".join(
        part if part.startswith(("<w:p>", "<w:tbl>", "<w:sdt>")) else paragraph(part)
        for part in inner
    )
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{said or paragraph()}</w:tc>"


def row(*cells: str, properties: str = "") -> str:
    said = "".join(part if part.startswith("<") else cell(part) for part in cells)
    return f"<w:tr><w:trPr>{properties}</w:trPr>{said}</w:tr>"


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def workbook(*fill: Callable[[Worksheet], object]) -> bytes:
    """A workbook by openpyxl, with one sheet for each function that fills it."""
    book = openpyxl.Workbook()
    book.calculation.fullCalcOnLoad = False
    for i, function in enumerate(fill):
        sheet = book.active if i == 0 else book.create_sheet()
        assert isinstance(sheet, Worksheet)
        sheet.title = f"表{i + 1}"
        function(sheet)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def grids(content: Content) -> list[Grid]:
    return [item for item in content.items if isinstance(item, Grid)]


def texts(content: Content) -> list[str]:
    return [item.text for item in content.items if isinstance(item, TextBlock)]


def shown(grid: Grid) -> list[list[str | None]]:
    """The text in every position of a grid."""
    return [[None if cell is None else cell.text for cell in row] for row in grid.rows]


def at(grid: Grid, row: int, column: int) -> GridCell:
    """The cell at a position counted from 0."""
    found = grid.rows[row][column]
    assert found is not None
    return found


def notes(content: Content) -> str:
    return "\n".join(note["en"] for note in content.notes)


def corpus(name: str) -> bytes:
    return (FORMATS / name).read_bytes()


def assert_expected(content: Content, name: str) -> None:
    """Every figure of the expected file stands where its labels and headings meet."""
    expected = json.loads((FORMATS / name).read_text(encoding="utf-8"))
    disclosure, requests, disputes = grids(content)
    wanted = expected["table3_applications"]
    for line in wanted["rows"]:
        heads = [[column] for column in wanted["columns"]]
        assert _meeting(requests, line["path"], heads) == [str(n) for n in line["values"]]
    wanted = expected["table4_review_litigation"]
    assert _meeting(disputes, [], wanted["columns"]) == [str(n) for n in wanted["values"]]
    for block in expected["table2_proactive"]:
        for label, values in block["rows"].items():
            heads = [[column] for column in block["columns"]]
            assert _meeting(disclosure, [label], heads) == [str(n) for n in values]


def _meeting(grid: Grid, path: list[str], columns: list[list[str]]) -> list[str]:
    """The figures of the one row with these labels, in the columns under these headings."""
    lines = [["".join((text or "").split()) for text in line] for line in shown(grid)]
    labels = [
        [text for text in dict.fromkeys(line) if text and not text.isdigit()] for line in lines
    ]
    wanted = ["".join(label.split()) for label in path]
    figures = [i for i, line in enumerate(lines) if any(text.isdigit() for text in line)]
    found = [i for i in figures if labels[i] == wanted]
    assert len(found) == 1, (path, found)
    above = [line for i, line in enumerate(lines[: found[0]]) if i not in figures]
    values = []
    for heads in columns:
        over = {
            id(grid.rows[found[0]][column]): at(grid, found[0], column)
            for column in range(grid.width)
            if [text for text, _ in groupby(line[column] for line in above)][-len(heads) :] == heads
            and lines[found[0]][column].isdigit()
        }
        assert len(over) == 1, (heads, over)
        cell = next(iter(over.values()))
        assert not cell.doubt
        values.append(cell.text)
    return values


def folder_of_fake(program: str, folder: Path) -> Path:
    """A folder with a program called soffice that does what ``program`` says."""
    path = folder / "soffice"
    path.write_text(program, encoding="utf-8")
    path.chmod(0o755)
    return folder
