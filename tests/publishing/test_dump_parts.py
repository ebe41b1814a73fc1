"""``gongkai dump --parts``: the whole store in files for bulk loaders."""

import gzip
import subprocess
from pathlib import Path

import pyoxigraph
import pytest

from gongkai.publishing.dump_parts import write_parts
from gongkai.server.app import create_app
from gongkai.server.store_location import location_of, reading, writing
from helpers.commands import BASE, SAMPLE, gongkai
from helpers.remote_servers import VIRTUOSO, environment_of, free_port, start_virtuoso
from helpers.served import sample_of
from helpers.stores import published


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return published(tmp_path_factory.mktemp("dumped") / "store", SAMPLE)


def quads_of(folder: Path) -> list[pyoxigraph.Quad]:
    return [
        quad
        for path in sorted(folder.glob("*.nq.gz"))
        for quad in pyoxigraph.parse(
            gzip.decompress(path.read_bytes()), format=pyoxigraph.RdfFormat.N_QUADS
        )
    ]


def test_the_parts_are_the_store_and_its_marker(store: Path, tmp_path: Path) -> None:
    with writing(location_of(str(store)), BASE) as writer:
        folder, parts, count = write_parts(writer, tmp_path, most=3000)
    files = sorted(path.name for path in folder.iterdir())
    assert files == [f"part-{number:05}.nq.gz" for number in range(1, parts + 1)] and parts > 2
    found = quads_of(folder)
    assert len(found) == count
    names = {getattr(quad.graph_name, "value", "") for quad in found}
    kept = pyoxigraph.Store.read_only(str(store / "current"))
    wanted = {str(graph.value) for graph in kept.named_graphs()}
    assert names == {*wanted, f"{BASE}.well-known/void"}
    assert count == len(kept) + 4


def test_the_command(store: Path, tmp_path: Path) -> None:
    for _ in range(2):
        result = gongkai("dump", "--store", store, "--output", tmp_path, "--parts")
        assert result.exit_code == 0, result.output
        assert f"{tmp_path / 'parts'}: in parts (1), quads: " in result.stdout
    assert not (tmp_path / "all.json").exists()


@pytest.mark.virtuoso
@pytest.mark.slow
def test_what_is_loaded_from_them_is_served_and_published_to(store: Path, tmp_path: Path) -> None:
    """As docs/large-stores.md tells."""
    if VIRTUOSO is None:
        pytest.skip("virtuoso-t is not installed (Debian: virtuoso-opensource): not tested with it")
    folder = tmp_path / "database"
    server = start_virtuoso(folder, free_port())
    try:
        dumped = gongkai("dump", "--store", store, "--output", folder, "--parts")
        assert dumped.exit_code == 0, dumped.output
        page = Path(__file__).parents[2] / "docs" / "large-stores.md"
        told = page.read_text(encoding="utf-8").partition("```sql\n")[2].partition("```")[0]
        statements = told.replace("/srv/dump", str(folder))
        settings = (folder / "virtuoso.ini").read_text(encoding="utf-8")
        port = settings.partition("ServerPort = 127.0.0.1:")[2].split()[0]
        done = subprocess.run(
            ["isql-vt", f"127.0.0.1:{port}", "dba", "dba", "ERRORS=STDOUT", "VERBOSE=OFF"],
            input=statements,
            text=True,
            capture_output=True,
            check=True,
        )
        assert "Error" not in done.stdout and "part-" not in done.stdout, done.stdout
        with environment_of(server):
            result = gongkai(
                "publish", sample_of(tmp_path, "教育部", 2019), "--store", server.store
            )
            assert result.exit_code == 0, result.output
            client = create_app(reading(location_of(server.store))).test_client()
            for report in ("mohrss", "moe"):
                assert client.get(f"/doc/report/{report}/2019.ttl").status_code == 200
    finally:
        server.stop()
