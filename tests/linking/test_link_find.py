"""gongkai link find: candidates and their evidence; manners; what a failing endpoint leads to."""

import csv
import json
import os
import re
import signal
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph

from gongkai.fetching.settings import FetchSettings
from gongkai.linking import asking
from gongkai.linking.asking import Asker, AskingFailed
from gongkai.linking.cache import Cache
from gongkai.linking.entities import StoredEntity, read_entities
from gongkai.linking.finding import FoundLinks, find_links
from gongkai.linking.profiles import KINDS, BadProfile, load_profile
from gongkai.linking.review import ReviewRow, read_review, with_decisions, write_review
from gongkai.server.store.embedded import EmbeddedReader
from gongkai.server.store.embedded_writer import writing
from gongkai.version import __version__
from helpers.commands import BASE, gongkai
from helpers.linked import CONTACT, HONGZE, MOE, MOHRSS, WD, Rows, find, table, write_table
from helpers.made_up_wikidata import RESULTS, Endpoint, Misbehaviour, answering, cut_off, silent

PREFIXES = """
PREFIX body: <id/body/>
PREFIX area: <id/area/>
PREFIX def: <def#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX country: <http://publications.europa.eu/resource/authority/country/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""

BODIES = """
body:mohrss a def:PublicBody ; dcterms:spatial country:CHN ;
    skos:prefLabel "人力资源和社会保障部"@zh, "Ministry of Human Resources and Social Security"@en ;
    skos:altLabel "人社部"@zh .
body:moe a def:PublicBody ; dcterms:spatial country:CHN ;
    skos:prefLabel "教育部"@zh, "Ministry of Education"@en .
body:mof a def:PublicBody ; skos:prefLabel "财政部"@zh, "Ministry of Finance"@en .
body:justice a def:PublicBody ; skos:prefLabel "洪泽区司法局"@zh ; dcterms:spatial area:320813 .
body:us-doj a def:PublicBody ; skos:prefLabel "Department of Justice"@en ;
    dcterms:spatial country:USA .
body:twin a def:PublicBody ; skos:prefLabel "水利部"@zh .
body:twins a def:PublicBody ; skos:prefLabel "水利部"@zh .
"""

AREAS = """
area:320000 a def:Area ; skos:prefLabel "江苏省"@zh ; skos:notation "320000" .
area:320800 a def:Area ; skos:prefLabel "淮安市"@zh ; skos:notation "320800" ;
    dcterms:isPartOf area:320000 .
area:320813 a def:Area ; skos:prefLabel "洪泽区"@zh ; skos:notation "320813" ;
    dcterms:isPartOf area:320800 .
"""


def described(turtle: str) -> bytes:
    graph = Graph().parse(data=PREFIXES + turtle, format="turtle", publicID=BASE)
    return graph.serialize(format="nt", encoding="utf-8")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small store of what the tests need: six bodies and three areas."""
    folder = tmp_path_factory.mktemp("linking") / "store"
    with writing(folder, BASE) as writer:
        writer.replace({f"{BASE}def": described(BODIES), f"{BASE}id/area/320813": described(AREAS)})
    return folder


@pytest.fixture(scope="module")
def entities(store: Path) -> list[StoredEntity]:
    reader = EmbeddedReader(store)
    try:
        return read_entities(reader, KINDS)
    finally:
        reader.close()


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with Endpoint() as running:
        yield running


