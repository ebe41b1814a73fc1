"""Several reports in one document, and links that only look like one."""

import itertools
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from gongkai.converters.cn.reader import recognise_all, recognise_each
from gongkai.converters.documents import read_document
from gongkai.converters.documents.model import Document, Grid, Item, Place, SourceFile, TextBlock
from gongkai.converters.errors import UnreadableSource
from gongkai.converters.report import CellState, Report
from helpers import official_grids
from helpers.commands import gongkai
from helpers.hand_made_2021 import ROWS, written


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


# --- Titles that are unusual, or none ------------------------------------------------------------

CUBES = ("disclosure", "requests", "disputes")
HEADINGS = {
    "disclosure": "二、主动公开政府信息情况",
    "requests": "三、收到和处理政府信息公开申请情况",
    "disputes": "四、政府信息公开行政复议、行政诉讼情况",
}
LINES = itertools.count(1)
PERIOD = "本报告所列数据的统计期限自2022年1月1日起至2022年12月31日止。"


def part_of(
    title: str | None, more: int, cubes: Sequence[str] = CUBES, in_cell: bool = False
) -> list[Item]:
    """A report as blocks and grids, every number larger by ``more``."""
    form_2021 = official_grids.form("2021")
    values = {key: number + more for key, number in official_grids.numbers("2021", CUBES).items()}
    lines = [] if title is None or in_cell else [title]
    items = blocks([*lines, f"根据条例，编制本报告。{PERIOD}", "一、总体情况", "做了工作。"])
    for cube in cubes:
        rows = official_grids.boxes(form_2021.table(cube), values)
        if in_cell and title and cube == cubes[0]:
            rows = [[official_grids.Box(title, len(rows[0]))], *rows]
        items += [*blocks([HEADINGS[cube]]), official_grids.laid_out(rows)]
    return [*items, *blocks(["五、存在的主要问题及改进情况", "没有。"])]


def blocks(lines: Sequence[str]) -> list[Item]:
    return [TextBlock(line, Place(page=1, line=next(LINES))) for line in lines]


def read_each(*parts: list[Item], **declared: str) -> tuple[Report | UnreadableSource, ...]:
    items = tuple(item for part in parts for item in part)
    return recognise_each(Document(SourceFile("page", "text/html", 1, "0" * 64), items, declared))


def numbers_of(report: Report | UnreadableSource) -> set[int]:
    assert isinstance(report, Report), report
    return {int(cell.value) for _, cell in report.cells(CellState.READ) if cell.value is not None}


FIRST = "相山区教育局2022年政府信息公开工作年度报告"
MORE = 5000


def of(report: Report | UnreadableSource) -> tuple[str, int]:
    assert isinstance(report, Report), report
    return report.body.name, report.year


DATED = [
    "铜官区教育局二〇二二年度政府信息公开工作报告",
    "附件：铜官区教育局政府信息公开工作年度报告（2022年）",
    "2022年度铜官区教育局政府信息公开工作报告",
    "铜官区教育局2022年年报",
]
UNDATED = ["铜官区教育局政府信息公开工作年度报告", "铜官区教育局年度报告"]


# In a cell the title stands below the period, which could tell the year.
@pytest.mark.parametrize(
    ("title", "in_cell"),
    [(title, False) for title in (*DATED, *UNDATED)] + [(title, True) for title in DATED],
)
@pytest.mark.parametrize("cubes", [CUBES, ("disputes",)])
def test_a_second_title_of_any_kind_begins_a_report(
    title: str, in_cell: bool, cubes: tuple[str, ...]
) -> None:
    kept = CUBES if cubes == CUBES else CUBES[:2]
    one, other = read_each(part_of(FIRST, 0, kept), part_of(title, MORE, cubes, in_cell))
    assert (of(one), of(other)) == (
        ("淮北市相山区教育局", 2022),
        ("铜陵市铜官区教育局", 2022),
    )
    assert max(numbers_of(one)) < MORE <= min(numbers_of(other))
    assert len(numbers_of(other)) == (200 if cubes == CUBES else 15)


@pytest.mark.parametrize(
    "seam", ["铜官区教育局", "表一：铜官区教育局情况统计表", "一、总体情况", None]
)
@pytest.mark.parametrize("cubes", [CUBES, ("disputes",), ("requests", "disputes")])
def test_without_a_title_no_number_is_given_to_the_first_body(
    seam: str | None, cubes: tuple[str, ...]
) -> None:
    kept = CUBES if cubes == CUBES else CUBES[:2]
    (report,) = read_each(part_of(FIRST, 0, kept), part_of(seam, MORE, cubes))
    assert of(report) == ("淮北市相山区教育局", 2022)
    assert isinstance(report, Report) and not report.complete
    assert not {number for number in numbers_of(report) if number >= MORE}
    for _, cell in report.cells(CellState.UNREAD):
        assert "it is not clear" in cell.reason["en"]
    assert any("split the file" in note.message["en"] for note in report.notes)
    unread = {text for _, cell in report.cells(CellState.UNREAD) for text in cell.readings}
    assert (
        len([text for text in unread if int(text) >= MORE]) == {3: 200, 1: 15, 2: 190}[len(cubes)]
    )


