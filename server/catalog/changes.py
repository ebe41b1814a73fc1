"""Changes of the store as Atom and LDES, so that a harvester fetches only what is new.

An event is the publication of a version of a report, or the withdrawal of a report. RFC 4287, Atom;
RFC 5005, paged feeds; SEMIC, Linked Data Event Streams 1.0, on TREE.
"""

from dataclasses import dataclass

from flask import Blueprint, Response, abort
from lxml import etree
from lxml.builder import ElementMaker
from rdflib import RDF, XSD, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS

from gongkai.ontology.texts import message, translation, translations
from gongkai.ontology.triples.graph import Graph
from gongkai.server.http.current import current_store
from gongkai.server.http.links import asked_page
from gongkai.server.http.negotiated import data_document
from gongkai.server.http.policy import Caching, Policy
from gongkai.server.http.representation import representation
from gongkai.server.queries.rows import listed
from gongkai.server.store import Store

blueprint = Blueprint("changes", __name__)

ON_A_PAGE = 100
"""Events per page of the feed or the stream."""

_ATOM = "http://www.w3.org/2005/Atom"
_AS = Namespace("https://www.w3.org/ns/activitystreams#")
_LDES = Namespace("https://w3id.org/ldes#")
_TREE = Namespace("https://w3id.org/tree#")


@dataclass(frozen=True)
class Change:
    """An event: the time, the kind of change, the report and its version."""

    uri: str
    time: str
    version: str
    report: str
    number: int
    title: str
    kind: str
    reason: str

    @property
    def activity(self) -> str:
        """The type of the event in ActivityStreams."""
        if self.kind == "withdrawn":
            return "Delete"
        return "Create" if self.number == 1 else "Update"


def changes(store: Store) -> list[Change]:
    """All events, in the order of time."""
    return [
        Change(
            uri=f"{row['version']}#{row['kind']}",
            time=row["time"],
            version=row["version"],
            report=row["report"],
            number=int(row["number"]),
            title=row["title"],
            kind=row["kind"],
            reason=row.get("reason", ""),
        )
        for row in listed(store, "changes")
    ]


def _pages(events: list[Change]) -> int:
    return max(-(-len(events) // ON_A_PAGE), 1)


def _page(events: list[Change], number: int) -> list[Change]:
    return events[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]


@blueprint.get("/feed.atom")
@Policy(Caching.KNOWN_PARAMETERS)
def feed() -> Response:
    """The newest events as an Atom feed; older ones are on its further pages."""
    store = current_store()
    page = asked_page()
    everything = changes(store)[::-1]
    pages = _pages(everything)
    if not 1 <= page <= pages:
        abort(404, message("server.feed.no_page"))
    events = _page(everything, page)
    make = ElementMaker(namespace=_ATOM, nsmap={None: _ATOM})
    address = store.base + "feed.atom"
    # A feed without entries must have a time too: the epoch, until there is an event.
    updated = events[0].time if events else "1970-01-01T00:00:00Z"
    links = {"self": f"{address}?page={page}" if page > 1 else address, "first": address}
    if page > 1:
        links["previous"] = f"{address}?page={page - 1}"
    if page < pages:
        links["next"] = f"{address}?page={page + 1}"
    root = make.feed(
        make.id(address),
        make.title(translation("pages.site", "zh")),
        make.subtitle(" · ".join(translations("catalog.changes.feed").values())),
        make.updated(updated),
        make.author(make.name("gongkai")),
        make.link(rel="alternate", href=store.base + "catalog", type="text/html"),
        *(
            make.link(rel=name, href=target, type="application/atom+xml")
            for name, target in links.items()
        ),
        *(_entry(make, store.base, change) for change in events),
    )
    body = etree.tostring(root, xml_declaration=True, encoding="utf-8")
    return representation(body, "application/atom+xml", None)


def _entry(make: ElementMaker, base: str, change: Change) -> etree._Element:
    activity = translations(f"catalog.activity.{change.activity}")
    summary = " · ".join(activity.values())
    if change.reason:
        summary += f": {change.reason}"
    title = translation("catalog.changes.entry", "zh", activity=activity, title=change.title)
    page = change.report.replace(f"{base}id/", f"{base}doc/", 1)
    entry: etree._Element = make.entry(
        make.id(change.uri),
        make.title(_xml(title)),
        make.updated(change.time),
        make.summary(_xml(summary)),
        make.category(term=change.activity),
        make.link(rel="alternate", href=page, type="text/html"),
        make.link(rel="via", href=change.version),
    )
    return entry


def _xml(text: str) -> str:
    """The text without characters that XML does not allow."""
    return "".join(
        character for character in text if character.isprintable() or character in "\t\n"
    )


@blueprint.get("/ldes", defaults={"page": None})
@blueprint.get("/ldes/<int:page>")
@Policy(Caching.KNOWN_PARAMETERS)
def stream(page: int | None) -> Response:
    """The event stream: its view, which links to the pages, or a page of events, oldest first."""
    store = current_store()
    graph = Graph()
    collection, view = URIRef(store.base + "ldes#stream"), URIRef(store.base + "ldes")
    graph.add((collection, RDF.type, _LDES.EventStream))
    graph.add((collection, _LDES.timestampPath, _AS.published))
    graph.add((collection, _LDES.versionOfPath, _AS.object))
    graph.add((collection, _LDES.versionCreateObject, _AS.Create))
    graph.add((collection, _LDES.versionUpdateObject, _AS.Update))
    graph.add((collection, _LDES.versionDeleteObject, _AS.Delete))
    graph.add((collection, _TREE.view, view))
    for language, title in translations("catalog.changes.stream").items():
        graph.add((collection, DCTERMS.title, Literal(title, lang=language)))
    events = changes(store)
    if page is None:
        graph.add((view, RDF.type, _TREE.Node))
        for number, start in enumerate(range(0, len(events), ON_A_PAGE), start=1):
            _describe_relation(graph, view, number, events[start].time)
    else:
        node = URIRef(f"{store.base}ldes/{page}")
        graph.add((node, RDF.type, _TREE.Node))
        graph.add((view, RDF.type, _TREE.Node))
        if not 1 <= page <= _pages(events):
            abort(404, message("server.stream.no_page", page=page))
        for change in _page(events, page):
            _describe_change(graph, collection, change)
    return data_document(graph.n_triples(), store.base)


def _describe_relation(graph: Graph, view: URIRef, number: int, time: str) -> None:
    relation = URIRef(f"{view}#page-{number}")
    graph.add((view, _TREE.relation, relation))
    graph.add((relation, RDF.type, _TREE.GreaterThanOrEqualToRelation))
    graph.add((relation, _TREE.path, _AS.published))
    graph.add((relation, _TREE.value, Literal(time, datatype=XSD.dateTime, normalize=False)))
    graph.add((relation, _TREE.node, URIRef(f"{view}/{number}")))


def _describe_change(graph: Graph, collection: URIRef, change: Change) -> None:
    event = URIRef(change.uri)
    graph.add((collection, _TREE.member, event))
    graph.add((event, RDF.type, _AS[change.activity]))
    graph.add((event, _AS.object, URIRef(change.report)))
    graph.add((event, _AS.result, URIRef(change.version)))
    time = Literal(change.time, datatype=XSD.dateTime, normalize=False)
    graph.add((event, _AS.published, time))
    graph.add((event, DCTERMS.title, Literal(change.title, lang="zh")))
    if change.reason:
        graph.add((event, _AS.summary, Literal(change.reason)))
