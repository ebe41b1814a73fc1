"""Make consistent made-up reports: form of 2019, as HTML, DOCX and text.

Run: .venv/bin/python bench/made_reports.py 2000 FOLDER
Each body has two years, of which the second continues the first. Bodies are departments of real
counties; all numbers obey the printed rules, and the text is ours. Of ten bodies six publish web
pages, two Word files and two text files. The same number and seed make the same files.
"""

import argparse
import html
import io
import random
import re
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from gongkai.ontology.places import Area, areas, full_name

YEARS = (2019, 2020)
DEPARTMENTS = [
    "财政局",
    "教育局",
    "公安局",
    "民政局",
    "司法局",
    "人力资源和社会保障局",
    "自然资源局",
    "水利局",
    "农业农村局",
    "商务局",
    "卫生健康委员会",
    "退役军人事务局",
    "应急管理局",
    "审计局",
    "市场监督管理局",
    "统计局",
    "医疗保障局",
    "信访局",
]
OUTCOMES = (
    ("", "（一）予以公开"),
    ("", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）"),
    ("（三）不予公开", "1.属于国家秘密"),
    ("", "2.其他法律行政法规禁止公开"),
    ("", "3.危及“三安全一稳定”"),
    ("", "4.保护第三方合法权益"),
    ("", "5.属于三类内部事务信息"),
    ("", "6.属于四类过程性信息"),
    ("", "7.属于行政执法案卷"),
    ("", "8.属于行政查询事项"),
    ("（四）无法提供", "1.本机关不掌握相关政府信息"),
    ("", "2.没有现成信息需要另行制作"),
    ("", "3.补正后申请内容仍不明确"),
    ("（五）不予处理", "1.信访举报投诉类申请"),
    ("", "2.重复申请"),
    ("", "3.要求提供公开出版物"),
    ("", "4.无正当理由大量反复申请"),
    ("", "5.要求行政机关确认或重新出具已获取信息"),
    ("", "（六）其他处理"),
)
GROUPS = {2: 8, 10: 3, 13: 5}
"""The first row of a group of outcomes, and how many rows it has."""

OFTEN = (30, 5, 1, 1, 1, 2, 3, 3, 2, 2, 20, 8, 4, 9, 2, 1, 1, 1, 4)
APPLICANTS = ("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")
ITEMS = (
    ("第二十条第（五）项", ("行政许可", "其他对外管理服务事项")),
    ("第二十条第（六）项", ("行政处罚", "行政强制")),
)
RESULTS = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")


@dataclass(frozen=True)
class Cell:
    """A cell of a table: its text, and over how many columns and rows it goes."""

    text: str
    columns: int = 1
    rows: int = 1


Table = list[list[Cell]]


@dataclass(frozen=True)
class Carried:
    """What a report hands on to that of the next year: requests by applicant, items, documents."""

    requests: tuple[int, ...]
    items: dict[str, int]
    documents: dict[str, int]


def reports(seed: int = 1) -> Iterator[tuple[str, bytes]]:
    """Reports without an end, as names and contents of files."""
    rng = random.Random(seed)
    counties = [area for area in areas().values() if _has_one_name(area)]
    bodies = (full_name(county) + office for office in DEPARTMENTS for county in counties)
    for number, body in enumerate(bodies):
        carried: Carried | None = None
        make, suffix = FORMATS[number % len(FORMATS)]
        for year in YEARS:
            blocks, carried = report(rng, body, year, carried)
            title = f"{year}年{body}政府信息公开工作年度报告"
            yield f"{number:06d}-{year}.{suffix}", make(title, blocks)


def _has_one_name(area: Area) -> bool:
    """Whether an area is a county or district, and no zone, whose names are used in many ways."""
    return area.is_county and re.search("开发|园|新区|管理", area.name) is None


def report(
    rng: random.Random, body: str, year: int, before: Carried | None
) -> tuple[list[str | Table], Carried]:
    """The paragraphs and tables of a report below its title, and what it hands on."""
    requests = _requests(rng, before)
    total = [sum(column) for column in zip(*requests, strict=True)]
    disclosure, items, documents = _disclosure(rng, before)
    blocks: list[str | Table] = [
        f"根据《中华人民共和国政府信息公开条例》，现公布{body}{year}年政府信息公开工作年度报告。"
        f"统计期限自{year}年1月1日起至{year}年12月31日止。联系电话：010-12345678。",
        "一、总体情况",
        f"{year}年，本机关共收到政府信息公开申请{total[0]}件，其中自然人申请{requests[0][0]}件，"
        f"办结{total[-2]}件。",
        *(_sentence(rng, number) for number in range(1, rng.randrange(5, 13))),
        "二、主动公开政府信息情况",
        disclosure,
        "三、收到和处理政府信息公开申请情况",
        _request_table([*requests, tuple(total)]),
        "四、政府信息公开行政复议、行政诉讼情况",
        _disputes(rng),
        "五、存在的主要问题及改进情况",
        "一是政策解读的针对性仍需加强；二是公开渠道仍需规范。",
        "六、其他需要报告的事项",
        "无其他需要报告的事项。",
    ]
    return blocks, Carried(tuple(column[-1] for column in requests), items, documents)


def _sentence(rng: random.Random, number: int) -> str:
    field = rng.choice(
        ["重点领域", "公共资源配置", "社会公益事业", "政策解读", "平台建设", "监督保障"]
    )
    again = "不断提升公开的质量和实效，方便群众查询和办事，" * rng.randrange(1, 8)
    return (
        f"{number}.推进{field}信息公开，全年发布信息{rng.randrange(900)}条，"
        f"回应社会关切{rng.randrange(60)}次，{again}取得积极进展。"
    )


def _requests(rng: random.Random, before: Carried | None) -> list[tuple[int, ...]]:
    """The columns of the table of requests: received, carried in, outcomes, handled, left."""
    size = rng.choice((1, 3, 10, 40, 200))
    columns = []
    for applicant in range(len(APPLICANTS) + 1):
        scale = size if applicant == 0 else max(1, size // 10)
        carried = before.requests[applicant] if before else rng.randrange(scale + 1) // 4
        outcomes = [0] * len(OUTCOMES)
        for row in rng.choices(range(len(OUTCOMES)), OFTEN, k=rng.randrange(scale * 2 + 1)):
            outcomes[row] += 1
        left = rng.randrange(scale + 1) // 5 + max(0, carried - sum(outcomes))
        received = sum(outcomes) + left - carried
        columns.append((received, carried, *outcomes, sum(outcomes), left))
    return columns


def _request_table(columns: list[tuple[int, ...]]) -> Table:
    def numbers(row: int) -> list[Cell]:
        return [Cell(str(column[row])) for column in columns]

    table = [
        [
            Cell("（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", 3, 3),
            Cell("申请人情况", 7),
        ],
        [Cell("自然人", 1, 2), Cell("法人或其他组织", 5), Cell("总计", 1, 2)],
        [Cell(name) for name in APPLICANTS],
        [Cell("一、本年新收政府信息公开申请数量", 3), *numbers(0)],
        [Cell("二、上年结转政府信息公开申请数量", 3), *numbers(1)],
    ]
    below = 0
    for row, (group, label) in enumerate(OUTCOMES):
        cells = [Cell("三、本年度办理结果", 1, len(OUTCOMES) + 1)] if row == 0 else []
        if group:
            below = GROUPS[row]
            cells.append(Cell(group, 1, below))
        cells.append(Cell(label, 1 if below else 2))
        below = max(0, below - 1)
        table.append(cells + numbers(row + 2))
    table.append([Cell("（七）总计", 2), *numbers(-2)])
    table.append([Cell("四、结转下年度继续办理", 3), *numbers(-1)])
    return table


def _disclosure(
    rng: random.Random, before: Carried | None
) -> tuple[Table, dict[str, int], dict[str, int]]:
    table = [
        [Cell("第二十条第（一）项", 4)],
        [Cell(text) for text in ("信息内容", "本年新制作数量", "本年新公开数量", "对外公开总数量")],
    ]
    documents = dict[str, int]()
    for label, most in (("规章", 5), ("规范性文件", 60)):
        made = rng.randrange(most)
        documents[label] = made + (before.documents[label] if before else rng.randrange(900))
        table.append([Cell(text) for text in (label, str(made), str(made), str(documents[label]))])
    items = dict[str, int]()

    def item(label: str, columns: int) -> list[Cell]:
        last, change = before.items[label] if before else rng.randrange(400), rng.randrange(20)
        items[label] = last + change
        return [Cell(label), Cell(str(last)), Cell(str(change), columns)]

    for head, labels in ITEMS:
        table.append([Cell(head, 4)])
        heads = ("信息内容", "上一年项目数量", "本年增/减", "处理决定数量")
        table.append([Cell(text) for text in heads])
        table += [[*item(label, 1), Cell(str(rng.randrange(9000)))] for label in labels]
    table += [
        [Cell("第二十条第（八）项", 4)],
        [Cell("信息内容"), Cell("上一年项目数量"), Cell("本年增/减", 2)],
        item("行政事业性收费", 2),
        [Cell("第二十条第（九）项", 4)],
        [Cell("信息内容"), Cell("采购项目数量"), Cell("采购总金额", 2)],
        [
            Cell("政府集中采购"),
            Cell(str(rng.randrange(90))),
            Cell(str(rng.randrange(90_000_000)), 2),
        ],
    ]
    return table, items, documents


def _disputes(rng: random.Random) -> Table:
    numbers = []
    for _ in range(3):
        parts = [rng.randrange(4) if rng.random() < 0.3 else 0 for _ in RESULTS[:-1]]
        numbers += [*parts, sum(parts)]
    return [
        [Cell("行政复议", 5), Cell("行政诉讼", 10)],
        [
            *(Cell(text, 1, 2) for text in RESULTS),
            Cell("未经复议直接起诉", 5),
            Cell("复议后起诉", 5),
        ],
        [Cell(text) for text in RESULTS * 2],
        [Cell(str(number)) for number in numbers],
    ]


def as_html(title: str, blocks: list[str | Table]) -> bytes:
    """A report as a web page."""
    parts = [f"<!DOCTYPE html><html><head><meta charset=utf-8><title>{title}</title></head><body>"]
    parts += ["<div class=nav><a href=/>首页</a> &gt; 政府信息公开年报</div>", f"<h1>{title}</h1>"]
    for block in blocks:
        if isinstance(block, str):
            parts.append(f"<p>{html.escape(block)}</p>")
            continue
        parts.append("<table border=1>")
        for row in block:
            cells = (
                f"<td colspan={cell.columns} rowspan={cell.rows}>{html.escape(cell.text)}</td>"
                for cell in row
            )
            parts.append(f"<tr>{''.join(cells)}</tr>")
        parts.append("</table>")
    return "".join([*parts, "</body></html>"]).encode()


def as_text(title: str, blocks: list[str | Table]) -> bytes:
    """A report as text, each cell of a table on a line of its own."""
    lines = [title]
    for block in blocks:
        if isinstance(block, str):
            lines.append(block)
        else:
            lines += [cell.text for row in block for cell in row]
    return ("\n".join(lines) + "\n").encode()


_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
    'relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.'
    'openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    'relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/'
    '2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
}


def as_docx(title: str, blocks: list[str | Table]) -> bytes:
    """A report as a Word file: Office Open XML (ECMA-376)."""
    body = "".join(
        _paragraph(block) if isinstance(block, str) else _word_table(block)
        for block in (title, *blocks)
    )
    document = f"<w:document {_W}><w:body>{body}<w:sectPr/></w:body></w:document>"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**_PARTS, "word/document.xml": document}.items():
            # A fixed time: the same report is the same file.
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{html.escape(text)}</w:t></w:r></w:p>"


