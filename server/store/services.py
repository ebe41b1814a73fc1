"""Detect SERVICE in a query's text, for engines and stores that could call any endpoint.

Engines without a network do not need this: they end if they open a socket (``no_network``).
"""

import re
import sys
from collections.abc import Collection

from gongkai.ontology.texts import listed, translations
from gongkai.server.store import QueryRefused
from gongkai.server.store.query_text import OPAQUE, VARIABLE, bare, may_compare, prologue

_KEYWORD = re.compile(r"(?<![\w:?$@.-])SERVICE(?=[\s?$])", re.IGNORECASE)
_SERVICE = re.compile(r"(?<![\w:?$@.-])SERVICE(?:\s+SILENT)?\Z", re.IGNORECASE)
_OPENING = frozenset("\"'#")
"""Characters that open a string or a comment, if they are not in an IRI."""

_LONGEST_HEAD = 100
"""Characters before an IRI that are searched for SERVICE; with more blanks it is refused."""
_LOCAL_NAME = re.compile(r":\w+")
"""The longest match of a prefixed name includes these (PNAME_LN): no word begins within."""
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_END_OF_NAMES = frozenset(" \t\r\n<>\"'#{}()[]\\.,;|^`?$@:&=!*/+")
_END_OF_IRIS = frozenset(' \t\r\n<>"{}|^`\\')
_END_OF_STRINGS = frozenset("\"'\\\r\n")
_END_OF_COMMENTS = frozenset("\r\n")
"""Characters that may not be written as escapes: some engines decode escapes first."""


def refuse_if_service(text: str) -> None:
    """Raise QueryRefused if the query certainly has a SERVICE clause, evaluated or not.

    If the text is ambiguous, the engine decides, which has no network.
    """
    query = prologue(text)[2]
    pieces = [found[0] for found in OPAQUE.finditer(query)]
    if any(may_compare(piece) and not _OPENING.isdisjoint(piece) for piece in pieces):
        return
    if _KEYWORD.search(bare(query)):
        raise QueryRefused(translations("store.service.none"))


def refuse_services(text: str, services: Collection[str] = ()) -> None:
    """Raise QueryRefused for a query that may call an endpoint by SERVICE.

    ``services`` are the endpoints that it may call, named by exactly these IRIs. Declared prefixes
    are certain; anything ambiguous after them is refused.
    """
    _, prefixes, query = prologue(text)
    _unescaped(text.removesuffix(query), _END_OF_IRIS - {" ", "\t", "\r", "\n"})
    for found in OPAQUE.finditer(query):
        _refuse_if_ambiguous(found[0], prefixes)
    words = bare(_without_services(query, services) if services else query)
    words = _unescaped(words, _END_OF_NAMES)
    # Engines split words where the grammar would not (1SERVICE, true.SERVICE, SERVICE:x), so the
    # letters are refused everywhere except in a variable or after a prefix and its colon.
    words = _LOCAL_NAME.sub(" ", VARIABLE.sub(" ", words))
    if re.search("service", words, re.IGNORECASE):
        named = listed(f"<{address}>" for address in services)
        refusal = (
            translations("store.service.some", services=named)
            if services
            else translations("store.service.none")
        )
        raise QueryRefused(translations("store.service.word", refusal=refusal))


def _refuse_if_ambiguous(piece: str, prefixes: Collection[str]) -> None:
    """Refuse an IRI, a string or a comment that may be parsed in another way."""
    ends = {"<": _END_OF_IRIS, "#": _END_OF_COMMENTS}.get(piece[0], _END_OF_STRINGS)
    _unescaped(piece, ends)
    # If it were less-than and a comment, what follows would not be a string.
    if may_compare(piece) and "#" in piece and not _has_scheme(piece, prefixes):
        raise QueryRefused(translations("store.unclear_iri"))


def _has_scheme(piece: str, prefixes: Collection[str]) -> bool:
    """Whether ``<name:…>`` must be an IRI: as an expression it would need a prefix of that name."""
    found = re.match(r"<([a-z][a-z0-9+.-]*):", piece, re.IGNORECASE)
    if found is None:
        return False
    scheme, names = found[1].lower(), {name.lower() for name in prefixes}
    # Operators may split the name: true-x:y.
    divided = scheme.startswith(("true", "false")) and any(map(scheme.endswith, names))
    return scheme not in names and not divided


def _unescaped(words: str, ends: Collection[str]) -> str:
    """The words with escapes decoded (section 19.2); refused if one of ``ends`` is escaped."""

    def read(found: re.Match[str]) -> str:
        code = int(found[1] or found[2], 16)
        character = chr(code) if code < sys.maxunicode else " "
        if character in ends:
            raise QueryRefused(translations("store.escape", escape=found[0]))
        return character

    return _ESCAPE.sub(read, words)


def _without_services(query: str, services: Collection[str]) -> str:
    """The query without the heads of SERVICE clauses that name one of the endpoints."""
    kept, after = [], 0
    for found in OPAQUE.finditer(query):
        between = query[after : found.start()].rstrip()
        head = _SERVICE.search(between[-_LONGEST_HEAD:])
        if head and found[0].startswith("<") and found[0][1:-1] in services:
            between = between[: len(between) - len(head[0])]
        kept += [between, " ", found[0]]
        after = found.end()
    return "".join(kept) + query[after:]
