"""Who reports on which year: title, body, period, date of issue, contact particulars."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gongkai.converters.documents.model import Place, TextBlock
from gongkai.converters.errors import UnreadableSource
from gongkai.converters.labels import fold_label
from gongkai.converters.report import Contact, Note
from gongkai.ontology.bodies import Body, bodies

_TITLE = re.compile(r"(?P<year>[0-9]{4})年度?|(?P<kind>政府信息公开(?:工作)?年度报告)")
_DATE = r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日"
_PERIOD = re.compile(rf"自{_DATE}起?[,，]?(?:至|到){_DATE}")
_LONGEST_TITLE = 60
_TITLE_AMONG_FIRST = 20
_DATE_AMONG_LAST = 10
_EARLIEST_YEAR = 2008
"""The first Regulations came into force in May 2008; there are no reports on years before it."""

_PARTICULARS = {
    "address": re.compile(r"(?:通讯)?地址[:：]\s*([^；;）)，。]+)"),
    "postal_code": re.compile(r"邮(?:政)?编(?:码)?[:：]\s*([0-9]{6})(?![0-9])"),
    "telephone": re.compile(r"电话[:：]\s*([0-9()（）\-－—转、 ]*[0-9])"),
    "fax": re.compile(r"传真[:：]\s*([0-9()（）\-－—转、 ]*[0-9])"),
    "email": re.compile(r"(?:电子)?邮箱[:：]\s*([\w.+-]+@[\w-]+(?:\.[\w-]+)+)"),
    "name": re.compile(r"请与(.{2,40}?)联系"),
}


@dataclass(frozen=True)
class Metadata:
    """What the text around the tables says of the report as a whole."""

    body: Body
    year: int
    title: str
    title_place: Place
    period: tuple[date, date] | None
    issued: date | None
    issued_place: Place | None
    contact: Contact | None
    notes: tuple[Note, ...]


def read_metadata(blocks: Sequence[TextBlock]) -> Metadata:
    """Read the particulars of the report.

    Raises UnreadableSource where title, year or body cannot be told: nothing else can stand in
    for them, since every URI of the report is made of body and year.
    """
    title, year = _find_title(blocks)
    body = _find_body(title, year, blocks)
    notes: list[Note] = []
    period = _find_period(blocks, year, notes)
    issued_block, issued = _find_issued(blocks)
    if issued is None:
        notes.append(Note({"zh": "没有找到发布日期", "en": "no date of issue was found"}))
    return Metadata(
        body=body,
        year=year,
        title=title.text,
        title_place=title.place,
        period=period,
        issued=issued,
        issued_place=issued_block.place if issued_block else None,
        contact=_find_contact(blocks),
        notes=tuple(notes),
    )


def _find_title(blocks: Sequence[TextBlock]) -> tuple[TextBlock, int]:
    for block in blocks[:_TITLE_AMONG_FIRST]:
        folded = fold_label(block.text)
        if len(folded) > _LONGEST_TITLE or folded.endswith("。"):
            continue
        found = {match.lastgroup: match for match in _TITLE.finditer(folded)}
        if "kind" not in found:
            continue
        if "year" not in found:
            raise UnreadableSource(
                f"{block.place.describe()}: the title “{block.text}” does not say which year it "
                "is about: write the year into it, as in 2019年…政府信息公开工作年度报告"
            )
        year = int(found["year"]["year"])
        if not _EARLIEST_YEAR <= year <= date.today().year:
            raise UnreadableSource(
                f"{block.place.describe()}: the title speaks of the year {year}, for which there "
                "can be no report"
            )
        return block, year
    raise UnreadableSource(
        "this is no annual report that can be read: no title such as "
        f"“2019年…政府信息公开工作年度报告” among its first {_TITLE_AMONG_FIRST} lines"
    )


def _find_body(title: TextBlock, year: int, blocks: Sequence[TextBlock]) -> Body:
    register = bodies()
    name = _TITLE.sub("", fold_label(title.text)).strip("关于的()（）")
    if name in register:
        return register[name]
    if name:
        raise UnreadableSource(
            f"{title.place.describe()}: the body “{name}” is not in the register: "
            "add it, or this name of it, to the Turtle under ontology/bodies"
        )
    signatures = {
        register[folded].key: register[folded]
        for block in blocks[-_DATE_AMONG_LAST:]
        if (folded := fold_label(block.text)) in register
    }
    if len(signatures) != 1:
        raise UnreadableSource(
            f"{title.place.describe()}: neither the title nor the signature names a body of the "
            "register: write the body's name into the title"
        )
    return next(iter(signatures.values()))


def _find_period(
    blocks: Sequence[TextBlock], year: int, notes: list[Note]
) -> tuple[date, date] | None:
    for block in blocks:
        match = _PERIOD.search(fold_label(block.text))
        if match is None:
            continue
        begin = _date(*(int(number) for number in match.groups()[:3]))
        end = _date(*(int(number) for number in match.groups()[3:]))
        if begin is None or end is None:
            continue
        if (begin, end) != (date(year, 1, 1), date(year, 12, 31)):
            notes.append(
                Note(
                    {
                        "zh": f"标题所称年度为 {year} 年，正文所称统计期限为 {begin} 至 {end}",
                        "en": f"the title speaks of {year}, the text of the period "
                        f"{begin} to {end}",
                    },
                    place=block.place,
                    printed=match.group(),
                )
            )
        return begin, end
    notes.append(
        Note({"zh": "正文没有说明统计期限", "en": "the text does not state the period covered"})
    )
    return None


def _find_issued(blocks: Sequence[TextBlock]) -> tuple[TextBlock | None, date | None]:
    for block in reversed(blocks[-_DATE_AMONG_LAST:]):
        match = re.fullmatch(_DATE, fold_label(block.text))
        if match:
            return block, _date(*(int(number) for number in match.groups()))
    return None, None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _find_contact(blocks: Sequence[TextBlock]) -> Contact | None:
    found: dict[str, str] = {}
    for block in blocks:
        for name, pattern in _PARTICULARS.items():
            match = pattern.search(block.text)
            if match and name not in found:
                found[name] = match.group(1).strip()
    if not found.keys() - {"name"}:
        return None
    return Contact(**found)
