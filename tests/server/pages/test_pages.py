"""Pages for people, asked for by HTTP: what they show is what the store has."""

import csv
import io
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
from flask.testing import FlaskClient
from lxml import html

from gongkai.ontology.texts import LANGUAGES
from gongkai.server.pages.examples import examples
from gongkai.server.pages.help import descriptions
from gongkai.server.pages.indicators import KEY_FIGURES, indicators
from gongkai.server.queries.texts import query_text
from gongkai.server.search.index import SEARCH_INDEX
from helpers.commands import BASE, ROOT, gongkai
from helpers.served import ACROSS_COUNTRIES, publish_for_pages, sample_of, served

INTEGER = "http://www.w3.org/2001/XMLSchema#integer"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
THREE = "/compare?body=mohrss&body=moe&indicator=requests/total/received"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("pages")
    publish_for_pages(made, made / "store")
    return made / "store"


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[FlaskClient]:
    with served(folder) as client:
        yield client


def page(client: FlaskClient, address: str, language: str = "en") -> html.HtmlElement:
    joined = "&" if "?" in address else "?"
    answer = client.get(f"{address}{joined}lang={language}", headers={"Accept": BROWSER})
    assert answer.status_code == 200, answer.text
    return html.document_fromstring(answer.text)


def text_of(node: html.HtmlElement) -> str:
    return re.sub(r"\s+", " ", node.text_content()).strip()


def table(node: html.HtmlElement, kind: str = "figures") -> list[list[str]]:
    rows = node.xpath(f"(//table[contains(@class, '{kind}')])[1]//tr")
    return [[text_of(cell) for cell in row.xpath("th|td")] for row in rows]


# --- compare ------------------------------------------------------------------------------------


def test_a_comparison_shows_gaps_broken_sums_and_what_was_left_out(client: FlaskClient) -> None:
    node = page(client, THREE)
    shown = table(node)
    assert shown[0] == ["Body", "2019", "2020", "2021"]
    assert shown[1][:3] == ["Ministry of Human Resources and Social Security", "376", "413"]
    assert shown[1][3] == "405 ⚠1"
    assert shown[2][:3] == ["Ministry of Education", "476", "—"]
    assert shown[2][3] == "no value 2"
    broken, left_out = (text_of(note) for note in node.xpath("//ol[@class='notes']/li"))
    assert "printed as 405, its parts add up to 400" in broken
    assert left_out.startswith("no value: ") and "—" in left_out


def test_files_and_query_have_exactly_what_is_shown(client: FlaskClient) -> None:
    node = page(client, THREE)
    links = {text_of(link): link.get("href") for link in node.xpath("//p[@class='files']/a")}
    rows = list(csv.DictReader(io.StringIO(client.get(links["CSV"]).text)))
    shown = table(node)
    on_screen = {
        (row[0], year): re.match(r"[0-9,]*", cell)[0].replace(",", "")  # type: ignore[index]
        for row in shown[1:]
        for year, cell in zip(shown[0][1:], row[1:], strict=True)
        if cell != "—"
    }
    assert {(row["name"], row["year"]): row["value"] for row in rows} == on_screen
    left_out = next(row for row in rows if row["value"] == "")
    assert left_out["note"].startswith("no value") and left_out["observation"] == ""
    broken = next(row for row in rows if row["value"] == "405")
    assert "add up to 400" in broken["note"]

    workbook = openpyxl.load_workbook(io.BytesIO(client.get(links["XLSX"]).data))
    sheet = workbook["cells"]
    cells = [["" if cell is None else str(cell) for cell in row] for row in sheet.values]
    assert cells == [list(rows[0]), *(list(row.values()) for row in rows)]

    query = parse_qs(urlsplit(links["SPARQL"]).query)["query"][0]
    answer = client.post("/sparql", data={"query": query, "format": "csv"})
    found = list(csv.DictReader(io.StringIO(answer.text)))
    keys = ("name", "body", "year", "value", "unit", "observation")
    assert sorted(tuple(row[key] for key in keys) for row in found) == sorted(
        tuple(row[key] for key in keys) for row in rows
    )
    assert table(page(client, links["permanent link"].partition("&lang")[0])) == shown


