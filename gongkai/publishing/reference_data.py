"""The reference data of every store: vocabulary, code lists, forms, bodies, rules, divisions."""

import hashlib
import re
from functools import lru_cache

from rdflib import XSD

from gongkai.ontology import load_ontology
from gongkai.ontology.addresses import Addresses
from gongkai.ontology.area_graph import area_list
from gongkai.pipeline import n_triples
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
        digest = _digest(triples)
        mark = f'<{name}> <{link}> "{digest}"^^<{XSD.hexBinary}>' if digest else ""
        if not mark or not store.holds(name, mark):
            changed[name] = triples + (f"{mark} .\n".encode() if mark else b"")
    listed = changed.pop(str(addresses.areas), None)
    if changed:
        store.replace(changed)
    if listed is not None:
        # Two updates: remote stores take longer for one large update than for two.
        store.replace({str(addresses.areas): listed, **areas_listed_since(store)})


def _digest(triples: bytes) -> str:
    """The SHA-256 of a graph; none if it has several blank nodes, which each process names anew."""
    blank = set(re.findall(rb"_:\w+", triples))
    if len(blank) > 1:
        return ""
    named = triples.replace(blank.pop(), b"_:one") if blank else triples
    lines = sorted(named.splitlines(keepends=True))
    return hashlib.sha256(b"".join(lines)).hexdigest().upper()


@lru_cache(maxsize=2)
def _reference_data(base: str) -> tuple[tuple[str, bytes], ...]:
    """The reference data by graph name (N-Triples, sorted)."""
    addresses = Addresses(base)
    return (
        (str(addresses.vocabulary), n_triples(load_ontology(base))),
        (str(addresses.shapes), n_triples(load_shapes(base))),
        (str(addresses.areas), area_list(base)),
    )
