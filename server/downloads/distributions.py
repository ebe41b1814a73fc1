"""The distributions of a report (dcat:Distribution), as files.

A distribution is made from the report's graph and from the descriptions of its year, body and area,
so it stays the same, to the byte, until they change: the size and SHA-256 in a catalog are those of
what is sent.
"""

import json
from collections.abc import Callable, Mapping, Sequence

from gongkai.ontology.addresses import Addresses
from gongkai.ontology.labels import Label
from gongkai.ontology.texts import translations
from gongkai.server.downloads.cell_rows import cell_table, report_columns, schemes
from gongkai.server.downloads.sheets import as_csv, as_workbook
from gongkai.server.http import formats
from gongkai.server.queries.graphs import whole_report
from gongkai.server.store import Store

MEDIA_TYPES: Mapping[str, str] = {
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""The media type of each distribution, by suffix."""

FILE_TYPES: Mapping[str, tuple[str, str]] = {
    "ttl": ("RDF_TURTLE", "Turtle"),
    "jsonld": ("JSON_LD", "JSON-LD"),
    "nt": ("RDF_N_TRIPLES", "N-Triples"),
    "csv": ("CSV", "CSV"),
    "xlsx": ("XLSX", "Excel XLSX"),
    "nq": ("RDF_N_QUADS", "N-Quads"),
}
"""The file type in the EU's authority table, and its label; nq is the dump of the whole store."""

_TRIPLES = translations("catalog.triples")
_CELLS = translations("catalog.cells")
FILE_CONTENTS: Mapping[str, Label] = {
    "ttl": _TRIPLES,
    "jsonld": _TRIPLES,
    "nt": _TRIPLES,
    "csv": _CELLS,
    "xlsx": _CELLS,
    "nq": translations("catalog.whole_store"),
}
"""The content of each distribution."""


def distribution(store: Store, report: str, suffix: str) -> bytes:
    """A report in one of the formats; empty if the store does not have the report."""
    if suffix in _OF_CELLS:
        columns, texts = cell_table(store, report)
        return _OF_CELLS[suffix](columns.names, texts) if texts else b""
    triples = whole_report(store, report)
    return formats.serialize(triples, suffix, store.base) if triples else b""


def csv_metadata(store: Store, body: str, year: int) -> bytes:
    """The metadata of a report's CSV file: W3C, Metadata Vocabulary for Tabular Data (2015)."""
    base = store.base
    own = report_columns(store, str(Addresses(base).report(body, year)))
    addresses = Addresses(base)
    define = str(addresses.terms)
    measure = "http://purl.org/linked-data/sdmx/2009/measure#"
    attribute = "http://purl.org/linked-data/sdmx/2009/attribute#"
    columns: list[dict[str, object]] = [
        {
            "name": name,
            "suppressOutput": True,
        }
        for name in ("cell", "cube")
    ]
    period = "http://purl.org/linked-data/sdmx/2009/dimension#refPeriod"
    if own.period:
        columns.append({"name": "period", "propertyUrl": period, "valueUrl": base + "id/{+period}"})
    columns += [
        {
            "name": name,
            "propertyUrl": define + name,
            "valueUrl": f"{base}id/{_list_path(name)}/{{{name}}}",
        }
        for name in own.dimensions
    ]
    columns += [
        {"name": "label_zh", "lang": "zh", "propertyUrl": "rdfs:label"},
        {"name": "label_en", "lang": "en", "propertyUrl": "rdfs:label"},
        {"name": "value", "datatype": "decimal", "propertyUrl": measure + "obsValue"},
        {
            "name": "unit",
            "propertyUrl": attribute + "unitMeasure",
            "valueUrl": base + "id/code/unit/{unit}",
        },
        {
            "name": "state",
            "propertyUrl": define + "cellState",
            "valueUrl": base + "id/code/cell-state/{state}",
        },
        {"name": "source_text", "propertyUrl": define + "sourceText"},
    ]
    if own.texts:
        columns += [
            {"name": "statement", "propertyUrl": define + "statement"},
            {"name": "receivedOn", "datatype": "date", "propertyUrl": define + "receivedOn"},
        ]
    for column in columns:
        column["titles"] = column["name"]
    virtual = [("body", define + "body", str(addresses.body(body)))]
    if not own.period:
        virtual.append(("period", period, str(addresses.year(year))))
    columns += [
        {"name": name, "virtual": True, "propertyUrl": link, "valueUrl": value}
        for name, link, value in virtual
    ]
    content = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "zh"}],
        "url": f"{year}.csv",
        "dc:source": {"@id": str(addresses.report(body, year))},
        "dialect": {"header": True, "encoding": "utf-8", "delimiter": ",", "quoteChar": '"'},
        "tableSchema": {"aboutUrl": "{+cell}", "columns": columns},
    }
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def _list_path(dimension: str) -> str:
    """The path under ``id/`` with the names of the values of a dimension."""
    scheme = schemes()[dimension]
    return scheme if scheme == "body" else f"code/{scheme}"


_OF_CELLS: Mapping[str, Callable[[Sequence[str], Sequence[Sequence[str]]], bytes]] = {
    "csv": as_csv,
    "xlsx": as_workbook,
}
"""Writers of the distributions that contain only the cells."""
