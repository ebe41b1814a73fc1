"""The graphs of a report in a store: what publishing writes, and what it removes."""

from collections.abc import Iterator

from gongkai.ontology.addresses import Addresses
from gongkai.ontology.bodies import Origin
from gongkai.ontology.texts import translations
from gongkai.pipeline import Outcome, conversion_time
from gongkai.publishing.content import ReportContent
from gongkai.publishing.histories import Published, graphs_to_publish, graphs_to_withdraw
from gongkai.publishing.linksets import links_moved
from gongkai.publishing.shared_entities import entities_left, entities_to_publish
from gongkai.server.store import WritableStore


def graphs_of_report(
    store: WritableStore, outcome: Outcome, content: ReportContent, before: Published
) -> dict[str, bytes]:
    """The graphs to write for a report: content, validation, derived numbers.

    They replace the graphs of the report in the store (``before``), whose content stays in its
    history. A version of the same report published under another key, before its body was
    registered, is withdrawn.
    """
    assert outcome.report is not None and outcome.publishable, "only whole reports are published"
    addresses = Addresses(store.base)
    body, year, now = outcome.report.body, outcome.report.year, conversion_time()
    graphs: dict[str, bytes] = {}
    moved: list[str] = []
    for former in body.former_keys:
        if store.graph(str(addresses.report(former, year))):
            name = str(addresses.report(body.key, year))
            # A reason is one text, in the language of whoever gives it: this one has both.
            reason = " / ".join(translations("publishing.moved", report=name).values())
            graphs |= graphs_to_withdraw(store, former, year, reason, now, replaced_by=name)
            graphs |= entities_left(store, former, year)
            moved.append(str(addresses.body(former)))
    graphs |= links_moved(store, moved, str(addresses.body(body.key)))
    entities = dict(content.entities)
    if body.origin is Origin.PACKAGED:
        # What was stated about the body before the packaged register had it.
        entities.setdefault(str(addresses.body(body.key)), b"")
    graphs |= graphs_to_publish(before, content.own, content.version, outcome.validation, now)
    graphs[str(addresses.comparison(body.key, year))] = content.comparison
    return graphs | entities_to_publish(store, entities, year, graphs)


def stored_reports(store: WritableStore) -> Iterator[tuple[str, int]]:
    """Body and year of every report in a store, sorted."""
    addresses = Addresses(store.base)
    for name in store.graph_names():
        key = addresses.report_key(name)
        if key is not None:
            yield key
