"""The record of a conversion: every member, and that all of it is published as well."""

import hashlib
import json
import re
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from rdflib import RDF, RDFS, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, PROV, QB

from gongkai.converters.cn.reader import recognise
from gongkai.converters.documents import read_document
from gongkai.converters.rdf.cube import describe
from gongkai.converters.record import failure_record, figures_digest, record_of
from gongkai.converters.report import CellState, Report
from gongkai.ontology.source_places import place_of
from gongkai.ontology.structures import cubes
from gongkai.ontology.triples import graph as triples
from gongkai.version import __version__
from helpers.commands import BASE, ROOT, SAMPLE, gongkai

DEF = Namespace(BASE + "def#")
CODE = Namespace("http://purl.org/linked-data/sdmx/2009/code#")
MEASURE = Namespace("http://purl.org/linked-data/sdmx/2009/measure#")
ATTRIBUTE = Namespace("http://purl.org/linked-data/sdmx/2009/attribute#")
DCAT = Namespace("http://www.w3.org/ns/dcat#")
PAV = Namespace("http://purl.org/pav/")
SPDX = Namespace("http://spdx.org/rdf/terms#")
SCHEMA = Namespace("http://schema.org/")


@pytest.fixture
def spoiled(lines: list[str], tmp_path: Path) -> Path:
    """The sample with a cell in each state, a value too many, and a label printed otherwise."""
    handled = lines.index("（七）总计")
    received = lines.index("一、本年新收政府信息公开申请数量")
    lines[received + 1] = "366件"  # read, with a word of measure
    lines[received + 4] = "/"  # 0 by the sum of the row, 376
    lines[handled + 1] = "36S"  # unread
    regulations = lines.index("规章")
    lines[regulations + 2] = "/"  # no sum of part two proves what it is
    partly = next(i for i, line in enumerate(lines) if line.startswith("（二）部分公开"))
    del lines[partly : partly + 8]  # absent, and the row before it is in doubt
    lines.insert(len(lines) - 3, "77")  # belongs to no cell
    path = tmp_path / "spoiled.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture
def report(spoiled: Path) -> Report:
    read = recognise(read_document(spoiled))
    source = replace(
        read.source_file,
        address="https://www.example.org/报告.txt",
        retrieved=datetime(2020, 3, 1, 20, 0, tzinfo=timezone(timedelta(hours=8))),
    )
    return replace(read, source_file=source)


@pytest.fixture
def record(report: Report) -> dict[str, Any]:
    return record_of(report)


def cells(record: dict[str, Any], cube: str, state: str) -> list[dict[str, Any]]:
    (table,) = [table for table in record["tables"] if table["cube"] == cube]
    return [cell for cell in table["cells"] if cell["state"] == state]


def test_what_stands_at_its_head(record: dict[str, Any], spoiled: Path) -> None:
    data = spoiled.read_bytes()
    assert record["record"] == "gongkai conversion"
    assert record["version"] == 1
    assert record["software"] == {"name": "gongkai", "version": __version__}
    assert record["outcome"] == "converted"
    assert record["source"] == {
        "name": "spoiled.txt",
        "media_type": "text/plain",
        "size": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "address": "https://www.example.org/报告.txt",
        "retrieved": "2020-03-01T12:00:00Z",
    }
    assert record["report"] == {
        "body": "mohrss",
        "body_name": "人力资源和社会保障部",
        "year": 2019,
        "title": "2019年人力资源社会保障部政府信息公开工作年度报告",
        "form": "2019",
        "complete": False,
    }


def test_counts_of_cells(record: dict[str, Any]) -> None:
    # 198 cells: one imputed, one not stated, one unread, a row absent and a row in doubt of seven
    # cells each; and a value too many.
    assert record["counts"] == {
        "read": 198 - 1 - 1 - 1 - 7 - 7,
        "imputed": 1,
        "not-stated": 1,
        "unread": 1 + 7 + 1,
        "absent": 7,
        "unattributed": 0,
    }
    assert [(table["cube"], table["form"]) for table in record["tables"]] == [
        ("disclosure", "2019"),
        ("requests", "2019"),
        ("disputes", "2019"),
    ]
    for state, number in record["counts"].items():
        assert sum(table["counts"][state] for table in record["tables"]) == number


