"""Pages of the documents whose entities have members: cubes, years, series, areas."""

from dataclasses import dataclass

from flask import abort, request
from rdflib import URIRef

from gongkai.ontology.texts import message
from gongkai.ontology.triples.graph import Graph
from gongkai.ontology.triples.lines import lines_of, sorted_lines
from gongkai.server.http.links import asked_page
from gongkai.server.http.paging import Page, page_of, view
from gongkai.server.linked_data.signposts import Signpost
from gongkai.server.queries import members
from gongkai.server.queries.graphs import kind_of
from gongkai.server.store import Store


@dataclass(frozen=True)
class MemberPage:
    """A page of a document at ``path``, one of several; ``total`` members are on all of them."""

    page: Page
    total: int
    path: str

    def links(self, suffix: str | None) -> list[Signpost]:
        """The links to the other pages, in the format of this one."""
        file = f".{suffix}" if suffix and suffix != "linkset" else ""
        address = f"{request.script_root}/{self.path}{file}"
        return [Signpost(target, name) for name, target in self.page.links(address).items()]

    def described(self, triples: bytes, base: str, suffix: str) -> bytes:
        """The triples of the page, with those that say which page it is, in one format."""
        document = URIRef(base + self.path)
        said = Graph(view(document, self.page, f"{document}.{suffix}", self.total))
        return sorted_lines(lines_of(triples) | lines_of(said.n_triples()))


def with_members(
    store: Store, this: str, path: str, triples: bytes
) -> tuple[bytes, MemberPage | None]:
    """The triples on an entity and those on its members on the requested page of the document.

    The page is None where one has them all. An address of no page is answered with 404.
    """
    kind = kind_of(store, this)
    found = members.members(store, kind, this)
    if found is None:
        return triples, None
    asked = page_of(found, asked_page(), members.ON_A_PAGE)
    if asked is None:
        pages = max(-(-len(found) // members.ON_A_PAGE), 1)
        abort(404, message("server.no_page_of_document", uri=store.base + path, count=pages))
    page, some = asked
    triples = sorted_lines(
        lines_of(triples) | members.said_of_members(store, kind, this, list(some))
    )
    return triples, MemberPage(page, len(found), path) if page.pages > 1 else None
