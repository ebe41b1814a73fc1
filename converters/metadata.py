"""Who reports on which year: title, body, period, date of issue, contact particulars."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gongkai.converters.contact import read_contact
from gongkai.converters.dates import YEAR, calendar_date, date_alone, first_date, with_digits
from gongkai.converters.documents.model import Document, Place, TextBlock
from gongkai.converters.errors import UnreadableSource
from gongkai.converters.labels import fold_label
from gongkai.converters.particulars import Particular, read_particulars
from gongkai.converters.publisher import (
    ASK,
    Evidence,
    identify,
    is_governments_office,
    looks_like_body,
    places_in,
    told_body,
)
from gongkai.converters.report import Contact, Note
from gongkai.converters.title import (
    HEAD,
    Title,
    choose_title,
    find_titles,
    head_length,
    parse_title,
)
from gongkai.ontology.bodies import Body, Register, load_register
from gongkai.ontology.credit_code import credit_codes, division_digits
from gongkai.ontology.places import division

_TAIL = 10
"""Signature and date are looked for among as many last blocks."""

_UNDER_TITLE = 3
"""Body and date may stand in as many lines under the title."""

_EARLIEST_YEAR = 2008
"""The first Regulations came into force in May 2008; there are no reports on years before it."""

_DAY = r"([0-9]{1,2})月([0-9]{1,2})日"
_PERIOD = re.compile(rf"{YEAR}年{_DAY}(?:起|开始)?[,，]?(?:至|到|-|—|~)(?:([0-9]{{4}})年)?{_DAY}")
_PERIOD_WORDS = re.compile(r"统计|期限|时限|周期|截止|自$|数据")
_COMPILED = re.compile(r"本(?:年度)?报告由(.{4,40}?)(?:根据|按照|依据|依照|编制)")


@dataclass(frozen=True)
class Metadata:
    """What the text around the tables says of the report as a whole.

    ``title_places`` are those of all lines of the title, ``title_place`` the first of them.
    """

    body: Body
    year: int
    title: str
    title_place: Place
    period: tuple[date, date] | None
    issued: date | None
    issued_place: Place | None
    contact: Contact | None
    notes: tuple[Note, ...]
    title_places: tuple[Place, ...] = ()


@dataclass(frozen=True)
class _Period:
    begin: date
    end: date
    place: Place
    printed: str

    @property
    def year(self) -> int | None:
        """The calendar year that it is, if it is one."""
        whole = (self.begin.month, self.begin.day, self.end.month, self.end.day) == (1, 1, 12, 31)
        return self.begin.year if whole and self.begin.year == self.end.year else None


def read_metadata(
    document: Document, blocks: Sequence[TextBlock], register: Register | None = None
) -> Metadata:
    """Read the particulars of a report in ``document`` whose own text is ``blocks``.

    ``document.declared`` may hold, beside what the source says of itself, ``body`` (a key, a
    credit code or a full name) and ``year``, which the operator tells and which decide; and
    ``site``, the site's identification code (网站标识码).

    Raises UnreadableSource where title, year or body cannot be told, or is told in two ways:
    nothing else can stand in for them, since every URI of the report is made of body and year.
    """
    register = register or load_register()
    head = blocks[: head_length(blocks)]
    particulars = read_particulars(document, head)
    notes: list[Note] = []
    title = _find_title(blocks, particulars, register)
    period = _find_period(blocks, len(head))
    year = _year(title, period, particulars, head, notes)
    contact = read_contact(blocks)
    body = _find_body(title, blocks, particulars, contact, register, notes)
    issued_place, issued = _find_issued(title, blocks, particulars, notes)
    return Metadata(
        body=body,
        year=year,
        title=title.text,
        title_place=title.place,
        period=(period.begin, period.end) if period else None,
        issued=issued,
        issued_place=issued_place,
        contact=contact,
        notes=tuple(notes),
        title_places=title.places,
    )


def _find_title(
    blocks: Sequence[TextBlock],
    particulars: dict[str, tuple[Particular, ...]],
    register: Register,
) -> Title:
    declared = next(
        (
            title
            for item in particulars.get("title", ())
            if (title := parse_title(item.text, declared=True)) is not None
        ),
        None,
    )
    titles = list(find_titles(blocks, lambda text: looks_like_body(text, register)))
    chosen = choose_title(titles, blocks, declared) or declared
    if chosen is None:
        raise UnreadableSource(
            "this is no annual report that can be read: no title such as "
            f"“2019年…政府信息公开工作年度报告” among its first {HEAD} lines"
        )
    differ = declared and declared.year and chosen.year and declared.year != chosen.year
    if declared and differ and "year" not in particulars:
        raise UnreadableSource(
            f"{_at(chosen.place)}the title speaks of {chosen.year}, the title that the source "
            f"declares (“{declared.text}”) of {declared.year}: compare the two and say which "
            "year it is with --year"
        )
    return chosen


def _year(
    title: Title,
    period: _Period | None,
    particulars: dict[str, tuple[Particular, ...]],
    head: Sequence[TextBlock],
    notes: list[Note],
) -> int:
    """The year of the report; a note where it is not the title that says it."""
    year, source = title.year, ("标题", "title")
    if "year" in particulars:
        told = particulars["year"][0].text
        year, source = int(told) if told.isdecimal() else 0, ("使用者", "operator")
    elif year is None:
        year, source = _year_elsewhere(period, particulars, head)
    if year is None:
        raise UnreadableSource(
            f"{_at(title.place)}the title “{title.text}” does not say which year it is "
            "about, nor does the text: write the year into it, as in "
            "2019年…政府信息公开工作年度报告, or say it with --year"
        )
    if not _EARLIEST_YEAR <= year <= date.today().year:
        raise UnreadableSource(
            f"{_at(title.place)}the {source[1]} speaks of the year {year}, for which there can be "
            "no report"
        )
    if source[0] != "标题":
        notes.append(
            Note(
                {
                    "zh": f"年度 {year} 得自{source[0]}，标题为“{title.text}”",
                    "en": f"the year {year} was told by the {source[1]}; the title is "
                    f"“{title.text}”",
                },
                title.place,
                printed=title.text,
            )
        )
    _compare(year, period, "year" in particulars, notes)
    return year


def _year_elsewhere(
    period: _Period | None,
    particulars: dict[str, tuple[Particular, ...]],
    head: Sequence[TextBlock],
) -> tuple[int | None, tuple[str, str]]:
    if period is not None and period.year is not None:
        return period.year, ("统计期限", "period covered")
    declared = {
        title.year
        for item in particulars.get("title", ())
        if (title := parse_title(item.text, declared=True)) is not None and title.year
    }
    if len(declared) == 1:
        return declared.pop(), ("来源元数据", "source's own metadata")
    text = with_digits("".join(block.text for block in head))
    said = set(re.findall(rf"{YEAR}年?度?(?:政府信息公开|政务公开)[^。]{{0,6}}年度?报告", text))
    return (int(said.pop()) if len(said) == 1 else None), ("正文", "text")


def _compare(year: int, period: _Period | None, told: bool, notes: list[Note]) -> None:
    """Hold the year against the period that the text states."""
    if period is None:
        message = {"zh": "正文没有说明统计期限", "en": "the text does not state the period covered"}
        notes.append(Note(message))
        return
    if period.begin.year == period.end.year != year and not told:
        raise UnreadableSource(
            f"{_at(period.place)}the text states the period {period.begin} to {period.end}, the "
            f"title the year {year}: compare the two and say which year it is with --year"
        )
    if period.year != year:
        notes.append(
            Note(
                {
                    "zh": f"年度为 {year} 年，正文所称统计期限为 {period.begin} 至 {period.end}",
                    "en": f"the year is {year}, the text speaks of the period {period.begin} "
                    f"to {period.end}",
                },
                place=period.place,
                printed=period.printed,
            )
        )


def _find_period(blocks: Sequence[TextBlock], head: int) -> _Period | None:
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
                return _Period(begin, end, block.place, match.group())
    return None


def _block_at(blocks: Sequence[TextBlock], texts: Sequence[str], position: int) -> TextBlock:
    for block, text in zip(blocks, texts, strict=True):
        if position < len(text):
            return block
        position -= len(text)
    return blocks[-1]


def _find_body(
    title: Title,
    blocks: Sequence[TextBlock],
    particulars: dict[str, tuple[Particular, ...]],
    contact: Contact | None,
    register: Register,
    notes: list[Note],
) -> Body:
    signatures = _signatures(title, blocks, register)
    publishers = [item.text for item in particulars.get("publisher", ())]
    compiled = _COMPILED.search(with_digits("".join(b.text for b in blocks[:HEAD])))
    publisher = publishers[0] if publishers else ""
    others = [*signatures, *publishers, *([compiled[1]] if compiled else [])]
    evidence = _evidence(particulars, publisher, others, contact)
    told = particulars["body"][0].text if "body" in particulars else None
    if told is not None:
        named = told_body(told, title.name, evidence, register)
        if named is None:
            named, said = identify(told, evidence, register, title.place, told=True)
            notes.extend(said)
        return named
    if title.name:
        body, said = identify(title.name, evidence, register, title.place)
        notes.extend(said)
        return body
    source, name = _name_elsewhere(title, signatures, publisher, register)
    body, said = identify(name, evidence, register, title.place)
    notes.append(
        Note(
            {
                "zh": f"标题没有机构名称，“{name}”得自{source[0]}",
                "en": f"the title names no body; “{name}” was told by the {source[1]}",
            },
            title.place,
            printed=title.text,
        )
    )
    notes.extend(said)
    return body


def _name_elsewhere(
    title: Title, signatures: Sequence[str], publisher: str, register: Register
) -> tuple[tuple[str, str], str]:
    """The body's name where the title has none, and what told it."""
    registered = {
        register.by_name[fold_label(name)].key: name
        for name in signatures
        if fold_label(name) in register.by_name
    }
    names = list(registered.values()) or list(dict.fromkeys(map(fold_label, signatures)))
    source = ("落款", "signature")
    if not names and publisher:
        names, source = [publisher], ("发布机构", "publisher that the source states")
    if len(names) != 1:
        raise UnreadableSource(
            f"{_at(title.place)}neither the title nor the signature names a body of the "
            f"register: write the body's name into the title, or {ASK}"
        )
    if is_governments_office(names[0]):
        raise UnreadableSource(
            f"{_at(title.place)}the title names no body, and “{names[0]}” reports for its "
            f"government as well as for itself: {ASK}"
        )
    return source, names[0]