def test_a_number_with_more_text(record: dict[str, Any], spoiled: Path) -> None:
    (cell,) = cells(record, "requests", "read")
    lines = spoiled.read_text(encoding="utf-8").splitlines()
    assert cell == {
        "state": "read",
        "codes": {"applicant": "natural-person", "stage": "received"},
        "row": cell["row"],
        "column": cell["column"],
        "place": {"line": lines.index("366件") + 1},
        "value": "366",
        "unit": "request",
        "printed": "366件",
        "reason": {},
        "readings": [],
    }
    assert cell["row"]["zh"] == "一、本年新收政府信息公开申请数量"
    assert cell["column"]["zh"].endswith("自然人")
    assert set(cell["row"]) == set(cell["column"]) == {"zh", "en"}


def test_cells_without_a_number_of_their_own(record: dict[str, Any]) -> None:
    (imputed,) = cells(record, "requests", "imputed")
    assert imputed["codes"] == {"applicant": "social-welfare", "stage": "received"}
    assert imputed["value"] == "0" and imputed["unit"] == "request"
    assert imputed["printed"] == "/" and imputed["readings"] == ["/"]
    assert imputed["reason"] == {"zh": "填写为“/”", "en": "filled with “/”"}
    (unstated,) = cells(record, "disclosure", "not-stated")
    assert unstated["codes"] == {"item": "regulations", "indicator": "newly-public"}
    assert unstated["value"] is None and unstated["readings"] == ["/"]
    *doubted, unread = cells(record, "requests", "unread")
    assert {cell["codes"]["stage"] for cell in doubted} == {"granted"}
    assert all(cell["readings"] == ["135", "2", "0", "0", "0", "0", "137"] for cell in doubted)
    assert unread["codes"] == {"applicant": "natural-person", "stage": "handled"}
    assert unread["reason"] == {"zh": "不是数字：“36S”", "en": "not a number: “36S”"}
    assert unread["readings"] == ["36S"] and unread["value"] is None
    (stray,) = cells(record, "disputes", "unread")
    assert stray["codes"] == stray["row"] == stray["column"] == {}
    assert stray["readings"] == ["77"]
    absent = cells(record, "requests", "absent")
    assert {cell["codes"]["stage"] for cell in absent} == {"partly-granted"}
    assert len({cell["codes"]["applicant"] for cell in absent}) == len(absent) == 7
    assert all(cell["place"] is None for cell in absent)


def test_labels_printed_otherwise_are_notes(record: dict[str, Any]) -> None:
    (note,) = [n for n in record["notes"] if n["about"] and "excessive" in n["about"]]
    assert note["about"] == "id/form/2019#row-not-processed-excessive"
    assert note["printed"] == "4.无正当理由大量反复申引导网民按需进行互动留言请"
    assert note["place"]["line"] > 100
    assert set(note["message"]) == {"zh", "en"}


def test_plain_values_in_a_stable_order(record: dict[str, Any], report: Report) -> None:
    text = json.dumps(record, ensure_ascii=False)
    assert json.loads(text) == record, "nothing but JSON's own types"
    assert json.dumps(record_of(report), ensure_ascii=False) == text


def test_the_layout_is_documented(record: dict[str, Any], spoiled: Path, tmp_path: Path) -> None:
    documented = set(
        re.findall(r"`([\w-]+)`", (ROOT / "docs" / "record.md").read_text(encoding="utf-8"))
    )

    def members(value: Any) -> set[str]:
        if isinstance(value, dict):
            return set(value).union(*(members(item) for item in value.values()))
        return set().union(*(members(item) for item in value)) if isinstance(value, list) else set()

    assert gongkai("check", spoiled, "--records", tmp_path / "records").exit_code == 1
    checked = json.loads((tmp_path / "records" / "mohrss-2019.record.json").read_text("utf-8"))
    schemes = {dimension.scheme for cube in cubes().values() for dimension in cube.dimensions}
    failed = failure_record({}, {"zh": "为何", "en": "why"})
    used = members(record) | members(checked) | members(failed)
    assert "findings" in used and "error" in used
    assert used - schemes <= documented
    assert {state.value for state in CellState} <= documented


