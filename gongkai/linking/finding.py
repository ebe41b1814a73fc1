"""From the entities of a store to the rows of a review file."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from gongkai.linking.asking import Asker
from gongkai.linking.candidates import FoundCandidates, NotAsked, find_candidates
from gongkai.linking.entities import StoredEntity
from gongkai.linking.evidence import judge
from gongkai.linking.profiles import EndpointProfile
from gongkai.linking.review import ReviewRow, rows_of
from gongkai.ontology.texts import readers_language, translations
from gongkai.version import __version__

INTERRUPTED = translations("linking.asking.interrupted")


@dataclass(frozen=True)
class FoundLinks:
    """The result of a run: the rows, and how many entities have candidates, none, or no answer.

    ``reasons`` are why entities were not searched for, for whoever reads them now, with the number
    of each.
    """

    rows: tuple[ReviewRow, ...]
    found: int
    without: int
    reasons: dict[str, int]
    interrupted: bool


def find_links(
    entities: Sequence[StoredEntity],
    profile: EndpointProfile,
    asker: Asker,
    on_progress: Callable[[int], None] = lambda _: None,
    skipped: Collection[str] = (),
) -> FoundLinks:
    """Search for every entity but the ``skipped``; ``on_progress`` the progress after each batch.

    An interruption (KeyboardInterrupt) ends the search with the results so far. Raises OSError if
    the cache cannot be written.
    """
    entered: dict[str, FoundCandidates | NotAsked] = {}

    def enter(batch: Sequence[FoundCandidates | NotAsked]) -> None:
        entered.update((item.entity.uri, item) for item in batch)
        on_progress(len(entered))

    interrupted = False
    try:
        find_candidates(entities, profile, asker, enter, skipped)
    except KeyboardInterrupt:
        interrupted = True
    every = [
        entered.get(entity.uri) or NotAsked(entity, INTERRUPTED)
        for entity in entities
        if entity.uri not in skipped
    ]
    found = [item for item in every if isinstance(item, FoundCandidates)]
    judgements = {
        item.entity.uri: judged for item, judged in zip(found, judge(found, profile), strict=True)
    }
    source = f"{asker.endpoint} {'-'.join(profile.name.split())} {__version__}"
    rows = [
        row for item in every for row in rows_of(item, judgements.get(item.entity.uri, ()), source)
    ]
    reasons: dict[str, int] = {}
    for item in every:
        if isinstance(item, NotAsked):
            said = item.reason[readers_language()]
            reasons[said] = reasons.get(said, 0) + 1
    known = sum(bool(item.candidates) for item in found)
    return FoundLinks(tuple(rows), known, len(found) - known, reasons, interrupted)
