"""What the operator tells: it suffices for every format, and nothing of it is passed over."""

from pathlib import Path
from random import Random

import pytest
from openpyxl import Workbook

from gongkai.converters.cn.reader import recognise
from gongkai.converters.documents import read_document
from gongkai.converters.overrides import BadTable, Overrides
from gongkai.converters.report import CellState
from helpers import foreign, seen_office, seen_pdf, seen_text
from helpers.commands import SAMPLE, gongkai
from helpers.drawn_reports import Drawn, draw


def without_title(folder: Path, name: str = "report.txt") -> Path:
    """The sample without its title."""
    path = folder / name
    _, _, rest = SAMPLE.read_text(encoding="utf-8").partition("\n")
    path.write_text(rest, encoding="utf-8")
    return path


def table(folder: Path, *rows: str) -> Path:
    path = folder / "told.csv"
    path.write_text("\n".join(["file,body,year", *rows, ""]), encoding="utf-8")
    return path


def overridden(path: Path, **told: str) -> tuple[str, int, int]:
    """Whose report on which year it is with what is told, and how many cells were read."""
    document = read_document(path)
    document.declared.update(told)
    report = recognise(document)
    return report.body.name, report.year, report.count(CellState.READ)


def test_a_file_without_a_title_is_refused_with_the_options_that_suffice(tmp_path: Path) -> None:
    path = without_title(tmp_path)
    refused = gongkai("check", path)
    assert refused.exit_code == 2
    assert "no title" in refused.stderr
    assert "--body KEY_OR_NAME" in refused.stderr and "--year YEAR" in refused.stderr
    name = "四川省盐边县新九镇人民政府"
    told = gongkai("convert", path, "-o", tmp_path / "out", "--body", name, "--year", "2019")
    assert "盐边县新九镇人民政府 2019" in told.output


def test_a_sheet_and_a_page_without_titles(tmp_path: Path) -> None:
    lines = [line for line in SAMPLE.read_text(encoding="utf-8").splitlines()[1:] if line.strip()]
    html = tmp_path / "page.html"
    html.write_text("".join(f"<p>{line}</p>" for line in lines), encoding="utf-8")
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for line in lines:
        sheet.append([line])
    sheet_file = tmp_path / "book.xlsx"
    book.save(sheet_file)
    for path in (html, sheet_file):
        body, year, _ = overridden(path, body="mohrss", year="2019")
        assert (body, year) == ("人力资源和社会保障部", 2019)


@pytest.mark.parametrize("name", ["report.docx", "report.pdf", "report.md"])
@pytest.mark.parametrize("before", [(), ("各项工作有序推进。", "一、总体情况", "做了工作。")])
def test_body_and_year_suffice_for_a_document_without_a_title(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: tuple[str, ...], name: str
) -> None:
    drawn = draw(Random(name), "2021")
    monkeypatch.setattr(Drawn, "before", before)
    path = tmp_path / name
    if path.suffix == ".docx":
        path.write_bytes(seen_office.word_document(drawn, Random(1), {})[0])
    elif path.suffix == ".pdf":
        path.write_bytes(seen_pdf.Sheet(drawn, Random(1)).bytes({}))
    else:
        path.write_bytes(seen_text.text_document(drawn, "markdown", Random(1), {})[0])
    refused = gongkai("check", path, "--body", "mohrss")
    assert refused.exit_code == 2 and "--year" in refused.stderr
    assert overridden(path, body="mohrss", year="2022") == ("人力资源和社会保障部", 2022, 200)
    rows = table(tmp_path, f"{name},moe,2021")
    assert "教育部 2021" in gongkai("check", path, "--told", rows).stdout


def test_a_row_that_names_no_file_is_told_with_its_line(tmp_path: Path) -> None:
    path = without_title(tmp_path)
    rows = table(tmp_path, "other.txt,moe,2020", "report.txt,mohrss,2019")
    result = gongkai("check", path, "--told", rows)
    assert f"{rows}: line 2: none of the files is called “other.txt”" in result.stderr
    assert "人力资源和社会保障部 2019" in result.stdout and result.exit_code == 0


def test_rows_in_a_folder_and_the_table_beside_the_reports(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        without_title(tmp_path / name)
    rows = table(tmp_path, "one/report.txt,mohrss,2019", "two/report.txt,moe,2019")
    result = gongkai("check", tmp_path, "--told", rows)
    assert "人力资源和社会保障部 2019" in result.stdout and "教育部 2019" in result.stdout
    assert "told.csv" not in result.stderr
    several = gongkai("check", tmp_path, "--told", table(tmp_path, "report.txt,mohrss,2019"))
    assert several.exit_code == 2
    assert "line 2: several files are called “report.txt”" in several.stderr


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (["a.txt,moe,2019", "a.txt,moe,2020"], "line 3: a.txt stands there twice"),
        (["a.txt,moe,2019年"], "line 2: 2019年 is no year"),
        ([",moe,2019"], "line 2: the row names no file"),
    ],
)
def test_a_table_that_cannot_be_used(tmp_path: Path, rows: list[str], message: str) -> None:
    with pytest.raises(BadTable, match=message):
        Overrides(table=table(tmp_path, *rows)).of(Path("a.txt"))
    path = tmp_path / "told.csv"
    path.write_bytes("file,body,year\na.txt,教育部,2019\n".encode("gb18030"))
    with pytest.raises(BadTable, match="save it as CSV UTF-8"):
        Overrides(table=path).of(Path("a.txt"))


def test_what_is_told_of_a_file_of_another_country_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "agency.xml"
    path.write_text(foreign.us_report(""), encoding="utf-8")
    rows = str(table(tmp_path, "agency.xml,moe,2019"))
    for option in (("--body", "moe"), ("--year", "2019"), ("--told", rows)):
        refused = gongkai("check", path, *option)
        assert refused.exit_code == 2
        assert "annual FOIA report of the United States" in refused.stderr
        assert "in a table, is for Chinese reports" in refused.stderr
    rdf = tmp_path / "report.nt"
    rdf.write_text("<http://a/> <http://b/> <http://c/> .\n", encoding="utf-8")
    assert "this is RDF" in gongkai("check", rdf, "--year", "2019").stderr


def test_of_mixed_files_only_the_one_that_a_row_names_is_refused(tmp_path: Path) -> None:
    (tmp_path / "agency.xml").write_text(foreign.us_report(""), encoding="utf-8")
    without_title(tmp_path)
    rows = table(tmp_path, "agency.xml,moe,2019", "report.txt,mohrss,2019")
    result = gongkai("check", tmp_path, "--told", rows)
    assert result.exit_code == 2 and "agency.xml: this is an annual FOIA report" in result.stderr
    assert "人力资源和社会保障部 2019" in result.stdout
