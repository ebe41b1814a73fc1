"""The title of a report: its lines, and the year and the body that it names."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from gongkai.converters.cn.metadata.dates import with_digits
from gongkai.converters.documents.model import Place, TextBlock
from gongkai.converters.labels import fold_text

_MATTER = r"(?:(?:政府|政务)?信息(?:情况)?公开|政务公开)"
_KIND = re.compile(
    rf"{_MATTER}(?:(?:和|与|及|、|暨){_MATTER})?(?:工作)?(?:情况)?的?(?:\(?[0-9]{{4}}年?\)?)?"
    r"(?:年度?的?(?:工作)?(?:情况)?报告|工作年度(?:工作)?报告|度(?:工作)?报告|年报|(?:工作)?(?:情况)?报告)"
)
_KIND_FOR_SHORT = re.compile(r"(?:年度(?:工作)?报告|年报)")
_YEAR = re.compile(r"(?<![0-9])(?:([0-9]{4})(?:年度?|度)|(20[0-9]{2})(?![0-9]))")
_SEVERAL_YEARS = re.compile(
    r"(?<![0-9])([0-9]{4})年?度?(?:[-—–―~/、,和及与至到])+([0-9]{4}|[0-9]{2})(?:年度?|(?![0-9]))"
)
_TAG = re.compile(
    r"^[#*>·•\s]*(?:[【〖\[][^【】〖〗\[\]0-9]{0,10}(?:年报|报告|公开|公告|公示|通知|原文|图文|置顶|专栏|内容|更正|修[订正改])"
    r"[】〗\]])+"
)
"""What a site prints in brackets before a title: 【年报】. A name in brackets is no such tag."""
_BEFORE = re.compile(
    r"^[#*>·•\-—\s]*(?:(?:信息|公文|文件)?(?:标题|名称):?)?"
    r"(?:附件?[0-9一二三四五六七八九十]*[:、.]|附件[0-9]*|[一二三四五六七八九十]+、"
    r"|\([一二三四五六七八九十]+\)|[0-9]{1,2}[、.](?![0-9]))?(?:关于)?"
    # Those who pass a report on, publish or correct it may not name themselves.
    r"(?:(?:转发|发布|公布|印发|公开|公示|报送|上报|修订|修改|更正):?《?(?=[^0-9]{4}))?"
)
_ISSUED = re.compile(
    "(?:关于(?:印发|公布|发布|公开|报送|上报|转发|公示|更正|修[订正改])?|印发)《?(?=.)"
)
_DATED = re.compile(
    r"\([^()0-9]{0,6}20[0-9]{2}[年\-/.][0-9]{1,2}[月\-/.][0-9]{1,2}日?[^()0-9]{0,4}\)"
)
"""The day of publication behind a title."""
_AROUND_NAME = re.compile(
    r"^[、,:\-—_《》【】〖〗]+"
    r"|(?:关于|的|年|全[省市县区州旗镇乡]|印发|公布|发布|公开|报送|编制|公示|更正|修[订正改]|[、,:\-—_《》【】〖〗])+$"
)
_EMPTY = re.compile(r"\([、,年度\-—\s]*\)")
_NOTICES = ("通知", "公函", "函")
_AFTER = re.compile(
    r"(?:\([^()]*\)|》|20[0-9]{2}年?度?)*"
    r"(?:的?(?P<notice>通知|公函|函|公示|公告|通告|(?:有关|相关)?(?:情况)?的?说明|公布|公开))?"
    r"(?:\([^()]*\))*"
    r"(?:\.(?:pdf|docx?|wps|html?))?",
    re.IGNORECASE,
)
_SITE = re.compile(r"[-_|—–>].*")
_NO_TITLE = re.compile("[。;:!?]|通知|解读|公告$|^现[将予]|[0-9](?:[0-9]{3}|月|日|季|年)")
_OTHER_PERIOD = re.compile("学年|财年|半年|季度|[0-9一二三四五六七八九十]月")
"""Periods of reports that are not annual ones of a calendar year."""
_MOST_LINES = 3
_LONGEST_LINE = 60
_LONGEST = 90
_FIRST_PART = re.compile(r"#*(?:第?一[、.,:]|\(一\)|1[、.])?(?:总体|工作基本|基本|概述)+(?:情况)?")
_PREAMBLE = re.compile(
    "信息公开条例》|统计(?:期限|时限|周期|区间)|现(?:将|予|发布|公布|向社会)|本(?:年度)?报告"
)
HEAD = 40
"""The number of blocks in the head of a report where no heading of its first part is found."""


@dataclass(frozen=True)
class Title:
    """A title: its text, its lines in the source, what it names.

    ``year`` is None and ``name`` empty where it does not say; ``years`` are all that it names,
    where there are several. ``issuer`` is the body that gives notice of the report, where the title
    is a notice's and does not say whose report it is. ``last`` is the position of its last block,
    None where the source only declares it.
    """

    text: str
    lines: tuple[TextBlock, ...]
    year: int | None
    name: str
    last: int | None
    years: tuple[int, ...] = ()
    issuer: str = ""

    @property
    def place(self) -> Place:
        """Where it begins."""
        return self.lines[0].place if self.lines else Place()


def head_length(blocks: Sequence[TextBlock]) -> int:
    """The number of blocks before the heading of the first part."""
    for i, block in enumerate(blocks):
        if begins_first_part(block.text):
            return i
    return min(len(blocks), HEAD)


def parse_title(text: str, declared: bool = False) -> Title | None:
    """The parsed title if ``text`` is a title of such a report, else None.

    A title that the source declares may be followed by the name of its site.
    """
    return _parsed(text, _KIND, declared)


def parse_short_title(text: str) -> Title | None:
    """The parsed title if ``text`` is a name and 年度报告, without its subject."""
    title = _parsed(text, _KIND_FOR_SHORT, declared=False)
    return title if title is not None and title.name else None


def _parsed(text: str, pattern: re.Pattern[str], declared: bool) -> Title | None:
    folded = _TAG.sub("", with_digits(text))
    kinds = list(pattern.finditer(folded))
    if len(kinds) != 1 or len(folded) > _LONGEST:
        return None
    kind = kinds[0]
    before, after = folded[: kind.start()], folded[kind.end() :]
    if declared:
        after = _SITE.sub("", after)
    ending = _AFTER.fullmatch(after)
    if not ending:
        return None
    if _OTHER_PERIOD.search(before + kind.group()):
        return None
    before = _BEFORE.sub("", before)
    years = _years_in(f"{before}|{kind.group()}|{_DATED.sub('', after)}")
    name, issuer = _whose(_EMPTY.sub("", _YEAR.sub("", _SEVERAL_YEARS.sub("", before))))
    if _NO_TITLE.search(name or issuer) or (ending["notice"] in _NOTICES and not (name or issuer)):
        return None
    if name.endswith("人民") and kind.group().startswith("政府"):
        name += "政府"  # 人民政府信息公开: one word for both.
    without_site = _SITE.sub("", text) if declared else text
    whole = without_site if pattern.search(with_digits(without_site)) else text
    shown = re.sub(r"^[#*>\s]+", "", whole).strip()
    one = years[0] if len(years) == 1 else None
    return Title(shown, (), one, name, None, years if len(years) > 1 else (), issuer)


def _years_in(text: str) -> tuple[int, ...]:
    """The years that a title names, each once, in order."""
    found: list[int] = []
    for first, last in _SEVERAL_YEARS.findall(text):
        found += [int(first), int(last if len(last) == 4 else first[:2] + last)]
    rest = _SEVERAL_YEARS.sub("|", text)
    found += [int(one or other) for one, other in _YEAR.findall(rest)]
    return tuple(dict.fromkeys(found))


def _whose(words: str) -> tuple[str, str]:
    """The body whose report a title is of, by the words before its kind; else its issuer."""
    issued = list(_ISSUED.finditer(words))
    if not issued:
        return _bare_name(words), ""
    name = _bare_name(words[issued[-1].end() :])
    issuer = _bare_name(words[: issued[0].start()])
    return (name, "") if name else ("", issuer)


def _bare_name(words: str) -> str:
    """A name without its surroundings; a bracket is removed only where its pair is missing."""
    while True:
        bare = _AROUND_NAME.sub("", words)
        opened = bare.count("(") - bare.count(")")
        if bare.startswith(")") or (bare.startswith("(") and opened > 0):
            bare = bare[1:]
        elif bare.endswith("(") or (bare.endswith(")") and opened < 0):
            bare = bare[:-1]
        elif bare.startswith("(") and bare.endswith(")") and ")" not in bare[1:-1]:
            bare = bare[1:-1]
        if bare == words:
            return bare
        words = bare


def begins_first_part(text: str) -> bool:
    """Whether ``text`` is the heading of the first part of a report."""
    return len(text) <= _LONGEST_LINE and _FIRST_PART.fullmatch(fold_text(text)) is not None


_IN_EVERY_TITLE = "开报"


def find_titles(
    blocks: Sequence[TextBlock], is_body: Callable[[str], bool], end: int | None = None
) -> Iterator[Title]:
    """Every title in the head of the report, in order, or among the first ``end`` blocks.

    It may be broken over several lines, the body's name standing in a line of its own before it,
    the year in one before or after. ``is_body`` says whether a line is the name of a body.
    """
    end = head_length(blocks) if end is None else end
    # Most lines are no part of a title: quick checks come first.
    texts = [block.text for block in blocks[:end]]
    for start in range(end):
        if not _may_be_title("".join(texts[start : start + _MOST_LINES])):
            continue
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


def find_short_title(blocks: Sequence[TextBlock], is_body: Callable[[str], bool]) -> Title | None:
    """The last line of the head that consists of a body's name, a year and 年度报告."""
    found = None
    for i, block in enumerate(blocks[: head_length(blocks)]):
        title = parse_short_title(block.text) if len(block.text) <= _LONGEST_LINE else None
        if title is not None and is_body(title.name):
            found = replace(title, lines=(block,), last=i)
    return found


