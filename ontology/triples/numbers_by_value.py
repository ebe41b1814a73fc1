"""Compare numbers by value, whatever type derived from xsd:integer they are written with.

``"137"^^xsd:int``, ``"0137"^^xsd:integer`` and ``137`` are the same number: XML Schema 1.1, part 2
(2012), section 3.4; the result of SPARQL arithmetic on them is an xsd:integer (SPARQL 1.1, 17.1).
Engines differ in how they handle non-canonical numbers, so the rules are evaluated on canonical
numbers only. A literal that states no number of its type (``"300"^^xsd:byte``,
``"12x"^^xsd:integer``, a decimal with an exponent) stays as it is written.
"""

import re
from collections.abc import Mapping
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal

from gongkai.ontology.triples.terms import XSD

EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)
"""The context in which sums of numbers of any length are exact; Python's own keeps 28 digits."""

_INTEGER = re.compile(r"[+-]?[0-9]+")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
"""How numbers are written: XML Schema 1.1, part 2, sections 3.3.3 and 3.4.13."""


def _bounds(least: int | None, most: int | None) -> tuple[Decimal | None, Decimal | None]:
    return (
        None if least is None else Decimal(least),
        None if most is None else Decimal(most),
    )


DERIVED: Mapping[str, tuple[Decimal | None, Decimal | None]] = {
    "nonPositiveInteger": _bounds(None, 0),
    "negativeInteger": _bounds(None, -1),
    "nonNegativeInteger": _bounds(0, None),
    "positiveInteger": _bounds(1, None),
    "long": _bounds(-(2**63), 2**63 - 1),
    "int": _bounds(-(2**31), 2**31 - 1),
    "short": _bounds(-(2**15), 2**15 - 1),
    "byte": _bounds(-(2**7), 2**7 - 1),
    "unsignedLong": _bounds(0, 2**64 - 1),
    "unsignedInt": _bounds(0, 2**32 - 1),
    "unsignedShort": _bounds(0, 2**16 - 1),
    "unsignedByte": _bounds(0, 2**8 - 1),
}
"""The types derived from xsd:integer with their least and greatest values, both included."""

_NUMERIC = "|".join(("integer", "decimal", "double", "float", *DERIVED))
# Within a text quotation marks are escaped, so none follows a space. The mark comes first: the
# search for it is quicker than that for what stands before.
_LITERAL = re.compile(
    rf'"(?<=[ \t]")(?!(?:0|-?[1-9][0-9]*)"\^\^<{re.escape(XSD)}integer>)'
    rf'([^"\\]*(?:\\.[^"\\]*)*)"\^\^<{re.escape(XSD)}({_NUMERIC})>'.encode()
)
"""A literal of a numeric type that is not a canonical xsd:integer."""

_OTHER_TYPE = re.compile(rf"{re.escape(XSD)}(?:decimal|{'|'.join(DERIVED)})>".encode())
_OTHER_FORM = re.compile(rb'[ \t]"(?:\+|-?0[0-9]|-0"|\\)')
"""Texts that may be non-canonical numbers; few others begin so."""

_AS_WRITTEN = "urn:as-written:"


def by_value(n_triples: bytes) -> bytes:
    """The graph with every number in its canonical form, as an xsd:integer or xsd:decimal."""
    if not (_OTHER_TYPE.search(n_triples) or _OTHER_FORM.search(n_triples)):
        return n_triples  # Nearly every report is canonical already, and this is a quick test.
    return _LITERAL.sub(_canonical, n_triples)


def without_numbers_that_are_none(n_triples: bytes) -> bytes:
    """The graph with invalid literals of numeric types changed to another datatype.

    For engines that would read a number into them: a number that is out of its type's range, or the
    lexical form of another type. ``n_triples`` is the output of ``by_value``.
    """
    return _LITERAL.sub(_hidden, n_triples)


def as_written(text: str) -> str:
    """A text with the datatypes that ``without_numbers_that_are_none`` changed restored."""
    return text.replace(_AS_WRITTEN, "")


def beyond_a_machine(n_triples: bytes) -> bool:
    """Whether there are numbers so long that an engine with 64-bit integers may fail to add them.

    Sums of fewer than ten thousand shorter numbers fit. ``n_triples`` is the output of
    ``by_value``.
    """
    return _LONG.search(n_triples) is not None


_LONG = re.compile(
    rf'(?<=[ \t])"-?(?:[0-9]{{15,}}(?:\.[0-9]+)?|(?=[0-9.]{{20,}}")[0-9]+\.[0-9]+)"'
    rf"\^\^<{re.escape(XSD)}(?:integer|decimal)>".encode()
)


def _canonical(match: re.Match[bytes]) -> bytes:
    stated = number_stated(str(match[1], "utf-8"), XSD + str(match[2], "ascii"))
    if stated is None:
        return match[0]
    kind = "decimal" if match[2] == b"decimal" else "integer"
    return f'"{number_text(stated)}"^^<{XSD}{kind}>'.encode()


def _hidden(match: re.Match[bytes]) -> bytes:
    stated = number_stated(str(match[1], "utf-8"), XSD + str(match[2], "ascii"))
    if stated is not None:
        return match[0]
    return b'"%b"^^<%b%b%b>' % (match[1], _AS_WRITTEN.encode(), XSD.encode(), match[2])


def number_stated(text: str, datatype: str) -> Decimal | None:
    """The number that a literal states; None if it is not an integer or decimal."""
    kind = datatype.removeprefix(XSD)
    if kind == "decimal":
        return Decimal(text) if _DECIMAL.fullmatch(text) else None
    least, most = DERIVED.get(kind, (None, None))
    if (kind != "integer" and kind not in DERIVED) or not _INTEGER.fullmatch(text):
        return None
    value = Decimal(text)
    within = (least is None or least <= value) and (most is None or value <= most)
    return value if within else None


def number_text(value: Decimal) -> str:
    """A number as messages show it: without an exponent or insignificant zeros."""
    if value == 0:
        return "0"
    whole = value.to_integral_value()
    return f"{whole:f}" if value == whole else f"{value.normalize(EXACT):f}"
