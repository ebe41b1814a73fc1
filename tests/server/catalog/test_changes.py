"""The feed and the event stream: a harvester that follows them knows every change, once."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import etree
from rdflib import RDF, Graph, Namespace, URIRef

from gongkai.publishing.histories import (
    graphs_to_publish,
    graphs_to_withdraw,
    new_version,
    published,
)
from gongkai.server.catalog import changes
from gongkai.server.store.embedded_writer import writing
from helpers.commands import BASE, gongkai
from helpers.served import publish_several, sample_of, served

ATOM = "{http://www.w3.org/2005/Atom}"
AS = Namespace("https://www.w3.org/ns/activitystreams#")
LDES = Namespace("https://w3id.org/ldes#")
TREE = Namespace("https://w3id.org/tree#")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five reports published, one replaced, one withdrawn: seven events, each at its time."""
    own = tmp_path_factory.mktemp("changes")
    folder = own / "store"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1700000000")
        publish_several(own, folder)
        patch.setenv("SOURCE_DATE_EPOCH", "1700000100")
        changed = sample_of(own, "教育部", 2019)
        text = changed.read_text(encoding="utf-8").replace("政策", "新策", 1)
        changed.write_text(text, encoding="utf-8")
        assert gongkai("publish", changed, "--store", folder).exit_code == 0
        patch.setenv("SOURCE_DATE_EPOCH", "1700000200")
        result = gongkai("withdraw", "mohrss/2020", "--why", "a & <b> 误", "--store", folder)
        assert result.exit_code == 0, result.output
    return folder


def entries_of(client: FlaskClient) -> list[etree._Element]:
    """The entries of the feed, page after page (RFC 5005)."""
    found: list[etree._Element] = []
    address: str | None = BASE + "feed.atom"
    while address is not None:
        response = client.get("/" + address.removeprefix(BASE))
        assert response.status_code == 200
        assert response.mimetype == "application/atom+xml"
        root = etree.fromstring(response.data)
        for needed in ("id", "title", "updated"):
            assert root.findtext(ATOM + needed)
        found += root.findall(ATOM + "entry")
        links = {link.get("rel"): link.get("href") for link in root.findall(ATOM + "link")}
        assert links["self"] == address
        address = links.get("next")
    return found


def members_of(client: FlaskClient) -> dict[str, tuple[str, str, str]]:
    """What a client of the stream collects: event to kind, report, time."""
    found: dict[str, tuple[str, str, str]] = {}
    view = Graph().parse(data=client.get("/ldes").data, format="turtle")
    collection = URIRef(BASE + "ldes#stream")
    assert (collection, RDF.type, LDES.EventStream) in view
    assert view.value(collection, TREE.view) == URIRef(BASE + "ldes")
    for relation in view.objects(URIRef(BASE + "ldes"), TREE.relation):
        assert (relation, RDF.type, TREE.GreaterThanOrEqualToRelation) in view
        least = str(view.value(relation, TREE.value))
        node = str(view.value(relation, TREE.node))
        response = client.get("/" + node.removeprefix(BASE), headers={"Accept": "text/turtle"})
        page = Graph().parse(data=response.data, format="turtle")
        path = view.value(collection, LDES.timestampPath)
        for member in page.objects(collection, TREE.member):
            assert str(member) not in found, "each event once"
            kind, time = page.value(member, RDF.type), str(page.value(member, path))
            assert time >= least
            report = page.value(member, view.value(collection, LDES.versionOfPath))
            found[str(member)] = (str(kind).rpartition("#")[2], str(report), time)
    return found


@pytest.mark.parametrize("on_a_page", [100, 3, 1])
def test_every_change_once(store: Path, monkeypatch: pytest.MonkeyPatch, on_a_page: int) -> None:
    monkeypatch.setattr(changes, "ON_A_PAGE", on_a_page)
    with served(store) as client:
        members = members_of(client)
        assert sorted(kind for kind, _, _ in members.values()) == [
            *["Create"] * 5, "Delete", "Update",
        ]  # fmt: skip
        times = {"Create": "2023-11-14T22:13:20", "Update": "2023-11-14T22:15:00"}
        times["Delete"] = "2023-11-14T22:16:40"
        for kind, report, time in members.values():
            assert time.startswith(times[kind])
            if kind == "Delete":
                assert report == BASE + "id/report/mohrss/2020"
            if kind == "Update":
                assert report == BASE + "id/report/moe/2019"
        entries = entries_of(client)
        assert {entry.findtext(ATOM + "id") for entry in entries} == set(members)
        order = [str(entry.findtext(ATOM + "updated")) for entry in entries]
        assert order == sorted(order, reverse=True), "the newest first"
        assert "a & <b> 误" in str(entries[0].findtext(ATOM + "summary"))
        for entry in entries:
            (link,) = [e.get("href") for e in entry.findall(ATOM + "link") if e.get("rel") == "via"]
            assert client.get("/" + str(link).removeprefix(BASE)).status_code == 303


def test_pages_that_are_not_there(store: Path) -> None:
    with served(store) as client:
        for path in ("/feed.atom?page=2", "/feed.atom?page=0", "/feed.atom?page=x", "/ldes/2",
                     "/ldes/0", "/ldes/x"):  # fmt: skip
            assert client.get(path).status_code == 404, path
        assert client.get("/ldes", headers={"Accept": "text/html"}).status_code == 406
        json = client.get("/ldes/1", headers={"Accept": "application/ld+json"})
        assert json.mimetype == "application/ld+json"


def test_an_empty_store_has_an_empty_feed(tmp_path: Path) -> None:
    from gongkai.publishing.reference_data import publish_reference_data

    with writing(tmp_path / "store", BASE) as writer:
        publish_reference_data(writer)
    with served(tmp_path / "store") as client:
        assert entries_of(client) == []
        assert members_of(client) == {}
        assert client.get("/catalog.ttl").status_code == 200
        for path in ("/", "/catalog", "/sitemap.xml", "/sitemap-1.xml", "/data.json"):
            assert client.get(path).status_code == 200, path


def test_events_of_one_second_come_in_the_order_in_which_they_were(tmp_path: Path) -> None:
    """The tenth version follows the withdrawal of the ninth, though "10" sorts before "9"."""
    now = datetime(2024, 1, 1, tzinfo=UTC)
    report = BASE + "id/report/a/2020"
    with writing(tmp_path / "store", BASE) as writer:
        for number in range(1, 11):
            title = f'<{report}> <http://purl.org/dc/terms/title> "{number}"@zh .\n'.encode()
            version = new_version(report, title)
            before = published(writer, "a", 2020)
            writer.replace(graphs_to_publish(before, title, version, b"", now))
            if number == 9:
                writer.replace(graphs_to_withdraw(writer, "a", 2020, "why", now))
    with served(tmp_path / "store") as client:
        entries = entries_of(client)[::-1]
        named = [str(e.findtext(ATOM + "id")).rpartition("/")[2] for e in entries]
    assert named[-3:] == ["9#published", "9#withdrawn", "10#published"]
