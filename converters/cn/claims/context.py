"""The context of a clause: what was said before it, and what its figures therefore count."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from gongkai.converters.cn.claims import reasons
from gongkai.converters.cn.claims.markers import (
    ALL_DONE,
    BROUGHT,
    COMPARED,
    EXCEPTED,
    NOT_BROUGHT,
    PROCEEDINGS,
    PUT_ON_FILE,
    TOPICS,
    UNANSWERED,
)
from gongkai.converters.cn.claims.period import ClaimPeriod
from gongkai.converters.cn.claims.scope import Party
from gongkai.converters.cn.claims.text import Clause
from gongkai.converters.cn.claims.wording import ClaimWording, Group
from gongkai.converters.report import Claim
from gongkai.ontology.labels import Label

_OPEN_INFORMATION = ("requests", "reconsideration", "litigation")
"""Topics of a heading under which proceedings are those over open government information."""

_OF_REQUESTS = "件起宗份例条"
"""Measure words with which requests are counted."""


@dataclass
class Mention:
    """A figure found in the text; ``group`` is None for one that states nothing known here."""

    group: Group | None
    claims: list[Claim] = field(default_factory=list)
    bracketed: bool = False

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of its claims."""
        return tuple(claim.kind for claim in self.claims)

    def doubt(self, reason: Label) -> None:
        """Mark its claims as not comparable, for ``reason``, unless a reason was given before."""
        self.claims = [
            claim if claim.reason else replace(claim, reason=reason) for claim in self.claims
        ]


