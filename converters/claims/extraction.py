"""Find the claims of a report's text, and tell which cannot be compared with its tables."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from gongkai.converters.claims.cells import cells_spoken_of
from gongkai.converters.claims.sentences import Sentence, sentences
from gongkai.converters.claims.wordings import (
    CHANNEL,
    CONCLUDED,
    INCLUDES_CARRIED,
    NOT_THE_WHOLE,
    ON_INFORMATION,
    OWN_OFFICE,
    PART_OF_RECEIVED,
    WHOLE_AREA,
    WORDINGS,
    Wording,
)
from gongkai.converters.documents.model import Place
from gongkai.converters.report import Claim, ReportTable, Section
from gongkai.ontology.bodies import Body
from gongkai.ontology.forms import Label

_CHINESE = {sign: value for value, sign in enumerate("零一二三四五六七八九十")} | {"两": 2}
_YEAR = re.compile(r"(20[0-9]{2})年")
_GOES_ON = re.compile(r"^(?:其中|从|按)")
_NEVER_A_PART = {"received", "handled", "reconsiderations", "litigation"}
_GOVERNMENT = re.compile(r"(?:人民政府|管理委员会|管委会)$")

_OTHER_SCOPE: Label = {
    "zh": "文字所述与表格口径不同（本机关与全辖区），不予比较",
    "en": "the text speaks of another scope than the tables (own office, whole area): not compared",
}
_ROUNDED: Label = {
    "zh": "文字所述为约数，不予比较",
    "en": "the text rounds the figure: not compared",
}
_CARRIED_TOO: Label = {
    "zh": "文字所述可能含上年结转，不予比较",
    "en": "the figure may include requests carried over: not compared",
}
_TWO_FIGURES: Label = {
    "zh": "文字对同一项给出不同的数，口径不明，不予比较",
    "en": "the text gives different figures for the same, of scopes that it does not tell: "
    "not compared",
}
_NO_TABLE: Label = {
    "zh": "报告没有相应的表格",
    "en": "the report has no table of it",
}


def read_claims(
    sections: Sequence[Section], tables: Sequence[ReportTable], body: Body, year: int
) -> tuple[Claim, ...]:
    """The claims that the sections of a report make of its tables, in the order of the text."""
    found = [
        claim
        for number, section in enumerate(sections, start=1)
        for claim in _of_section(section, number, body, year)
    ]
    figures: dict[str, set[Decimal]] = {}
    for claim in found:
        if not claim.reason:
            figures.setdefault(claim.kind, set()).add(claim.value)
    return tuple(_compared(claim, figures.get(claim.kind, set()), tables) for claim in found)


def _compared(claim: Claim, figures: set[Decimal], tables: Sequence[ReportTable]) -> Claim:
    """The claim with the cells that it speaks of, or the reason why it has none."""
    if claim.reason:
        return claim
    if len(figures) > 1:
        return replace(claim, reason=_TWO_FIGURES)
    cells = cells_spoken_of(claim.kind, tables)
    return replace(claim, cells=cells) if cells else replace(claim, reason=_NO_TABLE)


def _of_section(section: Section, number: int, body: Body, year: int) -> Iterator[Claim]:
    on_information = ON_INFORMATION.search(section.heading) is not None
    of_received = False
    for sentence in sentences(section):
        goes_on = of_received and _GOES_ON.match(sentence.plain) is not None
        stated = list(_of_sentence(sentence, goes_on, on_information, body, year))
        kinds = {claim.kind for claim, _ in stated}
        if kinds & {"received", "handled"}:
            of_received = "handled" not in kinds
        for claim, paragraph in stated:
            place = section.places[paragraph] if section.places else section.place
            yield replace(claim, section=number, place=place)


def _of_sentence(
    sentence: Sentence, of_received: bool, on_information: bool, body: Body, year: int
) -> Iterator[tuple[Claim, int]]:
    """The claims of a sentence, each with the paragraph that its figure stands in.

    ``of_received`` tells that the sentence goes on about the requests received.
    """
    text = sentence.plain
    on_information = on_information or ON_INFORMATION.search(text) is not None
    taken: list[tuple[int, int]] = []
    found: list[tuple[int, Claim, int]] = []
    for wording in WORDINGS:
        if wording.on_information and not on_information:
            continue
        for match in wording.pattern.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            start, end = match.span() if wording.zero else match.span("number")
            if not _means_the_whole(text, match, end, wording, year):
                continue
            if wording.of_received and not (of_received or _received_before(found, start)):
                continue
            if not wording.zero and len(set(sentence.paragraphs[start:end])) > 1:
                # A number over two lines may be two numbers.
                continue
            taken.append(match.span())
            value = Decimal(0) if wording.zero else _value(match["number"])
            reason = _why_not(sentence, match, end, wording, body)
            for kind in wording.kinds:
                claim = Claim(kind, value, _clause(text, match), 0, Place(), (), reason)
                found.append((start, claim, sentence.paragraphs[end - 1]))
    for _, claim, paragraph in sorted(found, key=lambda item: item[0]):
        yield claim, paragraph


def _received_before(found: Sequence[tuple[int, Claim, int]], start: int) -> bool:
    """Whether the last figure of all requests that stands before is that of those received."""
    before = [(at, claim.kind) for at, claim, _ in found if at < start]
    heads = sorted(item for item in before if item[1] in ("received", "handled"))
    return bool(heads) and heads[-1][1] == "received"


def _means_the_whole(
    text: str, match: re.Match[str], end: int, wording: Wording, year: int
) -> bool:
    """Whether a figure is one of the year and of all that its words name, not of a part of it."""
    clause = text[text.rfind(",", 0, match.start()) + 1 : end]
    if NOT_THE_WHOLE.search(clause):
        return False
    years = _YEAR.findall(text[: match.start()])
    if years and int(years[-1]) != year:
        return False
    kinds = set(wording.kinds)
    if "其中" in text[: match.start()] and kinds & _NEVER_A_PART:
        return False
    before = text[text.rfind(",", 0, match.start()) + 1 : match.start()]
    received = match.groupdict().get("object")
    if received is not None and (PART_OF_RECEIVED.search(received) or CHANNEL.search(before)):
        return False
    return not (wording.on_information and CONCLUDED.search(clause))


def _why_not(
    sentence: Sentence, match: re.Match[str], end: int, wording: Wording, body: Body
) -> Label:
    """Why a claim cannot be compared with the tables; empty where it can."""
    if match.groupdict().get("rounded"):
        return _ROUNDED
    if "received" in wording.kinds and INCLUDES_CARRIED.search(sentence.printed):
        return _CARRIED_TOO
    before = sentence.plain[:end]
    for name in sorted(body.names, key=len, reverse=True):
        before = before.replace(name, "")
    other = OWN_OFFICE if _GOVERNMENT.search(body.name) else WHOLE_AREA
    return _OTHER_SCOPE if other.search(before) else {}


def _clause(text: str, match: re.Match[str]) -> str:
    """The words between the commas around a figure."""
    start = text.rfind(",", 0, match.start()) + 1
    end = text.find(",", match.end())
    return text[start : end if end >= 0 else None].rstrip("。;!?")


def _value(number: str) -> Decimal:
    return Decimal(_CHINESE[number] if number in _CHINESE else number.replace(",", ""))
