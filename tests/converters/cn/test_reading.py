"""The sample report is read exactly: every figure, every place, everything around the tables."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from gongkai.converters.cn.reader import recognise
from gongkai.converters.documents import read_document
from gongkai.converters.report import Cell, CellState, Report
from gongkai.ontology.structures import cubes
from helpers import expected_mohrss_2019 as expected


@pytest.fixture
def report(report_path: Path) -> Report:
    return recognise(read_document(report_path))


def values(report: Report) -> dict[tuple[str, ...], Decimal | None]:
    return {
        (table.cube, *(cell.codes[d.scheme] for d in cubes()[table.cube].dimensions)): cell.value
        for table, cell in report.cells()
    }


def test_expected_values_are_all_there() -> None:
    assert len(expected.VALUES) == 198
    assert len(expected.DISCLOSURE) == 22
    assert len(expected.REQUESTS) * len(expected.APPLICANTS) == 161
    assert len(expected.DISPUTES) * len(expected.RESULTS) == 15


def test_all_198_values(report: Report) -> None:
    assert values(report) == expected.VALUES


def test_every_cell_is_read_from_its_line(report: Report, report_path: Path) -> None:
    lines = report_path.read_text(encoding="utf-8").splitlines()
    seen: set[int] = set()
    for _, cell in report.cells():
        assert cell.state is CellState.READ and cell.place and cell.place.line
        assert lines[cell.place.line - 1] == str(cell.value)
        seen.add(cell.place.line)
    numeric = {number for number, line in enumerate(lines, start=1) if line.strip().isdigit()}
    assert seen == numeric, "every number that stands alone on a line is a cell, each used once"


def test_forms_are_told_from_the_tables(report: Report) -> None:
    assert report.form.key == "2019"
    assert {table.cube: table.form.key for table in report.tables} == {
        "disclosure": "2019",
        "requests": "2019",
        "disputes": "2019",
    }


def test_particulars(report: Report) -> None:
    assert report.body.key == "mohrss"
    assert report.year == 2019
    assert report.title == "2019年人力资源社会保障部政府信息公开工作年度报告"
    assert report.period == (date(2019, 1, 1), date(2019, 12, 31))
    assert report.issued == date(2020, 1, 22)
    assert report.signature == ("人力资源社会保障部", "政务（政府信息）公开工作领导小组办公室")
    assert report.contact is not None
    assert report.contact.name == "人力资源社会保障部政府信息公开申请受理机构"
    assert report.contact.address == "北京市东城区和平里中街7号"
    assert report.contact.postal_code == "100716"
    assert report.contact.telephone == "010-84209132"
    assert report.contact.fax == "010-84209143"


def test_sections_have_their_headings_in_order(report: Report) -> None:
    assert [(section.level, section.heading) for section in report.sections] == [
        (0, ""),
        (1, "一、总体情况"),
        (2, "（一）主动公开情况"),
        (2, "（二）依申请公开情况"),
        (2, "（三）政府信息管理情况"),
        (2, "（四）深化重点领域信息公开"),
        (2, "（五）平台建设情况"),
        (1, "二、主动公开政府信息情况"),
        (1, "三、收到和处理政府信息公开申请情况"),
        (1, "四、政府信息公开行政复议、行政诉讼情况"),
        (1, "五、存在的主要问题和改进措施"),
    ]
    asked = report.sections[3]
    assert "共接到政府信息公开申请376件" in asked.paragraphs[0]
    assert all("第二十条" not in text for part in report.sections for text in part.paragraphs)


def test_nothing_of_the_text_is_lost(report: Report, report_path: Path) -> None:
    """Every line is a cell, a label of the form, a heading, a paragraph or a particular."""
    told = {report.title, "2020年1月22日", *report.signature}
    told |= {section.heading for section in report.sections}
    told |= {text for section in report.sections for text in section.paragraphs}
    rest = [
        line.strip()
        for line in report_path.read_text(encoding="utf-8").splitlines()
        if line.strip() and line.strip() not in told and not line.strip().isdigit()
    ]
    assert len(rest) == 89, "what is left are the labels of the tables"
    assert max(len(line) for line in rest) <= 35


def test_the_corrupt_label_is_read_and_recorded(report: Report) -> None:
    corrupt = "4.无正当理由大量反复申引导网民按需进行互动留言请"
    notes = [note for note in report.notes if note.printed == corrupt]
    assert len(notes) == 1
    assert notes[0].about == "id/form/2019#row-not-processed-excessive"
    assert notes[0].place is not None
    assert "4.无正当理由大量反复申请" in notes[0].message["zh"]
    row = [
        cell for _, cell in report.cells() if cell.codes.get("stage") == "not-processed-excessive"
    ]
    assert [cell.value for cell in row] == [0] * 7


def test_unit_of_the_amount_is_not_guessed(report: Report) -> None:
    """The form of 2019 prints no unit for 采购总金额 and neither does the report."""

    def cell(item: str, indicator: str) -> Cell:
        return next(
            cell
            for _, cell in report.cells()
            if cell.codes.get("item") == item and cell.codes["indicator"] == indicator
        )

    assert cell("procurement", "purchase-amount").unit == "money-unit-not-printed"
    assert cell("procurement", "purchases").unit == "item"
    assert cell("regulations", "made").unit == "document"


def test_a_head_repeated_after_a_page_break_is_noted_and_harms_nothing(
    lines: list[str], tmp_path: Path
) -> None:
    head = lines[lines.index("申请人情况") : lines.index("一、本年新收政府信息公开申请数量")]
    after = lines.index("3.危及“三安全一稳定”") + 8
    path = tmp_path / "repeated.txt"
    path.write_text("\n".join([*lines[:after], "-3-", *head, *lines[after:]]), encoding="utf-8")
    report = recognise(read_document(path))
    assert report.complete and values(report) == expected.VALUES
    noted = {note.printed for note in report.notes}
    assert {"-3-", *head} <= noted
