"""How well a candidate agrees with one of our entities: a score from 0 to 1, and its evidence.

The score only orders candidates for the reviewer; it decides nothing. Its components are in
``WEIGHTS`` and are spelt out beside it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gongkai.linking.candidates import Candidate, FoundCandidates
from gongkai.linking.entities import Name, StoredEntity
from gongkai.linking.profiles import EndpointProfile, Identifier
from gongkai.ontology.keys import fold_name

WEIGHTS: Mapping[str, float] = {
    "identifier": 0.75,
    "other-identifier": -0.5,
    "label": 0.5,
    "alias": 0.4,
    "second-language": 0.1,
    "no-name": -0.15,
    "type": 0.1,
    "no-type": -0.1,
    "neither": -0.6,
    "country": 0.15,
    "other-country": -0.4,
    "place": 0.15,
}
"""What each piece of evidence adds to the score of a candidate, or subtracts from it."""

MOST_BY_NAME = 0.9
"""Highest score of a candidate without an identifier in common."""

HOMONYM = 0.6
"""Factor for the score if several entities have the same name, or the same identifier."""

SURE, LIKELY = 0.9, 0.65
"""Scores from which on a relation is suggested: by an identifier, by a name alone."""


@dataclass(frozen=True)
class JudgedCandidate:
    """A candidate with its score, its evidence, and the suggested relation, if any."""

    candidate: Candidate
    score: float
    evidence: tuple[str, ...]
    suggested: str = ""


def judge(
    found: Sequence[FoundCandidates], profile: EndpointProfile
) -> list[list[JudgedCandidate]]:
    """The candidates of each entity, the most likely first."""
    # A match by identifier is not put in doubt by another entity of the same name.
    claims = Counter(
        (candidate.uri, strength)
        for item in found
        for candidate in item.candidates
        for strength in {False, _by_identifier(item.entity, candidate, profile, [])}
    )
    return [
        sorted(
            (_judged(item, candidate, claims, profile) for candidate in item.candidates),
            key=lambda judgement: (-judgement.score, judgement.candidate.uri),
        )
        for item in found
    ]


def _judged(
    found: FoundCandidates,
    candidate: Candidate,
    claimed: Mapping[tuple[str, bool], int],
    profile: EndpointProfile,
) -> JudgedCandidate:
    entity = found.entity
    pieces: list[tuple[str, str]] = []
    identified = _by_identifier(entity, candidate, profile, pieces)
    claims = claimed[candidate.uri, identified]
    _by_name(entity, candidate, profile, pieces)
    _by_type(entity, candidate, profile, pieces)
    _by_country(entity, candidate, profile, pieces)
    _by_place(entity, candidate, profile, pieces)
    score = sum(WEIGHTS[kind] for kind, _ in pieces)
    score = min(score, 1.0 if identified else MOST_BY_NAME)
    evidence = [text for _, text in pieces]
    rivals = len(found.candidates)
    unique = rivals == 1 and claims == 1
    if rivals > 1:
        evidence.append(f"one of {rivals} candidates")
        score *= HOMONYM
    if claims > 1:
        evidence.append(f"a candidate for {claims} entities of ours")
        score *= HOMONYM
    score = max(score, 0.0)
    suggested = ""
    against = any(WEIGHTS[kind] < 0 and kind != "no-type" for kind, _ in pieces)
    if unique and not against:
        if identified and score >= SURE:
            suggested = "exactMatch"
        elif score >= LIKELY:
            suggested = "closeMatch"
    return JudgedCandidate(candidate, round(score, 2), tuple(evidence), suggested)


def _by_identifier(
    entity: StoredEntity,
    candidate: Candidate,
    profile: EndpointProfile,
    pieces: list[tuple[str, str]],
) -> bool:
    for identifier in profile.identifiers_of(entity.kind):
        stated = candidate.identifiers.get(identifier.name, [])
        ours = [value for value in stated if _is_one_of(value, entity.identifiers, identifier)]
        if ours:
            pieces.append(("identifier", f"{identifier.name} is {ours[0]}"))
            return True
        if stated and entity.identifiers:
            pieces.append(("other-identifier", f"{identifier.name} is {stated[0]}, not ours"))
    return False


def _is_one_of(value: str, identifiers: Sequence[str], identifier: Identifier) -> bool:
    return any(identifier.same(value, ours) for ours in identifiers)


def _by_name(
    entity: StoredEntity,
    candidate: Candidate,
    profile: EndpointProfile,
    pieces: list[tuple[str, str]],
) -> None:
    agreeing: dict[str, tuple[str, str]] = {}
    for kind, ours, theirs in (
        ("label", entity.labels, candidate.labels),
        ("alias", entity.names, [*candidate.labels, *candidate.aliases]),
    ):
        for text, language in ours:
            codes = profile.languages.get(language, ())
            if language not in agreeing and _said(text, codes, theirs):
                agreeing[language] = (kind, text)
    if not agreeing:
        pieces.append(("no-name", "no name in common"))
        return
    first, *others = sorted(agreeing.items(), key=lambda item: -WEIGHTS[item[1][0]])
    for number, (language, (kind, text)) in enumerate((first, *others)):
        what = "name" if kind == "label" else "other name"
        pieces.append(("second-language" if number else kind, f"{what} {text}@{language}"))


def _said(text: str, codes: Sequence[str], names: Sequence[Name]) -> bool:
    folded = _folded(text)
    return any(language in codes and _folded(name) == folded for name, language in names)


def _folded(name: str) -> str:
    return fold_name(name).casefold()


def _by_type(
    entity: StoredEntity,
    candidate: Candidate,
    profile: EndpointProfile,
    pieces: list[tuple[str, str]],
) -> None:
    neither = profile.types.get("neither", {})
    wanted = profile.types.get(entity.kind, {})
    odd = [neither[uri] for uri in candidate.types if uri in neither]
    good = [text for uri, text in wanted.items() if uri in candidate.types]
    if odd:
        pieces.append(("neither", f"type {odd[0]}"))
    elif good:
        pieces.append(("type", f"type {good[0]}"))
    elif wanted:
        pieces.append(("no-type", f"no type known: {', '.join(wanted.values())}"))


def _by_country(
    entity: StoredEntity,
    candidate: Candidate,
    profile: EndpointProfile,
    pieces: list[tuple[str, str]],
) -> None:
    ours = {profile.countries[uri] for uri in entity.countries if uri in profile.countries}
    if not ours or not candidate.countries:
        return
    if ours & {*candidate.countries}:
        pieces.append(("country", "same country"))
    else:
        pieces.append(("other-country", f"another country: {candidate.countries[0]}"))


def _by_place(
    entity: StoredEntity,
    candidate: Candidate,
    profile: EndpointProfile,
    pieces: list[tuple[str, str]],
) -> None:
    for identifier in profile.identifiers_of("areas"):
        if entity.place and _is_one_of(entity.place, candidate.places, identifier):
            pieces.append(("place", f"in {entity.place}"))
            return
