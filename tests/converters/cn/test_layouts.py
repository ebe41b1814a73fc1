"""The official tables as text, in every layout that text extraction was seen to leave."""

from collections.abc import Callable

import pytest

from gongkai.converters.cn.forms.tables import read_tables
from gongkai.converters.documents.limits import DEFAULT_LIMITS
from gongkai.converters.documents.text.reader import read_text
from helpers.official_grids import Box, Key, boxes, form, numbers

HEADINGS = {
    "disclosure": "二、主动公开政府信息情况",
    "requests": "三、收到和处理政府信息公开申请情况",
    "disputes": "四、政府信息公开行政复议、行政诉讼情况",
}


def texts(row: list[Box]) -> list[str]:
    return [box.text for box in row]


def padded(row: list[Box]) -> list[str]:
    """Merged cells as converters leave them: their text, then an empty cell per column more."""
    return [text for box in row for text in (box.text, *[""] * (box.width - 1))]


LAYOUTS: dict[str, Callable[[list[Box]], list[str]]] = {
    "a cell per line": texts,
    "a cell per line, blank lines between": lambda row: [t for b in texts(row) for t in (b, "")],
    "a cell per line, pipes between": lambda row: [t for b in texts(row) for t in (b, "|")],
    "a cell per line, each with a pipe": lambda row: [f"{text} |" for text in texts(row)],
    "pipes": lambda row: [" | ".join(texts(row))],
    "pipes at both ends": lambda row: [f"| {' | '.join(texts(row))} |"],
    "a pipe at the end": lambda row: [f"{' | '.join(texts(row))} |"],
    "pipes, merged cells filled up": lambda row: [f"{' | '.join(padded(row))} |"],
    "tabs": lambda row: ["\t".join(texts(row))],
    "tabs, merged cells filled up": lambda row: ["\t".join(padded(row))],
    "spaces": lambda row: [" ".join(texts(row))],
    "wide spaces": lambda row: ["    ".join(texts(row))],
    "Markdown, a rule after each row": lambda row: [
        f"| {' | '.join(texts(row))} |",
        "|" + "---|" * len(row),
    ],
}


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("key", ["2019", "2021"])
def test_every_number_is_in_its_cell(key: str, layout: str, encoding: str) -> None:
    values = numbers(key, tuple(HEADINGS))
    lines = ["一、总体情况", "全年收到申请 376 件，办结 12 件。"]
    for cube, heading in HEADINGS.items():
        lines.append(heading)
        for row in boxes(form(key).table(cube), values):
            lines += LAYOUTS[layout](row)
    lines += ["五、存在的主要问题及改进情况", "无。"]
    content = read_text("\n".join(lines).encode(encoding), DEFAULT_LIMITS)
    read: dict[Key, int | None] = {
        (table.cube, frozenset(cell.codes.items())): None if cell.value is None else int(cell.value)
        for table in read_tables(content.items).tables
        for cell in table.cells
    }
    assert read == values
