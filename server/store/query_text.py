"""Analyse the text of a query, before an engine parses it."""

import re

from gongkai.ontology.texts import translations
from gongkai.server.store import QueryRefused, QueryTooLong

LONGEST_QUERY = 100_000
"""Characters; a longer query is refused."""

DEEPEST_NESTING = 100
"""Brackets open at once; deeper nesting overflows the stack of recursive engines."""

_COMMENT = r"#[^\n\r]*"
_IRI = r"<(?:[^<>\"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>"
# Tokens that may contain keywords as mere text: IRIs, strings, comments (SPARQL 1.1, section 19.8).
OPAQUE = re.compile(
    _IRI + r"|\"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r"|\"(?:[^\"\\\n\r]|\\.)*\"|'(?:[^'\\\n\r]|\\.)*'"
    rf"|{_COMMENT}"
    # A quote after a backslash is part of a name and opens no string (PN_LOCAL_ESC).
    r"|\\[^uU]",
    re.DOTALL,
)
# The prologue (grammar rule 4) is unambiguous: there are no expressions in it.
_DECLARATION = re.compile(
    rf"(?:\s|{_COMMENT})*"
    rf"(?:(?P<base>BASE)|PREFIX(?:\s|{_COMMENT})+(?P<prefix>[^\s:<>#]*):)"
    rf"(?:\s|{_COMMENT})*(?P<iri>{_IRI})",
    re.IGNORECASE,
)
# No expression begins like these: a scheme with its slashes, a path of several names (but true/5 is
# an expression), the names of our own documents. Any other name may be that of a function.
_SURELY_IRI = re.compile(
    r"<[A-Za-z][A-Za-z0-9+.-]*://[^>]*>"
    r"|<(?!(?:true|false)/)(?:def|shapes|[A-Za-z_~][\w.~%-]*/[\w./~%-]*)(?:\#[\w./~%-]*)?>"
    r"|<>",
    re.IGNORECASE,
)
VARIABLE = re.compile(r"[?$]\w+")
_FORM = re.compile(r"(?<![\w:?$@-])(SELECT|ASK|CONSTRUCT|DESCRIBE)(?![\w:-])", re.IGNORECASE)
_FROM = re.compile(r"(?:^|[\s*)}>])FROM(?![\w-])", re.IGNORECASE)
_VOLATILE = re.compile(r"NOW|RAND|UUID|BNODE|SERVICE", re.IGNORECASE)
_UPDATE = re.compile(
    r"\s*(?:INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY|WITH)\b", re.IGNORECASE
)


def prologue(text: str) -> tuple[str | None, dict[str, str], str]:
    """The IRI of the last BASE, the declared prefixes with their IRIs, and the query itself.

    The first is None if there is no BASE.
    """
    base, prefixes, end = None, {}, 0
    while declared := _DECLARATION.match(text, end):
        end = declared.end()
        iri = declared["iri"][1:-1]
        if declared["base"]:
            base = iri
        else:
            prefixes[declared["prefix"]] = iri
    return base, prefixes, text[end:]


def bare(text: str) -> str:
    """The query without IRIs, strings and comments, each replaced by a blank.

    What may be either an IRI or part of a comparison (``1<2)…>``) stays: engines decide by context.
    """
    return OPAQUE.sub(lambda found: found[0] if may_compare(found[0]) else " ", text)


def may_compare(piece: str) -> bool:
    """Whether ``<…>`` may be read as less-than, a part of an expression, and greater-than."""
    return piece.startswith("<") and _SURELY_IRI.fullmatch(piece) is None


def names_dataset(text: str) -> bool:
    """Whether the query has FROM clauses of its own (grammar rule 13).

    They come before its pattern, outside the brackets of expressions, after a template.
    """
    form, body = _form_and_body(text)
    depth, outside, templates = 0, "", form == "CONSTRUCT"
    for character in body:
        if depth == 0 and character == "{":
            if not templates or outside.strip():  # The pattern itself begins here.
                break
            templates = False
        depth += {"(": 1, "{": 1, ")": -1, "}": -1}.get(character, 0)
        if depth == 0:
            outside += " " if character in ")}" else character
    return _FROM.search(outside) is not None


def asks_for_graph(text: str) -> bool:
    """Whether the query is a CONSTRUCT or DESCRIBE."""
    return _form_and_body(text)[0] in ("CONSTRUCT", "DESCRIBE")


def _form_and_body(text: str) -> tuple[str, str]:
    """The keyword of the query form, and what follows it without IRIs, strings and comments."""
    words = bare(prologue(text)[2])
    form = _FORM.search(words)
    return (form[1].upper(), words[form.end() :]) if form else ("", words)


def is_volatile(text: str) -> bool:
    """Whether the answer may differ next time, though the content of the store is the same."""
    return _VOLATILE.search(bare(text)) is not None


def refuse_if_too_large(text: str) -> None:
    """Raise QueryTooLong; QueryRefused for an update, or nesting that overflows engine stacks."""
    if len(text) > LONGEST_QUERY:
        raise QueryTooLong(translations("store.too_long", most=LONGEST_QUERY))
    words = bare(prologue(text)[2])
    if _UPDATE.match(words):
        raise QueryRefused(translations("store.update"))
    depth = 0
    for character in words:
        if character in "{([":
            depth += 1
            if depth > DEEPEST_NESTING:
                raise QueryRefused(translations("store.too_deep", most=DEEPEST_NESTING))
        elif character in "})]":
            depth -= 1


def refuse_if_special(text: str) -> None:
    """Raise QueryRefused for text that a remote store may treat as an extension of SPARQL.

    Virtuoso has functions that read files and fetch addresses (bif:, sql:), and accepts pragmas
    before a query (define).
    """
    # Function names may consist of a prefix and a name: only those of XSD may be called.
    named = OPAQUE.sub(lambda found: found[0] if found[0].startswith("<") else " ", text)
    prefixes = {name for name, space in _PREFIX_OF.findall(named) if space == _XSD}
    words = VARIABLE.sub(" ", named)
    called = [match[1] for match in _CALLED_NAME.finditer(words)]
    called += [match[1] for match in _CALLED_IRI.finditer(words) if not match[1].startswith(_XSD)]
    if re.search(r"(?<![\w:/#.-])define(?![\w:/-])", words, re.IGNORECASE):
        raise QueryRefused(translations("store.define"))
    wrong = [name for name in called if name not in prefixes]
    if wrong:
        raise QueryRefused(translations("store.own_function", name=wrong[0]))


_XSD = "http://www.w3.org/2001/XMLSchema#"
_PREFIX_OF = re.compile(r"PREFIX\s+([^\s:]*):\s*<([^>]*)>", re.IGNORECASE)
_CALLED_NAME = re.compile(r"(?<![\w<])([\w.-]*):[^\s()<>{};,\"']*\s*\(")
_CALLED_IRI = re.compile(r"<([^<>\s]*)>\s*\(")
