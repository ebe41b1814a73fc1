"""Write graphs of a snapshot into Virtuoso: all of them in bulk, or those that changed in one go.

Virtuoso's bulk loader takes N-Quads and shows readers what it has so far, so it is used for a
database that nobody reads yet. A change is one transaction.
"""

import queue
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from gongkai.ontology.texts import message, translations
from gongkai.ontology.triples.lines import in_graph
from gongkai.server.store import StoreError
from gongkai.server.store.virtuoso.digests import (
    Change,
    Digests,
    Held,
    Snapshot,
    changes,
    digest,
)
from gongkai.server.store.virtuoso.instance import Instance
from gongkai.server.store.virtuoso.session import Session, quoted

_PART = 64 * 1024**2
"""Bytes of N-Quads in a file for the bulk loader; there are at most four at once."""

_SAID_EVERY = 10.0

MOST_QUADS = 2_000_000
"""Quads that one transaction replaces at most: Virtuoso keeps it in memory until the commit."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Written:
    """How many graphs and quads were written."""

    graphs: int
    quads: int


def load_whole(instance: Instance, snapshot: Snapshot, digests: Digests, say: Say) -> Written:
    """Load a snapshot into a new database, which then holds its version; raises StoreError."""
    session = instance.session()
    try:
        written = _load_parts(session, instance.folder / "parts", snapshot, digests, say)
        told = session.run("sparql select count(*) where { graph ?g { ?s ?p ?o } };")
        found = int(told[-1])
        if found != written.quads:
            said = f"{found} quads, not {written.quads}"
            raise StoreError(translations("virtuoso.unloadable", graph=snapshot.version, said=said))
        session.run(f"{_holding(snapshot.version)}\ncheckpoint;")
    finally:
        session.close()
    return written


def _load_parts(
    session: Session, folder: Path, snapshot: Snapshot, digests: Digests, say: Say
) -> Written:
    """Write the snapshot in parts while the ones before are loaded."""
    parts: queue.Queue[Path | None] = queue.Queue(maxsize=2)
    failures: list[StoreError] = []

    def load() -> None:
        while (part := parts.get()) is not None:
            try:
                if not failures:
                    _load_part(session, part)
            except StoreError as error:
                failures.append(error)
            part.unlink()

    names = snapshot.names()
    say(message("virtuoso.begins", graphs=len(names)))
    loader = threading.Thread(target=load)
    loader.start()
    began = said = time.monotonic()
    quads, number, size, known = 0, 0, 0, {}
    file = (folder / "0.nq").open("wb")
    try:
        for done, name in enumerate(names):
            triples = snapshot.graph(name)
            if triples:
                known[name] = digest(triples)
            quads += triples.count(b"\n")
            size += file.write(in_graph(triples, name))
            if size >= _PART:
                file.close()
                parts.put(folder / f"{number}.nq")
                number, size = number + 1, 0
                file = (folder / f"{number}.nq").open("wb")
            if failures:
                break
            now = time.monotonic()
            if now - said > _SAID_EVERY:
                left = round((now - began) / (done + 1) * (len(names) - done - 1))
                say(message("virtuoso.loading", done=done + 1, graphs=len(names), seconds=left))
                said = now
    finally:
        file.close()
        parts.put(folder / f"{number}.nq")
        parts.put(None)
        loader.join()
    if failures:
        raise failures[0]
    digests.record(known, Held(snapshot.version, time.time()))
    return Written(len(names), quads)


def _load_part(session: Session, part: Path) -> None:
    path = quoted(str(part))
    # The name of the graph is for files that name none.
    session.run(f"ld_add ({path}, 'urn:none');\nrdf_loader_run ();")
    found = session.run(
        "select concat ('state ', cast (ll_state as varchar), ' ', coalesce (ll_error, '')) "
        f"from DB.DBA.load_list where ll_file = {path};\n"
        f"delete from DB.DBA.load_list where ll_file = {path};"
    )
    if list(found) != ["state 2"]:
        raise StoreError(
            translations("virtuoso.unloadable", graph=part, said=" ".join(found)[:500])
        )


@dataclass(frozen=True)
class Pending:
    """What a transaction will have written: ``digests`` by graph, None for those deleted."""

    digests: Mapping[str, bytes | None]
    quads: int


def write_changes(
    session: Session, folder: Path, changed: Iterable[Change], most: int = MOST_QUADS
) -> Pending | None:
    """Replace graphs in a transaction that is left open for ``commit``.

    None if there are more than ``most`` quads: then the transaction is rolled back. ``folder`` is
    one from which Virtuoso reads files. Raises StoreError.
    """
    session.run("set autocommit manual;\nselect log_enable (1, 1);")
    written: dict[str, bytes | None] = {}
    quads = 0
    for change in changed:
        quads += change.quads
        if quads > most:
            session.run("rollback work;")
            return None
        path = ""
        if change.triples:
            (folder / "graph.nt").write_bytes(change.triples)
            path = str(folder / "graph.nt")
        (count,) = session.run(
            f"select DB.DBA.GONGKAI_PUT ({quoted(change.name)}, {quoted(path)});"
        )
        if int(count) != change.quads:
            said = f"{count} quads, not {change.quads}"
            raise StoreError(translations("virtuoso.unloadable", graph=change.name, said=said))
        written[change.name] = change.digest
    return Pending(written, quads)


def commit(session: Session, version: str) -> None:
    """Commit what ``write_changes`` wrote: from now on the database holds this version."""
    session.run(f"{_holding(version)}\ncommit work;")


def held_version(session: Session) -> str | None:
    """The version that the database holds; None if it was never loaded."""
    found = session.run("select concat ('version ', VERSION) from DB.DBA.GONGKAI_HELD;")
    return found[0].partition(" ")[2] if found else None


def _holding(version: str) -> str:
    return (
        "delete from DB.DBA.GONGKAI_HELD;\n"
        f"insert into DB.DBA.GONGKAI_HELD (VERSION) values ({quoted(version)});"
    )


def changes_between(
    snapshot: Snapshot, digests: Digests, names: frozenset[str] | None
) -> Iterable[Change]:
    """The changes that lead from what a database holds to a snapshot.

    ``names`` are the graphs that may have changed, None if any may have.
    """
    known = digests.all()
    if names is None:
        return changes(snapshot, known)
    return changes(snapshot, known, names | {name for name, one in known.items() if one is None})
