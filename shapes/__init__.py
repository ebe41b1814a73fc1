"""The rules: SHACL shapes in Turtle, and the checker that runs them.

Independent of converters and server: here a report is an RDF graph.
"""

from functools import lru_cache
from importlib.resources import files
from urllib.parse import urlsplit

from rdflib import XSD, Literal, URIRef

from gongkai.ontology import DEFAULT_BASE
from gongkai.ontology.triples.graph import Graph

_NAMESPACE = URIRef("http://www.w3.org/ns/shacl#namespace")


@lru_cache(maxsize=4)
def load_shapes(base: str = DEFAULT_BASE) -> Graph:
    """All rules as one graph, every relative IRI resolved against ``base``.

    This includes the namespaces that the rules declare for their SPARQL, which RDF keeps as
    literals. The graph is shared between callers: copy it before adding to it.
    """
    graph = Graph()
    for file in sorted(files(__package__).iterdir(), key=lambda item: item.name):
        if file.name.endswith(".ttl"):
            graph.read_turtle(file.read_bytes(), base)
    for declaration, namespace in list(graph.subject_objects(_NAMESPACE)):
        if not urlsplit(str(namespace)).scheme:
            # Not urljoin, which drops the # at the end of a namespace.
            absolute = Literal(base + str(namespace), datatype=XSD.anyURI)
            graph.set((declaration, _NAMESPACE, absolute))
    return graph
