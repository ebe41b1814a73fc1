"""Write N-Triples from terms as text: for graphs that are made too often to use rdflib."""

from collections.abc import Iterable, Iterator

from gongkai.shapes.facts import TYPE, XSD, literal

Lines = Iterator[tuple[str, str, str]]
"""Triples of terms as N-Triples writes them."""


def described(node: str, kind: str | None, *statements: tuple[str, str | None]) -> Lines:
    """Triples on a node: its class, if it has one, and its properties; None is skipped."""
    if kind is not None:
        yield node, TYPE, kind
    for link, value in statements:
        if value is not None:
            yield node, link, value


def integer(number: int) -> str:
    """An integer as a term."""
    return literal(str(number), datatype=XSD + "integer")


def truth(value: bool) -> str:
    """A boolean as a term."""
    return literal("true" if value else "false", datatype=XSD + "boolean")


def written_out(triples: Iterable[tuple[str, str, str]]) -> bytes:
    """The triples as sorted N-Triples: the same triples give the same bytes."""
    lines = sorted({f"{subject} {link} {value} .\n" for subject, link, value in triples})
    return "".join(lines).encode()