def _signatures(title: Title, blocks: Sequence[TextBlock], register: Register) -> list[str]:
    """Names of bodies that stand in lines of their own: under the title, and at the end."""
    under = [] if title.last is None else blocks[title.last + 1 :][:_UNDER_TITLE]
    tail = [block for block in blocks[-_TAIL:] if block.place not in title.places]
    return [
        block.text
        for block in dict.fromkeys((*under, *tail))
        if looks_like_body(block.text, register)
    ]


def _evidence(
    particulars: dict[str, tuple[Particular, ...]],
    publisher: str,
    names: Sequence[str],
    contact: Contact | None,
) -> Evidence:
    texts = [item.text for name in ("identifier", "address") for item in particulars.get(name, ())]
    codes = tuple(dict.fromkeys(code for text in texts for code in credit_codes(text)))
    sites = [item.text for item in particulars.get("site", ()) if re.match("[0-9]{10}$", item.text)]
    official = [division(digits) for digits in (*map(division_digits, codes), *sites)]
    address = [contact.address] if contact and contact.address else []
    return Evidence(
        official=tuple(dict.fromkeys(area for area in official if area is not None)),
        other=places_in([*names, *address]),
        credit_code=codes[0] if len(codes) == 1 else None,
        publisher=publisher,
    )


def _find_issued(
    title: Title,
    blocks: Sequence[TextBlock],
    particulars: dict[str, tuple[Particular, ...]],
    notes: list[Note],
) -> tuple[Place | None, date | None]:
    """The date of issue, and the place of the block that consists of it.

    The date of the signature comes before that under the title, before that which the page states.
    """
    under = [] if title.last is None else blocks[title.last + 1 :][:_UNDER_TITLE]
    for block in (*reversed(blocks[-_TAIL:]), *under):
        issued = date_alone(block.text)
        if issued is not None:
            return block.place, issued
    for item in particulars.get("issued", ()):
        issued = first_date(item.text)
        if issued is not None:
            return None, issued
    notes.append(Note({"zh": "没有找到发布日期", "en": "no date of issue was found"}))
    return None, None


def _at(where: Place) -> str:
    return f"{where.describe()}: " if where.describe() else ""
