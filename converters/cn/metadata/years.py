"""The year of a report: its title, the period that it states, and other evidence."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from gongkai.converters.cn.metadata.dates import YEAR, calendar_date, with_digits
from gongkai.converters.cn.metadata.particulars import Particular
from gongkai.converters.cn.metadata.title import Title, parse_title
from gongkai.converters.documents.model import Place, TextBlock
from gongkai.converters.errors import unreadable_at
from gongkai.converters.report import Note
from gongkai.ontology.labels import Label
from gongkai.ontology.texts import translations

_EARLIEST_YEAR = 2008
"""The first Regulations came into force in May 2008; there are no reports on years before it."""

_DAY = r"([0-9]{1,2})月([0-9]{1,2})日"
_PERIOD = re.compile(rf"{YEAR}年{_DAY}(?:起|开始)?[,，]?(?:至|到|-|—|~)(?:([0-9]{{4}})年)?{_DAY}")
_PERIOD_WORDS = re.compile(r"统计|期限|时限|周期|截止|自$|数据")


@dataclass(frozen=True)
class StatedPeriod:
    """The period that the text says it covers, and the place where it says so."""

    begin: date
    end: date
    place: Place
    printed: str

    @property
    def year(self) -> int | None:
        """The calendar year that it is, if it is one."""
        whole = (self.begin.month, self.begin.day, self.end.month, self.end.day) == (1, 1, 12, 31)
        return self.begin.year if whole and self.begin.year == self.end.year else None


def find_year(
    title: Title,
    period: StatedPeriod | None,
    particulars: Mapping[str, Sequence[Particular]],
    head: Sequence[TextBlock],
    notes: list[Note],
) -> int:
    """The year of the report; a note where it does not come from the title."""
    year, found_in = title.year, translations("metadata.source.title")
    if "year" in particulars:
        declared = particulars["year"][0].text
        year, found_in = (
            int(declared) if declared.isdecimal() else 0,
            translations("metadata.source.operator"),
        )
    elif year is None:
        year, found_in = _year_elsewhere(period, particulars, head)
    if year is None:
        raise unreadable_at(
            title.place,
            translations("unreadable.cn.title_without_year", title=title.text)
            if title.text
            else translations("unreadable.cn.no_year"),
        )
    if not _EARLIEST_YEAR <= year <= date.today().year:
        why = translations("unreadable.cn.year_impossible", source=found_in, year=year)
        raise unreadable_at(title.place, why)
    if found_in != translations("metadata.source.title") and title.text:
        notes.append(
            Note(
                translations("metadata.year_from", year=year, source=found_in, title=title.text),
                title.place,
                printed=title.text,
            )
        )
    if "year" not in particulars:
        _compare_declared(year, title, period, particulars, notes)
    _compare(year, period, "year" in particulars, notes)
    return year


def declared_titles(particulars: Mapping[str, Sequence[Particular]]) -> list[Title]:
    """The titles that the source states beside its text, or declares, in that order."""
    parsed = (parse_title(item.text, declared=True) for item in particulars.get("title", ()))
    return [title for title in parsed if title is not None]


def _compare_declared(
    year: int,
    title: Title,
    period: StatedPeriod | None,
    particulars: Mapping[str, Sequence[Particular]],
    notes: list[Note],
) -> None:
    """Compare the year with the titles that the source declares.

    The metadata of a file are often those of last year's: where the period confirms the printed
    title, they are overruled.
    """
    other = next((t for t in declared_titles(particulars) if t.year not in (None, year)), None)
    if other is None:
        return
    if period is None or period.year != year:
        why = translations(
            "unreadable.cn.declared_year_differs", year=year, title=other.text, other=other.year
        )
        raise unreadable_at(title.place, why)
    notes.append(
        Note(
            translations("metadata.other_year_declared", title=other.text),
            title.place,
            printed=other.text,
        )
    )


def _year_elsewhere(
    period: StatedPeriod | None,
    particulars: Mapping[str, Sequence[Particular]],
    head: Sequence[TextBlock],
) -> tuple[int | None, Label]:
    if period is not None and period.year is not None:
        return period.year, translations("metadata.source.period")
    declared = {title.year for title in declared_titles(particulars) if title.year}
    if len(declared) == 1:
        return declared.pop(), translations("metadata.source.declared")
    text = with_digits("".join(block.text for block in head))
    said = set(re.findall(rf"{YEAR}年?度?(?:政府信息公开|政务公开)[^。]{{0,6}}年度?报告", text))
    return (int(said.pop()) if len(said) == 1 else None), translations("metadata.source.text")


def _compare(year: int, period: StatedPeriod | None, declared: bool, notes: list[Note]) -> None:
    """Compare the year with the period that the text states."""
    if period is None:
        message = translations("metadata.no_period")
        notes.append(Note(message))
        return
    if period.begin.year == period.end.year != year and not declared:
        why = translations(
            "unreadable.cn.period_differs", begin=period.begin, end=period.end, year=year
        )
        raise unreadable_at(period.place, why)
    if period.year != year:
        notes.append(
            Note(
                translations(
                    "metadata.other_period", year=year, begin=period.begin, end=period.end
                ),
                place=period.place,
                printed=period.printed,
            )
        )


def find_period(blocks: Sequence[TextBlock], head: int) -> StatedPeriod | None:
    """The period covered: a span of dates in the preamble, or anywhere with words that say so."""
    for part, everywhere in ((blocks[:head], True), (blocks, False)):
        # Lines of a paged document end anywhere, in the middle of a date too.
        texts = [with_digits(block.text) for block in part]
        whole = "".join(texts)
        for match in _PERIOD.finditer(whole):
            before = whole[max(match.start() - 20, 0) : match.start()]
            if not everywhere and not _PERIOD_WORDS.search(before):
                continue
            one, month, day, other, last_month, last_day = match.groups()
            begin = calendar_date(one, month, day)
            end = calendar_date(other or one, last_month, last_day)
            if begin and end and begin < end:
                block = _block_at(part, texts, match.start())
                return StatedPeriod(begin, end, block.place, match.group())
    return None


def _block_at(blocks: Sequence[TextBlock], texts: Sequence[str], position: int) -> TextBlock:
    for block, text in zip(blocks, texts, strict=True):
        if position < len(text):
            return block
        position -= len(text)
    return blocks[-1]
