"""The public API: read reports, check them, publish them to a store.

    from gongkai import check, open_store, publish

    with open_store("store") as store:
        for outcome in check("report.pdf"):
            print(outcome.findings, publish(store, outcome).standing)

The command line does the same with each file in a child process, so that a hostile file harms no
other; here the work is done in the caller's process.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gongkai.converters.documents.limits import DEFAULT_LIMITS, Limits
from gongkai.converters.overrides import Overrides
from gongkai.ontology import DEFAULT_BASE
from gongkai.pipeline import Outcome, process
from gongkai.publishing.publication import Publication, publish
from gongkai.publishing.reference_data import publish_reference_data
from gongkai.server.store import WritableStore
from gongkai.server.store_location import location_of, stored_base, writing
from gongkai.shapes.checker import RuleEngine

__all__ = ["Outcome", "Publication", "check", "convert", "open_store", "publish"]


def convert(
    path: Path | str,
    *,
    base: str = DEFAULT_BASE,
    overrides: Overrides | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> tuple[Outcome, ...]:
    """Read the reports in a document and describe them as RDF (``Outcome.graph``, N-Triples).

    Never raises for a bad document: ``Outcome.error`` says what was wrong. ``overrides`` are the
    values that the caller gives in place of the document's: the reporting body, the year; raises
    BadTable or BadRegister where their own files cannot be read.
    """
    return process(Path(path), base, None, limits, overrides)


def check(
    path: Path | str,
    *,
    base: str = DEFAULT_BASE,
    engine: RuleEngine = RuleEngine.SETWISE,
    overrides: Overrides | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> tuple[Outcome, ...]:
    """Convert, and add the findings of the rules on each report (``Outcome.findings``)."""
    return process(Path(path), base, engine, limits, overrides)


@contextmanager
def open_store(location: Path | str, *, base: str | None = None) -> Iterator[WritableStore]:
    """A store to publish to: a folder, created if missing, or the address of a remote store.

    ``base`` is fixed when the store is created. Waits for another process that is writing to the
    store. Raises StoreError if the store cannot be used, or has another base.
    """
    store_location = location_of(str(location))
    with writing(store_location, base or stored_base(store_location) or DEFAULT_BASE) as store:
        publish_reference_data(store)
        yield store