def _joined(lines: Sequence[TextBlock]) -> Title | None:
    if not lines or any(len(line.text) > _LONGEST_LINE for line in lines):
        return None
    text = "".join(line.text for line in lines)
    title = parse_title(text) if _may_be_title(text) else None
    return title and replace(title, lines=tuple(lines))


def _may_be_title(text: str) -> bool:
    return all(character in text for character in _IN_EVERY_TITLE)


def _completed(
    title: Title,
    above: Sequence[TextBlock],
    is_body: Callable[[str], bool],
    blocks: Sequence[TextBlock],
) -> Title:
    """The title, completed by the lines around it that give what it lacks: body and year."""
    for line in reversed(above):
        if title.name and title.year:
            break
        folded = _BEFORE.sub("", with_digits(line.text))
        years = _years_in(folded)
        name = _bare_name(_EMPTY.sub("", _YEAR.sub("", folded)))
        wanted = (not years or (len(years) == 1 and not title.year)) and (
            not name or (not title.name and is_body(name))
        )
        if not wanted or not (years or name):
            break
        title = replace(
            title,
            text=re.sub(r"^[#*>\s]+", "", line.text).strip() + title.text,
            lines=(line, *title.lines),
            year=years[0] if years else title.year,
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
    """The report's own title among others, which are links to other years' reports.

    The one that agrees with what the source declares, else the last before the report's first
    words; of several on one year the most complete one.
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
    folded = fold_text(block.text)
    return _PREAMBLE.search(folded) is not None and parse_title(block.text) is None
