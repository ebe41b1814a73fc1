"""The server as clients meet it: every URI dereferences, the endpoint keeps the protocol."""

import gzip
import json
import re
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from rdflib import RDF, BNode, Graph, Literal, URIRef
from rdflib.namespace import QB
from SPARQLWrapper import CSV, GET, JSON, POST, POSTDIRECTLY, TSV, TURTLE, XML, SPARQLWrapper

from gongkai.server.app import create_app
from gongkai.server.http.negotiation import best_format, best_language
from gongkai.server.store.embedded import EmbeddedReader
from helpers import expected_mohrss_2019 as expected
from helpers.commands import BASE, DERIVED, gongkai
from helpers.profiles import some_of
from helpers.stores import published

VALUE = "http://purl.org/linked-data/sdmx/2009/measure#obsValue"
TYPES = {
    "text/turtle": ("ttl", "turtle"),
    "application/ld+json": ("jsonld", "json-ld"),
    "application/rdf+xml": ("rdf", "xml"),
    "application/n-triples": ("nt", "nt"),
}


BROWSER = {"Accept": "text/html, */*;q=0.1"}


def path_of(uri: str) -> str:
    return "/" + uri.removeprefix(BASE).partition("#")[0]


def areas_of(triples: str) -> list[str]:
    return re.findall(rf"<({BASE}id/area/[^>]*)>", triples)


@pytest.mark.slow
def test_every_uri_that_was_minted_dereferences(client: FlaskClient, store: EmbeddedReader) -> None:
    """Every IRI under the base, in any position of any triple, and what it leads to."""
    text = store.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", graph="nt").body.decode()
    # Texts may hold queries, whose IRIs are words.
    text = re.sub(r'"(?:[^"\\]|\\.)*"', '""', text)
    uris = {uri for uri in re.findall(r"<([^<>\s]+)>", text) if uri.startswith(BASE)}
    uris |= {BASE + "id/report/mohrss/2019", BASE + "id/validation/mohrss/2019"}
    observations = [uri for uri in uris if "/id/observation/" in uri]
    assert len([uri for uri in observations if "/observation/comparison/" in uri]) == DERIVED
    assert len(observations) == 198 + DERIVED
    bodies: dict[str, str] = {}
    named = set(areas_of(store.graph(BASE + "id/report/mohrss/2019").decode()))
    # The divisions of the whole country are in every store, described by one query.
    listed = sorted(uri for uri in uris if "/id/area/" in uri and uri not in named)
    uris -= set(listed) - set(some_of(listed, 40))
    for path in sorted({path_of(uri) for uri in uris}):
        response = client.get(path, headers={"Accept": "application/n-triples"})
        if path.startswith("/id/"):
            assert response.status_code == 303, path
            assert response.headers["Location"] == path.replace("/id/", "/doc/", 1)
            response = client.get(
                response.headers["Location"], headers={"Accept": "application/n-triples"}
            )
        assert response.status_code == 200, path
        bodies[path] = response.get_data(as_text=True)
    # A file to be downloaded says nothing of itself.
    for uri in (uri for uri in uris if not uri.startswith(BASE + "dump/")):
        assert f"<{uri}> <" in bodies[path_of(uri)], f"the document says something of {uri}"


@pytest.mark.parametrize(
    "path",
    [
        "doc/report/mohrss/2019",
        "doc/observation/requests/mohrss/2019/total/received",
        "doc/slice/disputes/mohrss/2019",
        "doc/cube/requests",
        "doc/code/stage",
        "doc/code/stage/granted",
        "doc/body/mohrss",
        "doc/series/mohrss",
        "doc/year/2019",
        "doc/form/2019",
        "doc/law/ogi-regulations",
        "doc/validation/mohrss/2019",
        "def",
        "shapes",
    ],
)
def test_one_document_in_five_formats(client: FlaskClient, path: str) -> None:
    graphs = []
    for media_type, (suffix, parser) in TYPES.items():
        negotiated = client.get("/" + path, headers={"Accept": media_type})
        assert negotiated.status_code == 200
        assert negotiated.mimetype == media_type
        assert "Accept" in negotiated.headers["Vary"]
        assert negotiated.headers["Content-Location"] == f"/{path}.{suffix}"
        fixed = client.get(f"/{path}.{suffix}", headers={"Accept": "text/html"})
        assert fixed.status_code == 200 and fixed.mimetype == media_type
        graph = Graph().parse(data=fixed.data, format=parser)
        graphs.append({(str(s), str(p), str(o)) for s, p, o in graph if not blank(s, o)})
        assert client.head("/" + path, headers={"Accept": media_type}).status_code == 200
    spelled = [sorted(re.sub(r"\.0\b", "", str(sorted(graph))) for graph in [g]) for g in graphs]
    assert all(item == spelled[0] for item in spelled), "the same statements in every format"
    for language in ("zh", "en"):
        for response in (
            client.get(f"/{path}.html?lang={language}"),
            client.get("/" + path, headers={"Accept": "text/html", "Accept-Language": language}),
        ):
            assert response.status_code == 200 and response.mimetype == "text/html"
            assert f'<html lang="{language}">' in response.text