@pytest.fixture
def sleeps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that are made, without making them."""
    made: list[float] = []
    monkeypatch.setattr(asking, "sleep", made.append)
    return made


def found_by(
    entities: list[StoredEntity],
    endpoint: Endpoint,
    cache: Path,
    profile: str = "wikidata",
    **more: Any,
) -> FoundLinks:
    """What is found, without the command."""
    known = load_profile(profile)
    settings = FetchSettings(pause=0, **more)
    asker = Asker(endpoint.url, settings, known.most_rows, Cache(cache, 1))
    return find_links(entities, known, asker)


def of(rows: Rows, subject: str) -> Rows:
    return [row for row in rows if row["subject"] == subject]


# What is found


def test_candidates_with_their_evidence(store: Path, endpoint: Endpoint, tmp_path: Path) -> None:
    review = tmp_path / "review.csv"
    result = find(store, review, endpoint.url)
    assert result.exit_code == 0, result.output
    assert f"{review}: 8 with candidates, 2 without" in result.stdout
    rows = table(review)
    assert not any(row["decision"] or row["reviewer"] or row["note"] for row in rows)

    (district,) = of(rows, HONGZE)
    assert district["candidate"] == WD + "Q900010", "the other 洪泽区 has another code"
    assert district["score"] == "1.00" and district["suggested"] == "exactMatch"
    assert district["evidence"].split("; ") == [
        "P442 is 32 08 13",
        "name 洪泽区@zh",
        "type administrative territorial entity",
        "same country",
        "in 320800",
    ]
    (province,) = of(rows, f"{BASE}id/area/320000")
    assert "no name in common" in province["evidence"] and province["suggested"] == ""

    (ministry,) = of(rows, MOHRSS)
    assert ministry["candidate"] == WD + "Q900001"
    assert ministry["suggested"] == "closeMatch", "a name alone never makes it sure"
    assert float(ministry["score"]) <= 0.9
    assert "人力资源和社会保障部@zh" in ministry["names"]
    assert "=1+1@en" in ministry["candidate_names"]

    homonyms = of(rows, MOE)
    assert [row["candidate"].removeprefix(WD) for row in homonyms] == [
        "Q900002",
        "Q900003",
        "Q900004",
    ]
    assert {row["suggested"] for row in homonyms} == {""}
    assert all("one of 3 candidates" in row["evidence"] for row in homonyms)
    assert "another country" in homonyms[1]["evidence"]
    assert "type disambiguation page" in homonyms[2]["evidence"] and homonyms[2]["score"] == "0.00"

    assert {row["evidence"] for row in rows if not row["candidate"]} == {"no candidate"}
    assert all(endpoint.url in row["asked"] and __version__ in row["asked"] for row in rows)


def test_bodies_of_any_country(store: Path, endpoint: Endpoint, tmp_path: Path) -> None:
    find(store, tmp_path / "review.tsv", endpoint.url, "--kind", "bodies")
    rows = [row for _, row in read_review(tmp_path / "review.tsv")]
    assert {row.kind for row in rows} == {"bodies"}
    (found,) = (row for row in rows if row.subject.endswith("/us-doj"))
    assert found.candidate == WD + "Q900020", "what has no address of its own is no candidate"
    assert "same country" in found.evidence and found.suggested == "closeMatch"


def test_one_candidate_of_two_things_is_sure_for_neither(
    entities: list[StoredEntity], endpoint: Endpoint, tmp_path: Path
) -> None:
    rows = found_by(entities, endpoint, tmp_path).rows
    twins = [row for row in rows if row.subject.endswith(("/twin", "/twins"))]
    assert [row.candidate for row in twins] == [WD + "Q900021"] * 2
    for row in twins:
        assert row.suggested == "" and "a candidate for 2 entities of ours" in row.evidence


def test_what_has_no_name_that_the_endpoint_knows(
    entities: list[StoredEntity], endpoint: Endpoint, tmp_path: Path
) -> None:
    foreign = StoredEntity(f"{BASE}id/body/x", "bodies", labels=[("Ministerium", "de")])
    finding = found_by([foreign], endpoint, tmp_path)
    assert [row.evidence.partition(":")[0] for row in finding.rows] == ["nothing to ask by"]
    assert not endpoint.asked and not finding.reasons and finding.rows[0].asked == ""


def test_addresses_that_the_endpoint_makes_up_enter_no_query(
    entities: list[StoredEntity], endpoint: Endpoint, tmp_path: Path
) -> None:
    odd = "http://a/> } UNION { ?item ?p ?value . <http://a/"
    item, value = {"type": "uri", "value": odd}, {"type": "literal", "value": "320813"}
    rows = {"results": {"bindings": [{"item": item, "value": value}]}}
    endpoint.always = answering(200, json.dumps(rows).encode())
    areas = [entity for entity in entities if entity.kind == "areas"]
    finding = found_by(areas, endpoint, tmp_path)
    assert {row.evidence for row in finding.rows} == {"no candidate"}
    assert not any("UNION { ?item" in asked.query for asked in endpoint.asked)


# Manners


def test_who_asks_is_told_and_one_request_at_a_time(
    store: Path, endpoint: Endpoint, sleeps: list[float], tmp_path: Path
) -> None:
    find(store, tmp_path / "review.csv", endpoint.url, "--pause", 7)
    assert len(endpoint.asked) > 3
    for asked in endpoint.asked:
        assert asked.headers["User-Agent"] == f"gongkai/{__version__} (+{CONTACT})"
        assert asked.headers["Accept"] == "application/sparql-results+json"
    assert endpoint.most_at_once == 1
    assert len(sleeps) == len(endpoint.asked) - 1
    assert all(6 < seconds <= 7 for seconds in sleeps)
    methods = {asked.method: len(asked.query) for asked in endpoint.asked}
    assert set(methods) == {"GET", "POST"}, "long queries are posted"


def test_nobody_is_asked_anonymously(store: Path, tmp_path: Path) -> None:
    arguments = ("link", "find", "--store", store, "-o", tmp_path / "review.csv")
    result = gongkai(*arguments)
    assert result.exit_code == 2 and "wants to know who asks: give --contact" in result.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("dated", [False, True])
def test_a_host_that_asks_to_wait_is_waited_for(
    store: Path, endpoint: Endpoint, sleeps: list[float], tmp_path: Path, dated: bool
) -> None:
    value = format_datetime(datetime.now(UTC) + timedelta(seconds=90)) if dated else "90"
    endpoint.misbehaviours = [answering(429, b"", Retry_After=value)]
    result = find(store, tmp_path / "review.csv", endpoint.url)
    assert result.exit_code == 0, result.output
    assert 85 < sleeps[0] <= 90
    assert "not asked" not in result.output


def test_a_host_that_asks_to_wait_long_is_left_alone(
    store: Path, endpoint: Endpoint, sleeps: list[float], tmp_path: Path
) -> None:
    endpoint.misbehaviours = [None, None, answering(503, b"", Retry_After="7200")]
    result = find(store, tmp_path / "review.csv", endpoint.url)
    assert result.exit_code == 2
    assert len(endpoint.asked) == 3 and not sleeps
    assert "asks to be left alone for 7200 seconds" in result.stderr
    assert "run the same command again to go on" in result.stderr


# What fails


@pytest.mark.parametrize(
    ("misbehaviour", "said", "attempts"),
    [
        (answering(200, b"<html><title>Wiki</title>", "text/html"), "it answers text/html", 1),
        (answering(200, b'{"head": {}, "results": {"bindings": ['), "is broken off", 9),
        (answering(200, b'{"boolean": true}'), "is broken off", 9),
        (answering(200, b'{"results": {"bindings": [{"item": 5}]}}'), "is broken off", 9),
        (answering(200, b"\xff\xfe\x00"), "is broken off", 9),
        (cut_off, "the answer broke off", 9),
        (answering(500, b"java.util.concurrent.TimeoutException"), "it answers 500", 9),
        (answering(502, b""), "it answers 502", 9),
        (answering(400, b"what?"), "refuses the query (400)", 3),
        (answering(401, b""), "asks for a password", 1),
        (answering(403, b""), "it answers 403", 1),
        (answering(404, b""), "there is nothing (404)", 1),
    ],
)
def test_failures_are_told_and_are_not_taken_for_an_answer(
    entities: list[StoredEntity],
    endpoint: Endpoint,
    sleeps: list[float],
    tmp_path: Path,
    misbehaviour: Misbehaviour,
    said: str,
    attempts: int,
) -> None:
    endpoint.always = misbehaviour
    small = profile_with(tmp_path, batch=2)
    finding = found_by(entities, endpoint, tmp_path / "cache", str(small))
    assert (finding.found, finding.without) == (0, 0)
    ((reason, number),) = finding.reasons.items()
    assert said in reason and number == len(entities)
    assert len(endpoint.asked) == attempts, "three times each, and three batches at most"
    assert [row.evidence for row in finding.rows] == [f"not asked: {reason}"] * len(entities)
    assert not any(row.asked or row.candidate for row in finding.rows)


def test_an_endpoint_that_is_down(store: Path, sleeps: list[float], tmp_path: Path) -> None:
    with Endpoint() as gone:
        url = gone.url
    result = find(store, tmp_path / "review.csv", url)
    assert result.exit_code == 2
    assert "it cannot be reached" in result.stderr and "Traceback" not in result.output
    assert "0 with candidates, 0 without, 10 not asked for" in result.stdout
    rows = table(tmp_path / "review.csv")
    assert len(rows) == 10 and all(row["evidence"].startswith("not asked: ") for row in rows)
    assert len(sleeps) == 2, "tried three times in all"


def test_an_endpoint_that_is_silent(endpoint: Endpoint, tmp_path: Path) -> None:
    endpoint.always = silent(5)
    settings = FetchSettings(pause=0, read_seconds=0.1, attempts=1)
    asker = Asker(endpoint.url, settings, 1000, Cache(tmp_path, 1))
    with pytest.raises(AskingFailed, match=r"was silent for 0\.1 seconds"):
        asker.ask("SELECT * WHERE { ?s ?p ?o }")


def test_one_failed_batch_does_not_stop_the_others(
    store: Path, endpoint: Endpoint, sleeps: list[float], tmp_path: Path
) -> None:
    review = tmp_path / "review.csv"
    small = "--profile", profile_with(tmp_path, batch=3)
    endpoint.misbehaviours = [answering(500, b"")] * 3
    result = find(store, review, endpoint.url, *small)
    assert result.exit_code == 2
    rows = table(review)
    missing = [row for row in rows if row["evidence"].startswith("not asked")]
    assert len(missing) == 3 and of(rows, HONGZE)[0]["candidate"] == WD + "Q900010"
    asked = len(endpoint.asked)
    again = find(store, review, endpoint.url, *small)
    assert again.exit_code == 0, again.output
    assert 0 < len(endpoint.asked) - asked < asked - 3, "only for what was not answered"
    rows = table(review)
    assert not any(row["evidence"].startswith("not asked") for row in rows)
    assert len(rows) == len({(row["subject"], row["candidate"]) for row in rows})


def profile_with(folder: Path, name: str = "small", **settings: object) -> Path:
    text = (Path(asking.__file__).parent / "endpoints" / "wikidata.toml").read_text("utf-8")
    lines = [line for line in text.splitlines() if line.partition(" = ")[0] not in settings]
    path = folder / f"{name}.toml"
    said = [f"{key} = {value}" for key, value in settings.items()]
    path.write_text("\n".join([*said, *lines]), encoding="utf-8")
    return path


def test_answers_that_are_cut_are_asked_for_in_halves(
    entities: list[StoredEntity], endpoint: Endpoint, tmp_path: Path
) -> None:
    whole = found_by(entities, endpoint, tmp_path / "whole").rows
    asked = len(endpoint.asked)
    small = profile_with(tmp_path, most_rows=10)
    halves = found_by(entities, endpoint, tmp_path / "halves", str(small))
    assert len(endpoint.asked) - asked > asked
    ((reason, number),) = halves.reasons.items()
    assert "may have been cut" in reason and number == 1, "the homonyms are too much even alone"

    def settled(rows: Iterable[ReviewRow]) -> list[ReviewRow]:
        others = [row for row in rows if row.subject != MOE]
        return [replace(row, asked="", row="") for row in others]

    assert settled(halves.rows) == settled(whole)


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ({"X_SPARQL_MaxRows": "10"}, "cuts answers at 10 rows"),
        ({"X_SQL_State": "S1TAT"}, r"a part of the answer \(S1TAT\)"),
    ],
)
def test_an_endpoint_that_says_it_cuts(
    endpoint: Endpoint, tmp_path: Path, header: dict[str, str], said: str
) -> None:
    """Virtuoso: ResultSetMaxRows, and its anytime queries."""
    endpoint.always = answering(200, None, RESULTS, **header)
    asker = Asker(endpoint.url, FetchSettings(pause=0), 1000, Cache(tmp_path, 1))
    with pytest.raises(AskingFailed, match=said):
        asker.ask("SELECT * WHERE { ?s ?p ?o } LIMIT 10")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_writes_what_it_has_and_goes_on(
    store: Path, endpoint: Endpoint, tmp_path: Path, number: signal.Signals
) -> None:
    def interrupt(handler: BaseHTTPRequestHandler, right: bytes) -> None:
        os.kill(os.getpid(), number)
        silent(0.2)(handler, right)

    review = tmp_path / "review.csv"
    small = "--profile", profile_with(tmp_path, batch=3)
    endpoint.misbehaviours = [*[None] * 6, interrupt]
    result = find(store, review, endpoint.url, *small)
    assert result.exit_code == 128 + number
    assert "the run was interrupted" in result.stderr
    rows = table(review)
    missing = [row for row in rows if "not asked: the run was interrupted" in row["evidence"]]
    assert 0 < len(missing) < len(rows)
    asked = len(endpoint.asked)
    assert find(store, review, endpoint.url, *small).exit_code == 0
    # The question that was under way, and those after it.
    every = {one.query for one in endpoint.asked}
    assert len(endpoint.asked) - asked == len(every) - 6
    assert "not asked" not in review.read_text("utf-8")


# The cache and the table


def test_answers_are_believed_for_a_time(store: Path, endpoint: Endpoint, tmp_path: Path) -> None:
    arguments = (store, tmp_path / "review.csv", endpoint.url, "--cache", tmp_path / "cache")
    find(*arguments)
    first = table(tmp_path / "review.csv")
    asked = len(endpoint.asked)
    find(*arguments)
    assert len(endpoint.asked) == asked
    assert table(tmp_path / "review.csv") == first
    for file in (tmp_path / "cache").iterdir():
        file.write_bytes(file.read_bytes()[:50])
    find(*arguments)
    assert len(endpoint.asked) == 2 * asked, "what is not whole is not believed"
    find(*arguments, "--max-age", 0)
    assert len(endpoint.asked) == 3 * asked


def test_decisions_outlast_another_run(store: Path, endpoint: Endpoint, tmp_path: Path) -> None:
    review = tmp_path / "review.csv"
    find(store, review, endpoint.url)
    rows = table(review)
    of(rows, MOE)[0] |= {"decision": "none", "reviewer": "王一"}
    of(rows, MOE)[1] |= {"note": "ask the ministry"}
    by_hand = {**rows[0], "candidate": WD + "Q7", "decision": "relatedMatch", "reviewer": "Li"}
    write_table(review, [*rows, by_hand])
    find(store, review, endpoint.url)
    after = table(review)
    assert [row["decision"] for row in of(after, MOE)] == ["none", "", ""]
    assert of(after, MOE)[1]["note"] == "ask the ministry"
    assert after[-1]["candidate"] == WD + "Q7" and after[-1]["reviewer"] == "Li"
    assert len(after) == len(rows) + 1


def test_what_is_no_table_of_candidates_is_not_overwritten(
    store: Path, endpoint: Endpoint, tmp_path: Path
) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("name,telephone\nWang,1\n", encoding="utf-8")
    result = find(store, path, endpoint.url)
    assert result.exit_code == 2
    assert "is no review file" in result.stderr and "not overwritten" in result.stderr
    assert path.read_text("utf-8") == "name,telephone\nWang,1\n"
    assert not endpoint.asked


texts = st.text(st.characters(codec="utf-8"), max_size=20)
rows_drawn = st.builds(ReviewRow, **dict.fromkeys(
    ("subject", "names", "candidate", "evidence", "decision", "reviewer", "note"), texts
))  # fmt: skip


@given(rows=st.lists(rows_drawn, max_size=5), suffix=st.sampled_from(["csv", "tsv"]))
def test_tables_are_read_as_they_were_written(
    rows: list[ReviewRow], suffix: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / f"round.{suffix}"
    write_review(path, rows)
    read = [row for _, row in read_review(path)]
    assert read == [row for row in rows if any(vars(row)[name].strip() for name in vars(row))]
    with path.open(encoding="utf-8-sig", newline="") as file:
        for cells in csv.reader(file, delimiter="\t" if suffix == "tsv" else ","):
            assert not any(re.match(r"[=+\-@\t\r]", cell) for cell in cells), "it would be run"
    assert with_decisions([], read) == list(
        {(row.subject, row.candidate): row for row in read if row.decided}.values()
    )


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_tables_as_spreadsheets_save_them(tmp_path: Path, coding: str, delimiter: str) -> None:
    names = ("Reviewer", "subject", "candidate", "decision", "mine")
    path = tmp_path / "review.csv"
    cells = ("王一", "http://a/", "http://b/", "none", "x")
    path.write_text(f"{delimiter.join(names)}\r\n{delimiter.join(cells)}\r\n", coding, newline="")
    ((line, row),) = read_review(path)
    assert (line, row.reviewer, row.subject, row.decision) == (2, "王一", "http://a/", "none")


# Profiles


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("endpoint = ", "not TOML"),
        ("x = 1", "has no setting x"),
        ("endpoint = 'ftp://a/'", "is no http or https address"),
        ("endpoint = 'http://a/'", "lacks 'paths'"),
        ("endpoint = 'http://a/'\nbatch = 0\npaths = {}", "batch must be a number"),
        ("endpoint = 'http://a/'\nlanguages = {}\npaths = {lable = ''}", "for the path lable"),
        ("endpoint = 'http://a/'\nlanguages = {}\npaths = {label = 'x y'}", "no property path"),
        (
            "endpoint = 'http://a/'\nlanguages = {}\npaths = {label = '<http://a/b>'}\n"
            "identifiers = [{of = 'cats', name = 'x', path = '<http://a/c>'}]",
            "not of 'cats'",
        ),
        (
            "endpoint = 'http://a/'\nlanguages = {}\npaths = {label = '<http://a/b>'}\n"
            "types = {bodies = {'wd:Q1' = 'x'}}",
            "no prefix is given",
        ),
    ],
)
def test_profiles_that_cannot_be_used(text: str, said: str, tmp_path: Path, store: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadProfile, match=said):
        load_profile(str(path))
    result = gongkai("link", "find", "--store", store, "-o", tmp_path / "o.csv", "--profile", path)
    assert result.exit_code == 2 and "Traceback" not in result.output


def test_another_endpoint_is_described_in_a_file(store: Path, tmp_path: Path) -> None:
    path = tmp_path / "places.toml"
    path.write_text(
        """endpoint = "http://127.0.0.1:9/"
