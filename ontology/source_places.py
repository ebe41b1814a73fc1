"""Places in a source document, and how a graph states them: in one literal.

The literal of ``def:sourcePlace`` has the parts that are known, in the manner of the fragments of
RFC 7111 (``row=5``) and RFC 8118 (``page=3``): ``page=3;table=2;row=15;column=3``. ::

    place = part *( ";" part )
    part  = ( "line" / "page" / "table" / "row" / "column" ) "=" number
          / "sheet" "=" name
    number = 1*9DIGIT

Each part is there at most once, in the order line, page, sheet, table, row, column. In a name
``%``, ``;`` and control characters are percent-encoded (RFC 3986, section 2.1); all others stand
for themselves.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from urllib.parse import unquote

from rdflib import Literal, Namespace, URIRef
from rdflib.term import Node

from gongkai.ontology.labels import Label
from gongkai.ontology.texts import LANGUAGES, translation
from gongkai.ontology.triples.graph import Graph
from gongkai.ontology.triples.lines import line_of, object_of, property_of, subject_of
from gongkai.ontology.triples.terms import literal, text_of

_COUNTED = re.compile(r"[0-9]{1,9}")
_ESCAPED = re.compile(r"[%;\x00-\x1f\x7f]")
_FORMER = {
    "sourceLine": "line",
    "sourcePage": "page",
    "sourceSheet": "sheet",
    "sourceTable": "table",
    "sourceRow": "row",
    "sourceColumn": "column",
}
"""A property for each part: how places were stated before."""


@dataclass(frozen=True)
class Place:
    """A place in the source, as far as its format has places; all counted from 1.

    ``line`` of a text file; ``page`` of a paged document; ``sheet`` (by name) of a workbook;
    ``table``, the number of the table in the document (of the sheet: always 1), with ``row`` and
    ``column`` in it.
    """

    line: int | None = None
    page: int | None = None
    sheet: str | None = None
    table: int | None = None
    row: int | None = None
    column: int | None = None

    def describe(self, language: str = "en") -> str:
        """The place in words, as in “page 3, table 2, row 5, column 4”; empty if none is known."""
        said = [
            translation(f"places.part.{name}", language, value=value) for name, value in self._known
        ]
        return translation("places.comma", language).join(said)

    @property
    def label(self) -> Label:
        """The place in words of each language."""
        return {language: self.describe(language) for language in LANGUAGES}

    def order(self) -> tuple[int, ...]:
        """A key that sorts places of one source in their order."""
        return tuple(
            number or 0 for number in (self.page, self.table, self.row, self.column, self.line)
        )

    @property
    def written(self) -> str:
        """The place as a graph states it; empty if none is known."""
        parts = [
            f"{name}={_escaped(value) if isinstance(value, str) else value}"
            for name, value in self._known
        ]
        return ";".join(parts)

    @property
    def _known(self) -> Iterator[tuple[str, int | str]]:
        for name in _PARTS:
            value = getattr(self, name)
            if value is not None:
                yield name, value


_PARTS = tuple(field.name for field in fields(Place))


def read_place(written: str) -> Place | None:
    """The place in a literal; None if it says none.

    Parts that are not of the grammar, in a graph made by others, are left out.
    """
    parts = (part.partition("=") for part in written.split(";"))
    return _place((name, value) for name, _, value in parts)


def state_place(graph: Graph, node: URIRef, place: Place, define: Namespace) -> None:
    """Add to ``graph`` that ``node`` stands at ``place``."""
    if place.written:
        graph.add((node, define.sourcePlace, Literal(place.written)))


def place_of(graph: Graph, node: Node, define: Namespace) -> Place | None:
    """The place that ``graph`` states for ``node``; None if it states none."""
    stated = graph.value(node, define.sourcePlace)
    return None if stated is None else read_place(str(stated))


def restated_places(content: bytes, define: Namespace) -> bytes:
    """Sorted N-Triples with each place in one literal, where a property stated each part.

    The same content is returned where no such property is used.
    """
    former = {f"<{define[term]}>".encode(): part for term, part in _FORMER.items()}
    if not any(term in content for term in former):
        return content
    kept: list[bytes] = []
    places: dict[bytes, dict[str, str]] = {}
    for line in content.splitlines(keepends=True):
        part = former.get(property_of(line))
        if part is None:
            kept.append(line)
        else:
            value = text_of(object_of(line).decode())
            places.setdefault(subject_of(line), {})[part] = _escaped(value)
    for node, parts in places.items():
        place = _place(parts.items())
        if place is not None:
            kept.append(line_of(node.decode(), f"<{define.sourcePlace}>", literal(place.written)))
    return b"".join(sorted(kept))


def _place(parts: Iterable[tuple[str, str]]) -> Place | None:
    known = dict(parts)
    sheet = known.pop("sheet", None)
    numbers = {
        name: int(value)
        for name, value in known.items()
        if name in _PARTS and _COUNTED.fullmatch(value)
    }
    if sheet is None and not numbers:
        return None
    return Place(sheet=None if sheet is None else unquote(sheet), **numbers)


def _escaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: f"%{ord(found[0]):02X}", text)
