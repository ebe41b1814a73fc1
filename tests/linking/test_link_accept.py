"""gongkai link accept, list, withdraw: decisions become linksets, served, that outlast the rest."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from rdflib import RDF, RDFS, XSD, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, OWL, PROV, SKOS, VOID

from gongkai.server.store.embedded import EmbeddedReader
from gongkai.version import __version__
from helpers.commands import BASE, gongkai
from helpers.linked import HONGZE, MOE, MOHRSS, WD, accept, decided, find, table, write_table
from helpers.made_up_wikidata import Endpoint
from helpers.served import publish_several, sample_of, served
from helpers.shared_statements import DUPLICATES, asked

DEF = Namespace(BASE + "def#")
SITE = "www.wikidata.org"
LINKSET = URIRef(f"{BASE}id/linkset/{SITE}")
DECISIONS = {
    (MOHRSS, WD + "Q900001"): "sameAs",
    (HONGZE, WD + "Q900010"): "skos:exactMatch",
    (MOE, WD + "Q900002"): "CLOSEMATCH",
    (MOE, WD + "Q900003"): "none",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store without links, and a table of candidates for it."""
    folder = tmp_path_factory.mktemp("accepting")
    publish_several(folder, folder / "store")
    with Endpoint() as endpoint:
        result = find(folder / "store", folder / "review.csv", endpoint.url)
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture(scope="module")
def linked(folder: Path) -> Path:
    """A store with links, which no test changes."""
    store = copied(folder, folder / "linked")
    decided(folder / "review.csv", folder / "decided.csv", DECISIONS, note="seen on its page")
    result = accept(store, folder / "decided.csv")
    assert result.exit_code == 0, result.output
    assert "links published: 3; there already: 0; refused: 1" in result.stdout
    return store


@pytest.fixture(scope="module")
def client(linked: Path) -> Iterator[FlaskClient]:
    with served(linked) as client:
        yield client


def copied(folder: Path, target: Path) -> Path:
    shutil.copytree(folder / "store", target, symlinks=True)
    return target


def document(client: FlaskClient, path: str) -> Graph:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return Graph().parse(data=answer.data, format="turtle", publicID=BASE)


def links_of(store: Path) -> Any:
    result = gongkai("link", "list", "--json", "--store", store)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def version(store: Path) -> str:
    reader = EmbeddedReader(store)
    try:
        return reader.version
    finally:
        reader.close()


# What is published


def test_nothing_is_linked_without_a_decision(folder: Path, tmp_path: Path) -> None:
    store = copied(folder, tmp_path / "store")
    before = version(store)
    result = accept(store, folder / "review.csv")
    assert result.exit_code == 0 and "links published: 0" in result.stdout
    assert version(store) == before
    with served(store) as client:
        assert client.get(f"/doc/linkset/{SITE}").status_code == 404


def test_the_linkset_is_described(client: FlaskClient) -> None:
    answer = client.get(f"/id/linkset/{SITE}")
    assert answer.status_code == 303 and answer.location.endswith(f"/doc/linkset/{SITE}")
    graph = document(client, f"/doc/linkset/{SITE}.ttl")
    assert (LINKSET, RDF.type, VOID.Linkset) in graph
    assert graph.value(LINKSET, VOID.triples) == Literal(3)
    titles = {text.language for text in graph.objects(LINKSET, DCTERMS.title)}  # type: ignore[attr-defined]
    assert titles == {"zh", "en"}
    whole = URIRef(BASE + ".well-known/void#data")
    for relation, name in ((OWL.sameAs, "sameAs"), (SKOS.exactMatch, "exactMatch")):
        part = URIRef(f"{LINKSET}#{name}")
        assert (LINKSET, VOID.subset, part) in graph
        assert set(graph.objects(part, VOID.linkPredicate)) == {relation}
        assert graph.value(part, VOID.subjectsTarget) == whole
        assert graph.value(part, VOID.objectsTarget) == URIRef("http://www.wikidata.org/")
        assert graph.value(part, VOID.triples) == Literal(1)
    assert (URIRef(MOHRSS), OWL.sameAs, URIRef(WD + "Q900001")) in graph
    assert (URIRef(HONGZE), SKOS.exactMatch, URIRef(WD + "Q900010")) in graph
    assert not list(graph.triples((None, None, URIRef(WD + "Q900003")))), "it was refused"


