"""What can be told of a query from its text, before an engine sees it."""

import re
from collections.abc import Collection

from gongkai.server.store import QueryRefused, QueryTooLong

LONGEST_QUERY = 100_000
"""Characters; a longer query is refused."""

DEEPEST_NESTING = 100
"""Brackets open at once; deeper ones overflow the stack of recursive engines."""

# What holds any words without meaning them: IRIs, strings, comments (SPARQL 1.1, section 19.8).
_OPAQUE = re.compile(
    r"<[^<>\"{}|^`\\\x00-\x20]*>"
    r"|\"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r"|\"(?:[^\"\\\n\r]|\\.)*\"|'(?:[^'\\\n\r]|\\.)*'"
    r"|#[^\n\r]*"
    # A quote after a backslash is part of a name and opens no string (PN_LOCAL_ESC).
    r"|\\[^uU]",
    re.DOTALL,
)
# No expression begins like these: a scheme with its slashes, a path of several names (but true/5 is
# one), the names of our own documents. Any other name may be that of a function.
_SURELY_IRI = re.compile(
    r"<[A-Za-z][A-Za-z0-9+.-]*://[^>]*>"
    r"|<(?!(?:true|false)/)(?:def|shapes|[A-Za-z_~][\w.~%-]*/[\w./~%-]*)(?:\#[\w./~%-]*)?>"
    r"|<>",
    re.IGNORECASE,
)
_VARIABLE = re.compile(r"[?$]\w+")
_SERVICE = re.compile(r"(?<![\w:?$@.-])SERVICE(?:\s+SILENT)?\Z", re.IGNORECASE)
_PREFIX = re.compile(r"\bPREFIX\s+[^\s:]*:", re.IGNORECASE)
_FORM = re.compile(r"(?<![\w:?$@-])(SELECT|ASK|CONSTRUCT|DESCRIBE)(?![\w:-])", re.IGNORECASE)
_LONGEST_HEAD = 100
"""Signs before an IRI in which SERVICE is looked for; with more blanks between it is refused."""
_VOLATILE = re.compile(r"NOW|RAND|UUID|BNODE|SERVICE", re.IGNORECASE)
_UPDATE = re.compile(
    r"\s*(?:(?:BASE|PREFIX\s+[^\s:]*:)\s*)*"
    r"(?:INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY|WITH)\b",
    re.IGNORECASE,
)


def bare(text: str) -> str:
    """The query without IRIs, strings and comments, each replaced by a blank.

    What may be an IRI or the end of a comparison (``1<2)…>``) stays: engines tell by the context.
    """
    return _OPAQUE.sub(lambda found: found[0] if _may_compare(found[0]) else " ", text)


def _may_compare(piece: str) -> bool:
    """Whether ``<…>`` may be read as less-than, a part of an expression, and greater-than."""
    return piece.startswith("<") and _SURELY_IRI.fullmatch(piece) is None


def _without_services(text: str, services: Collection[str]) -> str:
    """The query without SERVICE clauses' heads that name one of the endpoints."""
    kept, after = [], 0
    for found in _OPAQUE.finditer(text):
        between = text[after : found.start()]
        between = between.rstrip()
        head = _SERVICE.search(between[-_LONGEST_HEAD:])
        if head and found[0].startswith("<") and found[0][1:-1] in services:
            between = between[: len(between) - len(head[0])]
        kept += [between, " ", found[0]]
        after = found.end()
    return "".join(kept) + text[after:]


def names_dataset(text: str) -> bool:
    """Whether the query has FROM clauses of its own; they stand before its first brace."""
    head = bare(text).partition("{")[0]
    head = _PREFIX.sub(" ", head)
    return re.search(r"(?<![\w:?$@-])FROM(?![\w-])", head, re.IGNORECASE) is not None


def asks_for_graph(text: str) -> bool:
    """Whether the query is CONSTRUCT or DESCRIBE: the first word of a form after the prologue."""
    form = _FORM.search(_PREFIX.sub(" ", bare(text)))
    return form is not None and form[1].upper() in ("CONSTRUCT", "DESCRIBE")


def is_volatile(text: str) -> bool:
    """Whether the answer may be another the next time, though the store holds the same."""
    return _VOLATILE.search(bare(text)) is not None


def refuse_if_dangerous(text: str, services: Collection[str] = ()) -> None:
    """Raise QueryRefused, or QueryTooLong, for a query that must not reach an engine.

    ``services`` are the endpoints that SERVICE may ask, named by exactly these IRIs.
    """
    if len(text) > LONGEST_QUERY:
        raise QueryTooLong(f"the query is longer than {LONGEST_QUERY} characters")
    if any(_may_compare(found[0]) and "#" in found[0] for found in _OPAQUE.finditer(text)):
        raise QueryRefused(
            "it cannot be told whether <…#…> is an IRI: write it absolutely, or a blank after <"
        )
    words = bare(_without_services(text, services) if services else text)
    if "\\" in words:
        raise QueryRefused("escapes are only answered in strings and IRIs")
    # Engines part words where the grammar would not (1SERVICE, true.SERVICE, SERVICE:x), so the
    # letters are refused wherever they are not in a variable, names with a prefix included.
    if re.search("service", _VARIABLE.sub(" ", words), re.IGNORECASE):
        raise QueryRefused(
            (
                "SERVICE may only ask "
                + ", ".join(f"<{address}>" for address in services)
                + ", written so"
                if services
                else "SERVICE is not answered here: this endpoint asks no other"
            )
            + " (a name with this word in it can be written as a full IRI)"
        )
    if _UPDATE.match(words):
        raise QueryRefused("this is an update; the endpoint only answers queries")
    depth = 0
    for sign in words:
        if sign in "{([":
            depth += 1
            if depth > DEEPEST_NESTING:
                raise QueryRefused(f"the query nests deeper than {DEEPEST_NESTING} brackets")
        elif sign in "})]":
            depth -= 1


def refuse_if_special(text: str) -> None:
    """Raise QueryRefused for what a store elsewhere may take for more than SPARQL.

    Virtuoso runs functions of its own that read files and fetch addresses (bif:, sql:), and takes
    pragmas before a query (define).
    """
    # Function names may be put together of a prefix and a name: none is called but those of XSD.
    named = _OPAQUE.sub(lambda found: found[0] if found[0].startswith("<") else " ", text)
    prefixes = {name for name, space in _PREFIX_OF.findall(named) if space == _XSD}
    words = _VARIABLE.sub(" ", named)
    called = [match[1] for match in _CALLED_NAME.finditer(words)]
    called += [match[1] for match in _CALLED_IRI.finditer(words) if not match[1].startswith(_XSD)]
    if re.search(r"(?<![\w:/#.-])define(?![\w:/-])", words, re.IGNORECASE):
        raise QueryRefused("define is not SPARQL, and not answered here")
    wrong = [name for name in called if name not in prefixes]
    if wrong:
        raise QueryRefused(
            f"{wrong[0]!r} may be a function of the store's own: only those of SPARQL and the "
            "casts of XML Schema are answered (a list after a name: put it into another triple)"
        )


_XSD = "http://www.w3.org/2001/XMLSchema#"
_PREFIX_OF = re.compile(r"PREFIX\s+([^\s:]*):\s*<([^>]*)>", re.IGNORECASE)
_CALLED_NAME = re.compile(r"(?<![\w<])([\w.-]*):[^\s()<>{};,\"']*\s*\(")
_CALLED_IRI = re.compile(r"<([^<>\s]*)>\s*\(")
