"""The cubes and their dimensions, read from the data structure definitions."""

from dataclasses import dataclass
from functools import lru_cache

from rdflib import RDF, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, QB, SKOS

from gongkai.ontology import DEFAULT_BASE
from gongkai.ontology.triples.graph import Graph
from gongkai.ontology.turtle import load_turtle

_FIXED = 2
"""Body and period are the first two components of every structure."""


@dataclass(frozen=True)
class Dimension:
    """A dimension of a cube: ``name`` under ``def#``, ``scheme`` under ``id/code/``.

    The scheme of a dimension that takes bodies is ``body``.
    """

    name: str
    scheme: str


@dataclass(frozen=True)
class Cube:
    """A cube: its key under ``id/cube/`` and its dimensions in the order of the structure.

    Body and period, which every cube has, are left out: each table of a report has fixed ones.
    ``tables_are`` is the class of its tables (the last name under ``def#``) where it has one.
    """

    key: str
    title: dict[str, str]
    dimensions: tuple[Dimension, ...]
    tables_are: str = ""


@lru_cache(maxsize=1)
def cubes() -> dict[str, Cube]:
    """All cubes by their keys."""
    graph, base = load_turtle(), DEFAULT_BASE
    found = {}
    for dataset in graph.subjects(RDF.type, QB.DataSet):
        key = str(dataset).removeprefix(base + "id/cube/")
        title = {
            str(text.language): str(text)
            for text in graph.objects(dataset, DCTERMS.title)
            if isinstance(text, Literal)
        }
        kind = graph.value(dataset, Namespace(base + "def#").tablesAre)
        tables_are = "" if kind is None else str(kind).removeprefix(base + "def#")
        found[key] = Cube(key, title, _dimensions_of(graph, dataset, base), tables_are)
    return found


def _dimensions_of(graph: Graph, dataset: object, base: str) -> tuple[Dimension, ...]:
    structure = graph.value(URIRef(str(dataset)), QB.structure)
    components = sorted(
        graph.objects(structure, QB.component),
        key=lambda component: int(str(graph.value(component, QB.order))),
    )
    dimensions = []
    for component in components:
        dimension = graph.value(component, QB.dimension)
        if int(str(graph.value(component, QB.order))) <= _FIXED or dimension is None:
            continue
        scheme = graph.value(dimension, QB.codeList)
        name = str(dimension).removeprefix(base + "def#")
        key = "body" if scheme is None else str(scheme).removeprefix(base + "id/code/")
        dimensions.append(Dimension(name, key))
    return tuple(dimensions)


@lru_cache(maxsize=64)
def value_type(unit: str) -> str:
    """Datatype of numbers in a unit (key under ``id/code/unit/``): ``integer`` or ``decimal``."""
    graph = load_turtle()
    define = Namespace(DEFAULT_BASE + "def#")
    datatype = graph.value(URIRef(f"{DEFAULT_BASE}id/code/unit/{unit}"), define.valueType)
    return str(datatype).rpartition("#")[2]


@lru_cache(maxsize=1)
def unit_words() -> dict[str, str]:
    """The word that forms and reports print for a unit (件, 万元), by key under ``id/code/unit/``.

    Several units share a word; units without a printed word are left out.
    """
    graph = load_turtle()
    define = Namespace(DEFAULT_BASE + "def#")
    prefix = DEFAULT_BASE + "id/code/unit/"
    return {
        str(unit).removeprefix(prefix): str(word)
        for unit, word in graph.subject_objects(define.unitWord)
    }


@lru_cache(maxsize=64)
def codes_in(scheme: str) -> tuple[str, ...]:
    """The codes of a code list, in its order."""
    graph = load_turtle()
    define = Namespace(DEFAULT_BASE + "def#")
    prefix = f"{DEFAULT_BASE}id/code/{scheme}/"
    members = graph.subjects(SKOS.inScheme, URIRef(f"{DEFAULT_BASE}id/code/{scheme}"))
    ordered = sorted(members, key=lambda one: (int(str(graph.value(one, define.order) or 0)), one))
    return tuple(str(one).removeprefix(prefix) for one in ordered)


@lru_cache(maxsize=1)
def code_labels() -> dict[tuple[str, str], dict[str, str]]:
    """Label of every code, by (scheme, code) and language."""
    graph = load_turtle()
    prefix = DEFAULT_BASE + "id/code/"
    labels: dict[tuple[str, str], dict[str, str]] = {}
    for concept, label in graph.subject_objects(SKOS.prefLabel):
        if str(concept).startswith(prefix):
            scheme, _, code = str(concept).removeprefix(prefix).partition("/")
            language = str(getattr(label, "language", ""))
            labels.setdefault((scheme, code), {})[language] = str(label)
    return labels
