"""Stores of several reports, and applications over them, for tests of the server."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from flask.testing import FlaskClient

from gongkai.pipeline import Outcome, process
from gongkai.publishing.publication import publish
from gongkai.publishing.reference_data import publish_reference_data
from gongkai.server.app import create_app
from gongkai.server.settings import Settings
from gongkai.server.store.embedded import EmbeddedReader
from gongkai.server.store.embedded_writer import writing
from helpers.commands import BASE, SAMPLE
from helpers.stores import published

SAMPLES = {".txt", ".xml", ".csv"}
ACROSS_COUNTRIES = {"share-by-country", "grounds-side-by-side", "stocks-that-differ"}
"""Worked examples, by key, that need reports of several countries to find what they are about."""

_RECEIVED, _GRANTED, _HANDLED = 88, 105, 260
"""Lines of the sample that name rows of the table of requests; natural persons come next."""


def sample_of(
    folder: Path,
    name: str,
    year: int,
    more: int = 0,
    miscounted: int = 0,
    left_out: bool = False,
) -> Path:
    """The sample as if the body ``name`` had published it on ``year``.

    ``more`` natural persons than in 2019 asked and were granted what they asked for; the total of
    the requests received is printed ``miscounted`` too high, or ``left_out``.
    """
    lines = SAMPLE.read_text(encoding="utf-8").splitlines()
    for row in (_RECEIVED, _GRANTED, _HANDLED):
        for line in (row + 1, row + 7):
            lines[line] = str(int(lines[line]) + more)
    lines[_RECEIVED + 7] = str(int(lines[_RECEIVED + 7]) + miscounted)
    if left_out:
        lines[_RECEIVED + 7] = "—"
    for number in (376, 366, 137):
        lines[7] = lines[7].replace(f"{number}件", f"{number + more}件")
    text = "\n".join(lines) + "\n"
    title, _, rest = text.partition("\n")
    title = title.replace("人力资源社会保障部", name).replace("2019年", f"{year}年")
    rest = rest.replace("2019年1月1日", f"{year}年1月1日").replace("2019年12月", f"{year}年12月")
    path = folder / f"{name}-{year}.txt"
    path.write_text(f"{title}\n{rest}", encoding="utf-8")
    return path


def publish_several(folder: Path, store: Path) -> None:
    """Publish five reports of three bodies to ``store``."""
    reports = [
        sample_of(folder, "人力资源社会保障部", 2019),
        sample_of(folder, "人力资源社会保障部", 2020),
        sample_of(folder, "洪泽区司法局", 2019),
        sample_of(folder, "洪泽区司法局", 2020),
        sample_of(folder, "教育部", 2019),
    ]
    published(store, *reports, codes=(0, 1))


def publish_for_pages(folder: Path, store: Path) -> None:
    """Publish seven reports of three bodies, with a gap, a broken sum and a total left out."""
    reports = [
        sample_of(folder, "人力资源社会保障部", 2019),
        sample_of(folder, "人力资源社会保障部", 2020, more=37),
        sample_of(folder, "人力资源社会保障部", 2021, more=24, miscounted=5),
        sample_of(folder, "教育部", 2019, more=100),
        sample_of(folder, "教育部", 2021, more=50, left_out=True),
        sample_of(folder, "洪泽区司法局", 2020, more=3),
        sample_of(folder, "洪泽区司法局", 2021, more=9),
    ]
    published(store, *reports, codes=(0, 1))


def publish_countries(place: Path) -> None:
    """Publish the samples of all countries, in this process: eight reports of five bodies."""
    with writing(place, BASE) as writer:
        publish_reference_data(writer)
        for outcome in outcomes_of_samples():
            publish(writer, outcome)


@cache
def outcomes_of_samples() -> tuple[Outcome, ...]:
    """The reports of the samples of all countries, read and checked."""
    paths = sorted(path for path in SAMPLE.parent.iterdir() if path.suffix in SAMPLES)
    return tuple(outcome for path in paths for outcome in process(path, BASE))


@contextmanager
def served(
    store: Path, settings: Settings | None = None, dumps: Path | None = None
) -> Iterator[FlaskClient]:
    """A test client of the application over the store in a folder."""
    reader = EmbeddedReader(store)
    try:
        yield create_app(reader, settings, dumps).test_client()
    finally:
        reader.close()