def test_each_link_tells_who_decided_and_why(client: FlaskClient) -> None:
    linkset = document(client, f"/doc/linkset/{SITE}.ttl")
    (node,) = linkset.subjects(RDF.object, URIRef(WD + "Q900010"))
    path = str(node).removeprefix(BASE)
    assert client.get(f"/{path}").status_code == 303
    graph = document(client, f"/{path.replace('id/', 'doc/', 1)}.ttl")
    assert graph.value(node, RDF.subject) == URIRef(HONGZE)
    assert graph.value(node, RDF.predicate) == SKOS.exactMatch
    assert graph.value(node, DEF.decidedBy) == Literal("王一")
    assert graph.value(node, SKOS.note) == Literal("seen on its page")
    score = graph.value(node, DEF.score)
    assert isinstance(score, Literal) and (score.value, score.datatype) == (1, XSD.decimal)
    assert "P442 is 32 08 13" in str(graph.value(node, DEF.evidence))
    accepted = graph.value(node, DCTERMS.dateAccepted)
    assert isinstance(accepted, Literal) and accepted.datatype == XSD.dateTime
    activity = graph.value(node, PROV.wasGeneratedBy)
    assert (LINKSET, PROV.wasGeneratedBy, activity) in linkset
    endpoint = str(linkset.value(activity, PROV.used))
    assert endpoint.startswith("http://127.0.0.1:") and endpoint.endswith("/sparql")
    assert linkset.value(activity, DEF.linkProfile) == Literal("wikidata")
    date = linkset.value(activity, DCTERMS.date)
    assert isinstance(date, Literal) and date.datatype == XSD.date
    software = linkset.value(activity, PROV.wasAssociatedWith)
    assert linkset.value(software, URIRef("http://schema.org/softwareVersion")) == Literal(
        __version__
    )
    vocabulary = document(client, "/def.ttl")
    for term in ("Link", "decidedBy", "score", "evidence", "linkProfile"):
        assert (DEF[term], RDFS.label, None) in vocabulary


def test_void_lists_linksets_and_counts_them(client: FlaskClient) -> None:
    graph = document(client, "/.well-known/void")
    whole = URIRef(BASE + ".well-known/void#data")
    assert (whole, VOID.subset, LINKSET) in graph
    counted = {
        (str(graph.value(node, VOID.linkPredicate)), str(graph.value(node, VOID.objectsTarget))):
        graph.value(node, VOID.triples)
        for node in graph.subjects(VOID.linkPredicate)
    }  # fmt: skip
    site = "http://www.wikidata.org/"
    assert counted[str(OWL.sameAs), site] == Literal(1)
    assert counted[str(SKOS.closeMatch), site] == Literal(1)
    # The reports are on two years; every year is a year of reference.data.gov.uk.
    years = counted[str(SKOS.exactMatch), "http://reference.data.gov.uk/"]
    assert years == Literal(2)
    assert counted[str(SKOS.exactMatch), site] == Literal(1)


def test_years_are_years_of_reference_data_gov_uk(client: FlaskClient) -> None:
    for year in (2019, 2020):
        graph = document(client, f"/doc/year/{year}.ttl")
        outside = URIRef(f"http://reference.data.gov.uk/id/year/{year}")
        own = URIRef(f"{BASE}id/year/{year}")
        assert set(graph.objects(own, SKOS.exactMatch)) == {outside}