def test_every_indicator_of_every_form_can_be_compared(client: FlaskClient) -> None:
    report = client.get("/dump/report/mohrss/2019.csv").text
    values = {}
    for row in csv.DictReader(io.StringIO(report)):
        _, _, path = row["cell"].partition("/id/observation/")
        cube, _, _, *codes = path.split("/")
        values["/".join([cube, *codes])] = row["value"]
    assert len(values) == 198
    official = [key for key in KEY_FIGURES if not key.startswith(("us-", "uk-"))]
    for key in list(values)[::9] + official:
        answer = client.get(f"/compare.csv?body=mohrss&year=2019&indicator={key}").text
        assert [row["value"] for row in csv.DictReader(io.StringIO(answer))] == [values[key]], key
    assert set(values) <= set(indicators())


def test_an_applicant_is_chosen_apart(client: FlaskClient) -> None:
    address = "/compare?body=mohrss&indicator=requests/total/received&applicant=natural-person"
    shown = page(client, address)
    assert table(shown)[1][1:] == ["366", "403", "390"]
    assert "natural persons" in text_of(shown.xpath("//h2[@id='result']")[0])
    links = {text_of(a): a.get("href") for a in shown.xpath("//p[@class='files']/a")}
    assert ",366," in client.get(links["CSV"]).text
    chosen = shown.xpath("//select//option[@selected]/@value")
    assert chosen == ["requests/total/received", "natural-person"]


def test_what_cannot_be_compared_is_told(client: FlaskClient) -> None:
    missing = client.get("/compare?indicator=requests/total/nothing", headers={"Accept": BROWSER})
    assert missing.status_code == 404 and "requests/total/nothing" in missing.text
    unknown = page(client, "/compare?body=mohrss&body=nobody&body=%22%3E%3Cb%3E")
    assert 'There are no reports of: nobody, "><b>.' in text_of(unknown)
    many = "&".join(f"body=b{number}" for number in range(25))
    assert "5 more are not shown" in text_of(page(client, f"/compare?{many}"))
    only = table(page(client, THREE + "&year=2021&year=x&year=1900"))
    assert only[0] == ["Body", "2021"]
    nothing = page(client, "/compare?body=nobody")
    assert not nothing.xpath("//table") and "nobody" in text_of(nothing)


def test_bodies_are_added_by_a_part_of_their_names(client: FlaskClient) -> None:
    node = page(client, "/compare?body=mohrss&find=司法")
    (offered,) = node.xpath("//label[contains(@class, 'new')]")
    key = offered.xpath("input/@value")[0]
    assert "洪泽区司法局" in text_of(offered) and not offered.xpath("input/@checked")
    assert table(page(client, f"/compare?body=mohrss&body={key}"))[2][1:] == ["—", "379", "385"]
    assert "no other body" in text_of(page(client, "/compare?body=mohrss&find=财政"))


def test_the_chart_has_the_numbers_of_the_table(client: FlaskClient) -> None:
    node = page(client, THREE)
    (plot,) = node.xpath("//*[local-name()='svg'][@role='img']")
    told_of = [text_of(title) for title in plot.xpath(".//*[local-name()='title']")]
    assert told_of == [
        "requests received this year",
        "Ministry of Human Resources and Social Security, 2019: 376",
        "Ministry of Human Resources and Social Security, 2020: 413",
        "Ministry of Human Resources and Social Security, 2021: 405",
        "Ministry of Education, 2019: 476",
    ]
    # A gap is no line: two segments of the first body, none of the second.
    assert len(plot.xpath(".//*[local-name()='line'][contains(@class, 'line series')]")) == 2
    described = plot.get("aria-labelledby").split()
    assert all(plot.xpath(f".//*[@id='{name}']") for name in described)


def test_amounts_are_written_with_all_their_digits(client: FlaskClient) -> None:
    node = page(client, "/compare?body=mohrss&indicator=disclosure/procurement/purchase-amount")
    assert table(node)[1][1] == "40,628,700"
    assert "Unit: money, unit not printed" in text_of(node)


# --- search -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("复议", "本年度发生针对部政府信息公开事务的行政复议12起"),
        ("行政复议", "本年度发生针对部政府信息公开事务的行政复议12起"),
        ("12333", "加强电话咨询服务能力"),
        ("就业 供求", "发布公共就业市场供求信息"),
        ("１２３３３", "加强电话咨询服务能力"),
        ("复", "行政复议12起"),
    ],
)
def test_passages_are_found_by_their_words(client: FlaskClient, wanted: str, found: str) -> None:
    node = page(client, f"/search?q={wanted}", "zh")
    passages = node.xpath("//ol[@class='passages']/li")
    assert passages
    assert any(found in text_of(passage) for passage in passages)
    for passage in passages:
        assert passage.xpath(".//mark") or wanted in ("１２３３３",)
    address = passages[0].xpath("a/@href")[0]
    section = page(client, address.partition("?")[0], "zh")
    assert section.xpath(f"//*[@id='{address.partition('#')[2]}']")