def _word_table(table: Table) -> str:
    """A table; cells over several rows are continued in those below."""
    open_cells: dict[int, tuple[int, int]] = {}
    rows = []
    for row in table:
        cells, column, left = [], 0, list(row)
        while left or column in open_cells:
            if column in open_cells:
                columns, below = open_cells.pop(column)
                cells.append(_word_cell("", columns, "<w:vMerge/>"))
                if below > 1:
                    open_cells[column] = columns, below - 1
                column += columns
                continue
            cell = left.pop(0)
            merged = '<w:vMerge w:val="restart"/>' if cell.rows > 1 else ""
            cells.append(_word_cell(cell.text, cell.columns, merged))
            if cell.rows > 1:
                open_cells[column] = cell.columns, cell.rows - 1
            column += cell.columns
        rows.append(f"<w:tr>{''.join(cells)}</w:tr>")
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def _word_cell(text: str, columns: int, merged: str) -> str:
    span = f'<w:gridSpan w:val="{columns}"/>' if columns > 1 else ""
    return f"<w:tc><w:tcPr>{span}{merged}</w:tcPr>{_paragraph(text)}</w:tc>"


FORMATS = (
    *((as_html, "html"),) * 6,
    *((as_docx, "docx"),) * 2,
    *((as_text, "txt"),) * 2,
)


def write(count: int, folder: Path, seed: int = 1) -> None:
    """Write ``count`` reports to ``folder``, a thousand to a folder."""
    for number, (name, content) in enumerate(islice(reports(seed), count)):
        path = folder / f"{number // 1000:03d}" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("count", type=int)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--seed", type=int, default=1)
    options = asked.parse_args(sys.argv[1:])
    write(options.count, options.folder, options.seed)
