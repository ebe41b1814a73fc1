"""Namespaces of the vocabularies that describe a report."""

from rdflib import Literal, Namespace, URIRef

from gongkai.ontology.labels import Label
from gongkai.ontology.triples.graph import Graph

ATTRIBUTE = Namespace("http://purl.org/linked-data/sdmx/2009/attribute#")
# DCAT 3: the version that rdflib knows ends before dcat:DatasetSeries.
DCAT = Namespace("http://www.w3.org/ns/dcat#")
CODE = Namespace("http://purl.org/linked-data/sdmx/2009/code#")
DIMENSION = Namespace("http://purl.org/linked-data/sdmx/2009/dimension#")
INTERVAL = Namespace("http://reference.data.gov.uk/def/intervals/")
MEASURE = Namespace("http://purl.org/linked-data/sdmx/2009/measure#")
PAV = Namespace("http://purl.org/pav/")
SCHEMA = Namespace("http://schema.org/")
SPDX = Namespace("http://spdx.org/rdf/terms#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")


def add_label(graph: Graph, node: URIRef, link: URIRef, label: Label) -> None:
    """Add ``label`` to ``node`` in each of its languages."""
    for language, text in label.items():
        graph.add((node, link, Literal(text, lang=language)))
