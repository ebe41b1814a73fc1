"""Every number that is a link is what stands behind the link, on every page, in both languages."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from flask.testing import FlaskClient
from lxml import html

from helpers.broken_reports import planted, two_years
from helpers.commands import BASE, SAMPLE, gongkai
from helpers.served import sample_of, served

SAMPLES = SAMPLE.parent
WITH_PARTS = {"complete", "disclosure-stock", "us-disposed"}
"""Rules that are broken in parts which have findings of their own."""

TRIPLES = {"Accept": "application/n-triples"}
NUMBER = re.compile(r"[0-9][0-9 ,\u202f\u00a0]*(?:\.[0-9]+)?")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """Reports of three countries that break rules of every kind: of one table, of two, of years."""
    folder = tmp_path_factory.mktemp("counts")
    first, second = two_years(folder)
    # Last year's licences are said to be 9; last year's report has 4.
    follows = second.read_text(encoding="utf-8").replace("行政许可\n4\n", "行政许可\n9\n", 1)
    second.write_text(follows, encoding="utf-8")
    text = (SAMPLES / "us-flra-2024.xml").read_text(encoding="utf-8")
    wrong = folder / "us-flra-2024.xml"
    wrong.write_text(one_more_disposed(text), encoding="utf-8")
    reports = [
        first,
        second,
        sample_of(folder, "教育部", 2020, miscounted=5),
        planted(folder / "planted.txt", 2022),
        SAMPLES / "us-flra-2023.xml",
        wrong,
        unread_cell(SAMPLES / "us-acus-2024.xml", folder),
        SAMPLES / "uk-2020.csv",
    ]
    result = gongkai("publish", *reports, "--store", folder / "store")
    assert ["refused", "0"] in [line.split() for line in result.stderr.splitlines()], result.output
    with served(folder / "store") as client:
        yield client


def one_more_disposed(text: str) -> str:
    """The US report with one total of dispositions of appeals that is too high."""
    found = re.search(r"(?s)AppealDispositionSection.*?AppealTotalQuantity>(\d+)<", text)
    found = found or re.search(r"(?s)ProcessedAppeal.*?TotalQuantity>(\d+)<", text)
    assert found
    return text[: found.start(1)] + str(int(found[1]) + 1) + text[found.end(1) :]


def unread_cell(report: Path, folder: Path) -> Path:
    """A US report with a cell that is no number: the others are published, as each stands apart."""
    text = report.read_text(encoding="utf-8")
    path = folder / report.name
    path.write_text(
        re.sub(r"(ReceivedQuantity>)\d+<", r"\g<1>1?2<", text, count=1), encoding="utf-8"
    )
    return path


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh", "en"])
def test_numbers_are_what_their_links_list(client: FlaskClient, language: str) -> None:
    values, kinds, rules = values_of(client), Counter[str](), set[str]()
    for page, document in pages(client, language):
        for link in document.iter("a"):
            shown = "".join(link.itertext()).strip()
            target = urljoin(page, link.get("href", ""))
            if not NUMBER.fullmatch(shown) or not target.startswith("/"):
                continue
            if "#note-" in target or shown in re.findall(r"\d+", target):
                continue  # The number of a note; a year, a page.
            number = float(re.sub(r"[^0-9.]", "", shown))
            if target.startswith(("/doc/observation/", "/id/observation/")):
                this = BASE + re.sub(r"^/doc/", "id/", urlsplit(target).path).removeprefix("/")
                assert values[this] == number, (page, target)
                kinds["observation"] += 1
            elif target.startswith("/quality?"):
                assert reports_at(client, target) == number, (page, target)
                kinds["rule"] += 1
                rules.add(parse_qs(urlsplit(target).query)["rule"][0])
            else:
                raise AssertionError(f"{page}: what does {shown} count? {target}")
    assert kinds["observation"] > 100 and kinds["rule"] > 10
    assert rules >= WITH_PARTS


@pytest.mark.parametrize(
    "query", ["", "?body=us-flra", "?body=uk-ago", "?body=moe", "?indicator=uk-requests/received"]
)
def test_compare_opens_on_what_belongs_together(client: FlaskClient, query: str) -> None:
    """Bodies of one country, and a figure that they have."""
    rows = list(csv.DictReader(client.get(f"/compare.csv{query}").text.splitlines()))
    assert any(row["value"] for row in rows), rows


def test_every_fragment_has_its_place(client: FlaskClient) -> None:
    """What is named by a fragment of a document is found on the document's page."""
    text = f"""SELECT DISTINCT ?one {{
      {{ ?one ?p ?o }} UNION {{ ?s ?p ?one }}
      FILTER (STRSTARTS(STR(?one), "{BASE}") && CONTAINS(STR(?one), "#") && isIRI(?one))
    }}"""
    answer = client.get("/sparql", query_string={"query": text}, headers={"Accept": "text/csv"})
    catalog = client.get("/catalog.nt").text + client.get("/sparql", headers=TRIPLES).text
    named = {*answer.text.split()[1:], *re.findall(rf"<({BASE}[^>]*#[^>]*)>", catalog)}
    documents: dict[str, set[str]] = {}
    for name in sorted(named):
        document, _, fragment = name.removeprefix(BASE).partition("#")
        if document.startswith(("dump/", ".well-known/")) or not fragment:
            continue  # Files, and what is described for machines alone.
        if document not in documents:
            page = client.get(
                f"/{document}", headers={"Accept": "text/html"}, follow_redirects=True
            )
            assert page.status_code == 200, name
            documents[document] = set(re.findall(r'\sid="([^"]+)"', page.text))
        assert fragment in documents[document], name
    assert len(documents) > 20


