"""The page of a document: each kind of entity has its own kind of page."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from flask import render_template
from rdflib import URIRef
from rdflib.namespace import RDF

from gongkai.ontology.labels import Label
from gongkai.ontology.texts import translation
from gongkai.ontology.triples.graph import Graph
from gongkai.server.http.formats import DOCUMENT_TYPES
from gongkai.server.http.language import page_language, pick
from gongkai.server.http.paging import Page
from gongkai.server.pages.body import read_body_page
from gongkai.server.pages.codes import read_code_page
from gongkai.server.pages.links_out import read_linkset_page
from gongkai.server.pages.observation import read_observation_page
from gongkai.server.pages.report import read_report_page
from gongkai.server.pages.resource import subjects_of
from gongkai.server.pages.rules import read_rules
from gongkai.server.queries.graphs import labels, named_nodes
from gongkai.server.store import Store

Reader = Callable[[Store, Graph, str, Mapping[str, Label]], Any]
"""Reads the data of a page: from a store, a graph, the URI of an entity, and labels."""

_ID = re.compile(r'\sid="([^"]+)"')

_PAGES: Mapping[str, tuple[str, Reader]] = {
    "id/body": ("body.html", read_body_page),
    "id/code": ("code.html", read_code_page),
    "id/linkset": ("linkset.html", read_linkset_page),
    "id/observation": ("observation.html", read_observation_page),
    "id/report": ("report.html", read_report_page),
    "shapes": ("rules.html", read_rules),
}
"""Template and reader for each kind of entity, by the beginning of its path under the base."""


def _heading(store: Store, this: str) -> str:
    """A heading for an entity without a label: a validation is named after its report."""
    report = this.replace(f"{store.base}id/validation/", f"{store.base}id/report/")
    if report == this:
        return this
    language = page_language()
    title = pick(labels(store, [report]).get(report, {}), language)
    return f"{translation('pages.whole_validation', language)}: {title or report}"


def page_about(
    store: Store,
    graph: Graph,
    this: str,
    document_path: str,
    schema: str,
    part: Page | None = None,
) -> str:
    """The page about an entity, from its document; ``schema`` is its schema.org data, if any.

    ``part`` is given if the document has several pages: which of them this is.
    """
    names = labels(store, named_nodes(graph))
    shown = {
        "this": this,
        "base": store.base,
        "document_path": document_path,
        "names": names,
        "suffixes": [suffix for suffix in DOCUMENT_TYPES if suffix != "html"],
        "schema": schema,
        "part": part,
        "kept": [("page", str(part.number))] if part else [],
    }
    segments = this.removeprefix(store.base).split("/")
    kind = "/".join(segments[:2]) if segments[0] == "id" else segments[0]
    found = _PAGES.get(kind)
    gone = URIRef(store.base + "def#WithdrawnReport")
    if found is not None and (URIRef(this), RDF.type, gone) not in graph:
        template, read = found
        page = read(store, graph, this, names)
        if page is not None:
            # Other entities that the page names, such as the rules of its validation.
            more = [uri for uri in getattr(page, "also_named", ()) if uri not in names]
            names |= labels(store, more)
            return _anchored(render_template(template, page=page, **shown), graph, this, names)
    document = store.base + document_path
    rendered = render_template(
        "resource.html",
        heading=pick(names.get(this, {}), page_language()) or _heading(store, this),
        subjects=[
            one for one in subjects_of(graph, this, names, store.base) if one["uri"] != document
        ],
        **shown,
    )
    return _anchored(rendered, graph, this, names)


def _anchored(rendered: str, graph: Graph, this: str, names: Mapping[str, Label]) -> str:
    """The page with an anchor for each fragment URI of its document that it does not show."""
    begin = this + "#"
    fragments = {str(one).removeprefix(begin) for one in graph.subjects() if begin in str(one)}
    missing = sorted(fragments - set(_ID.findall(rendered)) - {""})
    if not missing:
        return rendered
    parts = [(fragment, names.get(begin + fragment, {})) for fragment in missing]
    content, end, rest = rendered.rpartition("</main>")
    return content + render_template("_fragments.html", parts=parts) + end + rest
