"""The reference data of every store: vocabulary, code lists, forms, bodies, rules, divisions."""

from functools import lru_cache

from rdflib import XSD

from gongkai.ontology import load_ontology
from gongkai.ontology.addresses import Addresses
from gongkai.ontology.area_graph import area_list
from gongkai.ontology.triples.lines import canonical_digest, line_of
from gongkai.ontology.triples.terms import literal
from gongkai.publishing.shared_entities import (
    areas_listed_since,
)
from gongkai.server.store import WritableStore
from gongkai.shapes import load_shapes


def publish_reference_data(store: WritableStore) -> None:
    """Write vocabulary, code lists, forms, bodies, rules and divisions to the store.

    Graphs that the store already has, by their digests, are left as they are.
    """
    addresses = Addresses(store.base)
    link, changed = addresses.terms.graphDigest, dict[str, bytes]()
    for name, triples in _reference_data(store.base):
        digest = canonical_digest(triples)
        # Upper case is the canonical form: XML Schema 1.1, part 2 (2012), section 3.3.15.
        mark = (f"<{name}>", f"<{link}>", literal(digest.upper(), datatype=XSD.hexBinary))
        if not digest or not store.holds(name, " ".join(mark)):
            changed[name] = triples + (line_of(*mark) if digest else b"")
    listed = changed.pop(str(addresses.areas), None)
    if changed:
        store.replace(changed)
    if listed is not None:
        # Two updates: remote stores take longer for one large update than for two.
        store.replace({str(addresses.areas): listed, **areas_listed_since(store)})


@lru_cache(maxsize=2)
def _reference_data(base: str) -> tuple[tuple[str, bytes], ...]:
    """The reference data by graph name (N-Triples, sorted)."""
    addresses = Addresses(base)
    return (
        (str(addresses.vocabulary), load_ontology(base).n_triples()),
        (str(addresses.shapes), load_shapes(base).n_triples()),
        (str(addresses.areas), area_list(base)),
    )