@pytest.mark.parametrize(
    "wanted", ["人力资源", "人社部", "Human Resources", "ministry human", "MOHRSS"]
)
def test_bodies_are_found_by_any_of_their_names(client: FlaskClient, wanted: str) -> None:
    node = page(client, f"/search?q={wanted}")
    assert "/doc/body/mohrss" in "".join(node.xpath("//ul[@class='found']/li/a/@href"))


def test_reports_are_found_by_their_titles(client: FlaskClient) -> None:
    node = page(client, "/search?q=2020 人力资源社会保障部")
    links = node.xpath("//ul[@class='found']/li/a/@href")
    assert any("/doc/report/mohrss/2020" in link for link in links)


@pytest.mark.parametrize(
    "wanted",
    ["没有这样的词", "\"'; DROP TABLE place; --", "NEAR(a b)", "*", '""', "a AND", "\x00", "^:-()"],
)
def test_what_finds_nothing_says_so(client: FlaskClient, wanted: str) -> None:
    answer = client.get("/search", query_string={"q": wanted, "lang": "en"})
    assert answer.status_code == 200
    assert "Nothing was found" in answer.text or not wanted.strip("\x00 ")


def test_pages_of_results_go_on(client: FlaskClient) -> None:
    first, second = (page(client, f"/search?q=公开&page={number}") for number in (1, 2))
    assert len(first.xpath("//ol/li")) == 20
    links = [link for node in (first, second) for link in node.xpath("//ol/li/a/@href")]
    assert len(set(links)) == len(links) > 20
    assert second.xpath("//ol/@start") == ["21"]
    for address in ("/search?q=公开&page=0", "/search?q=公开&page=x"):
        assert client.get(address).status_code == 404


