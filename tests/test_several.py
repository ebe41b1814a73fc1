"""Several reports in one document, and links that only look like one."""

from pathlib import Path

from conftest import gongkai
from test_form_2021 import ROWS, written

from gongkai.converters.documents import read_document
from gongkai.converters.forms.recognise import recognise_all
from gongkai.converters.report import CellState, Report


def reports(lines: list[str], folder: Path) -> tuple[Report, ...]:
    path = folder / "page.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    return recognise_all(read_document(path))


def of_another_body(lines: list[str]) -> list[str]:
    """The same report of another body, every number other."""
    return [
        str(int(line) + 5000) if line.isdigit() else line.replace("民政部", "教育部")
        for line in lines
    ]


def test_each_report_under_its_own_title(tmp_path: Path) -> None:
    first, values = written(ROWS)
    both = reports([*first, *of_another_body(first)], tmp_path)
    assert [(report.body.key, report.year) for report in both] == [("mca", 2023), ("moe", 2023)]
    for report, more in zip(both, (0, 5000), strict=True):
        assert report.complete
        received = {
            cell.codes["applicant"]: cell.value
            for _, cell in report.cells()
            if cell.codes.get("stage") == "received"
        }
        wanted = {key[1]: value + more for key, value in values.items() if key[-1] == "received"}
        assert received == wanted
        assert report.sections[-1].heading == "六、其他需要报告的事项"


def test_both_are_converted_by_the_command(tmp_path: Path) -> None:
    first, _ = written(ROWS)
    path = tmp_path / "page.txt"
    path.write_text("\n".join([*first, *of_another_body(first)]), encoding="utf-8")
    gongkai("convert", path, "-o", tmp_path / "out")
    assert {p.name for p in (tmp_path / "out").glob("*.ttl")} == {"mca-2023.ttl", "moe-2023.ttl"}


def test_titles_of_other_years_without_tables_are_no_reports(tmp_path: Path) -> None:
    lines, _ = written(ROWS)
    links = [f"民政部{year}年政府信息公开工作年度报告" for year in (2022, 2021, 2020)]
    (report,) = reports([*lines, *links], tmp_path)
    assert (report.body.key, report.year) == ("mca", 2023) and report.complete


def test_the_same_body_and_year_twice_with_other_numbers_is_two_readings(tmp_path: Path) -> None:
    first, _ = written(ROWS)
    second = [str(int(line) + 5000) if line.isdigit() else line for line in first]
    (report,) = reports([*first, *second], tmp_path)
    assert not report.complete
    assert not [c for _, c in report.cells() if c.state is CellState.READ and c.value >= 6000]  # type: ignore[operator]
