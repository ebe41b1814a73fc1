"""The versions of a report: what was published and when, what replaced it, why it was withdrawn.

Each report has a graph of its history (``id/history/BODY/YEAR``) beside that of its content. A
version that was replaced is kept there in full, compressed, so that what was cited stays readable;
the graphs that queries see hold the newest version alone. W3C, PROV-O (2013); DCAT 3, section 11.
"""

import gzip
import re
from base64 import b64decode, b64encode
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from rdflib import RDF, XSD, Literal, URIRef
from rdflib.namespace import DCTERMS, PROV
from rdflib.term import Node

from gongkai.converters.rdf.namespaces import DCAT
from gongkai.ontology.addresses import Addresses
from gongkai.ontology.texts import message, translation, translations
from gongkai.ontology.triples.graph import Graph
from gongkai.ontology.triples.lines import digest, lines_of, sorted_lines
from gongkai.server.store import Graphs

_BINARY = XSD.base64Binary
_EFFORT = 3
"""A sixth more on disk than with the most common effort, for less than half of the time."""
_PASSING = (
    f"<{PROV.endedAtTime}>".encode(),
    b"<http://schema.org/softwareVersion>",
)
"""Properties that differ between two conversions of one file with the same content."""


class NoSuchReport(Exception):
    """The store does not have the report, or no longer; the message says which."""


@dataclass(frozen=True)
class Version:
    """One version of a report; ``ended`` is None for the one that is published now.

    ``digest`` is the SHA-256 of its triples, without what differs between two conversions of one
    file. ``reason`` says why it was withdrawn, if it was. ``packed`` is its content (N-Triples,
    gzip, base 64); None if it was erased, or published before there were histories.
    """

    uri: str
    number: int
    issued: str
    digest: str
    title: str
    ended: str | None = None
    reason: str | None = None
    replaced_by: str | None = None
    packed: str | None = None

    @property
    def content(self) -> bytes | None:
        """Its content (N-Triples)."""
        return None if self.packed is None else gzip.decompress(b64decode(self.packed))


@dataclass(frozen=True)
class NewVersion:
    """What a version will say of its content: digest, title, and the content, packed."""

    digest: str
    title: str
    packed: str


def new_version(report: str, content: bytes) -> NewVersion:
    """The version that a report (URI, sorted N-Triples) will be once it is published."""
    return NewVersion(content_digest(content), _title(content, report), _packed(content))


def content_digest(triples: bytes) -> str:
    """The SHA-256 of the content of a report (sorted N-Triples), whenever it was converted."""
    return digest(triples, without=_PASSING)


def versions(store: Graphs, body: str, year: int) -> list[Version]:
    """The versions of a report, the oldest first."""
    addresses = Addresses(store.base)
    graph = _parsed(store.graph(str(addresses.history(body, year))))
    define = addresses.terms
    report = addresses.report(body, year)
    found = []
    for node in graph.objects(report, DCTERMS.hasVersion):
        found.append(
            Version(
                uri=str(node),
                number=int(str(graph.value(node, DCAT.version))),
                issued=str(graph.value(node, DCTERMS.issued)),
                digest=str(graph.value(node, define.contentDigest)),
                title=_title_of(graph, node),
                ended=_text(graph.value(node, PROV.invalidatedAtTime)),
                reason=_text(graph.value(node, define.withdrawalReason)),
                replaced_by=_text(graph.value(node, DCTERMS.isReplacedBy)),
                packed=_text(graph.value(node, define.content)),
            )
        )
    return sorted(found, key=lambda version: version.number)


@dataclass(frozen=True)
class Published:
    """What a store holds of a report (``body`` is the key of its body), read once.

    ``graph`` is its graph (N-Triples), empty if it is not published; ``versions`` are the oldest
    first.
    """

    base: str
    body: str
    year: int
    graph: bytes
    versions: tuple[Version, ...]

    @property
    def current(self) -> Version | None:
        """The version that is published now, if there is one."""
        return self.versions[-1] if self.versions and self.versions[-1].ended is None else None


def published(store: Graphs, body: str, year: int) -> Published:
    """What the store holds of a report; one published without a history is its first version."""
    addresses = Addresses(store.base)
    name = str(addresses.report(body, year))
    graph = store.graph(name)
    known = tuple(versions(store, body, year))
    if graph and (not known or known[-1].ended is not None):
        read = _parsed(graph).value(URIRef(f"{name}#conversion"), PROV.endedAtTime)
        number = known[-1].number + 1 if known else 1
        first = Version(
            str(addresses.version(body, year, number)),
            number,
            str(read or _moment(datetime.now(UTC))),
            content_digest(graph),
            _title(graph, name),
        )
        known = (*known, first)
    return Published(store.base, body, year, graph, known)


def graphs_to_publish(
    before: Published, own: bytes, version: NewVersion, validation: bytes, now: datetime
) -> dict[str, bytes]:
    """The graphs to write for a report: ``own`` (its own triples), validation and history.

    If the content is the same as what is published ``before``, that stays as it is, with its time
    of conversion.
    """
    addresses, body, year = Addresses(before.base), before.body, before.year
    known, current = [*before.versions], before.current
    history = str(addresses.history(body, year))
    graphs = {str(addresses.validation(body, year)): validation}
    if current is not None and current.digest == version.digest:
        return {**graphs, history: _described(addresses, body, year, known)}
    if current is not None:
        known[-1] = _ended(current, now, current.content or before.graph)
    number = known[-1].number + 1 if known else 1
    known.append(
        Version(
            str(addresses.version(body, year, number)),
            number,
            _moment(now),
            version.digest,
            version.title,
            # Stores rewrite numbers (1.50 as 1.5): this is what was published, to the byte.
            packed=version.packed,
        )
    )
    graphs[str(addresses.report(body, year))] = own
    graphs[history] = _described(addresses, body, year, known)
    return graphs


