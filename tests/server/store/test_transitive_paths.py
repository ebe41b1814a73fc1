"""Property paths of any length are found in a query, and arithmetic is not taken for them."""

import pytest

from gongkai.server.store.transitive_paths import has_transitive_path


@pytest.mark.parametrize(
    "pattern",
    [
        "?s :p+ ?o",
        "?s :p* ?o",
        "?s :p + ?o",
        "?s a* ?o",
        "?s skos:broader+ :top",
        "?s <http://a/b>+ ?o",
        "?s (:p/:q)+ ?o",
        "?s (:p|^:q)* ?o",
        "?s ((:p/:q)|<http://a#b>)* ?o",
        "?s :p/:q* ?o",
        "?s ^(:p+) ?o",
        "?s !(a|:p)* ?o",
        "FILTER EXISTS { ?s :p+ ?o }",
        "?s # :p\n :p+ ?o",
        "?s (:p?/:q)+ ?o",
    ],
)
def test_paths(pattern: str) -> None:
    assert has_transitive_path(f"PREFIX : <http://a/> SELECT * WHERE {{ {pattern} }}")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * WHERE { ?s ?p ?o }",
        "SELECT DISTINCT * WHERE { ?s :p/:q ?o }",
        "SELECT (COUNT(*) AS ?n) WHERE { ?s :p ?o }",
        "SELECT (SUM(?a) * 100.0 / SUM(?b) AS ?share) WHERE { ?s :p ?a ; :q ?b }",
        "SELECT (?a * ?b + 1 AS ?c) WHERE { ?s :p ?a ; :q ?b }",
        "SELECT ((?a + ?b) * (?a - 1) AS ?c) WHERE { ?s :p ?a ; :q ?b }",
        "SELECT ?s WHERE { ?s :p ':q+' }  # :p+",
        "SELECT ?s WHERE { ?s (:p|:q)? ?o }",
        "SELECT ?s WHERE { ?s <http://a/b+c> ?o }",
    ],
)
def test_no_paths(query: str) -> None:
    assert not has_transitive_path(f"PREFIX : <http://a/> {query}")