@pytest.mark.parametrize(
    ("language", "heading", "relation"),
    [("zh", "外部链接", "同一"), ("en", "Links out", "same as")],
)
def test_pages_show_links_out(
    client: FlaskClient, language: str, heading: str, relation: str
) -> None:
    page = client.get(f"/doc/body/mohrss.html?lang={language}").text
    section = page.partition('<h2 id="links">')[2].partition("</table>")[0]
    assert section.startswith(heading) and relation in section and "王一" in section
    assert f'href="{WD}Q900001"' in section
    name = {"zh": "人力资源和社会保障部", "en": "Ministry of Human Resources"}[language]
    assert name in section.partition(f'href="{WD}Q900001"')[2]
    assert '<h2 id="links">' not in client.get("/doc/body/mof.html").text
    area = client.get(f"/doc/area/320813.html?lang={language}").text
    assert f'href="{WD}Q900010"' in area
    linkset = client.get(f"/doc/linkset/{SITE}.html?lang={language}").text
    for row in (WD + "Q900001", WD + "Q900010", "/doc/body/mohrss", "王一"):
        assert row in linkset
    record = client.get(linkset.partition("/doc/linkset/")[1] + "x").status_code
    assert record == 404


def test_documents_and_search_engines_are_told(client: FlaskClient) -> None:
    body = document(client, "/doc/body/mohrss.ttl")
    assert (URIRef(MOHRSS), OWL.sameAs, URIRef(WD + "Q900001")) in body
    assert list(body.subjects(RDF.subject, URIRef(MOHRSS)))
    area = document(client, "/doc/area/320813.ttl")
    assert (URIRef(HONGZE), SKOS.exactMatch, URIRef(WD + "Q900010")) in area
    report = client.get("/doc/report/mohrss/2019.jsonld?_profile=schema").get_json(force=True)
    assert report["creator"]["sameAs"] == [WD + "Q900001"]
    moe = client.get("/doc/report/moe/2019.jsonld?_profile=schema").get_json(force=True)
    assert "sameAs" not in moe["creator"], "what is only close is not the same"


def test_no_triple_is_in_two_graphs(client: FlaskClient) -> None:
    assert asked(client, DUPLICATES) == []


# What lasts


