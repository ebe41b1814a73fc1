"""Put reports, and what every store has, into a store."""

import hashlib
import re
from collections.abc import Iterator
from functools import lru_cache

from rdflib import XSD

from gongkai.ontology import load_ontology
from gongkai.ontology.addresses import Addresses
from gongkai.ontology.area_graph import area_list
from gongkai.ontology.bodies import Origin
from gongkai.pipeline import Outcome, conversion_time, n_triples
from gongkai.publishing.comparison import comparison_to_publish
from gongkai.publishing.histories import graphs_to_publish, graphs_to_withdraw
from gongkai.publishing.linksets import links_moved
from gongkai.publishing.shared_entities import (
    areas_listed_since,
    entities_left,
    entities_to_publish,
    without_shared_entities,
)
from gongkai.server.store import WritableStore
from gongkai.shapes import load_shapes


def publish_reference_data(store: WritableStore) -> None:
    """Put vocabulary, code lists, forms, bodies, rules and divisions into the store.

    What it has already, by the digests of these graphs, is left as it is.
    """
    addresses = Addresses(store.base)
    link, changed = addresses.terms.graphDigest, dict[str, bytes]()
    for name, triples in _reference_data(store.base):
        digest = _digest(triples)
        mark = f'<{name}> <{link}> "{digest}"^^<{XSD.hexBinary}>' if digest else ""
        if not mark or not store.holds(name, mark):
            changed[name] = triples + (f"{mark} .\n".encode() if mark else b"")
    listed = changed.pop(str(addresses.areas), None)
    if changed:
        store.replace(changed)
    if listed is not None:
        # Apart: remote stores take longer for one large update than for two.
        store.replace({str(addresses.areas): listed, **areas_listed_since(store)})


def _digest(triples: bytes) -> str:
    """The SHA-256 of a graph; none of several blank nodes, which each process names anew."""
    blank = set(re.findall(rb"_:\w+", triples))
    if len(blank) > 1:
        return ""
    named = triples.replace(blank.pop(), b"_:one") if blank else triples
    lines = sorted(named.splitlines(keepends=True))
    return hashlib.sha256(b"".join(lines)).hexdigest().upper()


@lru_cache(maxsize=2)
def _reference_data(base: str) -> tuple[tuple[str, bytes], ...]:
    """What every store has, by the names of the graphs (N-Triples, sorted)."""
    addresses = Addresses(base)
    return (
        (str(addresses.vocabulary), n_triples(load_ontology(base))),
        (str(addresses.shapes), n_triples(load_shapes(base))),
        (str(addresses.areas), area_list(base)),
    )


def publish_report(store: WritableStore, outcome: Outcome) -> None:
    """Put a report, what the rules say of it, and what is derived of it into a store.

    They take the place of what the store held of it, which stays in the report's history. What was
    published of the same report before its body was registered, under another key, is withdrawn.
    """
    assert outcome.report is not None and outcome.publishable, "only whole reports are published"
    addresses = Addresses(store.base)
    body, year, now = outcome.report.body, outcome.report.year, conversion_time()
    graphs: dict[str, bytes] = {}
    moved: list[str] = []
    for former in body.former_keys:
        if store.graph(str(addresses.report(former, year))):
            name = str(addresses.report(body.key, year))
            reason = f"published as {name}, under the key of the registered body"
            graphs |= graphs_to_withdraw(store, former, year, reason, now, replaced_by=name)
            graphs |= entities_left(store, former, year)
            moved.append(str(addresses.body(former)))
    graphs |= links_moved(store, moved, str(addresses.body(body.key)))
    own, things = without_shared_entities(store.base, outcome.graph)
    if body.origin is Origin.PACKAGED:
        # What was said of it before the packaged register knew it.
        things.setdefault(str(addresses.body(body.key)), b"")
    graphs |= graphs_to_publish(store, body.key, year, outcome.graph, outcome.validation, now)
    name = str(addresses.report(body.key, year))
    if name in graphs:
        graphs[name] = own
    graphs |= comparison_to_publish(store, body.key, year, outcome.graph)
    store.replace(graphs | entities_to_publish(store, things, year, graphs))


def stored_reports(store: WritableStore) -> Iterator[tuple[str, int]]:
    """Body and year of every report in a store, in this order."""
    addresses = Addresses(store.base)
    for name in store.graph_names():
        key = addresses.report_key(name)
        if key is not None:
            yield key
