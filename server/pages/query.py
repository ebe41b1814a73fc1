"""The query page: an editor, example queries, the answer as a table and a chart, permalinks."""

import json
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from flask import Response, request

from gongkai.server.http.current import current_store
from gongkai.server.http.formats import GRAPH_TYPES, RESULT_TYPES, compact
from gongkai.server.http.language import asked_language, page_language
from gongkai.server.pages.charts import Chart
from gongkai.server.pages.examples import examples
from gongkai.server.pages.query_chart import ChartCell, result_chart
from gongkai.server.pages.rendering import page
from gongkai.server.store import Answer

_MOST_ROWS = 500
_MOST_DRAWN = 5000
"""Rows of which a chart is made; with more there is none."""

_LONGEST_TEXT = 200_000
"""Characters of a graph that are shown."""

_LONGEST_LINKED = 6000
"""Characters of a query that fit into an address; servers and proxies accept no longer ones."""

_KEPT = ("query", "edit", "default-graph-uri", "named-graph-uri")
"""Parameters of the address that are kept when the language is changed."""

_XSD = "http://www.w3.org/2001/XMLSchema#"
_WHOLE = r"[+-]?[0-9]{1,40}"
_DECIMAL = r"[+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,30})?|\.[0-9]{1,40})"
_NUMBERS = {
    **dict.fromkeys(("integer", "int", "long"), re.compile(_WHOLE)),
    "decimal": re.compile(_DECIMAL),
    **dict.fromkeys(("double", "float"), re.compile(_DECIMAL + r"(?:[eE][+-]?[0-9]{1,2})?")),
}
"""What is read as a number, by datatype: its lexical form, within limits; else it is a text."""


@dataclass(frozen=True)
class Value:
    """A value of an answer: a link or a text; ``number`` is set if it is a number."""

    text: str
    uri: str | None = None
    language: str = ""
    number: Decimal | None = None


@dataclass(frozen=True)
class ShownResult:
    """An answer prepared for display: a table, a truth value, or a graph as Turtle."""

    names: tuple[str, ...] = ()
    rows: tuple[tuple[Value | None, ...], ...] = ()
    count: int = 0
    truth: bool | None = None
    graph: str | None = None
    cut: bool = False
    chart: Chart | None = None


def query_page(
    text: str,
    answer: Answer | None = None,
    seconds: float = 0.0,
    message: str = "",
    status: int = 200,
) -> Response:
    """The page with a query in its editor, and its answer or an error message."""
    store = current_store()
    known = examples(store.base, page_language())
    shown = text.strip() or known[0].text
    response = page(
        "sparql.html",
        text=shown,
        dataset=_dataset(),
        result=None if answer is None else read_result(answer, store.base),
        milliseconds=round(seconds * 1000),
        message=message,
        status=status,
        examples=known,
        linked=len(text) <= _LONGEST_LINKED,
        files=GRAPH_TYPES if answer is not None and answer.is_graph else RESULT_TYPES,
        kept=[
            (name, value)
            for name, value in request.values.items(multi=True)
            if name in _KEPT and len(text) <= _LONGEST_LINKED
        ],
        address=_address,
    )
    response.headers["Vary"] = "Accept, Accept-Language"
    return response


def _dataset() -> list[tuple[str, str]]:
    """The graphs of the dataset that the request names apart from the query text."""
    names = ("default-graph-uri", "named-graph-uri")
    return [(name, value) for name in names for value in request.values.getlist(name)]


def _address(text: str, whole: bool = False, **more: str) -> str:
    """The address of the page that runs a query; on all graphs if ``whole``."""
    pairs = [("query", text), *([] if whole else _dataset()), *more.items()]
    language = asked_language()
    if language is not None and "format" not in more:
        pairs.append(("lang", language))
    return f"{request.script_root}/sparql?{urlencode(pairs)}"


def read_result(answer: Answer, base: str) -> ShownResult:
    """An answer (JSON for a table or truth value, Turtle for a graph) prepared for display."""
    if answer.is_graph:
        text = answer.body.decode("utf-8")
        return ShownResult(graph=text[:_LONGEST_TEXT], cut=len(text) > _LONGEST_TEXT)
    content = json.loads(answer.body)
    if "boolean" in content:
        return ShownResult(truth=content["boolean"])
    names = tuple(content["head"]["vars"])
    bindings = content["results"]["bindings"]
    rows = tuple(
        tuple(_value(row[name], base) if name in row else None for name in names)
        for row in bindings[:_MOST_ROWS]
    )
    return ShownResult(
        names=names,
        rows=rows,
        count=len(bindings),
        cut=len(bindings) > _MOST_ROWS,
        chart=None if len(bindings) > _MOST_DRAWN else result_chart(names, _cells(names, bindings)),
    )


def _cells(names: tuple[str, ...], bindings: list[dict[str, Any]]) -> list[list[ChartCell | None]]:
    """The cells of all rows for a chart, also of those that the table does not show."""
    return [
        [
            ChartCell(row[name]["value"], _number(row[name]), _datatype(row[name]))
            if name in row
            else None
            for name in names
        ]
        for row in bindings
    ]


def _datatype(cell: dict[str, Any]) -> str:
    return str(cell.get("datatype", "") if "literal" in cell["type"] else cell["type"])


def _number(cell: dict[str, Any]) -> Decimal | None:
    form = _NUMBERS.get(cell.get("datatype", "").removeprefix(_XSD))
    text = cell["value"]
    return Decimal(text) if form is not None and form.fullmatch(text) else None


def _value(cell: dict[str, Any], base: str) -> Value:
    text = cell["value"]
    if cell["type"] == "uri":
        return Value(compact(text, base), uri=text)
    if cell["type"] == "bnode":
        return Value(f"_:{text}")
    if cell["type"] not in ("literal", "typed-literal"):
        return Value(json.dumps(cell, ensure_ascii=False))
    return Value(text, language=cell.get("xml:lang", ""), number=_number(cell))