def blank(*nodes: object) -> bool:
    return any(isinstance(node, BNode) for node in nodes)


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, "html"),
        ("*/*", "html"),
        ("text/turtle", "ttl"),
        ("text/turtle;q=0.5, application/ld+json", "jsonld"),
        ("application/n-triples, text/turtle", "nt"),
        ("text/turtle, application/n-triples", "ttl"),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', "jsonld"),
        ('text/turtle;profile="a,b";q=0.9, application/ld+json;q=0.8', "ttl"),
        ("text/*;q=0.3, text/turtle;q=0, application/rdf+xml;q=0.2", "html"),
        ("application/*;q=0.1, text/html;q=0", "jsonld"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "html"),
        ("image/png", None),
        ("text/turtle;q=0", None),
        ("text/turtle;q=nonsense", None),
        ("nonsense", "html"),
    ],
)
def test_negotiation(client: FlaskClient, accept: str | None, chosen: str | None) -> None:
    headers = {} if accept is None else {"Accept": accept}
    response = client.get("/doc/code/stage/granted", headers=headers)
    if chosen is None:
        assert response.status_code == 406
        assert "/doc/code/stage/granted.ttl" in response.text
    else:
        assert response.headers["Content-Location"] == f"/doc/code/stage/granted.{chosen}"
    assert "Accept" in response.headers["Vary"]


def test_negotiation_without_a_server() -> None:
    offered = {"a": ("text/a",), "b": ("text/b",)}
    assert best_format("text/b, text/a", offered) == "b"
    assert best_format("text/a;q=0.2, text/b;q=0.3", offered) == "b"
    assert best_format("", offered) == "a"
    assert best_language("fr, en;q=0.8, zh;q=0.9", ("zh", "en")) == "zh"
    assert best_language("en-GB", ("zh", "en")) == "en"
    assert best_language("en;q=0", ("zh", "en")) == "zh"
    assert best_language(None, ("zh", "en")) == "zh"


