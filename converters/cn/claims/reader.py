"""Reads the text of a report for figures that its tables state as well.

Clause by clause, in order: a clause is taken as a statement only if the whole clause fits a wording
(``wording``), and what was said before leaves no doubt about what it counts (``ClaimContext``).
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from gongkai.converters.cn.claims import reasons
from gongkai.converters.cn.claims.cells import Numbers, cells_spoken_of, numbers_in
from gongkai.converters.cn.claims.context import ClaimContext, Mention
from gongkai.converters.cn.claims.intake import settle_intake
from gongkai.converters.cn.claims.markers import (
    ASIDE,
    DENYING,
    ENDS_OPEN,
    NOT_OF_THE_YEAR,
    WITHIN,
    canonical,
)
from gongkai.converters.cn.claims.numerals import Figure, find_figures
from gongkai.converters.cn.claims.other_wordings import DENIALS, OTHERS_STATED
from gongkai.converters.cn.claims.period import name_neighbours, strip_times
from gongkai.converters.cn.claims.requests_wordings import REQUESTS_STATED
from gongkai.converters.cn.claims.scope import Party, Speaker
from gongkai.converters.cn.claims.text import Clause, read_clauses
from gongkai.converters.cn.claims.wording import ClaimWording, Group
from gongkai.converters.documents.doubts import OFF_THE_LINE, STROKE, UNKNOWN
from gongkai.converters.report import Claim, ReportTable, Section
from gongkai.ontology.bodies import Body
from gongkai.ontology.labels import Label

_STATEMENTS = (*REQUESTS_STATED, *OTHERS_STATED)
_NOT_PLAIN = frozenset((STROKE, UNKNOWN, *OFF_THE_LINE))
"""Characters of figures that are struck out, not clearly seen or set off: the clause states none.
"""

_OPEN_ENDED = ("carried-out", "-in-force", "-pending")


def read_claims(
    sections: Sequence[Section], tables: Sequence[ReportTable], body: Body, year: int
) -> tuple[Claim, ...]:
    """The figures in the text that concern the content of ``tables``, in the order of the text.

    ``body`` and ``year`` are those of the report: figures of another scope or time are returned
    with the reason why they are not comparable.
    """
    speaker = Speaker(body)
    claims: list[Claim] = []
    for number, section in enumerate(sections, start=1):
        if not NOT_OF_THE_YEAR.search(section.heading):
            reader = _SectionReader(number, section, speaker, year)
            read = reader.claims()
            claims += settle_intake(read, reader.context.names_carried_in, tables)
    numbers = numbers_in(tables)
    return tuple(_with_cells(claim, numbers) for claim in _without_contradictions(claims))


class _SectionReader:
    def __init__(self, number: int, section: Section, speaker: Speaker, year: int) -> None:
        self.number = number
        self.section = section
        self.speaker = speaker
        self.year = year
        self.context = ClaimContext(section.heading, year, speaker.governs)

    def claims(self) -> list[Claim]:
        for clause in read_clauses(self.section.paragraphs, self.section.places):
            self._read(clause)
        return [
            claim
            for mention in self.context.mentions
            if mention.group is not None
            for claim in mention.claims
        ]

    def _read(self, clause: Clause) -> None:
        text = canonical(name_neighbours(clause.text, self.year))
        self.context.enter(clause)
        text = ASIDE.sub("", text)
        inner = WITHIN.match(text)
        if inner or ENDS_OPEN.search(text):
            text = text[inner.end() :] if inner else text
            if not clause.bracketed:
                self.context.open_parts()
        self.context.note(text, clause)
        if not _NOT_PLAIN.isdisjoint(text):
            self.context.add_unknown(text, clause, "件")
            return
        figures = find_figures(text)
        if len(figures) == 1:
            self._read_figure(text, figures[0], clause)
        elif figures:
            self.context.add_unknown(text, clause, text[figures[0].end - 1])
            self._note_subject(text, counts=True)
        elif not self._read_denial(text, clause):
            self._note_subject(text, counts=False)

    def _read_figure(self, text: str, figure: Figure, clause: Clause) -> None:
        masked = f"{text[: figure.start]}#{text[figure.end :]}"
        inexact = reasons.INEXACT.get(figure.exactness, {})
        for wording, party in self._matching(_STATEMENTS, masked):
            if wording.zero and figure.value != 0:
                continue
            kinds = self.context.kinds(wording, clause)
            if kinds:
                self._add(wording, kinds, figure.value, party, clause, inexact)
                return
        self.context.add_unknown(text, clause, text[figure.end - 1])
        self._note_subject(text, counts=True)

    def _read_denial(self, text: str, clause: Clause) -> bool:
        if not DENYING.search(text):
            return False
        for wording, party in self._matching(DENIALS, text):
            kinds = self.context.kinds(wording, clause)
            if kinds:
                self._add(wording, kinds, Decimal(0), party, clause, {})
                return True
        return False

    def _matching(
        self, wordings: Sequence[ClaimWording], text: str
    ) -> Iterator[tuple[ClaimWording, Party]]:
        for wording in wordings:
            match = wording.pattern.fullmatch(text)
            if match:
                party = self.speaker.party(strip_times(match["who"]))
                if party is not None:
                    yield wording, party

    def _note_subject(self, text: str, counts: bool) -> None:
        subject = self.speaker.subject(strip_times(text))
        if subject is not None:
            self.context.speak_of(subject, counts)

    def _add(
        self,
        wording: ClaimWording,
        kinds: Sequence[str],
        value: Decimal,
        party: Party,
        clause: Clause,
        inexact: Label,
    ) -> None:
        if party is not Party.UNSAID:
            self.context.speak_of(party, counts=True)
        reason = self._reason(wording, kinds, clause.text) or inexact
        claims = [
            Claim(
                kind=kind,
                value=value,
                quotation=clause.quotation,
                section=self.number,
                place=clause.place,
                reason=reason,
            )
            for kind in kinds
        ]
        self.context.add(Mention(wording.group, claims, clause.bracketed), clause)

    def _reason(self, wording: ClaimWording, kinds: Sequence[str], text: str) -> Label:
        if not self.speaker.comparable(self.context.party()):
            return reasons.OTHER_SCOPE
        if self.context.period.outside:
            return reasons.OTHER_PERIOD
        lasting = all(kind.endswith(_OPEN_ENDED) for kind in kinds)
        if self.context.period.cumulative and not lasting:
            return reasons.CUMULATIVE
        if wording.filed:
            return reasons.FILED
        if wording.group is Group.DISPUTE:
            if self.context.continues_others(text):
                return reasons.CONTINUES
            if "应诉" in text and "信息公开" not in text:
                # Among lawsuits of all kinds, those that the body dealt with.
                return reasons.FILED
        inherited = self.context.inherited_reason(wording.group)
        return inherited if inherited not in reasons.INEXACT.values() else {}


def _without_contradictions(claims: Sequence[Claim]) -> Iterator[Claim]:
    """The claims; those of a kind for which the text has several numbers are not comparable."""
    stated: dict[str, set[Decimal]] = {}
    for claim in claims:
        if not claim.reason:
            stated.setdefault(claim.kind, set()).add(claim.value)
    for claim in claims:
        several = not claim.reason and len(stated[claim.kind]) > 1
        yield replace(claim, reason=reasons.SEVERAL) if several else claim


def _with_cells(claim: Claim, numbers: Numbers) -> Claim:
    if claim.reason:
        return claim
    cells = cells_spoken_of(claim.kind, numbers)
    return replace(claim, cells=cells) if cells else replace(claim, reason=reasons.NO_CELL)
