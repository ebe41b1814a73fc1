"""Worked examples and queries over the whole store look at what they count, and not many times."""

import re
import time
from collections.abc import Callable, Iterator
from functools import partial

import pyoxigraph
import pytest

from gongkai.server.pages.examples import examples
from gongkai.server.queries.texts import fill, query_names, query_text
from helpers.commands import BASE
from helpers.many_reports import store_of_many

REPORTS = 300
CELLS = """SELECT (SUM(?value) AS ?sum)
WHERE { ?observation <http://purl.org/linked-data/sdmx/2009/measure#obsValue> ?value }"""
TRIPLES = "SELECT (COUNT(*) AS ?count) WHERE { GRAPH ?graph { ?subject ?link ?value } }"
"""What queries are measured by: each looks at all of its kind once."""
TIMES = 15
"""What a query may take, in times of looking at all cells once. Those that are written well take 9
at most; two numbers of a report, the one looked for beside the other, took 27 to 70."""
PARAMETERS = re.compile(r"[?$](this|these|all|codes)\b")
"""What code fills in: queries with one of them are about some reports."""


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[pyoxigraph.Store]:
    yield store_of_many(tmp_path_factory.mktemp("many"), REPORTS)


def ask(store: pyoxigraph.Store, text: str) -> None:
    found = store.query(text, use_default_graph_as_union=True)
    if not isinstance(found, pyoxigraph.QueryBoolean):
        list(found)


def taken(run: Callable[[], object]) -> float:
    """The processor time of a run, of three the least."""
    times = []
    for _ in range(3):
        begin = time.process_time()
        run()
        times.append(time.process_time() - begin)
    return min(times)


def test_no_query_over_all_reports_looks_at_their_cells_many_times(
    many: pyoxigraph.Store,
) -> None:
    over_all = {name for name in query_names() if not PARAMETERS.search(query_text(name))}
    assert {"totals", "void-counts", "void-triples"} <= over_all
    texts = {name: fill(name, BASE, BASE) for name in over_all - {"void-triples"}}
    texts |= {example.key: example.text for example in examples(BASE, "zh")}
    cells = taken(lambda: ask(many, CELLS))
    took = {name: taken(partial(ask, many, text)) / cells for name, text in texts.items()}
    assert {name: round(times, 1) for name, times in took.items() if times > TIMES} == {}


def test_counting_triples_looks_at_the_name_of_each_graph_once(many: pyoxigraph.Store) -> None:
    # The name of each graph, looked at for each of its triples, took 8 times as long.
    counted = taken(partial(ask, many, fill("void-triples", BASE, BASE)))
    assert counted < 3 * taken(lambda: ask(many, TRIPLES))
