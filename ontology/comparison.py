"""The queries that make the comparison cube, in the order in which they are run."""

from functools import lru_cache
from importlib.resources import files

from rdflib import SH, Literal, URIRef

from gongkai.ontology.triples.graph import Graph


@lru_cache(maxsize=1)
def comparison_queries() -> dict[str, str]:
    """The text of each query by its key, the name of its file, in the order in which they are run.

    Each may need the results of those before. They are run on one report and the ontology; their
    relative IRIs need a BASE.
    """
    folder = files("gongkai.ontology").joinpath("mappings", "comparison")
    found = sorted(folder.iterdir(), key=lambda file: file.name)
    return {file.name.removesuffix(".rq"): file.read_text(encoding="utf-8") for file in found}


def query_texts(base: str) -> Graph:
    """The texts as part of the ontology: a derived number can be traced to its query."""
    graph = Graph()
    for key, text in comparison_queries().items():
        query = URIRef(f"{base}id/mapping/common#query-{key}")
        graph.add((query, SH.construct, Literal(f"BASE <{base}>\n{text}")))
    return graph
