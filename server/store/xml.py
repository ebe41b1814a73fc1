"""The limits of XML 1.0: answers in RDF/XML and results in XML are well-formed, or refused."""

import re

from gongkai.ontology.texts import translations
from gongkai.server.store import NotInFormat

_FORBIDDEN = re.compile(rb"[\x00-\x08\x0B\x0C\x0E-\x1F]|\xEF\xBF[\xBE\xBF]")
"""Control characters, and U+FFFE and U+FFFF, in UTF-8."""

_NAMELESS = re.compile(rb'<oxprefix: xmlns:oxprefix="([^"]*)"')
"""How the engine writes a property whose IRI does not end in an XML name."""

_RESERVED = re.compile(rb"<(xmlns:[^\s/>]*|rdf:(?:aboutEach|aboutEachPrefix|bagID))[\s/>]")
"""Properties with a prefix reserved by XML, or a name that RDF/XML has withdrawn."""

_OTHER_SPACE = re.compile(rb'<[^<>\s"]+ xmlns="([^"]*[\x80-\xFF][^"]*)"')
"""Namespaces that are not URIs: Namespaces in XML 1.0, section 2.1; many parsers refuse them."""


def well_formed(body: bytes) -> bytes:
    """The document with carriage returns as character references (XML 1.0, section 2.11).

    Parsers keep those. Raises NotInFormat for characters that XML cannot express (section 2.2), and
    for properties that RDF/XML has no name for (W3C, RDF 1.1 XML Syntax, sections 2.2 and 6.1).
    """
    character = _FORBIDDEN.search(body)
    if character:
        code = ord(character[0].decode("utf-8"))
        raise NotInFormat(translations("store.format.character", code=code))
    nameless = _NAMELESS.search(body)
    if nameless:
        iri = nameless[1].decode("utf-8")
        raise NotInFormat(translations("store.format.nameless", iri=iri))
    reserved = _RESERVED.search(body)
    if reserved:
        raise NotInFormat(translations("store.format.reserved", name=reserved[1].decode("utf-8")))
    space = _OTHER_SPACE.search(body)
    if space:
        raise NotInFormat(translations("store.format.space", space=space[1].decode("utf-8")))
    return body.replace(b"\r", b"&#xD;")