def literals(graph: Graph, node: Any, link: URIRef) -> dict[str, str]:
    return {
        str(item.language): str(item)
        for item in graph.objects(node, link)
        if isinstance(item, Literal)
    }


def stated_place(graph: Graph, node: Any) -> dict[str, Any] | None:
    place = place_of(triples.Graph(graph), node, DEF)
    return None if place is None else {k: v for k, v in vars(place).items() if v is not None}


def test_all_of_it_is_published(record: dict[str, Any], report: Report) -> None:
    graph = describe(report, BASE)
    node = URIRef(f"{BASE}id/report/mohrss/2019")
    conversion = graph.value(node, PROV.wasGeneratedBy)
    software = graph.value(conversion, PROV.wasAssociatedWith)
    assert str(graph.value(software, SCHEMA.softwareVersion)) == record["software"]["version"]
    source = graph.value(node, PROV.wasDerivedFrom)
    assert str(graph.value(source, DCTERMS.title)) == record["source"]["name"]
    assert str(graph.value(source, DCAT.mediaType)).endswith(record["source"]["media_type"])
    assert str(graph.value(source, DCAT.byteSize)) == str(record["source"]["size"])
    checksum = graph.value(graph.value(source, SPDX.checksum), SPDX.checksumValue)
    assert str(checksum).lower() == record["source"]["sha256"]
    assert str(graph.value(source, PAV.retrievedFrom)) == record["source"]["address"]
    retrieved = graph.value(source, PAV.retrievedOn)
    assert isinstance(retrieved, Literal)
    assert retrieved.toPython() == datetime.fromisoformat(record["source"]["retrieved"])
    for state, number in record["counts"].items():
        term = "cells" + "".join(word.capitalize() for word in state.split("-"))
        stated = graph.value(conversion, DEF[term])
        # Only sources of other countries have some: the others need not say that there are none.
        assert stated == (Literal(number) if number or state != "unattributed" else None), state
    for number, note in enumerate(record["notes"], start=1):
        item = URIRef(f"{node}#note-{number}")
        assert (conversion, DEF.note, item) in graph
        assert literals(graph, item, RDFS.comment) == note["message"]
        printed, about = graph.value(item, DEF.printedLabel), graph.value(item, DCTERMS.subject)
        assert (None if printed is None else str(printed)) == note["printed"]
        assert (None if about is None else str(about).removeprefix(BASE)) == note["about"]
        assert stated_place(graph, item) == note["place"]
    assert len(set(graph.subjects(RDF.type, DEF.ConversionNote))) == len(record["notes"])
    told = 0
    for table in record["tables"]:
        slice_ = URIRef(f"{BASE}id/slice/{table['cube']}/mohrss/2019")
        assert str(graph.value(slice_, DEF.form)) == f"{BASE}id/form/{table['form']}"
        for cell in table["cells"]:
            found = published(graph, slice_, table["cube"], cell)
            assert literals(graph, found, DEF.reason) == cell["reason"]
            assert stated_place(graph, found) == cell["place"]
            told += 1
    beyond = {
        *graph.subjects(RDF.type, DEF.MissingCell),
        *graph.subjects(ATTRIBUTE.obsStatus, CODE["obsStatus-I"]),
        *graph.subjects(DEF.sourceText),
    }
    assert len(beyond) == told, "and the record has all that is published"


def published(graph: Graph, slice_: URIRef, cube: str, cell: dict[str, Any]) -> Any:
    """The node of a cell in the graph, whose state, number and texts are those of the record."""
    names = {dimension.scheme: dimension.name for dimension in cubes()[cube].dimensions}
    wanted = {
        (DEF[names[scheme]], URIRef(f"{BASE}id/code/{scheme}/{code}"))
        for scheme, code in cell["codes"].items()
    }
    number = cell["state"] in ("read", "imputed")
    among = (
        graph.objects(slice_, QB.observation) if number else graph.subjects(DEF.missingFrom, slice_)
    )
    links = {DEF[name] for name in names.values()}
    (node,) = [
        node
        for node in among
        if {(link, code) for link, code in graph.predicate_objects(node) if link in links} == wanted
    ]
    if number:
        value = graph.value(node, MEASURE.obsValue)
        assert isinstance(value, Literal) and Decimal(str(value)) == Decimal(cell["value"])
        assert str(graph.value(node, ATTRIBUTE.unitMeasure)).endswith(f"unit/{cell['unit']}")
        status = "obsStatus-I" if cell["state"] == "imputed" else "obsStatus-A"
        assert graph.value(node, ATTRIBUTE.obsStatus) == CODE[status]
        assert str(graph.value(node, DEF.sourceText)) == cell["printed"]
        assert set(cell["readings"]) <= {cell["printed"]}
    else:
        state = URIRef(f"{BASE}id/code/cell-state/{cell['state']}")
        assert graph.value(node, DEF.cellState) == state
        readings = {str(reading) for reading in graph.objects(node, DEF.reading)}
        assert readings == set(cell["readings"])
        assert cell["printed"] is None or cell["printed"] in readings
    return node


