"""Terms as N-Triples writes them: ``<http://…>``, ``"376"^^<…#integer>``, ``"件"@zh``.

Compared as text, and written out unchanged. W3C, RDF 1.1 N-Triples (2014).
"""

import re

XSD = "http://www.w3.org/2001/XMLSchema#"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"

_LANGUAGE_TAGGED = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
_LITERAL = re.compile(
    r'"(?P<text>(?:[^"\\]|\\.)*)"(?:\^\^<(?P<datatype>[^>]*)>|@(?P<language>[A-Za-z0-9-]+))?'
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_ESCAPED = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_TO_ESCAPE = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"})


def text_of(term: str) -> str:
    """A literal's text, or an IRI without its brackets."""
    if term.startswith("<"):
        return term[1:-1]
    match = _LITERAL.fullmatch(term)
    if match is None:
        return term
    text = match["text"]
    return _ESCAPE.sub(_unescaped, text) if "\\" in text else text


def datatype_of(term: str) -> str | None:
    """The IRI of a literal's datatype; None if the term is not a literal."""
    match = _LITERAL.fullmatch(term)
    if match is None:
        return None
    if match["language"]:
        return _LANGUAGE_TAGGED
    return match["datatype"] or XSD + "string"


def language_of(term: str) -> str | None:
    """The language of a literal; None for all other terms."""
    match = _LITERAL.fullmatch(term)
    return match["language"].lower() if match and match["language"] else None


def parts_of(term: str) -> tuple[str, str | None, str | None]:
    """A literal's text, its language as written, and its datatype (IRI) if it is written."""
    match = _LITERAL.fullmatch(term)
    assert match is not None, "only literals have parts"
    return text_of(term), match["language"], match["datatype"]


def literal(text: str, language: str | None = None, datatype: str | None = None) -> str:
    """The term for a text, with a language or a datatype (IRI)."""
    term = f'"{text.translate(_TO_ESCAPE)}"'
    if language is not None:
        return f"{term}@{language}"
    return term if datatype is None else f"{term}^^<{datatype}>"


def integer(number: int) -> str:
    """An integer as a term."""
    return literal(str(number), datatype=XSD + "integer")


def truth(value: bool) -> str:
    """A boolean as a term."""
    return literal("true" if value else "false", datatype=XSD + "boolean")


def _unescaped(match: re.Match[str]) -> str:
    four, eight, character = match.groups()
    if character is not None:
        return _ESCAPED.get(character, character)
    return chr(int(four or eight, 16))
