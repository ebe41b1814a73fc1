"""Answer queries from an embedded store: a folder on disk, written by one process, read by many.

Its files are described in ``embedded_folder``. Readers see a snapshot: what was there when a writer
made it visible, never a mixture.
"""

import atexit
import os
from collections.abc import Collection
from pathlib import Path

from gongkai.ontology.texts import translations
from gongkai.ontology.texts.system import system_error
from gongkai.server.store import Answer, Dataset, StoreError
from gongkai.server.store.answers import prefixes
from gongkai.server.store.bounds import OWN_ANSWER, Bounds
from gongkai.server.store.embedded_folder import stored_base
from gongkai.server.store.engines import Engines
from gongkai.server.store.query_text import names_dataset, refuse_if_too_large
from gongkai.server.store.services import refuse_if_service, refuse_services

DEADLINE = 30.0
"""Seconds that a query may take if the caller sets no other deadline."""

DEFAULT_BOUNDS = Bounds()
_FOR_PAGES = Bounds(engines=2, slow=2, patience=DEADLINE, waiting=64)
"""Page requests wait as long as a query may take: the client is not at fault."""


class EmbeddedReader:
    """Answers queries from an embedded store, in engines that can be killed."""

    def __init__(
        self,
        folder: Path,
        bounds: Bounds = DEFAULT_BOUNDS,
        deadline: float = DEADLINE,
        services: Collection[str] = (),
    ) -> None:
        """Open the store in ``folder``; raises StoreError if nothing was published to it.

        ``services`` are the endpoints that queries may call by SERVICE.
        """
        base = stored_base(folder)
        pointer = folder / "current"
        if base is None or not pointer.exists():
            raise StoreError(translations("store.nothing_published", folder=folder))
        self._base = base
        self.folder = folder
        self._endpoint = base + "sparql"
        self._pointer = pointer.absolute()
        self._link = str(self._pointer)
        self._deadline = deadline
        self._services = frozenset(services)
        self._prefixes = prefixes(base)
        arguments = [str(self._pointer), str(bounds.memory)]
        # Pages have engines of their own: public queries must not delay them.
        network = "yes" if self._services else "no"
        self._public = Engines([*arguments, str(bounds.answer), network], bounds)
        self._own = Engines([*arguments, str(OWN_ANSWER), "no"], _FOR_PAGES)
        atexit.register(self.close)
        self._public.warm_up()
        self._own.warm_up()
        try:
            self.query("ASK {}")
        except BaseException:
            self.close()
            raise

    @property
    def base(self) -> str:
        """The base address fixed at the first publication."""
        return self._base

    @property
    def version(self) -> str:
        """The name of the current snapshot; raises StoreError if there is none."""
        try:
            # Called on every request: pathlib would take several times as long.
            return os.readlink(self._link).rpartition("/")[2]  # noqa: PTH115
        except OSError as error:
            raise self._unreadable(error) from None

    @property
    def version_now(self) -> str:
        """The version, which is always read anew."""
        return self.version

    @property
    def changed(self) -> float:
        """When the current snapshot was made; raises StoreError if there is none."""
        try:
            return self._pointer.lstat().st_mtime
        except OSError as error:
            raise self._unreadable(error) from None

    def _unreadable(self, error: OSError) -> StoreError:
        return StoreError(
            translations(
                "store.not_readable", folder=self._pointer.parent, reason=system_error(error)
            )
        )

    def query(
        self,
        text: str,
        results: str = "json",
        graph: str = "nt",
        dataset: Dataset | None = None,
        seconds: float | None = None,
        public: bool = False,
    ) -> Answer:
        """Answer a SPARQL query from the current snapshot; see ``Store.query``."""
        refuse_if_too_large(text)
        if self._services:
            refuse_services(text, self._services)
        else:
            refuse_if_service(text)
        chosen = dataset or Dataset()
        whole = chosen.default is None and chosen.named is None
        # The engine's union default graph would override FROM clauses in the query.
        union = whole and not names_dataset(text)
        request = (
            text,
            self._endpoint,
            results,
            graph,
            union,
            chosen.default if whole else chosen.default or (),
            chosen.named if whole else chosen.named or (),
            self._prefixes,
        )
        engines = self._public if public else self._own
        return Answer(*engines.ask(request, seconds or self._deadline))

    def graph(self, name: str) -> bytes:
        """The triples of a graph (N-Triples); empty if the store has no graph of that name."""
        text = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{name}> {{ ?s ?p ?o }} }}"
        return self.query(text).body

    def close(self) -> None:
        """End the engines."""
        self._public.close()
        self._own.close()
        atexit.unregister(self.close)
