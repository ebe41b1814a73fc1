"""The title of a report: which lines it is, which year and which body it names."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from gongkai.converters.documents.model import Place, TextBlock
from gongkai.converters.labels import fold_label
from gongkai.converters.metadata.dates import with_digits

_KIND = re.compile(
    r"(?:(?:政府|政务)?信息公开|政务公开)(?:工作)?(?:情况)?(?:[0-9]{4}年?)?"
    r"(?:年度?(?:工作)?报告|度(?:工作)?报告|年报)"
)
_YEAR = re.compile(r"(?<![0-9])([0-9]{4})(?:年度?|(?=度))|\(([0-9]{4})\)")
_BEFORE = re.compile(r"^[#*>·•\-—\s]*(?:(?:信息|公文|文件)?(?:标题|名称):?)?(?:关于)?")
_AROUND_NAME = re.compile(r"^[()、,\-—_]+|(?:关于|的|年|[()、,\-—_])+$")
_AFTER = re.compile(r"(?:\([^()]*\)){0,2}")
_SITE = re.compile(r"[-_|—–>].*")
_NO_TITLE = re.compile("[。;:!?]|通知|解读|公告$")
_MOST_LINES = 3
_LONGEST_LINE = 60
_LONGEST = 90
_FIRST_PART = re.compile(r"#*(?:第?一[、.,:]|\(一\)|1[、.])?(?:总体|工作基本|基本|概述)+(?:情况)?")
_PREAMBLE = re.compile(
    "信息公开条例》|统计(?:期限|时限|周期|区间)|现(?:将|予|发布|公布|向社会)|本(?:年度)?报告"
)
HEAD = 40
"""As many blocks are the head of a report where no heading tells its first part."""


@dataclass(frozen=True)
class Title:
    """A title: its text, its lines in the source, what it names.

    ``year`` is None and ``name`` empty where it does not say. ``last`` is the position of its
    last block, None where the source only declares it.
    """

    text: str
    lines: tuple[TextBlock, ...]
    year: int | None
    name: str
    last: int | None

    @property
    def place(self) -> Place:
        """Where it begins."""
        return self.lines[0].place if self.lines else Place()


def head_length(blocks: Sequence[TextBlock]) -> int:
    """How many blocks stand before the heading of the first part."""
    for i, block in enumerate(blocks):
        if len(block.text) <= _LONGEST_LINE and _FIRST_PART.fullmatch(fold_label(block.text)):
            return i
    return min(len(blocks), HEAD)


def parse_title(text: str, declared: bool = False) -> Title | None:
    """What ``text`` says if it is a title of such a report, else None.

    A title that the source declares may go on with the name of its site.
    """
    folded = with_digits(text)
    kinds = list(_KIND.finditer(folded))
    if len(kinds) != 1 or len(folded) > _LONGEST:
        return None
    kind = kinds[0]
    before, after = folded[: kind.start()], folded[kind.end() :]
    if declared:
        after = _SITE.sub("", after)
    if not _AFTER.fullmatch(after):
        return None
    before = _BEFORE.sub("", before)
    years = {one or two for one, two in _YEAR.findall(before + kind.group() + after)}
    name = _AROUND_NAME.sub("", _YEAR.sub("", before))
    if len(years) > 1 or _NO_TITLE.search(name):
        return None
    if name.endswith("人民") and kind.group().startswith("政府"):
        name += "政府"  # 人民政府信息公开: one word for both.
    without_site = _SITE.sub("", text) if declared else text
    whole = without_site if _KIND.search(with_digits(without_site)) else text
    shown = re.sub(r"^[#*>\s]+", "", whole).strip()
    return Title(shown, (), int(years.pop()) if years else None, name, None)


def find_titles(blocks: Sequence[TextBlock], is_body: Callable[[str], bool]) -> Iterator[Title]:
    """Every title in the head of the report, in order.

    It may be broken over several lines, the body's name standing in a line of its own before it,
    the year in one before or after. ``is_body`` tells whether a line is the name of a body.
    """
    end = head_length(blocks)
    for start in range(end):
        for size in range(1, _MOST_LINES + 1):
            lines = blocks[start : min(start + size, end)]
            title = _joined(lines)
            if title is None or len(lines) < size:
                continue
            if size == 1 or not (_joined(lines[1:]) or _joined(lines[:-1])):
                title = replace(title, last=start + size - 1)
                above = [
                    line
                    for line in blocks[max(start - 2, 0) : start]
                    # In a page, the name of the site stands above the title too.
                    if line.path[:-1] == lines[0].path[:-1]
                ]
                yield _completed(title, above, is_body, blocks)
                break


def _joined(lines: Sequence[TextBlock]) -> Title | None:
    if not lines or any(len(line.text) > _LONGEST_LINE for line in lines):
        return None
    title = parse_title("".join(line.text for line in lines))
    return title and replace(title, lines=tuple(lines))


def _completed(
    title: Title,
    above: Sequence[TextBlock],
    is_body: Callable[[str], bool],
    blocks: Sequence[TextBlock],
) -> Title:
    """The title with the lines around that say what it does not: body and year."""
    for line in reversed(above):
        if title.name and title.year:
            break
        folded = _BEFORE.sub("", with_digits(line.text))
        years = [one or two for one, two in _YEAR.findall(folded)]
        name = _AROUND_NAME.sub("", _YEAR.sub("", folded))
        wanted = (not years or (len(years) == 1 and not title.year)) and (
            not name or (not title.name and is_body(name))
        )
        if not wanted or not (years or name):
            break
        title = replace(
            title,
            text=re.sub(r"^[#*>\s]+", "", line.text).strip() + title.text,
            lines=(line, *title.lines),
            year=int(years[0]) if years else title.year,
            name=name or title.name,
        )
    following = (title.last or 0) + 1
    if title.year is None and following < len(blocks):
        below = blocks[following]
        match = re.fullmatch(r"\(?([0-9]{4})年度?\)?", with_digits(below.text))
        if match:
            title = replace(
                title,
                text=title.text + below.text,
                lines=(*title.lines, below),
                year=int(match[1]),
                last=following,
            )
    return title


def choose_title(
    titles: Sequence[Title], blocks: Sequence[TextBlock], declared: Title | None
) -> Title | None:
    """The report's own title among others that links to other years' reports bear.

    The one that agrees with what the source declares, else the last before the report's first
    words; of several on one year the one that says most.
    """
    if declared is not None and declared.year is not None:
        agreeing = [title for title in titles if title.year == declared.year]
        titles = agreeing or titles
    start = next(
        (
            i
            for i, block in enumerate(blocks)
            if titles and i > (titles[0].last or 0) and _begins_text(block)
        ),
        len(blocks),
    )
    before = [title for title in titles if (title.last or 0) < start]
    if not before:
        return None
    nearest = before[-1]
    same = [title for title in before if title.year == nearest.year]
    return max(same, key=lambda title: (bool(title.year) + bool(title.name), title.last or 0))


def _begins_text(block: TextBlock) -> bool:
    folded = fold_label(block.text)
    return _PREAMBLE.search(folded) is not None and parse_title(block.text) is None
