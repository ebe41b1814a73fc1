"""Triples: all that the project reads, writes, sorts and digests of RDF.

Between processes, in stores and in files a graph is N-Triples, sorted; in memory it is terms as
text.

- ``terms``: a term as N-Triples writes it, and its text, language and datatype.
- ``lines``: N-Triples line by line; sorted documents, N-Quads, digests; Oxigraph's parser.
- ``graph``: a graph to read and fill by subject, with the methods and nodes of rdflib.
- ``facts``: a graph by property, for rules.
- ``numbers_by_value``: numbers in N-Triples made canonical.
"""
