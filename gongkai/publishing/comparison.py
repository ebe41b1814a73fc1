"""The comparison cube of a report: derived from it by queries, and marked as derived.

The counts of each country are mapped to a few common stages (``ontology/mappings/common.ttl``),
report by report. Each result is a graph of its own, named as the slice that it is, so that numbers
read and numbers derived are never in the same graph (docs/decisions/23-mappings-and-comparison.md).
W3C, PROV-O (2013); The RDF Data Cube Vocabulary (2014).
"""

from functools import lru_cache

import pyoxigraph
from rdflib import Literal, Namespace, URIRef
from rdflib.namespace import QB, SKOS

from gongkai.ontology import load_ontology
from gongkai.ontology.addresses import Addresses
from gongkai.ontology.comparison import comparison_queries
from gongkai.ontology.triples.graph import Graph
from gongkai.ontology.triples.lines import (
    lines_of,
    object_of,
    serialized,
    sorted_lines,
    subject_of,
)
from gongkai.publishing.shared_entities import stored_report
from gongkai.server.store import WritableStore
from gongkai.version import __version__

_SOFTWARE = URIRef("urn:whole:software")
_SCHEMA = Namespace("http://schema.org/")
_N_TRIPLES = pyoxigraph.RdfFormat.N_TRIPLES


def comparison_of(report: bytes, base: str) -> bytes:
    """The numbers of the comparison cube that follow from a report; sorted N-Triples.

    ``report`` is the graph of one report (N-Triples). Empty if it has no table that is compared, or
    if every number lacks a part. The same report, base and version of gongkai give the same
    triples.
    """
    store = pyoxigraph.Store()
    store.load(_reference_data(base), format=_N_TRIPLES)
    store.load(_looked_at(report, base), format=_N_TRIPLES)
    made: set[bytes] = set()
    for text in comparison_queries().values():
        answer = store.query(f"BASE <{base}>\n{text}")
        assert isinstance(answer, pyoxigraph.QueryTriples), "each query is a CONSTRUCT"
        found = serialized(answer)
        store.load(found, format=_N_TRIPLES)
        made |= {line for line in lines_of(found) if b"<urn:" not in line}
    return sorted_lines(made)


def derive_stored(store: WritableStore, body: str, year: int) -> None:
    """Derive the numbers of a stored report again, and replace those in the store."""
    name = str(Addresses(store.base).comparison(body, year))
    store.replace({name: comparison_of(stored_report(store, body, year), store.base)})


def _looked_at(report: bytes, base: str) -> bytes:
    """A report without the numbers that the queries pass over: most of a large one.

    Those are the numbers of cubes that are not compared, and of one kind of applicants alone.
    """
    observation, applicant = f"<{base}id/observation/", f"<{Addresses(base).terms.applicant}>"
    cubes = load_ontology(base).subjects(Addresses(base).terms.comparedBy)
    kept = tuple(f"{observation}{str(cube).rpartition('/')[2]}/".encode() for cube in cubes)
    every, one = f"<{base}id/code/applicant/total>".encode(), f" {applicant} ".encode()
    lines = [
        line
        for line in report.splitlines(keepends=True)
        if line.startswith(kept) or not line.startswith(observation.encode())
    ]
    parts = {subject_of(line) for line in lines if one in line and object_of(line) != every}
    return b"".join(line for line in lines if subject_of(line) not in parts)


@lru_cache(maxsize=4)
def _reference_data(base: str) -> bytes:
    """The reference data of the queries (N-Triples): the code lists compared, their mappings.

    It includes the version of the software.
    """
    ontology, define = load_ontology(base), Addresses(base).terms
    common = f"{base}id/code/common-stage"
    schemes = {
        *(ontology.value(by, QB.codeList) for by in ontology.objects(None, define.comparedBy)),
        URIRef(common),
    }
    graph = Graph()
    for code in (code for scheme in schemes for code in ontology.subjects(SKOS.inScheme, scheme)):
        for link in (SKOS.inScheme, SKOS.broader, SKOS.notation, define.printedWith):
            graph += ontology.triples((code, link, None))
        for link in (SKOS.closeMatch, SKOS.broadMatch):
            for same in ontology.objects(code, link):
                if str(same).startswith(common + "/"):
                    graph.add((code, link, same))
    for link in (QB.codeList, define.comparedBy, define.countingBasis):
        graph += ontology.triples((None, link, None))
    graph.add((_SOFTWARE, _SCHEMA.softwareVersion, Literal(__version__)))
    return graph.n_triples()