def test_the_digest_is_of_figures_alone(lines: list[str], tmp_path: Path) -> None:
    path = tmp_path / "other.txt"

    def digest(line: int, text: str) -> str:
        path.write_text("\n".join([*lines[:line], text, *lines[line + 1 :]]), encoding="utf-8")
        return figures_digest(recognise(read_document(path)))

    received = lines.index("一、本年新收政府信息公开申请数量") + 1
    same = figures_digest(recognise(read_document(SAMPLE)))
    assert digest(received, "３６６") == same
    assert digest(received, "366件") == same
    assert digest(len(lines) - 1, "2020年1月23日") == same
    assert digest(received, "367") != same
    assert digest(received, "36S") != same
    assert digest(received, "36S") != digest(received, "36T")


def read_record(path: Path) -> dict[str, Any]:
    content = json.loads(path.read_text(encoding="utf-8"))
    assert isinstance(content, dict)
    return content


def test_convert_writes_records_beside_the_rdf(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "bad.txt").write_text("no report", encoding="utf-8")
    copy = tmp_path / "copy.txt"
    copy.write_bytes(SAMPLE.read_bytes())
    out = tmp_path / "out"
    result = gongkai("convert", tmp_path / "a", SAMPLE, copy, tmp_path / "b", "-o", out)
    assert result.exit_code == 2
    assert sorted(path.name for path in out.iterdir()) == [
        "bad.txt-2.record.json",
        "bad.txt.record.json",
        "copy.txt.record.json",
        "mohrss-2019.record.json",
        "mohrss-2019.ttl",
    ]
    good = read_record(out / "mohrss-2019.record.json")
    assert good == record_of(recognise(read_document(SAMPLE)))
    bad = read_record(out / "bad.txt.record.json")
    assert bad["outcome"] == "failed" and "not an annual report" in bad["error"]
    assert bad["message"]["en"] == bad["error"] and set(bad["message"]) == {"zh", "en"}
    assert bad["source"] == {
        "name": "bad.txt",
        "media_type": None,
        "size": 9,
        "sha256": hashlib.sha256(b"no report").hexdigest(),
        "address": None,
        "retrieved": None,
    }
    left = read_record(out / "copy.txt.record.json")
    assert left["outcome"] == "left-out" and str(SAMPLE) in left["error"]
    assert "内容相同" in left["message"]["zh"]
    assert left["source"]["sha256"] == good["source"]["sha256"]


def test_check_and_publish_write_records_where_they_are_told(
    lines: list[str], tmp_path: Path
) -> None:
    lines[lines.index("（一）予以公开") + 1] = "134"
    path = tmp_path / "broken.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    for command in (("check",), ("publish", "--store", tmp_path / "store")):
        records = tmp_path / str(command[0])
        gone = tmp_path / "gone.txt"
        result = gongkai(*command, path, gone, "--records", records)
        assert result.exit_code == 2
        findings = read_record(records / "mohrss-2019.record.json")["findings"]
        assert [finding["rule"] for finding in findings] == [
            "requests-applicants",
            "requests-outcomes",
        ]
        assert findings[1]["expected"] == "365" and findings[1]["found"] == "366"
        assert findings[1]["place"] == {"line": 262}
        failed = read_record(records / "gone.txt.record.json")
        assert failed["source"]["size"] is None and "no such file" in failed["error"]
    assert gongkai("check", path, "--records", path).exit_code == 2, "a file is no folder"