@pytest.mark.parametrize(
    "path",
    [
        "/id/report/mohrss/1999",
        "/doc/report/mohrss/1999",
        "/doc/code/stage/granted.exe",
        "/id/a<b",
        "/id/%22",
        "/id/../etc",
        "/def.exe",
        "/nothing",
        "/ldes/%D9%A1",
        "/ldes/01",
    ],
)
def test_not_found(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert response.text.startswith("404: ")
    page = client.get(path, headers={"Accept": "text/html"})
    assert page.status_code == 404 and "<h1>" in page.text
    assert client.post("/def").status_code == 405


def test_the_reports_page_prints_the_tables_of_the_form(client: FlaskClient) -> None:
    page = client.get("/doc/report/mohrss/2019.html?lang=zh").text
    numbers = re.findall(r'<td class="number"><a href="([^"]+)"[^>]*>([0-9]+)</a></td>', page)
    assert len(numbers) == 198
    for link, number in numbers:
        cube, first, second = re.findall(
            r"/doc/observation/(\w+)/mohrss/2019/([\w-]+)/([\w-]+)\?lang=zh", link
        )[0]
        assert int(number) == expected.VALUES[cube, first, second]
    text = re.sub(r"\s+", "", page)
    assert '<thscope="rowgroup"colspan="1"rowspan="20">三、本年度办理结果</th>' in text
    assert '<thscope="rowgroup"colspan="1"rowspan="8">（三）不予公开</th>' in text
    assert '<thscope="row"colspan="3"rowspan="1">一、本年新收政府信息公开申请数量</th>' in text
    assert '<thscope="colgroup"colspan="5"rowspan="1">法人或其他组织</th>' in text
    assert '<thscope="colgroup"colspan="10"rowspan="1">行政诉讼</th>' in text
    assert "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）" in page
    assert page.index("第二十条第（一）项") < page.index("申请人情况") < page.index("复议后起诉")
    assert "4.无正当理由大量反复申引导网民按需进行互动留言请" in page, "the corrupt label is told"
    assert "符合全部规则" in page
    english = client.get("/doc/report/mohrss/2019.html?lang=en").text
    assert "(3) Not disclosed" in english and "all rules hold" in english


def test_a_report_with_broken_rules_shows_them_at_their_cells(
    tmp_path: Path, lines: list[str]
) -> None:
    lines[lines.index("（一）予以公开") + 1] = "134"
    path = tmp_path / "broken.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert gongkai("publish", path, "--store", tmp_path / "store").exit_code == 1
    reader = EmbeddedReader(tmp_path / "store")
    try:
        client = create_app(reader).test_client()
        page = client.get("/doc/report/mohrss/2019.html?lang=zh").text
        marked = re.findall(r'class="number broken"><a href="([^"?]+)', page)
        stem = "/doc/observation/requests/mohrss/2019/"
        assert sorted(marked) == [stem + "natural-person/handled", stem + "total/granted"]
        assert "各部分之和为 365，相差 1" in page
        assert "有不符合规则之处" in client.get("/?lang=zh").text
    finally:
        reader.close()


def test_home_page(client: FlaskClient) -> None:
    page = client.get("/?lang=en").text
    assert "Ministry of Human Resources and Social Security" in page
    assert 'href="/doc/report/mohrss/2019?lang=en"' in page
    assert client.get("/static/style.css").status_code == 200


COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s a <http://purl.org/linked-data/cube#Observation> }"


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("application/sparql-results+json", "application/sparql-results+json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv", "text/csv"),
        ("text/tab-separated-values", "text/tab-separated-values"),
        ("*/*", "application/sparql-results+json"),
        ("application/json", "application/sparql-results+json"),
    ],
)
@pytest.mark.parametrize("method", ["get", "form", "direct"])
def test_select_by_every_method_in_every_format(
    client: FlaskClient, accept: str, kind: str, method: str
) -> None:
    headers = {"Accept": accept}
    if method == "get":
        response = client.get("/sparql", query_string={"query": COUNT}, headers=headers)
    elif method == "form":
        response = client.post("/sparql", data={"query": COUNT}, headers=headers)
    else:
        response = client.post(
            "/sparql", data=COUNT, headers=headers, content_type="application/sparql-query"
        )
    assert response.status_code == 200
    assert response.mimetype == kind
    if kind.endswith("json"):
        assert json.loads(response.data)["results"]["bindings"][0]["n"]["value"] == str(
            198 + DERIVED
        )
    elif kind.endswith("xml"):
        literal = ElementTree.fromstring(response.data).find(".//{*}literal")
        assert literal is not None and literal.text == str(198 + DERIVED)
    else:
        assert response.text.split()[-1].strip('"') == str(198 + DERIVED)


@pytest.mark.parametrize(
    "query", ["CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 50", "DESCRIBE"]
)
@pytest.mark.parametrize(("accept", "parser"), [(k, v[1]) for k, v in TYPES.items()])
def test_graphs_in_every_format(client: FlaskClient, query: str, accept: str, parser: str) -> None:
    text = f"DESCRIBE <{BASE}id/body/mohrss>" if query == "DESCRIBE" else query
    response = client.get("/sparql", query_string={"query": text}, headers={"Accept": accept})
    assert response.status_code == 200 and response.mimetype == accept
    assert len(Graph().parse(data=response.data, format=parser)) >= 9