def test_links_outlast_publishing_and_rechecking(linked: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    shutil.copytree(linked, store, symlinks=True)
    before = links_of(store)
    assert len(before) == 3 and not any(link["gone"] for link in before)
    published = gongkai(
        "publish", sample_of(tmp_path, "洪泽区司法局", 2019, more=1), "--store", store
    )
    assert ", published" in published.stdout
    assert gongkai("recheck", "--store", store).exit_code in (0, 1)
    assert links_of(store) == before
    with served(store) as client:
        assert asked(client, DUPLICATES) == []


def test_accepting_again_changes_nothing(linked: Path, folder: Path, tmp_path: Path) -> None:
    before = version(linked)
    result = accept(linked, folder / "decided.csv")
    assert result.exit_code == 0
    assert "links published: 0; there already: 3; refused: 1" in result.stdout
    assert version(linked) == before
    with Endpoint() as endpoint:
        result = find(linked, tmp_path / "more.csv", endpoint.url)
    assert "3 linked already" in result.stdout
    assert MOHRSS not in {row["subject"] for row in table(tmp_path / "more.csv")}


def test_links_are_listed_and_withdrawn(linked: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    shutil.copytree(linked, store, symlinks=True)
    listed = gongkai("link", "list", "--store", store).stdout
    assert f"{MOHRSS} sameAs {WD}Q900001" in listed and "王一" in listed
    links = links_of(store)
    first, *others = [f"{link['site']}/{link['uri'].rpartition('/')[2]}" for link in links]
    unknown = gongkai("link", "withdraw", f"{SITE}/0", "--store", store)
    assert unknown.exit_code == 2 and "there is no link" in unknown.stderr
    assert gongkai("link", "withdraw", first, "--store", store).exit_code == 0
    assert links_of(store) == links[1:]
    uris = [link["uri"] for link in links[1:]]
    assert gongkai("link", "withdraw", *uris, "--store", store).exit_code == 0
    assert links_of(store) == [] and len(others) == 2
    with served(store) as client:
        assert client.get(f"/id/linkset/{SITE}").status_code == 404
        assert "wikidata" not in client.get("/.well-known/void").text


def test_a_link_follows_its_body_into_the_register(folder: Path, tmp_path: Path) -> None:
    store = copied(folder, tmp_path / "store")
    (justice,) = {
        row["subject"] for row in table(folder / "review.csv") if "unregistered-" in row["subject"]
    }
    row = {"subject": justice, "candidate": WD + "Q42", "decision": "exactMatch", "reviewer": "Li"}
    result = accept(store, write_table(tmp_path / "r.csv", [row]))
    assert result.exit_code == 0 and "a link by hand" in result.stderr
    (store / "bodies").mkdir()
    (store / "bodies" / "mine.ttl").write_text(
        f"""PREFIX def: <def#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        <id/body/hongze-justice> a def:PublicBody ; skos:exactMatch <{WD}Q42> ;
          skos:prefLabel "淮安市洪泽区司法局"@zh, "Hongze District Justice Bureau"@en .""",
        encoding="utf-8",
    )
    for year in (2019, 2020):
        gongkai("publish", sample_of(tmp_path, "洪泽区司法局", year), "--store", store)
    (link,) = links_of(store)
    assert link["subject"] == f"{BASE}id/body/hongze-justice" and not link["gone"]
    with served(store) as client:
        # The register says the same as the linkset: it is said once.
        assert asked(client, DUPLICATES) == []
        body = document(client, "/doc/body/hongze-justice.ttl")
        assert (URIRef(link["subject"]), SKOS.exactMatch, URIRef(WD + "Q42")) in body
    again = accept(store, write_table(tmp_path / "again.csv", [row]))
    assert again.exit_code == 2 and "is no body or area of the store" in again.stderr


def test_a_link_whose_body_went_is_told(folder: Path, tmp_path: Path) -> None:
    store = copied(folder, tmp_path / "store")
    (justice,) = {
        row["subject"] for row in table(folder / "review.csv") if "unregistered-" in row["subject"]
    }
    row = {"subject": justice, "candidate": WD + "Q42", "decision": "exactMatch", "reviewer": "Li"}
    accept(store, write_table(tmp_path / "r.csv", [row]))
    key = justice.rpartition("/")[2]
    for year in (2019, 2020):
        gongkai("withdraw", f"{key}/{year}", "--why", "test", "--store", store)
    (link,) = links_of(store)
    assert link["gone"]
    assert "no longer" in gongkai("link", "list", "--store", store).stdout


# What is refused


GOOD = {"subject": MOHRSS, "candidate": WD + "Q1", "decision": "sameAs", "reviewer": "Li"}


@pytest.mark.parametrize(
    "wrong",
    [
        [
            ({"decision": "yes"}, "“yes” is no decision"),
            ({"reviewer": " "}, "the decision has no reviewer"),
            ({"candidate": ""}, "there is no candidate to link to"),
            ({"candidate": "Q148"}, "“Q148” is no http or https address"),
            ({"candidate": "http://a b/"}, "is no http or https address"),
            ({"candidate": "http://[::1/"}, "is no http or https address"),
            ({"candidate": "http://a:port/"}, "is no http or https address"),
            ({"candidate": f"{WD}Q1> <x> <y"}, "is no http or https address"),
            ({"candidate": MOE}, "is an entity of this store itself"),
            ({"subject": "http://elsewhere/id/body/x"}, "is not an entity of this store"),
            ({}, ""),
            ({"decision": "closeMatch"}, "closeMatch, but line 12 decides sameAs"),
            ({"decision": "none"}, "none, but line 12 decides sameAs"),
        ],
        [
            ({"subject": BASE + "id/body/nobody"}, "is no body or area of the store"),
            ({"subject": BASE + "id/report/mohrss/2019"}, "is no body or area of the store"),
            ({}, ""),
        ],
        [
            ({}, ""),
            ({"candidate": WD + "Q2"}, f"{MOHRSS} is {WD}Q1 already"),
            ({"subject": MOE}, f"{WD}Q1 is {MOHRSS} already"),
        ],
    ],
)
def test_a_table_with_a_bad_row_publishes_nothing(
    folder: Path, tmp_path: Path, wrong: list[tuple[dict[str, str], str]]
) -> None:
    store = folder / "store"
    before = version(store)
    result = accept(store, write_table(tmp_path / "r.csv", [{**GOOD, **row} for row, _ in wrong]))
    assert result.exit_code == 2, result.output
    told = [line for line in result.stderr.splitlines() if ": line " in line]
    expected = [(n, said) for n, (_, said) in enumerate(wrong, start=2) if said]
    for line, (number, said) in zip(told, expected, strict=True):
        assert f": line {number}: " in line and said in line
    assert "nothing is published" in result.stderr
    assert version(store) == before


def test_what_was_decided_before_is_not_overruled(linked: Path, tmp_path: Path) -> None:
    row = {**GOOD, "candidate": WD + "Q900001", "decision": "closeMatch"}
    result = accept(linked, write_table(tmp_path / "r.csv", [row]))
    assert result.exit_code == 2
    assert "the store has sameAs, decided by 王一" in result.stderr
    assert f"gongkai link withdraw {SITE}/" in result.stderr


def test_what_another_graph_states_is_left_there(folder: Path, tmp_path: Path) -> None:
    store = copied(folder, tmp_path / "store")
    (store / "bodies").mkdir()
    (store / "bodies" / "mine.ttl").write_text(
        f"""PREFIX def: <def#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        <id/body/hongze-justice> a def:PublicBody ; skos:exactMatch <{WD}Q42> ;
          skos:prefLabel "淮安市洪泽区司法局"@zh, "Hongze District Justice Bureau"@en .""",
        encoding="utf-8",
    )
    gongkai("publish", sample_of(tmp_path, "洪泽区司法局", 2019), "--store", store)
    subject = f"{BASE}id/body/hongze-justice"
    row = {**GOOD, "subject": subject, "candidate": WD + "Q42", "decision": "exactMatch"}
    result = accept(store, write_table(tmp_path / "r.csv", [row]))
    assert result.exit_code == 2
    assert f"is in the store already, in {subject}" in result.stderr


def test_a_row_that_was_changed_is_a_link_by_hand(folder: Path, tmp_path: Path) -> None:
    store = copied(folder, tmp_path / "store")
    rows = table(folder / "review.csv")
    (row,) = (row for row in rows if row["subject"] == MOHRSS)
    row |= {"candidate": "https://example.org/q1?a=b&c#d", "decision": "relatedMatch"}
    row |= {"reviewer": "Li"}
    # A spreadsheet writes numbers its own way; that changes nothing.
    (other,) = (row for row in rows if row["subject"] == HONGZE)
    other |= {"score": "1", "decision": "exactMatch", "reviewer": "Li"}
    result = accept(store, write_table(tmp_path / "r.csv", rows, delimiter=";"))
    assert result.exit_code == 0, result.output
    assert result.stderr.count("as a link by hand") == 1
    by_site = {link["site"]: link for link in links_of(store)}
    assert by_site["example.org"]["score"] == "" and by_site["example.org"]["asked"] is None
    assert by_site["example.org"]["names"] == []
    assert by_site[SITE]["score"] == "1.00" and by_site[SITE]["asked"]["profile"] == "wikidata"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read"),
        (b"", "is no review file"),
        (b"\xff\x00\xd8", "is no UTF-8 text"),
        (b"a,b\n1,2\n", "is no review file: it has no column subject"),
        (b'subject,candidate,decision,reviewer\n"a', "is no table"),
    ],
)
def test_files_that_are_no_tables(
    folder: Path, tmp_path: Path, content: bytes | None, said: str
) -> None:
    path = tmp_path / "r.csv"
    if content is not None:
        path.write_bytes(content)
    result = accept(folder / "store", path)
    assert result.exit_code == 2 and said in result.stderr and "Traceback" not in result.output


def test_without_a_store(tmp_path: Path) -> None:
    for command in (["list"], ["withdraw", "x/y"], ["accept", tmp_path / "r.csv"]):
        result = gongkai("link", *command, "--store", tmp_path / "none")
        assert result.exit_code == 2 and "there is no published store" in result.stderr
