"""From a source document to a typed report, and from the report to RDF.

``documents`` turns bytes into text blocks, ``forms`` recognises the official tables in them,
``report`` is what comes out, ``cube`` describes it as linked data.
"""