def test_what_the_endpoint_refuses(client: FlaskClient) -> None:
    update = "DELETE WHERE { ?s ?p ?o }"

    def post(data: object, kind: str | None = None) -> int:
        return client.post("/sparql", data=data, content_type=kind).status_code

    assert post({"update": update}) == 403
    assert post(update, "application/sparql-update") == 403
    assert client.get("/sparql", query_string={"update": update}).status_code == 403
    assert post({"query": update}) == 400
    assert post(update, "application/sparql-query") == 400
    assert post(COUNT, "text/plain") == 415
    assert post(b"\xff\xfe", "application/sparql-query") == 400
    assert client.put("/sparql").status_code == 405
    assert client.delete("/sparql").status_code == 405
    assert post({"query": [COUNT, COUNT]}) == 400
    wrong = client.get("/sparql", query_string={"query": "SELECT ?x WHERE {"})
    assert wrong.status_code == 400 and "error at 1:" in wrong.text
    for query in (COUNT, "CONSTRUCT WHERE { ?s ?p ?o }"):
        answer = client.get(
            "/sparql", query_string={"query": query}, headers={"Accept": "image/png"}
        )
        assert answer.status_code == 406
    assert post({"query": "x" * 2_000_000}) == 413
    service = "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"
    assert "SERVICE" in client.get("/sparql", query_string={"query": service}).text
    count = client.get("/sparql", query_string={"query": COUNT}, headers={"Accept": "text/csv"})
    assert count.text.split() == ["n", str(198 + DERIVED)], "nothing was deleted"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("csv", "text/csv"), ("text/csv", "text/csv"), ("XML", "application/sparql-results+xml"),
        ("application/sparql-results+json", "application/sparql-results+json"),
        ("turtle", 400), ("jsonlines", 400), ("", 400), ("../etc", 400),
    ],
)  # fmt: skip
def test_formats_are_named_or_refused(client: FlaskClient, name: str, kind: str | int) -> None:
    answer = client.get("/sparql", query_string={"query": COUNT, "format": name})
    if isinstance(kind, int):
        assert answer.status_code == kind
        assert "There are: json, xml, csv, tsv" in answer.text
    else:
        assert (answer.status_code, answer.mimetype) == (200, kind)


@pytest.mark.parametrize("value", ["lines=0-1", "bytes=0-1,3-4", "bytes=", "none", "bytes=a-b"])
def test_ranges_that_are_none_are_ignored(client: FlaskClient, value: str) -> None:
    """RFC 9110, section 14.2: a server may ignore the Range header."""
    whole = client.get("/static/style.css")
    answer = client.get("/static/style.css", headers={"Range": value})
    assert (answer.status_code, answer.data) == (200, whole.data)


def test_bodies_in_a_coding_are_refused(client: FlaskClient) -> None:
    body = gzip.compress(f"query={COUNT}".encode())
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/x-www-form-urlencoded"}
    answer = client.post("/sparql", data=body, headers=headers)
    assert (answer.status_code, answer.headers["Accept-Encoding"]) == (415, "identity")
    headers["Content-Encoding"] = "identity"
    assert client.post("/sparql", data={"query": COUNT}, headers=headers).status_code == 200


def test_scripts_may_send_and_read_what_they_need(client: FlaskClient) -> None:
    asked = client.options("/sparql", headers={"Origin": "http://other.example"})
    assert "Authorization" in asked.headers["Access-Control-Allow-Headers"]
    shown = client.get("/sparql").headers["Access-Control-Expose-Headers"]
    assert "Content-Range" in shown and "ETag" in shown


def test_the_endpoint_answers_with_a_slash_too(client: FlaskClient) -> None:
    for send in (client.get, client.post):
        assert send("/sparql/", query_string={"query": COUNT}).status_code in (200, 415)
    assert client.post("/sparql/", data={"query": COUNT}).status_code == 200


def test_a_bare_get_describes_the_service(client: FlaskClient) -> None:
    """SPARQL 1.1 Service Description, section 2: to people a form, to programs RDF."""
    space = "http://www.w3.org/ns/sparql-service-description#"
    for accept, parser in (
        ("text/turtle", "turtle"), ("application/rdf+xml", "xml"),
        ("application/ld+json", "json-ld"), ("application/n-triples", "nt"),
    ):  # fmt: skip
        answer = client.get("/sparql", headers={"Accept": accept})
        assert (answer.status_code, answer.mimetype) == (200, accept)
        graph = Graph().parse(data=answer.data, format=parser)
        service = URIRef(BASE + "sparql")
        assert graph.value(service, URIRef(space + "endpoint")) == service
        features = set(graph.objects(service, URIRef(space + "feature")))
        assert features == {URIRef(space + "UnionDefaultGraph")}, "no federation, unless allowed"
        formats = {str(item).rpartition("/")[2] for item in graph.objects(
            service, URIRef(space + "resultFormat"))}  # fmt: skip
        assert {"SPARQL_Results_JSON", "Turtle", "TriG"} <= formats
    page = client.get("/sparql", headers={"Accept": "text/html"})
    assert page.mimetype == "text/html" and "<form" in page.text
    assert client.get("/sparql", headers={"Accept": "image/png"}).status_code == 406