def test_a_table_that_says_whose_it_is_by_its_caption_is_not_the_first_bodys() -> None:
    second = part_of(None, MORE, ("disputes",))
    grid = next(item for item in second if isinstance(item, Grid))
    caption = blocks(["铜官区教育局行政复议、行政诉讼情况统计表"])
    (report,) = read_each(part_of(FIRST, 0, CUBES[:2]), [*caption, grid])
    assert isinstance(report, Report) and max(numbers_of(report)) < MORE
    filled_in = blocks(["填报单位：铜官区教育局"])
    (report,) = read_each(part_of(FIRST, 0, CUBES[:2]), [*filled_in, grid])
    assert max(numbers_of(report)) < MORE
    rows = [[official_grids.Box("单位：铜官区教育局"), official_grids.Box("年度：2022")]]
    headed = official_grids.laid_out(rows)
    (report,) = read_each(part_of(FIRST, 0, CUBES[:2]), [headed, grid])
    assert max(numbers_of(report)) < MORE
    own = blocks(["填报单位：相山区教育局", "相山区教育局行政复议、行政诉讼情况统计表"])
    (same,) = read_each(part_of(FIRST, 0, CUBES[:2]), [*own, grid])
    assert max(numbers_of(same)) >= MORE


SIGNED = ["相山区教育局", "2023年1月5日"]
SEAMS = [
    ["铜官区教育局2022年度政府信息主动公开、依申请公开情况统计表"],
    ["铜官区教育局（2022年度）"],
    ["附件2：铜官区教育局报表"],
    ["2022年度铜官区教育局数据"],
    ["以下为下属单位情况："],
    SIGNED,
    ["相山区教育局　2023年1月5日"],
    [*SIGNED, "附件2"],
    [*SIGNED, "附件1", "铜官区教育局"],
    [*SIGNED, "附件：铜官区教育局2022年度情况统计表"],
    [*SIGNED, "附件见网站。"],
    [*SIGNED, "附件：各单位情况统计表"],
]


@pytest.mark.parametrize("seam", SEAMS, ids=" ".join)
@pytest.mark.parametrize("kept", [1, 2])
def test_tables_under_a_line_of_another_body_or_after_the_signature(
    seam: list[str], kept: int
) -> None:
    # What stands above the tables here has no headings of parts.
    second: list[Item] = [
        item for item in part_of(None, MORE, CUBES[kept:]) if isinstance(item, Grid)
    ]
    (report,) = read_each(part_of(FIRST, 0, CUBES[:kept]), blocks([*seam, PERIOD]), second)
    assert of(report) == ("淮北市相山区教育局", 2022)
    assert isinstance(report, Report) and not report.complete
    assert max(numbers_of(report)) < MORE
    unread = [cell for _, cell in report.cells(CellState.UNREAD)]
    assert len(unread) == {1: 190, 2: 15}[kept]
    assert all("it is not clear" in cell.reason["en"] for cell in unread)


@pytest.mark.parametrize(
    "lines",
    [
        ["2023年1月5日"],
        ["发布日期：2023年1月5日"],
        [*SIGNED, "附件：相山区教育局2022年度依申请公开情况统计表"],
        [*SIGNED, "附件"],
        [*SIGNED, "附表：政府信息公开申请情况统计表"],
        [*SIGNED, "附件1", "2022年度政府信息公开情况统计表"],
        ["附件：1.统计表", *SIGNED, "附件 1"],
        ["附件1.情况说明", "另附。", *SIGNED, "附件2"],
        ["相山区教育局（2022年度）"],
        ["会同铜官区教育局做好所属单位的公开工作。"],
    ],
    ids=" ".join,
)
def test_tables_after_lines_that_part_no_reports_are_the_bodys(lines: list[str]) -> None:
    second: list[Item] = [item for item in part_of(None, MORE, CUBES[1:]) if isinstance(item, Grid)]
    (report,) = read_each(part_of(FIRST, 0, CUBES[:1]), blocks(lines), second)
    assert isinstance(report, Report) and report.complete and len(numbers_of(report)) == 200


@pytest.mark.parametrize(
    "title",
    [
        "关于石台县教育局2022年度政府信息公开工作年度报告的情况说明",
        "【年报】石台县教育局2022年政府信息公开工作年度报告",
        "[政府信息公开年报]石台县教育局2022年政府信息公开工作年度报告",
        "【石台县教育局】2022年政府信息公开工作年度报告",
    ],
)
def test_titles_with_a_tag_or_as_an_explanation(title: str) -> None:
    (report,) = read_each(part_of(title, 0, CUBES[2:]))
    assert of(report) == ("石台县教育局", 2022)


def test_a_district_with_the_name_of_its_city_is_named_with_it() -> None:
    (report,) = read_each(part_of("黄山市黄山区人民政府2022年政府信息公开工作年度报告", 0))
    assert of(report)[0] == "黄山市黄山区人民政府"