def pages(client: FlaskClient, language: str) -> Iterator[tuple[str, html.HtmlElement]]:
    """Every page that links lead to from the home page; of observations, codes and bodies' tables
    the first of each form.
    """
    waiting, seen, kinds = ["/"], set[str](), Counter[str]()
    while waiting:
        page = waiting.pop(0)
        if page in seen:
            continue
        seen.add(page)
        kind = re.sub(r"(?<=/)(?:observation|code|area|slice|def|version)/.*", "", page)
        kinds[kind] += 1
        if kind != page and kinds[kind] > 2:
            continue
        query = "&" if "?" in page else "?"
        answer = client.get(f"{page}{query}lang={language}", headers={"Accept": "text/html"})
        if answer.status_code in (302, 303):
            waiting.append(urlsplit(answer.headers["Location"]).path)
            continue
        assert answer.status_code in (200, 406), page  # Some have no page for people.
        if answer.mimetype != "text/html":
            continue
        document = html.fromstring(answer.text)
        yield page, document
        for link in document.iter("a"):
            target = urljoin(page, link.get("href", "").partition("#")[0])
            if target.startswith("/") and not target.startswith(("/dump/", "/static/", "/sparql")):
                waiting.append(re.sub(r"[?&]lang=\w\w", "", target))


def values_of(client: FlaskClient) -> dict[str, float]:
    """The values of all observations, as the endpoint has them."""
    text = "SELECT ?o ?v { ?o <http://purl.org/linked-data/sdmx/2009/measure#obsValue> ?v }"
    answer = client.get("/sparql", query_string={"query": text}, headers={"Accept": "text/csv"})
    rows = (line.split(",") for line in answer.text.split()[1:])
    return {observation: float(value) for observation, value in rows}


def reports_at(client: FlaskClient, target: str) -> int:
    """How many reports the page of a rule lists, each with what it breaks."""
    document = html.fromstring(client.get(target).text)
    items = document.findall(".//ul[@class='found']/li")
    assert all(item.findall("./ul/li") for item in items)
    reports = [str(item.xpath("string(./a/@href)")) for item in items]
    assert len(reports) == len(set(reports))
    return len(reports)