def test_datasets_of_the_protocol_and_of_the_query(client: FlaskClient) -> None:
    everything = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
    report = BASE + "id/report/mohrss/2019"

    def count(query: str, **parameters: str) -> int:
        arguments = {"query": query, **{k.replace("_", "-"): v for k, v in parameters.items()}}
        answer = client.get("/sparql", query_string=arguments, headers={"Accept": "text/csv"})
        return int(answer.text.split()[1])

    named = f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{report}> {{ ?s ?p ?o }} }}"
    assert count(everything, default_graph_uri=report) == count(named) < count(everything)
    assert count(everything.replace("WHERE", f"FROM <{report}> WHERE")) == count(named)
    assert count(named, named_graph_uri=BASE + "def") == 0
    relative = client.get(
        "/sparql", query_string={"query": everything, "default-graph-uri": "x> } #"}
    )
    assert relative.status_code == 400


def test_scripts_of_other_sites_may_read(client: FlaskClient) -> None:
    assert client.get("/def.ttl").headers["Access-Control-Allow-Origin"] == "*"
    options = client.options("/sparql")
    assert options.status_code == 204 and "POST" in options.headers["Allow"]


SUM = """
PREFIX qb: <http://purl.org/linked-data/cube#>
PREFIX sdmx-measure: <http://purl.org/linked-data/sdmx/2009/measure#>
PREFIX def: <http://localhost:8000/def#>
PREFIX applicant: <http://localhost:8000/id/code/applicant/>
PREFIX stage: <http://localhost:8000/id/code/stage/>
SELECT (SUM(?in) AS ?received) (SUM(?out) AS ?handled) WHERE {
  ?slice qb:observation ?first, ?second .
  ?first def:stage stage:received ; def:applicant ?applicant ; sdmx-measure:obsValue ?in .
  ?second def:stage stage:handled ; def:applicant ?applicant ; sdmx-measure:obsValue ?out .
  FILTER (?applicant != applicant:total)
}
"""


@pytest.mark.parametrize("method", [(GET, None), (POST, None), (POST, POSTDIRECTLY)])
def test_sums_over_the_endpoint_with_sparqlwrapper(
    server: str, method: tuple[str, str | None]
) -> None:
    """376 received = 376 handled, added up by the engine from the parts, not from the totals."""
    wrapper = SPARQLWrapper(server + "sparql")
    wrapper.setMethod(method[0])
    if method[1]:
        wrapper.setRequestMethod(method[1])
    wrapper.setQuery(SUM)
    wrapper.setReturnFormat(JSON)
    table: Any = wrapper.queryAndConvert()
    row = table["results"]["bindings"][0]
    assert (row["received"]["value"], row["handled"]["value"]) == ("376", "376")
    for kind, shown in ((XML, None), (CSV, b"376,376"), (TSV, b"376\t376")):
        wrapper.setReturnFormat(kind)
        answer = wrapper.queryAndConvert()
        if shown is None:
            values = [node.firstChild.data for node in answer.getElementsByTagName("literal")]  # type: ignore[union-attr]
            assert values == ["376", "376"]
        else:
            assert shown in answer  # type: ignore[operator]
    wrapper.setQuery(f"DESCRIBE <{BASE}id/code/stage/granted>")
    wrapper.setReturnFormat(TURTLE)
    graph = Graph().parse(data=wrapper.queryAndConvert(), format="turtle")  # type: ignore[arg-type]
    assert (URIRef(BASE + "id/code/stage/granted"), None, Literal("予以公开", lang="zh")) in graph


