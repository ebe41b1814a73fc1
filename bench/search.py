"""Measure the index of texts on texts alone, at a size that publishing would take hours for.

Run: .venv/bin/python bench/search.py REPORTS...
Each report has the sentences of the sample in another order, in seven sections, and its own names
and numbers. Prints what making the index costs, what it weighs beside the texts, and what searches
cost (peer: CONTAINS over all texts, in the same run). Processor time; the least of five.
"""

import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph

from gongkai.server.derived.folders import place_of
from gongkai.server.derived.making import make
from gongkai.server.derived.snapshots import SnapshotStore
from gongkai.server.search.index import opened_texts, query_of
from gongkai.server.search.making import TEXTS

BASE = "http://localhost:8000/"
SAMPLE = Path(__file__).parent.parent / "samples" / "mohrss-2019.txt"
DC = "http://purl.org/dc/terms/"
SKOS = "http://www.w3.org/2004/02/skos/core#"
A = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
WORDS = ("信", "政府", "信息公开", "政府信息公开工作", "行政复议", "银杏", "2019")


def triples(reports: int) -> Iterator[pyoxigraph.Quad]:
    """The reports' titles, bodies, years and texts, one graph each."""
    chosen = random.Random(0)
    text = SAMPLE.read_text(encoding="utf-8")
    sentences = [part for part in re.split("[。\n]", text) if len(part) > 12]
    nodes, literal = pyoxigraph.NamedNode, pyoxigraph.Literal
    for number in range(reports):
        body = nodes(f"{BASE}id/body/b{number // 2}")
        year = 2019 + number % 2
        report = nodes(f"{BASE}id/report/b{number // 2}/{year}")
        period = nodes(f"{BASE}id/year/{year}")
        said: list[tuple[pyoxigraph.NamedNode, str, pyoxigraph.NamedNode | pyoxigraph.Literal]] = [
            (report, A, nodes(f"{BASE}def#Report")),
            (report, f"{DC}title", literal(f"机关{number // 2}{year}年年度报告")),
            (report, f"{DC}publisher", body),
            (report, f"{DC}temporal", period),
        ]
        for section in range(7):
            place = nodes(f"{report.value}#s{section}")
            words = "。".join([*chosen.choices(sentences, k=9), f"第{chosen.randrange(10**6)}号"])
            said += [
                (place, A, nodes(f"{BASE}def#Section")),
                (place, f"{DC}isPartOf", report),
                (place, f"{BASE}def#text", literal(words)),
            ]
        for subject, link, value in said:
            yield pyoxigraph.Quad(subject, nodes(link), value, report)
        # Said once for all reports, as in a store.
        called = literal(f"机关{number // 2}", language="zh")
        yield pyoxigraph.Quad(body, nodes(f"{SKOS}prefLabel"), called, body)
        yield pyoxigraph.Quad(period, nodes(f"{SKOS}notation"), literal(str(year)), period)


def least(work: Callable[[], object]) -> float:
    """The least processor time of five runs, in milliseconds."""
    times = []
    for _ in range(5):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return min(times) * 1000


def main(reports: int) -> None:
    """Make the texts and the index, search, print."""
    with tempfile.TemporaryDirectory() as name:
        store = pyoxigraph.Store(f"{name}/data")
        store.bulk_extend(triples(reports))
        store.flush()
        del store
        source = SnapshotStore(Path(name) / "data", BASE)
        place = place_of(Path(name), "version", TEXTS)
        began = time.process_time()
        make(TEXTS, place, source, source.version)
        made = (time.process_time() - began) / reports * 1000
        size = sum(path.stat().st_size for path in place.iterdir()) / reports / 1000
        print(f"{reports} reports: {made:.2f} ms and {size:.1f} kB a report")
        opening = least(lambda: opened_texts(place))
        searcher = opened_texts(place)
        print(f"  opened in {opening:.1f} ms")
        for word in WORDS:
            query = query_of(word, "passage")
            assert query is not None
            took = least(lambda query=query: searcher.search(query, 20))
            hits = searcher.search(query, 20)
            print(f"  {word}: {took:.2f} ms, {getattr(hits, 'count', 0)} passages")
        scan = f'SELECT ?s {{ ?s <{BASE}def#text> ?t FILTER (CONTAINS(?t, "政府信息公开工作")) }}'
        print(f"  by CONTAINS: {least(lambda: source.query(scan)):.0f} ms", flush=True)


if __name__ == "__main__":
    for count in sys.argv[1:] or ["1000"]:
        main(int(count))
