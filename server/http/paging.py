"""Pages of lists that grow with the store: which page was asked for, and the links between them.

RFC 8288 links for clients; Hydra Core (2021) views in RDF, as harvesters of catalogs read them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from rdflib import RDF, Literal, Namespace, URIRef
from rdflib.term import Node

T = TypeVar("T")
_HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")


@dataclass(frozen=True)
class Page:
    """A page of a list: its number from 1, and how many pages there are."""

    number: int
    pages: int

    @property
    def query(self) -> str:
        """The part of the address that names this page."""
        return f"?page={self.number}"

    def links(self, address: str) -> dict[str, str]:
        """The pages of the list at ``address`` by their relation to this one (RFC 8288)."""
        numbers = {"first": 1, "last": self.pages}
        if self.number > 1:
            numbers["prev"] = self.number - 1
        if self.number < self.pages:
            numbers["next"] = self.number + 1
        return {name: f"{address}?page={number}" for name, number in numbers.items()}


def page_of(items: Sequence[T], number: int, size: int) -> tuple[Page, Sequence[T]] | None:
    """Page ``number`` of a list, ``size`` items a page, with its items; None if there is none.

    An empty list has one page.
    """
    pages = max(-(-len(items) // size), 1)
    if not 1 <= number <= pages:
        return None
    return Page(number, pages), items[(number - 1) * size : number * size]


def view(
    collection: URIRef, page: Page, address: str, total: int
) -> Iterator[tuple[Node, Node, Node]]:
    """A page of a collection of ``total`` items at ``address``, and its links to the others.

    It has both of the nodes that harvesters look for; each page is linked once by each.
    """
    node = URIRef(address + page.query)
    yield collection, _HYDRA.view, node
    for kind in (_HYDRA.PartialCollectionView, _HYDRA.PagedCollection):
        yield node, RDF.type, kind
    yield node, _HYDRA.totalItems, Literal(total)
    names = {"prev": ("previous", "previousPage"), "next": ("next", "nextPage")}
    for relation, target in page.links(address).items():
        for name in names.get(relation, (relation,)):
            yield node, _HYDRA[name], URIRef(target)
