"""What the rules cost in bulk: the set-wise engine on many reports, against pyshacl.

    .venv/bin/python bench/rules.py [REPORTS]

The reports are the sample under other bodies and years, every other one with numbers changed at
random. The set-wise engine is timed from N-Triples to findings and validation report, on one core;
pyshacl from a graph that is already loaded to its own report, on a few of the same reports.
"""

import gc
import random
import re
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyshacl
from rdflib import RDF, Graph
from rdflib.namespace import FOAF

from gongkai.converters.cn.reader import recognise
from gongkai.converters.documents import read_document
from gongkai.converters.rdf.cube import describe
from gongkai.ontology import load_ontology
from gongkai.ontology.triples.graph import n_triples
from gongkai.shapes import load_shapes
from gongkai.shapes.checker import RuleEngine, check
from gongkai.shapes.comparable import comparable_part

SAMPLE = Path(__file__).parent.parent / "samples" / "mohrss-2019.txt"
BASE = "http://localhost:8000/"
ON_RDFLIB, ON_OXIGRAPH = 6, 30
_NUMBER = re.compile(rb'(obsValue> )"\d+"')


def reports(count: int) -> Iterator[bytes]:
    """N-Triples of different reports, every other one with ten numbers changed."""
    sample = n_triples(describe(recognise(read_document(SAMPLE)), BASE))
    lines = sample.splitlines(keepends=True)
    places = [number for number, line in enumerate(lines) if _NUMBER.search(line)]
    for number in range(count):
        chance = random.Random(number)
        changed = list(lines)
        for place in chance.sample(places, 10) if number % 2 else ():
            value = b'\\1"%d"' % chance.randint(0, 50)
            changed[place] = _NUMBER.sub(value, changed[place])
        body = b"<%sid/body/mohrss> <%s> " % (BASE.encode(), RDF.type.encode())
        for kind in (f"{BASE}def#PublicBody", FOAF.Agent):
            changed.append(body + b"<%s> .\n" % kind.encode())
        yield b"".join(changed).replace(b"/mohrss", b"/mohrss-%d" % number)


def main() -> None:
    """Print the measurements."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    check(next(reports(1)), BASE)
    # As in the workers: what is loaded stays for good, and the collector need not look at it.
    gc.collect()
    gc.freeze()
    setwise, findings = [], 0
    memory = {}
    for number, report in enumerate(reports(count), start=1):
        begun = time.process_time()
        verdict = check(report, BASE)
        setwise.append(time.process_time() - begun)
        findings += len(verdict.findings)
        if number in (count // 10, count):
            memory[number] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    each = sum(setwise) / count
    print(f"{count} reports, {findings} findings")
    print(f"set-wise: {each * 1000:.2f} ms a report (median {_milliseconds(setwise)} ms)")
    compared = [_against_last_year(report) for report in reports(count // 10)]
    print(f"  compared with the year before: {_milliseconds(compared)} ms (median)")
    for number, mebibytes in memory.items():
        print(f"  memory at most after {number} reports: {mebibytes:.0f} MiB")
    sound, others = _milliseconds(setwise[::2]), _milliseconds(setwise[1::2])
    print(f"  sound reports: {sound} ms, others: {others} ms")
    oxigraph = _timed(
        lambda report: lambda: check(report, BASE, engine=RuleEngine.PYSHACL), ON_OXIGRAPH
    )
    print(f"pyshacl on an Oxigraph store: {oxigraph * 1000:.0f} ms, {oxigraph / each:.0f} times")
    rdflib = _timed(_on_rdflib, ON_RDFLIB)
    print(f"pyshacl on an rdflib graph: {rdflib * 1000:.0f} ms, {rdflib / each:.0f} times")


def _against_last_year(report: bytes) -> float:
    """The time in seconds to check a report against last year's, as much of it as rules need."""
    last_year = comparable_part(report.replace(b"2019", b"2018"), BASE)
    begun = time.process_time()
    check(report, BASE, last_year)
    return time.process_time() - begun


def _on_rdflib(report: bytes) -> Callable[[], object]:
    """Pyshacl on a graph that holds the report and all that the rules read, loaded beforehand."""
    graph = Graph()
    graph += load_ontology(BASE).as_rdflib()
    graph += load_shapes(BASE).as_rdflib()
    graph.parse(data=report, format="nt")
    shapes = load_shapes(BASE).as_rdflib()
    return lambda: pyshacl.validate(graph, shacl_graph=shapes, inference="none")


def _timed(prepared: Callable[[bytes], Callable[[], object]], count: int) -> float:
    """The mean time in seconds for one of ``count`` reports, half of them with findings."""
    times = []
    for report in reports(count):
        call = prepared(report)
        begun = time.process_time()
        call()
        times.append(time.process_time() - begun)
    return statistics.fmean(times)


def _milliseconds(times: list[float]) -> str:
    return f"{statistics.median(times) * 1000:.2f}"


if __name__ == "__main__":
    main()
