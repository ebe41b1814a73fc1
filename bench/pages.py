"""Measure the pages on a store of some hundred reports, and search beside a scan by SPARQL.

Run: .venv/bin/python bench/pages.py [REPORTS]
Prints how long the index takes, what a search takes (peer: CONTAINS over all texts, in the same
run), and what each page takes when it is made anew.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from gongkai.ontology.bodies import bodies
from gongkai.pipeline import process
from gongkai.publishing.publication import publish
from gongkai.publishing.reference_data import publish_reference_data
from gongkai.server.app import create_app
from gongkai.server.derived.roots import roots_of
from gongkai.server.search.index import SearchIndex
from gongkai.server.settings import CacheSettings, Settings
from gongkai.server.store.embedded import EmbeddedReader
from gongkai.server.store.embedded_writer import writing

BASE = "http://localhost:8000/"
SAMPLE = Path(__file__).parent.parent / "samples" / "mohrss-2019.txt"
PAGES = (
    "/",
    "/search?q=复议",
    "/compare",
    "/quality",
    "/sparql",
    "/doc/body/mohrss",
    "/doc/report/mohrss/2019",
    "/doc/observation/requests/mohrss/2019/total/received",
    "/catalog",
)
SCAN = (
    f'SELECT ?s WHERE {{ ?s <{BASE}def#text> ?t FILTER (CONTAINS(?t, "复议")) }} '
    "ORDER BY ?s LIMIT 20"
)


def median(work: Callable[[], object], runs: int = 7) -> float:
    """The median time of ``work`` in seconds."""
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def variants(folder: Path, count: int) -> list[Path]:
    """The sample as if other bodies had published it, on other years."""
    text = SAMPLE.read_text(encoding="utf-8")
    names = dict.fromkeys(["人力资源社会保障部", *(body.name for body in bodies().values())])
    years = range(2019, 2026)
    paths = []
    for name in names:
        for year in years:
            path = folder / f"{len(paths):05}.txt"
            changed = text.replace("2019年", f"{year}年").replace("人力资源社会保障部", name)
            path.write_text(changed, encoding="utf-8")
            paths.append(path)
    return paths[:count]


def main(count: int) -> None:
    """Make the store, measure, print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with writing(folder / "store", BASE) as writer:
            publish_reference_data(writer)
            published = 0
            for path in variants(folder, count):
                for outcome in process(path, BASE):
                    if outcome.publishable:
                        publish(writer, outcome)
                        published += 1
        reader = EmbeddedReader(folder / "store")
        try:
            index = SearchIndex(reader, roots_of(reader))
            began = time.perf_counter()
            index.renew(600)
            built = time.perf_counter() - began
            found = median(lambda: index.find("复议", "passage", 20))
            scanned = median(lambda: reader.query(SCAN))
            print(f"reports: {published}")
            print(f"index made in {built:.2f} s, {built / published * 1000:.1f} ms a report")
            by = f"by CONTAINS {scanned * 1000:.1f} ms: 1 : {scanned / found:.0f}"
            print(f"search {found * 1000:.2f} ms, {by}")
            settings = Settings(cache=CacheSettings(memory=0))
            client = create_app(reader, settings).test_client()
            for page in PAGES:
                answer = client.get(page, headers={"Accept": "text/html"})
                assert answer.status_code == 200, page
                took = median(lambda page=page: client.get(page, headers={"Accept": "text/html"}))
                print(f"{page}: {took * 1000:.0f} ms, {len(answer.data) / 1000:.0f} kB")
        finally:
            reader.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
