"""Extract the reports from graphs that are already RDF, each as a graph of its own."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rdflib.namespace import QB

from gongkai.checking.rdf_files import NamedGraph, bases_in
from gongkai.converters.errors import UnreadableSource
from gongkai.ontology.addresses import Addresses, BadBase
from gongkai.ontology.texts import listed, translations
from gongkai.ontology.triples.facts import Facts, read_facts
from gongkai.ontology.triples.lines import sorted_n_triples
from gongkai.ontology.triples.terms import TYPE, text_of

_SLICE = QB.slice.n3()
_OF_TABLES = (QB.Slice.n3(), QB.Observation.n3())
_REPORT = "def#Report>"
_MOST_NAMED = 3


@dataclass(frozen=True)
class RdfReport:
    """A report as N-Triples, with the base address of its URI.

    ``uri`` is empty if there are tables without a report; ``tables_of`` then is the body and year
    of all the tables, if they share one.
    """

    base: str
    uri: str
    triples: bytes
    tables_of: tuple[str, int] | None = None


def reports_of_graphs(graphs: Iterable[NamedGraph], given: str | None = None) -> list[RdfReport]:
    """The reports of all graphs, in order, and tables that belong to no report.

    Graphs that have neither, such as validations, are skipped. ``given`` is the base address that
    all reports must be under; None: each may have its own. Raises UnreadableSource if there is no
    report, or if the URI of one does not have the form of a report's URI.
    """
    found = [report for graph in graphs for report in _reports_of(graph)]
    if not found:
        raise UnreadableSource(translations("checking.no_report"))
    others = dict.fromkeys(report.base for report in found if given not in (None, report.base))
    if others:
        named = listed(list(others)[:_MOST_NAMED])
        raise UnreadableSource(translations("checking.other_base", found=named, given=given))
    return found


def _reports_of(graph: NamedGraph) -> Iterator[RdfReport]:
    facts = read_facts(graph.triples)
    bases = {
        node: _base_of(node, kind)
        for kind, nodes in facts.to(TYPE).items()
        if kind.endswith(_REPORT)
        for node in nodes
    }
    if len(bases) == 1:
        ((node, base),) = bases.items()
        yield RdfReport(base, text_of(node), graph.triples)
        return
    if bases:
        for node, triples in _parts(facts, sorted(bases)).items():
            yield RdfReport(bases[node], text_of(node), triples)
    elif any(facts.to(TYPE).get(kind) for kind in _OF_TABLES):
        found = list(bases_in(graph.triples))
        if len(found) > 1:
            raise UnreadableSource(translations("checking.several_bases", found=listed(found)))
        yield from (
            RdfReport(base, "", graph.triples, tables_of=_of_one(facts, Addresses(base)))
            for base in found
        )


def _of_one(facts: Facts, addresses: Addresses) -> tuple[str, int] | None:
    """The body and year in the names of all tables; None if there are several, or none."""
    tables = facts.to(TYPE).get(QB.Slice.n3(), ())
    keys = {addresses.table_key(text_of(table)) for table in tables}
    return keys.pop() if len(keys) == 1 else None


def _base_of(report: str, kind: str) -> str:
    """The base address that a report and its class share; raises UnreadableSource."""
    base = kind[1:].removesuffix(_REPORT)
    try:
        key = Addresses(base).report_key(text_of(report))
    except BadBase as error:
        raise UnreadableSource(
            translations("checking.class_of", why=error, report=report)
        ) from None
    if key is None or not report.startswith(f"<{base}"):
        raise UnreadableSource(translations("checking.no_name", report=report, base=base))
    return base


def _parts(facts: Facts, reports: list[str]) -> Mapping[str, bytes]:
    """Split a graph with several reports: what each report links to, and what links to its tables.

    Subjects that no report links to are assigned to the first one: nothing goes unchecked.
    """
    links: dict[str, list[tuple[str, str]]] = {}
    for link in facts.properties():
        for subject, values in facts.of(link).items():
            links.setdefault(subject, []).extend((link, value) for value in values)
    ends = frozenset(reports)
    reached = {report: _reached(links, report, ends) for report in reports}
    times = Counter(node for nodes in reached.values() for node in nodes)
    owner = {
        node: report for report, nodes in reached.items() for node in nodes if times[node] == 1
    }
    for subject in sorted(links.keys() - times.keys()):
        # A missing cell links to its table, not the other way round.
        led_to = [owner[value] for _, value in links[subject] if value in owner]
        reached[led_to[0] if led_to else reports[0]].add(subject)
    return {
        report: sorted_n_triples(
            (subject, link, value)
            for subject in sorted(reached[report])
            for link, value in links.get(subject, ())
            # For a cube, only the report's own tables.
            if link != _SLICE or value in reached[report]
        )
        for report in reports
    }


def _reached(
    links: Mapping[str, list[tuple[str, str]]], report: str, ends: frozenset[str]
) -> set[str]:
    """The subjects reachable from a report, but not through another report or a cube."""
    found, to_do = {report}, [report]
    while to_do:
        for link, value in links.get(to_do.pop(), ()):
            known = value in found or value in ends or link == _SLICE
            if not known and value in links:
                found.add(value)
                to_do.append(value)
    return found
