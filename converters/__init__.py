"""From a source document to a typed report, and from the report to RDF.

``documents`` turns bytes into text blocks and grids, ``cn``, ``us`` and ``uk`` recognise the
reports in them, ``report`` defines a report as read, ``rdf`` describes it as linked data.
"""
