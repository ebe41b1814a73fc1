"""The distributions of a report (dcat:Distribution), each with size and checksum.

A distribution is made from the report's graph and from the descriptions of its year, body and area,
so it stays the same, to the byte, until they change: the size and SHA-256 in a catalog are those of
what is sent.
"""

import hashlib
import json
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from cachetools import LRUCache

from gongkai.ontology.addresses import Addresses
from gongkai.ontology.labels import Label
from gongkai.ontology.texts import translations
from gongkai.server.downloads.cell_rows import cell_table, report_columns, schemes
from gongkai.server.downloads.sheets import as_csv, as_workbook
from gongkai.server.http import formats
from gongkai.server.queries.graphs import report_entities, whole_report
from gongkai.server.queries.rows import rows
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

_MOST_FACTS = 100_000
"""Reports whose facts are cached."""


@dataclass(frozen=True)
class FileFacts:
    """The facts about a file in a catalog: its size in bytes, and its SHA-256."""

    size: int
    sha256: str


_facts: LRUCache[tuple[str, ...], Mapping[str, FileFacts]] = LRUCache(_MOST_FACTS)
_lock = threading.Lock()


def distribution(store: Store, report: str, suffix: str) -> bytes:
    """A report in one of the formats; empty if the store does not have the report."""
    return _distributions(store, report, [suffix])[suffix]


def facts(store: Store, report: str) -> Mapping[str, FileFacts]:
    """Size and checksum of each distribution; cached for each version after the first request."""
    versions = rows(store, "current-version", report)
    # Reports published before there were versions change with the store.
    version = versions[0].values() if versions else (store.version, report)
    # Names of its body may be added by another report.
    entities = hashlib.sha256(report_entities(store, report)).hexdigest()
    key = (store.base, *version, entities)
    with _lock:
        known = _facts.get(key)
    if known is None:
        known = {
            suffix: FileFacts(len(body), hashlib.sha256(body).hexdigest())
            for suffix, body in _distributions(store, report, MEDIA_TYPES).items()
        }
        with _lock:
            _facts[key] = known
    return known


def _distributions(store: Store, report: str, suffixes: Iterable[str]) -> dict[str, bytes]:
    """A report in some of the formats; its triples and cells are queried once."""
    table: tuple[Sequence[str], list[tuple[str, ...]]] | None = None
    triples: bytes | None = None
    made = {}
    for suffix in suffixes:
        if suffix in _OF_CELLS:
            if table is None:
                columns, texts = cell_table(store, report)
                table = columns.names, texts
            made[suffix] = _OF_CELLS[suffix](*table) if table[1] else b""
        else:
            if triples is None:
                triples = whole_report(store, report)
            made[suffix] = formats.serialize(triples, suffix, store.base) if triples else b""
    return made


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
