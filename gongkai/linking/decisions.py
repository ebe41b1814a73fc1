"""Read the decisions in a review file: all are checked before anything is published."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gongkai.linking.review import ReviewRow, names_in, plain_score
from gongkai.linking.texts import is_address
from gongkai.ontology.texts import listed, message
from gongkai.publishing.linksets import RELATIONS, SAME, Asked, Link, site_of

REFUSED = "none"
"""The decision not to link a candidate; it stays in the file, and is not published."""

_WORDS = {word.lower(): word for word in (*RELATIONS, REFUSED)}


class BadDecisions(ValueError):
    """Decisions that cannot be published; ``problems`` name the line and the reason of each."""

    def __init__(self, problems: Iterable[str]) -> None:
        """``problems`` are sentences for the reviewer."""
        self.problems = tuple(problems)
        super().__init__("; ".join(self.problems))


@dataclass(frozen=True)
class Decision:
    """A decision on a pair, with its line in the file; ``link`` is None if it was rejected.

    ``by_hand`` is true if the person entered the target, or changed data from the endpoint.
    """

    line: int
    subject: str
    target: str
    link: Link | None
    by_hand: bool = False


def read_decisions(rows: Iterable[tuple[int, ReviewRow]], base: str, now: str) -> list[Decision]:
    """The decisions in the rows of a file, taken ``now`` (xsd:dateTime).

    Raises BadDecisions if one cannot be understood, has no reviewer, or contradicts another.
    """
    problems: list[str] = []
    decisions: dict[tuple[str, str], Decision] = {}
    for line, row in rows:
        if not row.decision.strip():
            continue
        try:
            decision = _decision(line, row, base, now)
        except ValueError as error:
            problems.append(message("linking.decision.at", line=line, why=error))
            continue
        pair = (decision.subject, decision.target)
        before = decisions.setdefault(pair, decision)
        if _relation(before) != _relation(decision):
            problems.append(
                message(
                    "linking.decision.contradicts_line",
                    line=line,
                    relation=_relation(decision),
                    other_line=before.line,
                    other=_relation(before),
                )
            )
    if problems:
        raise BadDecisions(problems)
    return list(decisions.values())


def merged(
    decisions: Iterable[Decision], known: Mapping[str, list[Link]]
) -> tuple[dict[str, list[Link]], int]:
    """The links to each site that changes, and how many are new; ``known`` are the store's.

    Raises BadDecisions if a decision contradicts an earlier one, or would make an entity identical
    to two entities of one site.
    """
    problems: list[str] = []
    links = {site: {(link.subject, link.target): link for link in of} for site, of in known.items()}
    changed: set[str] = set()
    new = 0
    for decision in decisions:
        site = site_of(decision.target)
        there = links.setdefault(site, {})
        before = there.get((decision.subject, decision.target))
        if before is not None and before.relation != _relation(decision):
            problems.append(
                message(
                    "linking.decision.contradicts_store",
                    line=decision.line,
                    relation=_relation(decision),
                    other=before.relation,
                    reviewer=before.reviewer,
                    date=before.decided[:10],
                    link=f"{site}/{before.key}",
                )
            )
        elif before is None and decision.link is not None:
            problems += _twins(decision, there.values())
            there[decision.subject, decision.target] = decision.link
            changed.add(site)
            new += 1
    if problems:
        raise BadDecisions(problems)
    return {site: list(links[site].values()) for site in sorted(changed)}, new


def _twins(decision: Decision, links: Iterable[Link]) -> list[str]:
    """Objections to a link that states that two entities are the same."""
    link = decision.link
    if link is None or link.relation not in SAME:
        return []
    problems = []
    for other in links:
        if other.relation not in SAME:
            continue
        if other.subject == link.subject:
            problems.append(
                message(
                    "linking.decision.subject_twice",
                    line=decision.line,
                    subject=link.subject,
                    other=other.target,
                    target=link.target,
                )
            )
        elif other.target == link.target:
            problems.append(
                message(
                    "linking.decision.target_twice",
                    line=decision.line,
                    target=link.target,
                    other=other.subject,
                    subject=link.subject,
                )
            )
    return problems


def _decision(line: int, row: ReviewRow, base: str, now: str) -> Decision:
    said = re.sub(r"^(owl|skos):", "", row.decision.strip(), flags=re.IGNORECASE)
    relation = _WORDS.get(said.lower())
    if relation is None:
        raise ValueError(
            message(
                "linking.decision.unknown", text=row.decision.strip(), words=listed(_WORDS.values())
            )
        )
    subject, target = row.subject.strip(), row.candidate.strip()
    if not is_address(subject) or not subject.startswith(f"{base}id/"):
        raise ValueError(message("linking.decision.other_store", subject=subject, base=base))
    if relation == REFUSED:
        return Decision(line, subject, target, None)
    if not target:
        raise ValueError(message("linking.decision.no_candidate"))
    if not is_address(target):
        raise ValueError(message("linking.decision.no_address", target=target))
    if target.startswith(base):
        raise ValueError(message("linking.decision.inward", target=target))
    site_of(target)
    reviewer = _line(row.reviewer)
    if not reviewer:
        raise ValueError(message("linking.decision.no_reviewer"))
    link = Link(subject, relation, target, reviewer, now, note=_line(row.note))
    if not row.untouched:
        return Decision(line, subject, target, link, by_hand=True)
    names: dict[str, str] = {}
    for name, language in names_in(row.candidate_names):
        # All variants of Chinese count as one: a page has one name for each language.
        names.setdefault(language.partition("-")[0], name)
    link = Link(
        subject,
        relation,
        target,
        reviewer,
        now,
        note=link.note,
        score=plain_score(row.score),
        evidence=row.evidence,
        asked=_asked(row.asked),
        names=tuple((name, language) for language, name in sorted(names.items())),
    )
    return Decision(line, subject, target, link)


def _relation(decision: Decision) -> str:
    return REFUSED if decision.link is None else decision.link.relation


def _asked(text: str) -> Asked | None:
    match text.split():
        case [endpoint, profile, version, moment] if is_address(endpoint):
            return Asked(endpoint, profile, version, moment[:10])
    return None


def _line(text: str) -> str:
    return re.sub(r"[\s\x00-\x1f\x7f]+", " ", text).strip()