class ClaimContext:
    """What a section has said so far."""

    def __init__(self, heading: str, year: int, governs: bool) -> None:
        """Begin a section under ``heading`` in the report of ``year``.

        ``governs`` says that the report is a government's, whose proceedings are mostly over
        matters other than open government information.
        """
        self._governs = governs
        self.mentions: list[Mention] = []
        self.period = ClaimPeriod(year)
        self._heading = heading
        self._counting: Party = Party.UNSAID
        self._open_information = False
        self._speaking: Party | None = None
        self._passage = self._sentence = self._part = -1
        self.names_carried_in = False
        self._unanswered = False
        self._passage_of_others = False
        self._begin()

    def _begin(self) -> None:
        """Begin a section, or a numbered paragraph of it with a subject of its own."""
        self._topic = _topic(self._heading)
        self._counting = Party.UNSAID
        self._known = False
        self._new_sentence()

    def _new_sentence(self) -> None:
        self._speaking = None
        self._sentence_of_others = False
        self._all_done = self._excepted = False
        self._first = len(self.mentions)
        self._blocked = False
        self._close_parts()
        self.period.new_sentence()

    def _close_parts(self) -> None:
        self._whole: Mention | None = None
        self._within = False

    def enter(self, clause: Clause) -> None:
        """Note the position of ``clause``."""
        if clause.passage != self._passage:
            self._passage_of_others = False
            self._topic = _topic(self._heading)
            self._open_information = (
                not self._governs and _topic(self._heading) in _OPEN_INFORMATION
            )
        if clause.passage != self._passage and clause.numbered:
            self._begin()
        elif (clause.passage, clause.sentence) != (self._passage, self._sentence):
            self._new_sentence()
        elif clause.part != self._part:
            self._close_parts()
        self._passage, self._sentence = clause.passage, clause.sentence
        self._part = clause.part

    def open_parts(self) -> None:
        """Note that what follows is a part of the last figure (其中)."""
        self._within = True
        here = len(self.mentions) > self._first
        # 已全部办结，其中…: the parts are those of all requests.
        self._whole = Mention(Group.HANDLED) if self._all_done and not here else self._last()

    def note(self, text: str, clause: Clause) -> None:
        """Note the topic and the time of ``text``, the words of ``clause``."""
        if "信息公开无关" in text:
            for mention in self.mentions[self._first :]:
                if mention.group is Group.DISPUTE:
                    mention.doubt(reasons.OTHER_MATTERS)
        if NOT_BROUGHT.search(text):
            self._sentence_of_others = True
            self._passage_of_others |= PROCEEDINGS.search(text) is not None
        if PUT_ON_FILE.search(text):
            for mention in self.mentions[self._first :]:
                if mention.group is Group.DISPUTE:
                    mention.doubt(reasons.CONTINUES)
        if not clause.bracketed:
            self.period.read(text)
            self._topic = _topic(text) or self._topic
        if EXCEPTED.match(text):
            self._excepted = True
        if ALL_DONE.search(text):
            self._all_done = self._known
        if "上年结转" in text:
            self.names_carried_in = True
        if "信息公开" in text or "依申请" in text or "申请公开" in text:
            self._open_information = True

    def speak_of(self, party: Party, counts: bool) -> None:
        """Note that the clause is about ``party``; if it ``counts``, so are the next sentences."""
        self._speaking = party
        if counts:
            self._counting = party

    def party(self) -> Party:
        """The party of a clause that does not name one itself."""
        return self._counting if self._speaking is None else self._speaking

    def add_unknown(self, text: str, clause: Clause, measure: str) -> None:
        """Note a figure of no known kind: what follows may be a part of it."""
        if COMPARED.match(text):
            return
        whole = self._outside() if clause.bracketed else self._whole
        if whole and whole.group is Group.DISPUTE and "信息公开" in text:
            whole.doubt(reasons.OTHER_MATTERS)
        if clause.bracketed:
            return
        if UNANSWERED.search(text):
            for mention in self.mentions:
                if mention.group is Group.HANDLED:
                    mention.doubt(reasons.NOT_ALL_HANDLED)
            self._unanswered = True
        if measure in _OF_REQUESTS and self._topic == "requests":
            self._blocked = True
        if PROCEEDINGS.search(text):
            self._sentence_of_others = True
        self.mentions.append(Mention(None))

    def continues_others(self, text: str) -> bool:
        """Whether a clause on proceedings may count others than those brought in the year.

        It may where its sentence or passage was about cases put on file or the like, and the clause
        itself does not say that they arose, or over what.
        """
        return (self._sentence_of_others or self._passage_of_others) and not BROUGHT.search(text)

    def add(self, mention: Mention, clause: Clause) -> None:
        """Note a statement."""
        if mention.group is Group.CARRIED_IN or "received" in mention.kinds:
            self._widen_whole(mention, clause)
        if mention.group in (Group.INTAKE, Group.HANDLED):
            self._known = True
        if mention.group is Group.INTAKE:
            self._blocked = False
        if mention.group is not Group.CARRIED_IN or not clause.bracketed:
            self._counting = self.party()
        self.mentions.append(mention)

    def _widen_whole(self, mention: Mention, clause: Clause) -> None:
        """Note that a figure whose parts are the received and the carried-over is their sum."""
        whole = self._outside() if clause.bracketed else self._whole
        if whole is None or whole.kinds != ("received",):
            return
        if not clause.bracketed and not self._within:
            return
        last = self._last()
        if last is not whole and last is not None and last.group is not Group.INTAKE:
            return
        whole.claims = [replace(claim, kind="received-and-carried-in") for claim in whole.claims]

    def inherited_reason(self, group: Group) -> Label:
        """Why the figure that contains one of ``group`` cannot be compared."""
        if group is Group.APPLICANT:
            intake = self._latest(Group.INTAKE)
            return intake.claims[0].reason if intake else {}
        if group is Group.HANDLED and self._unanswered:
            return reasons.NOT_ALL_HANDLED
        if group is Group.DISPUTE:
            # 新增行政复议134件、行政诉讼57件: the verb stands only once.
            said = [m for m in self.mentions[self._first :] if m.group is Group.DISPUTE]
            return said[-1].claims[0].reason if said else {}
        if group is Group.RESULT:
            dispute = self._latest(Group.DISPUTE)
            return dispute.claims[0].reason if dispute else {}
        return {}

    def kinds(self, wording: ClaimWording, clause: Clause) -> tuple[str, ...]:
        """The kinds that ``wording`` states here; none where it may count something else."""
        if self._excepted or (wording.bare and self._topic != "requests"):
            return ()
        part = clause.bracketed or self._within
        whole = self._outside() if clause.bracketed else self._whole
        whole_kinds: Sequence[str] = whole.kinds if whole else ()
        allowed = {
            Group.INTAKE: not part
            or (
                whole_kinds in (("received",), ("received-and-carried-in",)) and "新" in clause.text
            ),
            Group.APPLICANT: self._splits_received(part, whole_kinds),
            Group.CARRIED_IN: not part or (whole is not None and whole.group is Group.INTAKE),
            Group.CARRIED_OUT: not clause.bracketed,
            Group.HANDLED: not part
            and not self._blocked
            and not self._only_carried_in()
            and (self._known or not wording.bare or self._opens(wording)),
            Group.OUTCOME: self._of_all_requests(part, whole),
            Group.DISPUTE: not part and self._open_information,
            Group.RESULT: True,
            Group.DISCLOSURE: not part,
        }[wording.group]
        if not allowed:
            return ()
        return self._results(wording) if wording.group is Group.RESULT else wording.kinds

    def _splits_received(self, part: bool, whole_kinds: Sequence[str]) -> bool:
        last, intake = self._last(), self._latest(Group.INTAKE)
        if intake is None or last is None or intake.kinds != ("received",):
            return False
        siblings = last is intake or last.group is Group.APPLICANT
        return siblings and (not part or tuple(whole_kinds) == ("received",) or not whole_kinds)

    def _of_all_requests(self, part: bool, whole: Mention | None) -> bool:
        if self._blocked or self._only_carried_in():
            return False
        if part:
            return whole is not None and whole.group in (Group.INTAKE, Group.HANDLED)
        return self._known or self._first_of_requests()

    def _opens(self, wording: ClaimWording) -> bool:
        return not wording.follows and not self.mentions and self._first_of_requests()

    def _first_of_requests(self) -> bool:
        """Whether the heading says what is counted, and only outcomes were stated since."""
        only_outcomes = {mention.group for mention in self.mentions} <= {Group.OUTCOME}
        return only_outcomes and _topic(self._heading) == "requests"

    def _only_carried_in(self) -> bool:
        """Whether the sentence is about requests carried over, and no others."""
        groups = {mention.group for mention in self.mentions[self._first :]}
        return Group.CARRIED_IN in groups and Group.INTAKE not in groups

    def _results(self, wording: ClaimWording) -> tuple[str, ...]:
        last = self._last() if len(self.mentions) > self._first else None
        dispute = self._latest(Group.DISPUTE)
        if last is None or dispute is None or last.group not in (Group.DISPUTE, Group.RESULT):
            return ()
        if len(dispute.kinds) != 1:
            return ()
        (kind,), (result,) = dispute.kinds, wording.kinds
        if result.startswith("litigation-"):
            return (result,) if kind == "litigation" else ()
        return (f"{kind}-{result}",)

    def _last(self) -> Mention | None:
        return self.mentions[-1] if self.mentions else None

    def _outside(self) -> Mention | None:
        """The last figure outside brackets."""
        return next((m for m in reversed(self.mentions) if not m.bracketed), None)

    def _latest(self, group: Group) -> Mention | None:
        return next((m for m in reversed(self.mentions) if m.group is group), None)


def _topic(text: str) -> str | None:
    found = list(TOPICS.finditer(text))
    return found[-1].lastgroup if found else None
