"""Stores whose reports state each part of a place by itself are told of, and mended by recheck."""

import re
import shutil
import socket
from pathlib import Path

import pytest

from gongkai.ontology.source_places import read_place
from gongkai.server.store.embedded_writer import writing
from helpers.commands import BASE, gongkai
from helpers.served import publish_for_pages, served

PLACE = re.compile(rf'<{re.escape(BASE)}def#sourcePlace> "([^"]*)" \.'.encode())
OBSERVATION = "/doc/observation/requests/mohrss/2021/total/received"


@pytest.fixture(scope="module")
def present(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("several")
    publish_for_pages(folder, folder / "store")
    return folder / "store"


@pytest.fixture
def former(present: Path, tmp_path: Path) -> Path:
    graphs = report_graphs(present)
    shutil.copytree(present, tmp_path / "store", symlinks=True)
    with writing(tmp_path / "store", BASE) as writer:
        for name, content in graphs.items():
            lines = [old for line in content.splitlines(keepends=True) for old in restated(line)]
            assert any(b"def#sourceLine>" in line for line in lines)
            writer.replace({name: b"".join(sorted(lines))})
    return tmp_path / "store"


def restated(line: bytes) -> list[bytes]:
    """The line, or one for each part of the place that it states."""
    found = PLACE.search(line)
    if found is None:
        return [line]
    place = read_place(found[1].decode())
    assert place is not None
    node = line.partition(b" ")[0].decode()
    integer = "http://www.w3.org/2001/XMLSchema#integer"
    return [
        f'{node} <{BASE}def#source{part.capitalize()}> "{value}"^^<{integer}> .\n'.encode()
        for part, value in vars(place).items()
        if value is not None
    ]


def report_graphs(store: Path) -> dict[str, bytes]:
    with writing(store, BASE) as writer:
        names = [name for name in writer.graph_names() if name.startswith(f"{BASE}id/report/")]
        return {name: writer.graph(name) for name in names}


def page(store: Path) -> str:
    with served(store) as client:
        answer = client.get(OBSERVATION + ".html", query_string={"lang": "en"})
        assert answer.status_code == 200
        return answer.text


def test_recheck_states_places_as_they_are_stated_now(present: Path, former: Path) -> None:
    assert "line " in page(present) and page(former) != page(present)
    result = gongkai("recheck", "--store", former)
    assert result.exit_code == 1
    assert report_graphs(former) == report_graphs(present)
    assert page(former) == page(present)
    assert "mohrss/2021: " in result.output
    again = gongkai("recheck", "--store", former)
    assert again.output == result.output, "the findings have their places at once"


def test_serving_tells_of_former_places(present: Path, former: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for store, told in ((present, False), (former, True)):
            result = gongkai("serve", "--store", store, "--port", port)
            assert result.exit_code == 2 and "listening" in result.output
            assert ("gongkai recheck --store" in result.output) is told