paths = {label = "<http://example.org/name>"}
languages = {zh = [""]}
[[identifiers]]
of = "areas"
name = "code"
path = "<http://example.org/code>"
""",
        encoding="utf-8",
    )
    with Endpoint(None) as other:
        other.add(
            '<http://example.org/p/1> <http://example.org/code> "320813" ; '
            '<http://example.org/name> "洪泽区" .'
        )
        result = gongkai(
            "link", "find", "--store", store, "-o", tmp_path / "r.csv", "--profile", path,
            "--endpoint", other.url, "--pause", 0,
        )  # fmt: skip
    assert result.exit_code == 0, result.output
    (row,) = of(table(tmp_path / "r.csv"), HONGZE)
    assert (row["candidate"], row["suggested"]) == ("http://example.org/p/1", "exactMatch")
    assert row["evidence"] == "code is 320813; name 洪泽区@zh"


@pytest.mark.parametrize(
    ("code", "spelt"),
    [("310110", "31 01 10"), ("310100", "31 01"), ("110000", "11"), ("310110001", "31 01 10 001")],
)
def test_codes_as_wikidata_spells_them(code: str, spelt: str) -> None:
    """Property talk:P442: “31 01 10” is Yangpu, “11” is Beijing."""
    (identifier,) = load_profile("wikidata").identifiers_of("areas")
    assert identifier.spelt(code)[0] == spelt
    assert identifier.same(spelt, code) and not identifier.same("31 01 11", "310110")
