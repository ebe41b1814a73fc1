"""Data of the pages of code lists and codes: the tree of codes, and where a code is counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rdflib import Namespace, URIRef
from rdflib.namespace import OWL, RDFS, SKOS

from gongkai.ontology.labels import Label
from gongkai.ontology.triples.graph import Graph
from gongkai.server.pages.indicators import TOTAL, indicators
from gongkai.server.pages.resource import subjects_of
from gongkai.server.queries.graphs import construct, label_of, labels
from gongkai.server.queries.texts import fill
from gongkai.server.store import Store


@dataclass(frozen=True)
class Code:
    """A code in the tree of its list, at level ``depth``; whether the page is about it."""

    uri: str
    label: Label
    definition: Label
    depth: int
    chosen: bool


@dataclass(frozen=True)
class Correspondence:
    """How the code of the page maps to a code of another list, as URIs, and why."""

    source: str
    relation: str
    target: str
    reason: Label


@dataclass(frozen=True)
class CodePage:
    """A code list, or a code in it. ``counted`` are indicators with the code, by key and label."""

    scheme: str
    scheme_label: Label
    is_scheme: bool
    codes: tuple[Code, ...]
    counted: tuple[tuple[str, Label], ...]
    correspondences: tuple[Correspondence, ...]
    subjects: list[dict[str, Any]]

    @property
    def also_named(self) -> tuple[str, ...]:
        """The lists of the corresponding codes, which the document of the code does not name."""
        met = {code for one in self.correspondences for code in (one.source, one.target)}
        return tuple(sorted({_list_of(code) for code in met}))


def _list_of(code: str) -> str:
    """The code list (URI) of a code (URI)."""
    return code.rpartition("/")[0]


def read_code_page(
    store: Store, graph: Graph, this: str, names: Mapping[str, Label]
) -> CodePage | None:
    """Read the data of the page of a code list or code; None if it is in no code list."""
    path = this.removeprefix(store.base + "id/code/").split("/")
    scheme = f"{store.base}id/code/{path[0]}"
    whole = construct(store, fill("describe-code-list", store.base, scheme))
    codes = list(whole.subjects(SKOS.inScheme, URIRef(scheme)))
    if not codes:
        return None
    define = Namespace(store.base + "def#")

    def order(node: object) -> tuple[int, str]:
        return int(str(whole.value(URIRef(str(node)), define.order) or 0)), str(node)

    found: list[Code] = []

    def walk(node: object, depth: int) -> None:
        if any(code.uri == str(node) for code in found):
            return
        found.append(
            Code(
                str(node),
                label_of(whole, URIRef(str(node)), SKOS.prefLabel),
                label_of(whole, URIRef(str(node)), SKOS.definition),
                depth,
                str(node) == this,
            )
        )
        parts = [*whole.objects(URIRef(str(node)), SKOS.narrower)]
        parts += [*whole.subjects(SKOS.broader, URIRef(str(node)))]
        for part in sorted(set(parts), key=order):
            walk(part, depth + 1)

    narrower = {*whole.objects(None, SKOS.narrower), *whole.subjects(SKOS.broader, None)}
    for top in sorted((node for node in codes if node not in narrower), key=order):
        walk(top, 0)
    for node in sorted(codes, key=order):
        walk(node, 0)
    return CodePage(
        scheme=scheme,
        scheme_label=labels(store, [scheme]).get(scheme, {}),
        is_scheme=len(path) == 1,
        codes=tuple(found),
        counted=_counted(path),
        correspondences=_correspondences(graph),
        subjects=subjects_of(graph, this, dict(names), store.base) if len(path) > 1 else [],
    )


def _correspondences(graph: Graph) -> tuple[Correspondence, ...]:
    found = [
        Correspondence(
            str(source),
            str(graph.value(mapping, OWL.annotatedProperty)),
            str(graph.value(mapping, OWL.annotatedTarget)),
            label_of(graph, mapping, RDFS.comment),
        )
        for mapping, source in graph.subject_objects(OWL.annotatedSource)
    ]
    return tuple(sorted(found, key=lambda one: (one.source, one.target)))


def _counted(path: list[str]) -> tuple[tuple[str, Label], ...]:
    """Indicators with the code; where applicants are distinguished, for all applicants."""
    if len(path) < 2:
        return ()
    scheme, code = path[0], path[1]
    return tuple(
        (one.key, one.label())
        for one in indicators().values()
        if any((known, value) == (scheme, code) for _, known, value in one.terms)
        and (scheme == "applicant" or one.applicant in (None, TOTAL))
    )