@pytest.mark.parametrize("command", ["check", "convert", "publish"])
def test_the_command_tells_of_the_report_that_is_left_out(command: str, tmp_path: Path) -> None:
    first, _ = written(ROWS)
    path = tmp_path / "page.txt"
    path.write_text("\n".join([*first, *of_another_body(first)]), encoding="utf-8")
    where = {"convert": ["-o", tmp_path / "out"], "publish": ["--store", tmp_path / "store"]}
    done = gongkai(command, path, "--body", "moe", *where.get(command, []))
    (line,) = [line for line in done.stderr.splitlines() if "left out" in line]
    assert str(path) in line and "“民政部2023年政府信息公开工作年度报告”" in line


def test_three_reports_two_years_and_the_office_of_a_government() -> None:
    names = ["石台县人民政府", "石台县人民政府办公室", "泾县教育局"]
    titles = [f"{name}2022年政府信息公开工作年度报告" for name in names]
    found = read_each(*(part_of(title, 5000 * i) for i, title in enumerate(titles)))
    assert [of(report) for report in found] == [(name, 2022) for name in names]
    assert [min(numbers_of(report)) for report in found] == [1000, 6000, 11000]
    years = [
        [
            TextBlock(i.text.replace("2022年", f"{year}年"), i.place)
            if isinstance(i, TextBlock)
            else i
            for i in part_of(titles[2], more)
        ]
        for year, more in ((2022, 0), (2021, MORE))
    ]
    assert [of(report)[1] for report in read_each(*years)] == [2022, 2021]


def test_rows_of_two_reports_in_one_grid_are_parted_at_the_second_title() -> None:
    one = part_of(FIRST, 0, ("requests",), in_cell=True)
    other = part_of("铜官区教育局2022年政府信息公开工作年度报告", MORE, ("requests",), in_cell=True)
    grids = [item for part in (one, other) for item in part if isinstance(item, Grid)]
    sheet = Grid(tuple(row for grid in grids for row in grid.rows), Place(table=1))
    first, second = read_each([*blocks(["说明"]), sheet])
    assert max(numbers_of(first)) < MORE <= min(numbers_of(second))
    assert len(numbers_of(first)) == len(numbers_of(second)) == 175


def test_a_report_without_tables_lends_its_title_to_no_other() -> None:
    bare = [*blocks([FIRST, f"编制本报告。{PERIOD}", "一、总体情况", "无。"])]
    bare += blocks([*HEADINGS.values(), "五、存在的主要问题及改进情况"])
    one, other = read_each(bare, part_of("铜官区教育局2022年政府信息公开工作年度报告", 0))
    assert isinstance(one, UnreadableSource) and "report 1 of 2" in str(one) and FIRST in str(one)
    assert of(other)[0] == "铜陵市铜官区教育局"


def test_the_same_tables_twice_are_a_copy() -> None:
    for title in (FIRST, None):
        (report,) = read_each(part_of(FIRST, 0), part_of(title, 0))
        assert isinstance(report, Report) and report.complete
        assert any("appear twice" in note.message["en"] for note in report.notes)


def test_the_running_title_of_pages_begins_no_report() -> None:
    part = part_of(FIRST, 0)
    paged = [entry for item in part for entry in (item, *blocks([FIRST, "淮北市教育局"]))]
    (report,) = read_each(paged)
    assert isinstance(report, Report) and report.complete and len(numbers_of(report)) == 200


def test_of_several_reports_the_one_told_of_is_taken() -> None:
    second = "铜官区教育局2022年政府信息公开工作年度报告"
    parts = part_of(FIRST, 0), part_of(second, MORE)
    (declared,) = read_each(*parts, body="铜陵市铜官区教育局")
    assert of(declared)[0] == "铜陵市铜官区教育局" and min(numbers_of(declared)) >= MORE
    assert isinstance(declared, Report)
    assert any(
        FIRST in note.message["en"] and "left out" in note.message["en"] for note in declared.notes
    )
    (refused,) = read_each(*parts, body="石台县教育局", year="2022")
    assert "none of them fits --body or --year" in str(refused)


def test_tables_before_the_first_title_are_not_those_under_it() -> None:
    second = "铜官区教育局2022年政府信息公开工作年度报告"
    odd = part_of("相山区教育局公开情况", 0)
    refused, other = read_each(odd, part_of(second, MORE))
    assert isinstance(refused, UnreadableSource) and "before the first title" in str(refused)
    assert of(other)[0] == "铜陵市铜官区教育局" and min(numbers_of(other)) >= MORE
    (declared,) = read_each(odd, part_of(second, MORE), body="淮北市相山区教育局", year="2022")
    assert of(declared)[0] == "淮北市相山区教育局" and max(numbers_of(declared)) < MORE


def test_a_sheet_called_by_another_body_is_not_the_first_bodys() -> None:
    sheets = [
        [replace(item, place=Place(sheet=sheet, row=next(LINES))) for item in part]
        for sheet, part in (
            ("总表", part_of(FIRST, 0, CUBES[:2])),
            ("铜官区教育局", part_of(None, MORE, ("disputes",))[3:]),
        )
    ]
    sheets[1] = [item for item in sheets[1] if isinstance(item, Grid)]
    (report,) = read_each(*sheets)
    assert max(numbers_of(report)) < MORE
