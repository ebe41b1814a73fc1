"""The catalog and what harvesters find beside it: complete, true of what is sent, page by page."""

import csv
import gzip
import hashlib
import io
import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pyshacl
import pytest
from flask.testing import FlaskClient
from lxml import etree
from rdflib import RDF, Dataset, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, QB, VOID

from gongkai.server.catalog import discovery
from gongkai.server.downloads.distributions import distribution
from gongkai.server.settings import CatalogSettings, Settings
from gongkai.server.store import Store
from helpers.commands import BASE, ROOT, gongkai
from helpers.served import publish_several, sample_of, served

DCAT = Namespace("http://www.w3.org/ns/dcat#")
HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
LICENSE = "http://creativecommons.org/licenses/by/4.0/"
SETTINGS = Settings(
    catalog=CatalogSettings(
        publisher_type="NonProfitOrganisation", license=LICENSE, email="data@example.org", page=2
    )
)
MEASURE = URIRef("http://purl.org/linked-data/sdmx/2009/measure#obsValue")


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of five reports with its dump."""
    folder = tmp_path_factory.mktemp("several")
    publish_several(folder, folder / "store")
    result = gongkai("dump", "--store", folder / "store")
    assert result.exit_code == 0, result.output
    return folder / "store"


@pytest.fixture(scope="module")
def client(several: Path) -> Iterator[FlaskClient]:
    with served(several, SETTINGS, several / "dumps") as client:
        yield client


def path_of(url: object) -> str:
    assert str(url).startswith(BASE)
    return "/" + str(url).removeprefix(BASE)


CATALOG = URIRef(BASE + "catalog")


def pages(client: FlaskClient, suffix: str, kind: str) -> list[Graph]:
    """All pages of the catalog, as a harvester goes from one to the next."""
    found: list[Graph] = []
    address: str | None = f"{BASE}catalog{suffix}"
    seen, totals = set(), set()
    while address is not None:
        assert address not in seen, "no page comes twice"
        seen.add(address)
        response = client.get(path_of(address), headers={"Accept": kind})
        assert response.status_code == 200
        assert response.mimetype == kind
        graph = Graph().parse(data=response.data, format=kind)
        (view,) = graph.subjects(RDF.type, HYDRA.PartialCollectionView)
        assert (view, RDF.type, HYDRA.PagedCollection) in graph
        following = graph.value(view, HYDRA.next)
        assert graph.value(view, HYDRA.nextPage) == following
        totals.add(graph.value(view, HYDRA.totalItems))
        address = None if following is None else str(following)
        found.append(graph)
    listed = {one for graph in found for one in graph.objects(CATALOG, DCAT.dataset)}
    assert totals == {Literal(len(listed))}, "reports and cubes, each counted once"
    series = {one for graph in found for one in graph.subjects(RDF.type, DCAT.DatasetSeries)}
    assert series == {one for graph in found for one in graph.objects(CATALOG, DCAT.resource)}
    return found


@pytest.mark.parametrize(
    ("suffix", "kind"),
    [
        ("", "text/turtle"),
        (".ttl", "text/turtle"),
        (".rdf", "application/rdf+xml"),
        (".jsonld", "application/ld+json"),
        (".nt", "application/n-triples"),
    ],
)
def test_page_after_page_has_every_report_once(client: FlaskClient, suffix: str, kind: str) -> None:
    found = pages(client, suffix, kind)
    assert len(found) == 3
    reports = [
        str(dataset)
        for graph in found
        for dataset in graph.objects(URIRef(BASE + "catalog"), DCAT.dataset)
        if "/id/report/" in str(dataset)
    ]
    assert len(reports) == len(set(reports)) == 5
    cubes = [set(graph.subjects(RDF.type, QB.DataSet)) for graph in found]
    assert len(cubes[0]) == 4 and not cubes[1] and not cubes[2]


def test_it_is_what_dcat_ap_asks_for(client: FlaskClient) -> None:
    shapes = [ROOT / "tests" / "dcat_ap.ttl"]
    official = os.environ.get("GONGKAI_DCAT_AP_SHAPES")
    if official:
        shapes += sorted(Path(official).glob("*.ttl"))
    for graph in pages(client, ".ttl", "text/turtle"):
        for path in shapes:
            conforms, _, text = pyshacl.validate(graph, shacl_graph=str(path), advanced=True)
            assert conforms, f"{path.name}: {text}"


def test_the_shapes_notice_what_is_missing(client: FlaskClient) -> None:
    graph = pages(client, ".ttl", "text/turtle")[0]
    for property_ in (DCTERMS.title, DCTERMS.publisher, DCAT.accessURL, DCAT.theme):
        less = Graph()
        for triple in graph:
            if triple[1] != property_:
                less.add(triple)
        shapes = ROOT / "tests" / "dcat_ap.ttl"
        assert not pyshacl.validate(less, shacl_graph=str(shapes))[0], property_


def files_of(client: FlaskClient) -> dict[str, tuple[int, str] | None]:
    """Size and SHA-256 of each distribution as the catalog states them, by address."""
    found: dict[str, tuple[int, str] | None] = {}
    for graph in pages(client, ".ttl", "text/turtle"):
        for file in set(graph.objects(None, DCAT.distribution)):
            size, checksum = graph.value(file, DCAT.byteSize), graph.value(file, SPDX.checksum)
            assert (size is None) == (checksum is None)
            path = path_of(graph.value(file, DCAT.downloadURL))
            value = str(graph.value(checksum, SPDX.checksumValue))
            found[path] = None if size is None else (int(str(size)), value)
    return found


def test_every_distribution_is_there(client: FlaskClient) -> None:
    for graph in pages(client, ".ttl", "text/turtle"):
        for file in set(graph.objects(None, DCAT.distribution)):
            response = client.get(path_of(graph.value(file, DCAT.downloadURL)))
            assert response.status_code == 200
            media_type = str(graph.value(file, DCAT.mediaType)).partition("media-types/")[2]
            packed = graph.value(file, DCAT.compressFormat)
            sent = "application/gzip" if packed is not None else media_type
            assert response.mimetype == sent
            assert client.get(path_of(graph.value(file, DCAT.accessURL))).status_code == 200


def test_the_catalog_states_what_it_knows_of_files_and_makes_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tmp_path / "store"
    publish_several(tmp_path, store)
    with monkeypatch.context() as early, served(store, SETTINGS) as client:
        early.setattr("gongkai.server.http.formats.serialize", lambda body, *_: body)
        early.setattr("gongkai.server.downloads.dumps.distribution", None)
        response = client.get("/catalog.nt")
        assert response.status_code == 200 and b"byteSize" not in response.data
    with served(store, SETTINGS) as client:
        before = files_of(client)
        assert len(before) == 25 and not any(before.values())
        sent = {path: client.get(path).data for path in before}
    # Another process of the server, or one after a restart.
    with served(store, SETTINGS) as client:
        stated = files_of(client)
        assert stated == {
            path: (len(data), hashlib.sha256(data).hexdigest()) for path, data in sent.items()
        }
        assert {path: client.get(path).data for path in before} == sent


def test_what_is_known_of_a_file_ends_with_its_content(tmp_path: Path) -> None:
    store = tmp_path / "store"
    publish_several(tmp_path, store)
    path, other = "/dump/report/moe/2019.csv", "/dump/report/mohrss/2019.csv"
    with served(store, SETTINGS) as client:
        for one in (path, other):
            client.get(one)
    again = sample_of(tmp_path, "教育部", 2019, more=7)
    assert gongkai("publish", again, "--store", store).exit_code in (0, 1)
    with served(store, SETTINGS) as client:
        stated = files_of(client)
        assert stated[path] is None and stated[other] is not None
        data = client.get(path).data
    with served(store, SETTINGS) as client:
        assert files_of(client)[path] == (len(data), hashlib.sha256(data).hexdigest())


def test_a_file_that_was_made_of_another_version_is_not_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tmp_path / "store"
    publish_several(tmp_path, store)
    waiting = [sample_of(tmp_path, "教育部", 2019, more=7)]
    path = "/dump/report/moe/2019.csv"

    def slow(of: Store, report: str, suffix: str) -> bytes:
        made = distribution(of, report, suffix)
        for again in waiting:
            waiting.remove(again)
            assert gongkai("publish", again, "--store", store).exit_code in (0, 1)
        return made

    with served(store, SETTINGS) as client:
        with monkeypatch.context() as meanwhile:
            meanwhile.setattr("gongkai.server.downloads.dumps.distribution", slow)
            client.get(path)
        assert not waiting
        data = client.get(path).data
    with served(store, SETTINGS) as client:
        assert files_of(client)[path] == (len(data), hashlib.sha256(data).hexdigest())


@pytest.mark.parametrize("content", [b"", b"no database", bytes(9000)])
def test_what_is_known_of_files_is_begun_anew_where_it_is_damaged(
    tmp_path: Path, content: bytes
) -> None:
    store = tmp_path / "store"
    publish_several(tmp_path, store)
    for name in ("files.1.sqlite", "files.1.sqlite-wal"):
        (store / "derived" / name).write_bytes(content)
    path = "/dump/report/moe/2019.csv"
    for _ in range(2):
        with served(store, SETTINGS) as client:
            files_of(client)
            data = client.get(path).data
    with served(store, SETTINGS) as client:
        assert files_of(client)[path] == (len(data), hashlib.sha256(data).hexdigest())


def test_the_distributions_say_the_same(client: FlaskClient) -> None:
    whole = Graph().parse(data=client.get("/dump/report/mohrss/2019.nt").data, format="nt")
    for suffix, syntax in (("ttl", "turtle"), ("jsonld", "json-ld")):
        other = client.get(f"/dump/report/mohrss/2019.{suffix}").data
        assert set(Graph().parse(data=other, format=syntax)) == set(whole)
    rows = list(csv.reader(io.StringIO(client.get("/dump/report/mohrss/2019.csv").text)))
    assert len(rows) == 199
    head, cells = rows[0], [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    for cell in cells:
        assert str(whole.value(URIRef(cell["cell"]), MEASURE)) == cell["value"]
    found = {cell["cell"] for cell in cells}
    assert found == {str(node) for node in whole.subjects(RDF.type, QB.Observation)}
    first = next(cell for cell in cells if cell["cube"] == "requests")
    assert (first["applicant"], first["stage"]) == ("natural-person", "received")
    book = openpyxl.load_workbook(io.BytesIO(client.get("/dump/report/mohrss/2019.xlsx").data))
    sheet = [["" if v is None else str(v) for v in row] for row in book["cells"].values]
    assert sheet == rows
    assert sheet[0] == head


def test_the_metadata_of_the_csv_give_back_the_triples(client: FlaskClient) -> None:
    """CSV on the Web: what a converter makes of file and metadata is what the graph says."""
    response = client.get("/dump/report/mohrss/2019.csv")
    (link,) = [v for v in response.headers.getlist("Link") if "csvm+json" in v]
    path = re.fullmatch(r'<([^>]+)>; rel="describedby"; type="application/csvm\+json"', link)
    assert path is not None
    metadata = client.get(path[1]).get_json(force=True)
    assert metadata["url"] == "2019.csv"
    columns = metadata["tableSchema"]["columns"]
    rows = list(csv.reader(io.StringIO(response.text)))
    assert [c["titles"] for c in columns if not c.get("virtual")] == rows[0]
    whole = Graph().parse(data=client.get("/dump/report/mohrss/2019.nt").data, format="nt")
    stated = 0
    for row in rows[1:]:
        cell = dict(zip(rows[0], row, strict=True))
        for column in columns:
            link_of = column.get("propertyUrl", "")
            known = column.get("virtual") or cell[column["name"]]
            if not link_of.startswith("http") or "valueUrl" not in column or not known:
                continue
            if column["name"] == "state":
                continue
            value = column["valueUrl"].format(**cell)
            assert (URIRef(cell["cell"]), URIRef(link_of), URIRef(value)) in whole
            stated += 1
    assert stated == 198 * 5


def test_files_that_are_not_there(client: FlaskClient) -> None:
    for name in ("2019.pdf", "2019", "x.ttl", "2019.html", "1999.ttl", "2019.csv-metadata"):
        assert client.get(f"/dump/report/mohrss/{name}").status_code == 404, name
    assert client.get("/dump/report/no%20such/2019.ttl").status_code == 404
    for page in ("0", "4", "-1", "x", "1" * 400, "²"):
        assert client.get("/catalog", query_string={"page": page}).status_code == 404
    assert client.get("/catalog.pdf").status_code == 404
    wrong = client.get("/catalog", headers={"Accept": "image/png"})
    assert wrong.status_code == 406
    assert "/catalog.ttl?page=1" in wrong.text


def test_the_dump_has_everything_and_is_sent_in_parts(client: FlaskClient) -> None:
    whole = client.get("/dump/all.nq.gz")
    assert whole.mimetype == "application/gzip"
    quads = Dataset()
    quads.parse(data=gzip.decompress(whole.data), format="nquads")
    count = client.get(
        "/sparql",
        query_string={"query": "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }"},
        headers={"Accept": "text/csv"},
    )
    assert int(count.data.split()[1]) == len(list(quads.quads()))
    part = client.get("/dump/all.nq.gz", headers={"Range": "bytes=10-19"})
    assert part.status_code == 206
    assert part.data == whole.data[10:20]
    again = client.get("/dump/all.nq.gz", headers={"If-None-Match": whole.headers["ETag"]})
    assert again.status_code == 304 and not again.data
    head = client.head("/dump/all.nq.gz")
    assert head.status_code == 200 and not head.data
    assert head.headers["Content-Length"] == str(len(whole.data))


def test_a_dump_is_replaced_whole(several: Path, tmp_path: Path) -> None:
    target = tmp_path / "dumps"
    for _ in range(2):
        result = gongkai("dump", "--store", several, "--output", target)
        assert result.exit_code == 0
    assert sorted(path.suffix for path in target.iterdir()) == [".gz", ".json"]
    told = json.loads((target / "all.json").read_text())
    (file,) = target.glob("*.gz")
    assert hashlib.sha256(file.read_bytes()).hexdigest() == told["sha256"]
    with served(several, dumps=target) as client:
        before = client.get("/catalog.ttl").text
        assert told["sha256"] in before
        file.write_bytes(b"half")
        assert client.get("/dump/all.nq.gz").status_code == 404
    none = gongkai("dump", "--store", tmp_path / "none")
    assert none.exit_code == 2 and "no published store" in none.output


def test_a_new_dump_is_in_the_catalog_at_once(several: Path, tmp_path: Path) -> None:
    with served(several, dumps=tmp_path) as client:
        assert "all.nq.gz" not in client.get("/catalog.ttl").text
        assert gongkai("dump", "--store", several, "--output", tmp_path).exit_code == 0
        assert "all.nq.gz" in client.get("/catalog.ttl").text


def test_data_json(client: FlaskClient) -> None:
    content = client.get("/data.json").get_json()
    assert content["conformsTo"] == "https://project-open-data.cio.gov/v1.1/schema"
    assert len(content["dataset"]) == 5
    for dataset in content["dataset"]:
        # The fields that the schema requires.
        for field in (
            "title", "description", "keyword", "modified", "publisher", "contactPoint",
            "identifier", "accessLevel",
        ):  # fmt: skip
            assert dataset[field], field
        assert dataset["contactPoint"]["hasEmail"] == "mailto:data@example.org"
        assert dataset["license"] == LICENSE
        for file in dataset["distribution"]:
            response = client.get(path_of(file["downloadURL"]))
            assert response.status_code == 200 and response.mimetype == file["mediaType"]


def test_void_counts_what_there_is(client: FlaskClient) -> None:
    response = client.get("/.well-known/void")
    assert response.mimetype == "text/turtle"
    graph = Graph().parse(data=response.data, format="turtle")
    whole = URIRef(BASE + ".well-known/void#data")
    assert (URIRef(BASE + ".well-known/void"), RDF.type, VOID.DatasetDescription) in graph
    query = "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }"
    answer = client.get(
        "/sparql", query_string={"query": query}, headers={"Accept": "text/csv"}
    ).data.split()[1]
    assert graph.value(whole, VOID.triples) == Literal(int(answer))
    requests = graph.value(URIRef(BASE + ".well-known/void#requests"), VOID.entities)
    assert requests == Literal(5 * 161)
    sets = list(graph.subjects(RDF.type, VOID.Linkset))
    targets = {str(graph.value(item, VOID.objectsTarget)) for item in sets}
    assert "http://reference.data.gov.uk/" in targets


def test_the_site_map_leads_to_pages(client: FlaskClient) -> None:
    loc = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
    assert f"Sitemap: {BASE}sitemap.xml" in client.get("/robots.txt").text
    index = etree.fromstring(client.get("/sitemap.xml").data)
    maps = [element.text for element in index.iter(loc)]
    assert maps == [BASE + "sitemap-1.xml"]
    root = etree.fromstring(client.get(path_of(maps[0])).data)
    locations = [element.text for element in root.iter(loc)]
    assert len(locations) == len(set(locations)) == 4 + 5 + 3 + 4 + 3
    for location in locations:
        response = client.get(path_of(location), headers={"Accept": "text/html"})
        assert response.status_code == 200, location
    assert client.get("/sitemap-2.xml").status_code == 404
    assert client.get("/sitemap-0.xml").status_code == 404


def test_site_maps_together_have_each_page_once(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    loc = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"

    def locations(path: str) -> list[str | None]:
        return [element.text for element in etree.fromstring(client.get(path).data).iter(loc)]

    whole = locations("/sitemap-1.xml")
    # What an address takes, times the addresses of a full map.
    assert len(client.get("/sitemap-1.xml").data) / len(whole) * discovery.ON_A_MAP < 1_000_000
    monkeypatch.setattr(discovery, "ON_A_MAP", 4)
    # With a parameter, these are answers of their own in the response cache.
    maps = [path_of(str(one)) for one in locations("/sitemap.xml?page=2")]
    parts = [locations(f"{path}?page=2") for path in maps]
    assert len(maps) == len(set(maps)) == 4
    # Four more on the first: those that are there without reports.
    assert [len(part) for part in parts] == [8, 4, 4, 3]
    assert [address for part in parts for address in part] == whole
    assert client.get(f"/sitemap-{len(maps) + 1}.xml?page=2").status_code == 404


def test_pages_carry_schema_org(client: FlaskClient) -> None:
    for path, kind in (("/doc/report/mohrss/2019.html", "Dataset"), ("/catalog", "DataCatalog")):
        page = client.get(path, headers={"Accept": "text/html"}).text
        (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
        assert json.loads(text)["@type"] == kind
    same = client.get("/doc/report/mohrss/2019?_profile=schema")
    assert same.mimetype == "application/ld+json"
    assert same.headers["Content-Profile"] == "<https://schema.org/>"
    assert len(same.get_json(force=True)["distribution"]) == 5


def test_ckans_parser_reads_it_all(client: FlaskClient, tmp_path: Path) -> None:
    """With GONGKAI_CKAN_PYTHON, an interpreter that has ckan and ckanext-dcat."""
    python = os.environ.get("GONGKAI_CKAN_PYTHON")
    if not python:
        pytest.skip("GONGKAI_CKAN_PYTHON names no interpreter with ckanext-dcat: not harvested")
    program = (
        "import sys\n"
        "from ckanext.dcat.processors import RDFParser\n"
        "parser = RDFParser(profiles=['euro_dcat_ap_3'])\n"
        "parser.parse(open(sys.argv[1]).read(), _format=sys.argv[2])\n"
        "for data in parser.datasets(): print('dataset', len(data.get('resources', [])))\n"
        "print('next', parser.next_page())\n"
    )
    for suffix, syntax in (("ttl", "turtle"), ("rdf", "xml"), ("jsonld", "json-ld")):
        address, resources, visited = f"{BASE}catalog.{suffix}", [], 0
        while address != "None":
            visited += 1
            file = tmp_path / f"page.{suffix}"
            file.write_bytes(client.get(path_of(address)).data)
            done = subprocess.run(
                [python, "-c", program, str(file), syntax],
                capture_output=True, text=True, check=True,
            )  # fmt: skip
            lines = [line.split() for line in done.stdout.splitlines()]
            resources += [int(line[1]) for line in lines if line[0] == "dataset"]
            address = next(line[1] for line in lines if line[0] == "next")
        assert visited == 3
        assert sorted(resources) == [1, 1, 1, 1, 5, 5, 5, 5, 5]


def test_a_dump_that_was_removed_is_gone(several: Path, tmp_path: Path) -> None:
    assert gongkai("dump", "--store", several, "--output", tmp_path).exit_code == 0
    with served(several, dumps=tmp_path) as client:
        assert client.get("/dump/all.nq.gz").status_code == 200
        assert "all.nq.gz" in client.get("/catalog.ttl").text
        next(tmp_path.glob("*.gz")).unlink()
        assert client.get("/dump/all.nq.gz").status_code == 404
        assert "all.nq.gz" not in client.get("/catalog.ttl").text


def test_counts_that_are_missing_are_not_kept(
    several: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gongkai.server.catalog import discovery
    from gongkai.server.queries.rows import rows
    from gongkai.server.store import QueryTimedOut

    right = rows

    def too_slow(store: object, name: str, this: str) -> object:
        if name == "void-triples":
            raise QueryTimedOut("too slow")
        return right(store, name, this)  # type: ignore[arg-type]

    with served(several) as client:
        monkeypatch.setattr(discovery, "rows", too_slow)
        answer = client.get("/.well-known/void")
        data = URIRef(BASE + ".well-known/void#data")
        partly = Graph().parse(data=answer.data, format="turtle")
        assert answer.status_code == 200 and partly.value(data, VOID.triples) is None
        assert answer.headers["Cache-Control"] == "no-store"
        monkeypatch.undo()
        whole = client.get("/.well-known/void")
        assert whole.headers["Cache-Control"].startswith("public")
        graph = Graph().parse(data=whole.data, format="turtle")
        assert graph.value(data, VOID.triples) is not None