def graphs_to_withdraw(
    store: Graphs,
    body: str,
    year: int,
    reason: str,
    now: datetime,
    replaced_by: str | None = None,
    erase: bool = False,
) -> dict[str, bytes]:
    """The graphs to write so that a report is removed, and its history says why.

    ``replaced_by`` is the report under its new URI, if it has one. ``erase``: the content of its
    versions is not kept. Raises NoSuchReport if there is nothing to withdraw or erase.
    """
    addresses = Addresses(store.base)
    before = published(store, body, year)
    known = [*before.versions]
    if not before.graph and not (erase and any(version.packed for version in known)):
        raise NoSuchReport(
            message(
                "publishing.withdrawn_before" if known else "publishing.no_report",
                report=f"{body}/{year}",
            )
        )
    if before.graph:
        known[-1] = _ended(known[-1], now, known[-1].content or before.graph, reason, replaced_by)
    elif known[-1].reason is not None and reason != known[-1].reason:
        erased = " / ".join(translations("publishing.erased").values())
        known[-1] = replace(known[-1], reason=f"{known[-1].reason}; {erased}: {reason}")
    if erase:
        known = [replace(version, packed=None) for version in known]
    return {
        str(addresses.report(body, year)): b"",
        str(addresses.validation(body, year)): b"",
        str(addresses.comparison(body, year)): b"",
        str(addresses.history(body, year)): _described(addresses, body, year, known),
    }


def _ended(
    version: Version,
    now: datetime,
    content: bytes,
    reason: str | None = None,
    replaced_by: str | None = None,
) -> Version:
    return replace(
        version,
        ended=_moment(now),
        reason=reason,
        replaced_by=replaced_by,
        packed=_packed(sorted_lines(lines_of(content))),
    )


def _described(addresses: Addresses, body: str, year: int, known: list[Version]) -> bytes:
    graph, define = Graph(), addresses.terms
    report = addresses.report(body, year)
    history = addresses.history(body, year)
    graph.add((history, RDF.type, define.ReportHistory))
    graph.add((history, DCTERMS.subject, report))
    graph.add((report, define.history, history))
    for language, title in translations("titles.history", title=known[-1].title).items():
        graph.add((history, DCTERMS.title, Literal(title, lang=language)))
    graph.add((report, DCTERMS.modified, _time(known[-1].ended or known[-1].issued)))
    if known[-1].ended is not None:
        graph.add((report, RDF.type, define.WithdrawnReport))
        graph.add((report, DCTERMS.publisher, addresses.body(body)))
    for version in known:
        node = URIRef(version.uri)
        graph.add((report, DCTERMS.hasVersion, node))
        graph.add((node, RDF.type, define.ReportVersion))
        graph.add((node, RDF.type, PROV.Entity))
        graph.add((node, DCTERMS.isVersionOf, report))
        titles = translations("titles.version", title=version.title, number=version.number)
        for language, title in titles.items():
            graph.add((node, DCTERMS.title, Literal(title, lang=language)))
        graph.add((node, DCAT.version, Literal(str(version.number))))
        graph.add((node, DCTERMS.issued, _time(version.issued)))
        graph.add((node, define.contentDigest, Literal(version.digest, datatype=XSD.hexBinary)))
        if version.number > 1:
            previous = addresses.version(body, year, version.number - 1)
            graph.add((node, PROV.wasRevisionOf, previous))
        if version.ended is not None:
            graph.add((node, PROV.invalidatedAtTime, _time(version.ended)))
        if version.reason is not None:
            graph.add((node, define.withdrawalReason, Literal(version.reason)))
        if version.replaced_by is not None:
            graph.add((node, DCTERMS.isReplacedBy, URIRef(version.replaced_by)))
        if version.packed is not None:
            packed = Literal(version.packed, datatype=_BINARY, normalize=False)
            graph.add((node, define.content, packed))
        if version.packed is not None or version.ended is None:
            graph.add(
                (node, DCAT.downloadURL, addresses.version_content(body, year, version.number))
            )
    return graph.n_triples()


def _packed(content: bytes) -> str:
    return b64encode(gzip.compress(content, _EFFORT, mtime=0)).decode("ascii")


def _parsed(triples: bytes) -> Graph:
    return Graph().read_n_triples(triples)


def _title(content: bytes, report: str) -> str:
    head = f"<{report}> <{DCTERMS.title}> ".encode()
    lines = [line for line in content.splitlines() if line.startswith(head)]
    return str(_parsed(b"\n".join(lines)).value(URIRef(report), DCTERMS.title) or report)


def _title_of(graph: Graph, version: Node) -> str:
    """The title of the report in a version, without the version number."""
    titles = [str(title) for title in graph.objects(version, DCTERMS.title)]
    # No other character of the text has a meaning in a regular expression.
    pattern = translation("titles.version", "zh", title="(.*)", number=r"\d+")
    found = [re.fullmatch(pattern, title, re.DOTALL) for title in titles]
    return next((match[1] for match in found if match), min(titles, default=""))


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _moment(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _time(text: str) -> Literal:
    return Literal(text, datatype=XSD.dateTime, normalize=False)
