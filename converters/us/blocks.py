"""The data blocks of a FOIA annual report: every number as a cell, with its organisation."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from lxml import etree

from gongkai.converters.cell_table import Meaning, printed_codes
from gongkai.converters.documents.model import Place
from gongkai.converters.plain_numbers import PlainReading, read_plain
from gongkai.converters.report import Cell, CellState
from gongkai.converters.us.exchange import (
    Association,
    Exchange,
    Organisation,
    id_of,
    line_of,
    name_of,
    text_of,
)
from gongkai.ontology.labels import Label
from gongkai.ontology.structures import code_labels, cubes
from gongkai.ontology.texts import translations

_LIST = "us-position"
_TEXTS = {
    "OtherDenialReasonDescriptionText": "{}",
    "StatuteDescriptionText": "{}",
    "ReliedUponStatuteInformationWithheldText": "Information withheld: {}",
    "CaseTitleText": "Case: {}",
}
"""Elements that describe an entry in words, and how these are combined."""

_DATE = "OldItemReceiptDate"
_READ_ELSEWHERE = {"NonExemptionDenialReasonCode", "AppliedExemptionCode", "TimeIncrementCode"}


@dataclass(frozen=True)
class ExchangeFigure:
    """A number of the report, and the cube that it belongs to; without one where that is unknown.

    ``block`` is the id of the block in which it stands.
    """

    cube: str
    cell: Cell
    block: str


@dataclass(frozen=True)
class ExchangeBlock:
    """A data block, the organisations linked to it, and what its elements mean."""

    exchange: Exchange
    known: dict[str, Meaning]
    counted: Counter[tuple[str, str]]
    block: etree._Element
    ties: list[Association]

    def numbers(self) -> Iterator[ExchangeFigure]:
        """The numbers in the block."""
        for element in self.block.iter():
            path = _path(self.block, element) or name_of(element)
            said = name_of(element) in _TEXTS or name_of(element) in {_DATE, *_READ_ELSEWHERE}
            if len(element):
                # Elements with children have no text of their own in the exchange.
                for text in (element.text, *(child.tail for child in element)):
                    if text and text.strip():
                        place = Place(line=line_of(element))
                        cell = stray(element, path, text.strip(), place)
                        yield ExchangeFigure("", cell, id_of(self.block))
                continue
            if said:
                continue
            parent = element.getparent()
            yield from self.number(element, path, self.block if parent is None else parent)

    def number(
        self, element: etree._Element, path: str, beside: etree._Element
    ) -> Iterator[ExchangeFigure]:
        """One number; its meaning follows from ``path`` and the elements ``beside`` it."""
        meaning = self.known.get(path)
        place, text = Place(line=line_of(element)), text_of(element)
        owner = self.owner()
        block = id_of(self.block)
        if meaning is None:
            if text:
                yield ExchangeFigure("", stray(element, path, text, place), block)
            return
        codes: dict[str, str] = {}
        for scheme, code in meaning.codes:
            found = self.code(scheme, code, beside, owner, codes)
            if found is None:
                yield ExchangeFigure(meaning.cube, stray(element, path, text, place), block)
                return
            codes[scheme] = found
        labels = _labels(meaning.cube, codes)
        statement = "\n".join(_statements(beside)) or None
        if owner is None:
            yield ExchangeFigure(
                meaning.cube,
                Cell(
                    codes={k: v for k, v in codes.items() if k != _LIST},
                    row=translations("us.not_attributed"),
                    column=labels,
                    state=CellState.UNATTRIBUTED,
                    place=place,
                    reason=self.why_unattributed(),
                    readings=(text,),
                    statement=statement,
                ),
                block,
            )
            return
        reading = _FILLED_IN if _is_filled_in(element, beside) else read_plain(text, meaning.unit)
        read = reading.state is CellState.READ
        yield ExchangeFigure(
            meaning.cube,
            Cell(
                codes={"body": owner.key, **codes},
                row={"zh": owner.name, "en": owner.name},
                column=labels,
                state=reading.state,
                place=place,
                text=text if read and text != str(reading.value) else None,
                value=reading.value,
                unit=meaning.unit,
                reason=reading.reason,
                readings=() if read else (text,),
                statement=statement,
                received_on=_received_on(beside),
            ),
            block,
        )

    def owner(self) -> Organisation | None:
        """The organisation of the block; None where the file does not name it."""
        if len(self.ties) != 1 or not self.ties[0].block:
            return None
        return self.exchange.organisations.get(self.ties[0].organisation)

    def code(
        self,
        scheme: str,
        code: str,
        beside: etree._Element,
        owner: Organisation | None,
        before: dict[str, str],
    ) -> str | None:
        """The code of a number in ``scheme``; None where the file writes an unknown one."""
        if code == "#":
            at = (owner.id if owner else "", "/".join(before.values()))
            self.counted[at] += 1
            number = str(self.counted[at])
            return number if (scheme, number) in code_labels() else None
        if not code.startswith("@"):
            return code
        written = [text_of(e) for e in beside if name_of(e) == code[1:]]
        return printed_codes(scheme).get(written[0]) if len(written) == 1 else None

    def why_unattributed(self) -> Label:
        """What is missing in the file, so that nobody can say whose the number is."""
        said = id_of(self.block)
        if not self.ties:
            return translations("us.no_association", block=said)
        if not self.ties[0].block:
            return translations("us.no_id")
        if len(self.ties) > 1:
            return translations("us.several_components", block=said, count=len(self.ties))
        referred = self.ties[0].organisation
        return translations("us.no_such_component", block=said, component=referred)


_FILLER = "0.0000"
_STATISTICS = 4
_FILLED_IN = PlainReading(
    CellState.NOT_STATED,
    reason=translations("us.written_as_zero"),
)


def _is_filled_in(element: etree._Element, beside: etree._Element) -> bool:
    """Whether a number of days is a placeholder, as all four of a group are, or an adjudication's.

    foia.gov's own tables have “N/A” (once “N./A”) for all 46 such groups and all 22 such
    adjudications of agencies in the sample reports on 2019, 2020, 2023 and 2024, and otherwise for
    one median alone: a 0 beside an average that is a placeholder.
    """
    if name_of(element).startswith("Adjudication"):
        others = [text_of(e) for e in beside if name_of(e).endswith("DaysValue")]
        # A median “0” beside an average that is a placeholder is no number of days either.
        return text_of(element) == _FILLER or (text_of(element) == "0" and _FILLER in others)
    days = [e for e in beside if name_of(e).startswith("ResponseTime")]
    return len(days) == _STATISTICS and all(text_of(e) == _FILLER for e in days)


def _path(block: etree._Element, element: etree._Element) -> str:
    names: list[str] = []
    at: etree._Element | None = element
    while at is not None and at is not block:
        names.append(name_of(at))
        at = at.getparent()
    return "/".join(reversed(names))


def _labels(cube: str, codes: dict[str, str]) -> Label:
    found = [code_labels()[scheme, code] for scheme, code in codes.items()]
    assert cube in cubes(), "the table of elements names cubes that are there"
    return {
        "zh": "，".join(label["zh"] for label in found),
        "en": ", ".join(label["en"] for label in found),
    }


def _statements(beside: etree._Element) -> Iterator[str]:
    for element in beside.iter():
        text = text_of(element)
        if text and name_of(element) in _TEXTS:
            yield _TEXTS[name_of(element)].format(text)
        if text and name_of(element) == _DATE and _day(text) is None:
            yield f"Received: {text}"


def _received_on(beside: etree._Element) -> date | None:
    for element in beside:
        if name_of(element) == _DATE:
            return _day(text_of(element))
    return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def stray(element: etree._Element, path: str, text: str, place: Place) -> Cell:
    """The text of an unknown element, as a cell that belongs nowhere."""
    written = text or " ".join(text_of(e) for e in element.getparent() or ())
    return Cell(
        codes={},
        row={"zh": path, "en": path},
        column={},
        state=CellState.UNREAD,
        place=place,
        reason=translations("us.unknown_element", path=path),
        readings=(written,),
    )