def test_a_linked_data_client_follows_a_thing_to_its_data(server: str) -> None:
    address = server + "id/observation/requests/mohrss/2019/total/received"
    request = urllib.request.Request(address, headers={"Accept": "text/turtle"})
    with urllib.request.urlopen(request) as response:
        assert response.url.endswith("/doc/observation/requests/mohrss/2019/total/received")
        graph = Graph().parse(data=response.read(), format="turtle")
    node = URIRef(BASE + "id/observation/requests/mohrss/2019/total/received")
    assert (node, RDF.type, QB.Observation) in graph
    assert (node, URIRef(VALUE), Literal(376)) in graph


def test_under_the_path_of_the_base(tmp_path: Path) -> None:
    base = "https://data.example.org/open/"
    folder = tmp_path / "store"
    from helpers.commands import SAMPLE

    published(folder, SAMPLE, options=("--base", base))
    reader = EmbeddedReader(folder)
    try:
        client = create_app(reader).test_client()
        for prefix in ("/open", ""):  # a proxy that keeps the path, one that strips it
            thing = client.get(f"{prefix}/id/body/mohrss", headers={"Host": "evil.example"})
            assert thing.status_code == 303
            assert urllib.parse.urlsplit(thing.headers["Location"]).path == "/open/doc/body/mohrss"
            assert "evil" not in thing.headers["Location"]
            page = client.get(f"{prefix}/doc/report/mohrss/2019", headers={"Accept": "text/html"})
            assert 'href="/open/static/style.css"' in page.text
            assert 'href="/open/doc/observation/' in page.text
    finally:
        reader.close()


@pytest.mark.slow
def test_no_dead_links_inside(client: FlaskClient) -> None:
    """Every link on the pages that people begin with leads somewhere, in both languages."""
    for language in ("zh", "en"):
        pages = [f"/{path}?lang={language}" for path in ("", "sparql", "def", "shapes")]
        pages += [f"/doc/{path}?lang={language}" for path in ("report/mohrss/2019", "code/stage")]
        links = set()
        for page in pages:
            text = client.get(page, headers={"Accept": "text/html"}).text
            links |= {link.partition("#")[0] for link in re.findall(r'href="(/[^"]*)"', text)}
            assert not re.search(r'href="(?!/|\?|#|https?:|tel:|mailto:)', text), page
        # Each observation's document is asked for above; their pages come from one template.
        cells = sorted(link for link in links if "/observation/" in link)
        assert len(cells) > 190
        for link in sorted(links - set(cells)) + some_of(cells, 4):
            assert client.get(link.replace("&amp;", "&"), headers=BROWSER).status_code == 200, link


def test_odd_requests_are_answered_and_never_with_the_clients_host(client: FlaskClient) -> None:
    double = client.get("/doc//report/mohrss/2019", headers={"Host": "evil.example"})
    assert double.status_code == 404 and "evil" not in str(double.headers)
    for name in ("http://[", "a:[", "http://x:port/", "http://%zz"):
        answer = client.get("/sparql", query_string={"query": COUNT, "default-graph-uri": name})
        assert answer.status_code in (200, 400), name
    unknown = {"query": "SELECT (<http://e/f>(1) AS ?x) {}"}
    assert client.get("/sparql", query_string=unknown).status_code == 400
    star = "CONSTRUCT { <a:b> <a:c> <<( <a:b> <a:c> <a:d> )>> } {}"
    answer = client.get("/sparql", query_string={"query": star, "format": "jsonld"})
    assert answer.status_code in (200, 406)
    page = client.get("/nothing?lang=zh", headers={"Accept": "text/html"})
    assert "此处没有内容。" in page.text


def test_a_store_that_goes_away_is_told_of_and_comes_back(tmp_path: Path) -> None:
    from helpers.commands import SAMPLE

    folder = tmp_path / "store"
    published(folder, SAMPLE)
    reader = EmbeddedReader(folder)
    try:
        client = create_app(reader).test_client()
        folder.rename(tmp_path / "elsewhere")
        for path in ("/", "/doc/body/mohrss", "/sparql?query=ASK%7B%7D"):
            answer = client.get(path)
            assert answer.status_code == 503 and answer.headers["Retry-After"]
        (tmp_path / "elsewhere").rename(folder)
        assert client.get("/doc/body/mohrss").status_code == 200
    finally:
        reader.close()
