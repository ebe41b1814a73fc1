"""Reports drawn at random in the official forms: their sums hold, their numbers are made up.

A report is given as its tables, each row as boxes in the order of the page; a box that holds a
value knows which cell of the form it is, so that each format can lay it out and change one of them.
"""

from dataclasses import dataclass
from decimal import Decimal
from random import Random

from gongkai.converters.report import CellState, Report
from helpers import hand_made_2014, official_grids
from helpers.official_grids import Key, numbers

CUBES = ("disclosure", "requests", "disputes")
HEADINGS = {
    "disclosure": "二、主动公开政府信息情况",
    "requests": "三、收到和处理政府信息公开申请情况",
    "disputes": "四、政府信息公开行政复议、行政诉讼情况",
    "statistics": "政府信息公开情况统计表",
}
TITLE = "2022年人力资源社会保障部政府信息公开工作年度报告"
BEFORE = (TITLE, "根据规定，编制本报告。", "一、总体情况", "各项工作有序推进。")
AFTER = ("五、存在的主要问题及改进情况", "继续改进。", "六、其他需要报告的事项", "无其他事项。")


@dataclass(frozen=True)
class Box:
    """A cell as laid out: its text, how many columns and rows it covers, whose value it is."""

    text: str
    width: int = 1
    height: int = 1
    key: Key | None = None


Rows = list[list[Box]]


@dataclass(frozen=True)
class Drawn:
    """A report: its form, its values as printed, and the rows of each table."""

    form: str
    values: dict[Key, str]
    tables: dict[str, Rows]

    @property
    def before(self) -> tuple[str, ...]:
        """What stands before the tables, of a year in which the form was in use."""
        return (TITLE.replace("2022", "2017") if self.form == "2014" else TITLE, *BEFORE[1:])

    def place(self, key: Key) -> tuple[str, int, int]:
        """Table, row and box of a value, counted from 0."""
        for cube, rows in self.tables.items():
            for i, row in enumerate(rows):
                for j, box in enumerate(row):
                    if box.key == key:
                        return cube, i, j
        raise KeyError(key)


def draw(random: Random, form: str) -> Drawn:
    """A report in the form of that year; the numbers of that of 2014 are always the same."""
    cubes = tuple(table.cube for table in official_grids.form(form).tables)
    marks = numbers(form, cubes)
    if form == "2014":
        values = {key: str(hand_made_2014.VALUES[dict(key[1])["indicator"]]) for key in marks}
    else:
        values = {key: str(value) for key, value in _sound(random, list(marks)).items()}
    named = {str(mark): key for key, mark in marks.items()}
    tables = {}
    for cube in cubes:
        boxes = official_grids.boxes(official_grids.form(form).table(cube), marks)
        tables[cube] = [
            [
                Box(values[named[b.text]], b.width, b.height, named[b.text])
                if b.text in named
                else Box(b.text, b.width, b.height)
                for b in row
            ]
            for row in boxes
        ]
    return Drawn(form, values, tables)


def _sound(random: Random, keys: list[Key]) -> dict[Key, int]:
    """Numbers of one to four digits whose printed totals hold."""
    values = {key: random.choice((random.randint(1, 9), random.randint(10, 3000))) for key in keys}

    def at(cube: str, **codes: str) -> Key:
        return cube, frozenset(codes.items())

    outcomes = {dict(codes)["stage"] for cube, codes in keys if cube == "requests"}
    outcomes -= {"received", "carried-in", "handled", "carried-out"}
    people = {dict(codes)["applicant"] for cube, codes in keys if cube == "requests"} - {"total"}
    for one in sorted(people):
        handled = sum(values[at("requests", applicant=one, stage=stage)] for stage in outcomes)
        values[at("requests", applicant=one, stage="handled")] = handled
        carried = values[at("requests", applicant=one, stage="carried-out")]
        values[at("requests", applicant=one, stage="received")] = handled
        values[at("requests", applicant=one, stage="carried-in")] = carried
    for stage in (*sorted(outcomes), "received", "carried-in", "handled", "carried-out"):
        values[at("requests", applicant="total", stage=stage)] = sum(
            values[at("requests", applicant=one, stage=stage)] for one in people
        )
    for proceeding in {dict(codes)["proceeding"] for cube, codes in keys if cube == "disputes"}:
        values[at("disputes", proceeding=proceeding, result="total")] = sum(
            values[at("disputes", proceeding=proceeding, result=result)]
            for result in ("upheld", "corrected", "other", "pending")
        )
    for cube, codes in keys:
        known = dict(codes)
        if known.get("indicator") == "in-force":
            values[cube, codes] += 4000
    return values


def complaints(drawn: Drawn, report: Report | None, changed: dict[Key, "Seen"]) -> list[str]:
    """What a report as read says of a drawn one that is not so; nothing, where it is read soundly.

    A cell that is not in ``changed`` is right; one that is has a value that is seen, or is unread.
    """
    if report is None:
        return ["refused"]
    found: list[str] = []
    cells = {(table.cube, frozenset(cell.codes.items())): cell for table, cell in report.cells()}
    sound = True
    for key, printed in drawn.values.items():
        cell = cells.pop(key, None)
        seen = changed.get(key, Seen((printed,)))
        if cell is None:
            sound = False
            if not seen.absent:
                found.append(f"{_name(key)} is nowhere")
            continue
        said = f"{_name(key)} is {cell.state.value} {cell.value} {cell.reason.get('en', '')}"
        if cell.state is CellState.READ:
            if str(cell.value) not in seen.values:
                found.append(f"{said}, seen is {seen.values}")
        elif cell.state is CellState.UNREAD:
            sound = False
            if key not in changed:
                found.append(f"{said}, though it was not changed")
        elif cell.state is CellState.NOT_STATED:
            if not seen.blank:
                found.append(f"{said}, seen is {seen.values}")
        elif not (cell.state is CellState.ABSENT and seen.absent):
            found.append(f"{said}, seen is {seen.values}")
    extra = [cell for cell in cells.values() if cell.codes and cell.state is CellState.READ]
    found += [f"{cell.codes} is read, which is not printed" for cell in extra]
    if report.complete and not sound:
        found.append("complete, although a cell is unread")
    return found


@dataclass(frozen=True)
class Seen:
    """What a person sees in a cell: the numbers that may be read; whether it looks blank, or away.

    No number: whatever is seen is no number that may be taken for the value, and the cell unread.
    """

    values: tuple[str, ...] = ()
    blank: bool = False
    absent: bool = False

    def __post_init__(self) -> None:
        assert all(Decimal(value) >= 0 for value in self.values)


def _name(key: Key) -> str:
    return " ".join([key[0], *sorted(code for _, code in key[1])])
