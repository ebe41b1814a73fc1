"""What tests share: the sample, the original where it is at hand, a published store, a server."""

import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from werkzeug.serving import make_server

sys.path.insert(0, str(Path(__file__).parent))

# What servers derive from stores is kept nowhere else.
os.environ["XDG_CACHE_HOME"] = tempfile.mkdtemp(prefix="gongkai-tests-cache-")

# Messages are in the language of the locale; help is made on import.
os.environ["LC_ALL"] = "C.UTF-8"

from gongkai.server.app import create_app
from gongkai.server.store.embedded import EmbeddedReader
from helpers import profiles
from helpers.commands import ORIGINAL, SAMPLE


def pytest_configure(config: pytest.Config) -> None:
    """The stores that tests begin with, and compiled templates, are kept as long as the run lasts.

    Each application would compile anew what it shows, which takes longer than showing it.
    """
    from helpers.stores import TEMPLATES, kept_in_a_folder

    config.add_cleanup(lambda: shutil.rmtree(os.environ["XDG_CACHE_HOME"], ignore_errors=True))
    if not hasattr(config, "workerinput"):
        kept = ExitStack()
        kept.enter_context(kept_in_a_folder())
        config.add_cleanup(kept.close)
    Flask.jinja_options = {"bytecode_cache": FileSystemBytecodeCache(os.environ[TEMPLATES])}


def pytest_xdist_auto_num_workers() -> int:
    """One more than cores, as servers and browsers are waited for; at most four but at night."""
    workers = (os.cpu_count() or 1) + 1
    return workers if profiles.NIGHTLY else min(workers, 4)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests come first: no worker is to be left alone with one in the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


def pytest_make_parametrize_id(val: object) -> str | None:
    """Bytes of archives carry the second they were made in: no names of tests, which all workers
    must collect alike.
    """
    return "bytes" if isinstance(val, bytes) else None


@pytest.fixture(params=["sample", "original"])
def report_path(request: pytest.FixtureRequest) -> Path:
    """The shipped sample and, where it is at hand, the report as it was published."""
    if request.param == "sample":
        return SAMPLE
    if not ORIGINAL.exists():
        pytest.skip(f"the original report is not at {ORIGINAL}: tested on the sample alone")
    return ORIGINAL


@pytest.fixture
def lines() -> list[str]:
    """The lines of the sample, for tests to spoil."""
    return SAMPLE.read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="session")
def store_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that holds the sample, made by the command line."""
    from helpers.stores import published

    return published(tmp_path_factory.mktemp("published") / "store", SAMPLE)


@pytest.fixture(scope="session")
def store(store_folder: Path) -> Iterator[EmbeddedReader]:
    """A reader of that store."""
    reader = EmbeddedReader(store_folder)
    yield reader
    reader.close()


@pytest.fixture(scope="session")
def client(store: EmbeddedReader) -> FlaskClient:
    """A test client of the application over that store."""
    return create_app(store).test_client()


@pytest.fixture(scope="session")
def server(store: EmbeddedReader) -> Iterator[str]:
    """The address of a real server over that store, on loopback."""
    listening = make_server("127.0.0.1", 0, create_app(store), threaded=True)
    thread = threading.Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.server_port}/"
    listening.shutdown()


@pytest.fixture(scope="session")
def countries_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that holds the samples of all countries."""
    from helpers.served import publish_countries
    from helpers.stores import copied

    folder = tmp_path_factory.mktemp("countries") / "store"
    copied("countries", publish_countries, folder)
    return folder


@pytest.fixture(scope="session")
def countries(countries_folder: Path) -> Iterator[FlaskClient]:
    """A test client of the application over that store."""
    reader = EmbeddedReader(countries_folder)
    yield create_app(reader).test_client()
    reader.close()
