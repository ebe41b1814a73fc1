"""Test whether a remote store has the required features, before anything is published to it."""

from collections.abc import Iterator

import pyoxigraph

from gongkai.ontology.labels import Label
from gongkai.ontology.texts import LANGUAGES, translations
from gongkai.ontology.texts.errors import TranslatedError, label_of
from gongkai.server.store import QueryCrashed, QueryRefused, QueryTimedOut, StoreError
from gongkai.server.store.answers import RESULTS, TRIPLES, read_results, read_triples
from gongkai.server.store.endpoint import Endpoint

UNIONS: tuple[dict[str, str], ...] = (
    {},
    {"union-default-graph": ""},
    {"default-graph-uri": "urn:x-arq:UnionGraph"},
)
"""Parameters by which stores use the union of all graphs: none, Oxigraph's, Jena's."""

_XSD = "http://www.w3.org/2001/XMLSchema#"
_FORMS = (
    '"中文𠀀"@zh',
    '"a\\r\\nb"',
    f'"12"^^<{_XSD}integer>',
    f'"0.5"^^<{_XSD}decimal>',
    f'"2019"^^<{_XSD}gYear>',
    f'"2019-01-02"^^<{_XSD}date>',
    f'"2019-01-02T03:04:05Z"^^<{_XSD}dateTime>',
    f'"true"^^<{_XSD}boolean>',
)
"""Literals as reports have them: digests of versions are valid only if they stay unchanged."""

_VALUE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#value"
_SECONDS, _MOST = 30.0, 1_000_000
_NO_ANSWER = (QueryRefused, QueryCrashed, QueryTimedOut, SyntaxError, ValueError)


class _NoUnion(TranslatedError):
    """The default graph of a store is not the union of all graphs."""


def refuse_if_unfit(endpoint: Endpoint, where: str, graph: str) -> None:
    """Write to a store in which nothing is published yet, read it back, and delete it.

    ``graph`` is the name of an unused graph. Raises StoreError with all features that the store
    lacks.
    """
    literals = "\n".join(f"<{graph}> <{_VALUE}> {form} ." for form in _FORMS)
    endpoint.update(
        f"DROP SILENT GRAPH <{graph}> ;\n"
        f"INSERT DATA {{ GRAPH <{graph}> {{\n{literals}\n}} }} ;\n"
        f"INSERT {{ GRAPH <{graph}> {{ <{graph}> <{_VALUE}> _:a . _:a <{_VALUE}> <{graph}> }} }} "
        "WHERE { }"
    )
    try:
        troubles = [*_what_changes(endpoint, graph)]
        try:
            _union(endpoint, graph, f'<{graph}> <{_VALUE}> "中文𠀀"@zh')
        except _NoUnion as error:
            troubles.append(error.label)
    finally:
        endpoint.update(f"DROP SILENT GRAPH <{graph}>")
    if troubles:
        between = translations("store.unfit_and")
        reasons = {
            language: between[language].join(trouble[language] for trouble in troubles)
            for language in LANGUAGES
        }
        raise StoreError(translations("store.unfit", where=where, reasons=reasons))


def _what_changes(endpoint: Endpoint, graph: str) -> Iterator[Label]:
    """The literals that the store changed when they were written to it."""
    text = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
    try:
        found = list(read_triples(endpoint.ask(text, TRIPLES, [], _SECONDS, _MOST)))
    except _NO_ANSWER as error:
        yield translations("store.lacks.construct", reason=label_of(error))
        return
    kept = {str(triple.object) for triple in found}
    lost = [form for form in _FORMS if str(_literal(form)) not in kept]
    if lost:
        yield translations("store.lacks.literals", literal=lost[0])
    name = pyoxigraph.NamedNode(graph)
    blank = {t.object for t in found if isinstance(t.object, pyoxigraph.BlankNode)}
    if not any(t.subject in blank and t.object == name for t in found):
        yield translations("store.lacks.blank_nodes")


def _literal(form: str) -> pyoxigraph.Literal:
    (triple,) = pyoxigraph.parse(f"<a:a> <a:b> {form} .", format=pyoxigraph.RdfFormat.N_TRIPLES)
    assert isinstance(triple.object, pyoxigraph.Literal)
    return triple.object


def union_of(endpoint: Endpoint, where: str, graph: str, pattern: str) -> dict[str, str]:
    """The parameters that make the store use the union of all graphs as the default graph.

    ``pattern`` (one triple) is known to be in ``graph``. Raises StoreError if there are no
    parameters with which GRAPH finds it, too.
    """
    try:
        return _union(endpoint, graph, pattern)
    except _NoUnion as error:
        raise StoreError(
            translations("store.remote.failed", where=where, reason=error.label)
        ) from None


def _union(endpoint: Endpoint, graph: str, pattern: str) -> dict[str, str]:
    """The parameters of ``union_of``; raises _NoUnion if there are none."""
    union = f"SELECT ?graph WHERE {{ {pattern} . BIND (1 AS ?graph) }}"
    both = f"SELECT ?graph WHERE {{ {pattern} . GRAPH ?graph {{ {pattern} }} }}"
    half = False
    for parameters in UNIONS:
        if graph in _first_column(endpoint, both, parameters):
            return parameters
        if _first_column(endpoint, union, parameters):
            half = True
    raise _NoUnion(translations("store.lacks.union_with_graph" if half else "store.lacks.union"))


def _first_column(endpoint: Endpoint, text: str, parameters: dict[str, str]) -> set[str]:
    """The values of the first variable; none if the store refuses the parameters."""
    try:
        body = endpoint.ask(text, RESULTS, list(parameters.items()), _SECONDS, _MOST)
        return {row[0].value for row in read_results(body) if row[0] is not None}
    except _NO_ANSWER:
        return set()
