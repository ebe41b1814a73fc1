"""Stores of hundreds of reports: the triples of one report with other keys."""

import re
from pathlib import Path

import pyoxigraph

from gongkai.ontology import load_ontology
from gongkai.ontology.triples.lines import in_graph
from gongkai.pipeline import Outcome, process
from gongkai.publishing.content import content_of
from helpers.commands import BASE, SAMPLE
from helpers.served import sample_of


def store_of_many(folder: Path, reports: int) -> pyoxigraph.Store:
    """A store of Chinese reports, each of its own body, and a tenth as many American ones."""
    (chinese,) = process(sample_of(folder, "洪泽区司法局", 2019), BASE)
    (american,) = process(SAMPLE.parent / "us-flra-2024.xml", BASE)
    store = pyoxigraph.Store(str(folder / "many"))
    vocabulary = in_graph(load_ontology(BASE).n_triples(), f"{BASE}def")
    store.bulk_load(vocabulary, format=pyoxigraph.RdfFormat.N_QUADS)
    for outcome, number in ((chinese, reports), (american, reports // 10)):
        template, key = _quads(outcome)
        made = (re.sub(key, b"%b-%04d" % (key, one), template) for one in range(number))
        store.bulk_load(b"".join(made), format=pyoxigraph.RdfFormat.N_QUADS)
    store.optimize()
    return store


def _quads(outcome: Outcome) -> tuple[bytes, bytes]:
    """The graphs of a report as N-Quads, and the key of its body in them."""
    assert outcome.report is not None
    key, content = outcome.report.key, content_of(outcome, BASE)
    graphs = {
        f"{BASE}id/report/{key}": content.own,
        f"{BASE}id/validation/{key}": outcome.validation,
        f"{BASE}id/slice/comparison/{key}": content.comparison,
        **content.entities,
    }
    quads = b"".join(in_graph(triples, name) for name, triples in graphs.items())
    return quads, outcome.report.body.key.encode()