def test_the_index_follows_the_store(folder: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    shutil.copytree(folder, store, symlinks=True)
    with served(store) as client:
        assert "Nothing was found" in client.get("/search?q=财政部&lang=en").text
        gongkai("publish", sample_of(tmp_path, "财政部", 2019), "--store", store)
        assert "/doc/report/mof/2019" in client.get("/search?q=财政部&lang=en").text
        gongkai("withdraw", "mof/2019", "--why", "test", "--store", store)
        assert "/doc/report/mof/2019" not in client.get("/search?q=财政部&lang=en").text


# --- quality ------------------------------------------------------------------------------------


def test_which_rules_are_broken_where(client: FlaskClient) -> None:
    node = page(client, "/quality")
    years = table(node)
    assert [row[:2] for row in years[1:]] == [["2019", "2"], ["2020", "2"], ["2021", "3"]]
    broken = {
        text_of(row[0]): [text_of(cell) for cell in row[1:]]
        for row in node.xpath("(//table[contains(@class, 'figures')])[2]/tbody/tr")
    }
    assert broken["applicants add up to their total"][:4] == ["0", "0", "1", "1"]
    told_of = page(client, "/quality?rule=requests-applicants&year=2021")
    (place,) = told_of.xpath("//ul[@class='found']/li")
    assert "printed as 405, its parts add up to 400" in text_of(place)
    assert any("observation/requests/mohrss/2021" in link for link in place.xpath(".//a/@href"))
    assert not page(client, "/quality?rule=requests-applicants&year=2019").xpath("//main//li")
    assert client.get("/quality?rule=nothing").status_code == 404
    assert client.get("/quality?rule=%3E%3Cx").status_code == 404


def test_counts_of_the_quality_page_are_those_of_the_verdicts(client: FlaskClient) -> None:
    query = """PREFIX sh: <http://www.w3.org/ns/shacl#>
    SELECT ?rule (COUNT(DISTINCT ?report) AS ?reports) {
      ?report <def#validation>/sh:result/sh:sourceShape ?rule } GROUP BY ?rule"""
    answer = client.post("/sparql", data={"query": f"BASE <{BASE}> {query}", "format": "json"})
    expected = {
        row["rule"]["value"].partition("#")[2]: row["reports"]["value"]
        for row in json.loads(answer.data)["results"]["bindings"]
    }
    assert expected
    for row in page(client, "/quality").xpath("(//table)[2]/tbody/tr"):
        name = row.xpath("th/a/@href")[0].partition("#")[2]
        assert text_of(row.xpath("td")[-2]) == expected.pop(name)
    assert not expected


# --- things -------------------------------------------------------------------------------------


def test_a_report_shows_its_quality_at_the_very_cells(client: FlaskClient) -> None:
    node = page(client, "/doc/report/mohrss/2021")
    marked = node.xpath("//td[contains(@class, 'broken')]")
    assert [text_of(cell) for cell in marked] == ["405⚠", "400⚠"]
    for cell in marked:
        name = cell.xpath("a[@class='mark']/@href")[0].removeprefix("#")
        assert node.xpath(f"//li[@id='{name}']"), name
    panel = text_of(node.xpath("//section[@class='quality']")[0])
    assert "Broken: 2" in panel and "outcomes add up to their total" in panel
    assert "2019" in text_of(node.xpath("//p[contains(., 'Other years')]")[0])
    assert "Cells: 198 read" in text_of(node)
    other = page(client, "/doc/report/moe/2021")
    (missing,) = other.xpath("//td[@class='missing']")
    assert text_of(missing).startswith("no value") and len(text_of(missing)) > len("no value")


def test_a_body_shows_its_years(client: FlaskClient) -> None:
    node = page(client, "/doc/body/mohrss")
    rows = {row[0]: row[1:] for row in table(node)}
    assert rows["disclosed"] == ["137", "174", "161"]
    assert rows["requests received this year"][:2] == ["376", "413"]
    links = node.xpath("//table[contains(@class, 'list')]//a/@href")
    assert [link.partition("?")[0] for link in links] == [
        f"/doc/report/mohrss/{year}" for year in (2021, 2020, 2019)
    ]
    assert "人社部" in text_of(node) and "constituent department" in text_of(node)


def test_an_observation_shows_number_place_text_and_years(client: FlaskClient) -> None:
    address = "/doc/observation/requests/mohrss/2021/total/received"
    node = page(client, address)
    assert text_of(node.xpath("//p[contains(@class, 'observed')]")[0]) == "405 requests"
    assert "printed as 405, its parts add up to 400" in text_of(node)
    assert "line 96" in text_of(node)
    assert table(node)[1] == ["376", "413", "405 ⚠1"]
    first = page(client, "/doc/observation/requests/mohrss/2019/total/received")
    (quoted,) = first.xpath("//h2[@id='claims']/following-sibling::ul[1]//a")
    assert text_of(quoted).endswith("共接到政府信息公开申请376件")
    assert "/doc/report/mohrss/2019?lang=en#section-" in quoted.get("href")
    left_out = client.get("/doc/observation/requests/moe/2021/total/received")
    assert left_out.status_code == 404


def test_codes_stand_in_their_tree(client: FlaskClient) -> None:
    node = page(client, "/doc/code/stage/withheld-state-secret")
    (chosen,) = node.xpath("//tr[@class='chosen']/th")
    assert text_of(chosen) == "state secret" and chosen.get("class") == "indent-2"
    counted = node.xpath("//h2[@id='counted']/following-sibling::ul[1]//a/@href")
    assert any("requests/total/withheld-state-secret" in link for link in counted)
    whole = page(client, "/doc/code/stage")
    assert len(whole.xpath("//table[@class='codes']/tbody/tr")) > 25


def test_rules_are_told_in_words(client: FlaskClient) -> None:
    for language, word in (("en", "received + carried in"), ("zh", "本年新收＋上年结转")):
        node = page(client, "/shapes", language)
        (rule,) = node.xpath("//section[@aria-labelledby='requests-balance']")
        assert word in text_of(rule) and "SELECT" in text_of(rule)
        assert node.xpath("//*[@id='received-is-handled']")


def test_numbers_dates_and_sizes_are_written_as_the_language_does(client: FlaskClient) -> None:
    english, chinese = (page(client, "/doc/report/mohrss/2020", lang) for lang in ("en", "zh"))
    assert "22 January 2020" in text_of(english)
    assert "2020年1月22日" in text_of(chinese)
    for language, words_of_size in (("en", "32 MiB"), ("zh", "32 MiB")):
        assert "33.6 MB" in text_of(page(client, "/help", language)), words_of_size


# --- query --------------------------------------------------------------------------------------


def asked(client: FlaskClient, query: str, **headers: str) -> html.HtmlElement:
    answer = client.get(
        "/sparql", query_string={"query": query, "lang": "en"}, headers={"Accept": BROWSER}
    )
    assert answer.status_code == 200, answer.text
    return html.document_fromstring(answer.text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", range(len(examples(BASE, "en"))))
def test_every_example_finds_something(
    client: FlaskClient, countries: FlaskClient, number: int, language: str
) -> None:
    example = examples(BASE, language)[number]
    assert set(example.title) == set(LANGUAGES) and example.key
    if example.key in ACROSS_COUNTRIES:
        client = countries
    answer = client.get("/sparql", query_string={"query": example.text, "format": "csv"})
    assert answer.status_code == 200, answer.text
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert len(rows) > 1, example.key
    node = asked(client, example.text)
    assert table(node, "result")[0] == rows[0]
    assert [row[0] for row in table(node, "result")[1:]] != []


def test_the_table_of_an_answer_is_the_file(client: FlaskClient) -> None:
    query = examples(BASE, "en")[0].text
    node = asked(client, query)
    links = {text_of(link): link.get("href") for link in node.xpath("//p[@class='files']/a")}
    rows = list(csv.reader(io.StringIO(client.get(links["CSV"]).text)))
    assert table(node, "result") == rows
    assert rows[1] == ["disclosed", "137"]
    assert set(links) == {"JSON", "XML", "CSV", "TSV", "permanent link"}
    again = html.document_fromstring(
        client.get(links["permanent link"], headers={"Accept": BROWSER}).text
    )
    assert table(again, "result") == rows
    bars = node.xpath("//*[local-name()='rect'][@class='bar']")
    assert len(bars) == len(rows) - 1


def test_a_wrong_query_stays_in_the_editor(client: FlaskClient) -> None:
    answer = client.get(
        "/sparql", query_string={"query": "SELECT ?x WHERE { <b>"}, headers={"Accept": BROWSER}
    )
    assert answer.status_code == 400
    node = html.document_fromstring(answer.text)
    assert text_of(node.find(".//textarea")) == "SELECT ?x WHERE { <b>"
    assert "未能运行" in text_of(node) and "第 1 行第" in text_of(node)
    refused = client.get("/sparql", query_string={"query": "DROP ALL"}, headers={"Accept": BROWSER})
    assert refused.status_code == 400 and "DROP ALL" in refused.text


def test_programs_get_what_they_got(client: FlaskClient) -> None:
    for accept, kind in (
        (None, "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("application/sparql-results+json, text/html;q=0.1", "application/sparql-results+json"),
        ("text/csv", "text/csv; charset=utf-8"),
        (BROWSER, "text/html; charset=utf-8"),
    ):
        headers = {"Accept": accept} if accept else {}
        answer = client.get("/sparql?query=ASK+{}", headers=headers)
        assert answer.content_type == kind, accept
    ask = asked(client, "ASK {}")
    assert "true" in text_of(ask.xpath("//section[@class='answer']")[0])
    graph = asked(client, f"CONSTRUCT WHERE {{ <{BASE}id/year/2019> ?p ?o }}")
    assert "CalendarYear" in text_of(graph.xpath("//pre")[0])


def test_an_answer_is_only_text(client: FlaskClient) -> None:
    query = """SELECT ("<script>alert(1)</script>" AS ?x) (<javascript:alert(1)> AS ?y) {}"""
    answer = client.get("/sparql", query_string={"query": query}, headers={"Accept": BROWSER})
    assert "<script>alert" not in answer.text
    assert 'href="javascript:' not in answer.text


def test_a_query_can_be_opened_without_being_run(client: FlaskClient) -> None:
    answer = client.get("/sparql?edit=SELECT+*+{?s+?p+?o}", headers={"Accept": BROWSER})
    node = html.document_fromstring(answer.text)
    assert text_of(node.find(".//textarea")) == "SELECT * {?s ?p ?o}"
    assert not node.xpath("//section[@class='answer']")


@pytest.mark.parametrize(
    ("query", "kind", "marks"),
    [
        ('SELECT ?a ?n { VALUES (?a ?n) { ("a" 1) ("b" 2.5) } }', "bar", 2),
        ('SELECT ?year ?n { VALUES (?year ?n) { ("2019" 1) ("2021" 2) } }', "mark", 2),
        ('SELECT ?a ?n ?m { VALUES (?a ?n ?m) { ("a" 1950 2) ("b" 2010 3) } }', "bar", 2),
        ('SELECT ?a ?n { VALUES (?a ?n) { ("a" 1e30) ("b" 1) } }', "bar", 2),
        ('SELECT ?a (?m / 3 AS ?n) { VALUES (?a ?m) { ("a" 100000000000) ("b" 1) } }', "bar", 2),
        (
            f'SELECT ?a ?n {{ VALUES (?a ?n) {{ ("a" "1E-9999999"^^<{INTEGER}>) ("b" 1) }} }}',
            None,
            0,
        ),
        ("SELECT ?a ?n { VALUES (?a ?n) { (<a:b> 1) (<a:c> 2) } }", None, 0),
        ('SELECT ?a ?n { VALUES (?a ?n) { ("a" 1) ("a" 2) } }', None, 0),
        ('SELECT ?a ?b { VALUES (?a ?b) { ("a" "x") ("b" "y") } }', None, 0),
        ('SELECT ?a ?n { VALUES (?a ?n) { ("a" 1) } }', None, 0),
        ('SELECT ?a ?n { VALUES (?a ?n) { ("a" 1) ("b" UNDEF) } }', "bar", 1),
        ('SELECT ?a ?n { VALUES (?a ?n) { ("a" -1) ("b" 1e400) } }', None, 0),
    ],
)
def test_charts_are_drawn_where_columns_tell_how(
    client: FlaskClient, query: str, kind: str | None, marks: int
) -> None:
    plots = asked(client, query).xpath("//*[local-name()='svg'][@role='img']")
    assert len(plots) == (kind is not None)
    if kind:
        assert len(plots[0].xpath(f".//*[starts-with(@class, '{kind}')]")) == marks


def test_the_editor_knows_prefixes_and_terms(client: FlaskClient) -> None:
    known = {lang: client.get(f"/query-terms.json?lang={lang}").get_json() for lang in LANGUAGES}
    spaces = known["en"]["prefixes"]
    assert spaces["stage"] == BASE + "id/code/stage/" and spaces["def"] == BASE + "def#"
    assert dict(known["en"]["terms"])["stage:granted"] == "disclosed"
    assert dict(known["zh"]["terms"])["stage:granted"] == "予以公开"
    assert "qb:dataSet" in dict(known["en"]["terms"])
    # Every term is one that a query can write, and that the store has.
    chosen = [name for name, _ in known["en"]["terms"]]
    chosen = [*chosen[::7], *(name for name in chosen if "service" in name.lower())]
    heads = "\n".join(f"PREFIX {name}: <{space}>" for name, space in spaces.items())
    found = f"VALUES ?t {{ {' '.join(chosen)} }} ?t ?p ?o"
    query = f"{heads}\nSELECT (COUNT(DISTINCT ?t) AS ?n) {{ {found} }}"
    answer = client.post("/sparql", data={"query": query, "format": "csv"})
    assert answer.text.split() == ["n", str(len(set(chosen)))]


# --- words, help, policy ------------------------------------------------------------------------


def test_the_help_page_tells_every_address(client: FlaskClient) -> None:
    rules = {rule.endpoint: rule.rule for rule in client.application.url_map.iter_rules()}
    assert set(rules) == set(descriptions())
    for language in LANGUAGES:
        shown = text_of(page(client, "/help", language))
        for endpoint, rule in rules.items():
            start = rule.partition("<")[0]
            assert start in shown and descriptions()[endpoint][language] in shown, endpoint
        assert "<path" not in shown and "any(" not in shown


def test_scripts_run_on_the_query_page_alone(client: FlaskClient) -> None:
    for address in ("/", "/compare", "/search?q=a", "/doc/body/mohrss", "/quality", "/help"):
        answer = client.get(address, headers={"Accept": BROWSER})
        assert "script-src" not in answer.headers["Content-Security-Policy"]
        assert "<script" not in answer.text
    answer = client.get("/sparql", headers={"Accept": BROWSER})
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy and "unsafe" not in policy
    for inline in ("style=", "onclick=", "<style"):
        assert inline not in answer.text


def test_vendored_files_are_what_they_were_when_looked_at() -> None:
    import hashlib

    vendor = ROOT / "server" / "static" / "vendor"
    lines = (vendor / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    sums = {name: digest for digest, name in (line.split("  ") for line in lines)}
    files = {path.name for path in vendor.iterdir()} - {"SHA256SUMS"}
    assert files == set(sums)
    for name, digest in sums.items():
        assert hashlib.sha256((vendor / name).read_bytes()).hexdigest() == digest
    assert "MIT License" in (vendor / "codemirror.LICENSE.txt").read_text(encoding="utf-8")


def test_remembered_pages_are_not_mixed(client: FlaskClient) -> None:
    first = client.get("/compare?body=mohrss&lang=en").text
    second = client.get("/compare?body=moe&lang=en").text
    assert first != second and client.get("/compare?body=mohrss&lang=en").text == first
    assert client.get("/search?q=复议&lang=en").text != client.get("/search?q=12333&lang=en").text


def test_the_language_is_kept_while_browsing(client: FlaskClient) -> None:
    for address in ("/", "/compare", "/search?q=公开", "/quality", "/doc/body/mohrss", "/sparql"):
        node = page(client, address)
        own = [
            link
            for link in node.xpath("//a/@href")
            if link.startswith("/")
            and not re.search(r"\.(ttl|rdf|nt|jsonld|csv|xlsx|atom)|^/dump|format=", link)
        ]
        assert own
        for link in own:
            assert "lang=en" in link, (address, link)
        (other,) = node.xpath("//a[@class='language']/@href")
        assert "lang=zh" in other and "lang=en" not in other


# --- what a reader with fresh eyes found ----------------------------------------------------------


def test_findings_of_an_older_year_are_not_cut_by_those_of_newer_ones(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = ROOT / "server" / "queries" / "quality-findings.rq"
    cut = query.read_text(encoding="utf-8").replace("LIMIT 501", "LIMIT 1")
    monkeypatch.setattr(
        "gongkai.server.queries.texts.query_text",
        lambda name: cut if name == "quality-findings" else query_text(name),
    )
    for year, count in (("2019", 0), ("2021", 1)):
        node = page(client, f"/quality?rule=requests-applicants&year={year}&fresh={year}")
        assert len(node.xpath("//ul[@class='found']/li")) == count
    assert client.get("/quality?rule=requests-applicants&year=20x9").status_code == 404


def test_what_is_found_while_the_index_is_made_is_not_remembered(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(folder) as client:
        index = SEARCH_INDEX.of(client.application)
        with monkeypatch.context() as early:
            early.setattr(index, "renew", lambda patience=0: None)
            for address in ("/search?q=公开&lang=en", "/compare?find=教育&lang=en"):
                answer = client.get(address)
                assert answer.headers["Cache-Control"] == "no-cache"
                assert "The index is being renewed" in answer.text
                assert "Nothing was found" not in answer.text
        assert len(page(client, "/search?q=公开").xpath("//ol/li")) == 20


def test_a_body_gains_and_loses_the_names_of_its_reports(tmp_path: Path) -> None:
    store = tmp_path / "store"
    first = sample_of(tmp_path, "淮安市洪泽区司法局", 2019)
    second = sample_of(tmp_path, "江苏省淮安市洪泽区司法局", 2020)
    gongkai("publish", first, "--store", store)
    with served(store) as client:
        assert not page(client, "/search?q=江苏省淮安").xpath("//ul[@class='found']/li")
        gongkai("publish", second, "--store", store)
        (link,) = page(client, "/search?q=江苏省淮安").xpath(
            "//ul[@class='found'][1]/li/a[1]/@href"
        )
        key = urlsplit(link).path.rpartition("/")[2]
        assert "江苏省淮安市洪泽区司法局" in text_of(page(client, f"/doc/body/{key}"))
        gongkai("withdraw", f"{key}/2020", "--why", "test", "--erase", "--store", store)
        for address in (f"/doc/body/{key}", f"/dump/report/{key}/2019.nt"):
            assert "江苏省淮安市洪泽区司法局" not in client.get(address).text
        assert not page(client, "/search?q=江苏省淮安").xpath("//ul[@class='found']/li")


def test_a_body_page_tells_why_a_number_is_missing(client: FlaskClient) -> None:
    node = page(client, "/doc/body/moe")
    (told_of,) = node.xpath("//ol[@class='notes']/li")
    assert text_of(told_of) == "no value: filled with “—”"


def test_numbers_of_several_units_name_them(tmp_path: Path) -> None:
    one = sample_of(tmp_path, "教育部", 2019)
    two = sample_of(tmp_path, "教育部", 2020)
    two.write_text(two.read_text(encoding="utf-8").replace("40628700", "4062.87万元"))
    gongkai("publish", one, two, "--store", tmp_path / "store")
    with served(tmp_path / "store") as client:
        key = "disclosure/procurement/purchase-amount"
        for address in (
            f"/compare?body=moe&indicator={key}",
            f"/doc/observation/{key.replace('/', '/moe/2019/', 1)}",
        ):
            node = page(client, address)
            cells = node.xpath("//td[contains(@class, 'number')]")
            assert text_of(cells[0]) == "40,628,700 money, unit not printed"
            assert text_of(cells[1]).startswith("4,062.87 10,000 yuan")
            assert "not drawn on one scale" in text_of(node)


def test_files_refuse_what_they_could_not_say(client: FlaskClient) -> None:
    for wrong in (
        "body=nobody",
        "year=2o19",
        "year=1999",
        "&".join(f"body=b{n}" for n in range(25)),
    ):
        answer = client.get(f"/compare.csv?body=moe&{wrong}")
        assert answer.status_code == 404, wrong
    assert "2o19" in text_of(page(client, "/compare?body=moe&year=2o19"))


def test_a_year_that_is_not_chosen_is_no_gap(client: FlaskClient) -> None:
    node = page(client, "/compare?body=mohrss&year=2019&year=2021")
    plot = node.xpath("//*[local-name()='svg'][@role='img']")[0]
    assert len(plot.xpath(".//*[local-name()='line'][contains(@class, 'line series')]")) == 1
    assert "2020" not in text_of(plot)


def test_years_of_a_body_that_is_added_are_shown(client: FlaskClient) -> None:
    node = page(client, "/compare?find=&body=moe&body=mohrss")
    assert table(node)[0] == ["Body", "2019", "2020", "2021"]
    assert not node.xpath("//input[@name='year'][@checked]")
    none = page(client, "/compare?find=&indicator=requests/total/received")
    assert "choose a body" in text_of(none)
    assert client.get("/compare?applicant=bogus").status_code == 404


def test_warnings_are_no_violations(tmp_path: Path) -> None:
    path = sample_of(tmp_path, "人力资源社会保障部", 2019)
    text = path.read_text(encoding="utf-8").replace("信息公开申请376件", "信息公开申请375件")
    path.write_text(text, encoding="utf-8")
    gongkai("publish", path, "--store", tmp_path / "store")
    with served(tmp_path / "store") as client:
        for address in ("/", "/doc/body/mohrss", "/doc/report/mohrss/2019"):
            shown = text_of(page(client, address))
            assert "with warnings" in shown and "⚠ rules broken" not in shown, address


def test_the_graphs_of_a_query_are_shown_and_kept(client: FlaskClient) -> None:
    graph = f"{BASE}id/report/moe/2019"
    asking = {
        "query": "SELECT (COUNT(*) AS ?n) {?s ?p ?o}",
        "default-graph-uri": graph,
        "lang": "en",
    }
    answer = client.get("/sparql", query_string=asking, headers={"Accept": BROWSER})
    node: html.HtmlElement = html.document_fromstring(answer.text)
    assert f"Asked of these graphs only: {graph}" in text_of(node)
    assert node.xpath("//form[@class='query']//input[@name='default-graph-uri']/@value") == [graph]
    assert not node.xpath("//ul[@class='examples']//a[contains(@href, 'graph-uri')]")
    assert node.xpath("//p[@class='files']/a[contains(@href, 'graph-uri')]")


def test_the_protocol_is_as_it_was_for_programs(client: FlaskClient) -> None:
    java = "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"
    answer = client.get("/sparql?query=ASK{}", headers={"Accept": java})
    assert answer.content_type == "application/sparql-results+json"
    posted = client.post("/sparql?edit=x", data={"query": "ASK{}"})
    assert posted.get_json()["boolean"] is True
    assert client.post("/sparql?edit=x", data={"update": "DROP ALL"}).status_code == 403
    described = client.get("/sparql?edit=x", headers={"Accept": "text/turtle"})
    assert described.content_type.startswith("text/turtle")
    sent = {"query": "ASK{}", "lang": "en"}
    page_of = client.post(
        "/sparql", data=sent, headers={"Accept": BROWSER, "Accept-Language": "zh"}
    )
    assert page_of.headers["Content-Language"] == "en"


def test_links_stay_on_this_host_and_in_a_language_that_there_is(client: FlaskClient) -> None:
    query = f"SELECT (<{BASE}/evil.example/x> AS ?x) {{}}"
    assert (
        'href="//'
        not in client.get(
            "/sparql", query_string={"query": query}, headers={"Accept": BROWSER}
        ).text
    )
    assert "a=b" not in client.get("/", query_string={"lang": "zh&a=b#c"}).text


def test_search_says_what_it_does_not_list_and_where_it_ends(client: FlaskClient) -> None:
    assert client.get("/search?q=公开&page=99").status_code == 404
    node = page(client, "/search?q=Ministry Education 2019")
    assert "/doc/report/moe/2019" in "".join(node.xpath("//ul[@class='found']/li/a/@href"))
    long = client.get("/compare", query_string={"find": "公" * 100_000})
    assert long.status_code == 200
