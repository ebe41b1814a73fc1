"""A query engine in its own process: opens the current snapshot and answers from it.

    python -m gongkai.server.store.engine FD POINTER MEMORY ANSWER NETWORK

It reads requests from the socket FD and answers them until it is closed; ``engines`` starts it. It
imports as little as possible: a new one is started after each query that had to be stopped.
"""

import re
import resource
import signal
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyoxigraph

from gongkai.ontology.texts import translations
from gongkai.ontology.texts.errors import label_of
from gongkai.server.store import AnswerTooLarge, NotInFormat, QueryRefused, StoreError
from gongkai.server.store.answers import RESULT_FORMATS, Bounded, finished, write_triples
from gongkai.server.store.framing import receive, send
from gongkai.server.store.no_network import give_up_network
from gongkai.server.store.services import refuse_services

_PLACE = re.compile(r"error at (?P<line>\d+):(?P<column>\d+)")

_GRACE = 2.0
"""Seconds beyond its deadline after which the engine's process ends by itself (SIGALRM)."""


class Engine:
    """The store that ``pointer`` leads to, reopened when it leads to a new snapshot."""

    def __init__(self, pointer: str, most: int, guessing: bool = False) -> None:
        """Answers have at most ``most`` bytes.

        With ``guessing``, calls to other endpoints must be detected from the query text, since this
        process could not give up the network.
        """
        self._guessing = guessing
        self._pointer = Path(pointer)
        self._most = most
        self._target: Path | None = None
        self._store: pyoxigraph.Store | None = None

    def answer(
        self,
        text: str,
        base: str,
        results: str,
        graph: str,
        union: bool,
        default: tuple[str, ...] | None,
        named: tuple[str, ...] | None,
        prefixes: Mapping[str, str],
    ) -> tuple[bool, bytes]:
        """Run a query: (whether the answer is a graph, the serialised answer).

        Relative IRIs in the query are resolved against ``base``. Raises QueryRefused if the engine
        cannot parse the query, AnswerTooLarge, NotInFormat, StoreError if there is no store to
        read.
        """
        if self._guessing:
            refuse_services(text)
        store = self._current()
        try:
            nodes = pyoxigraph.NamedNode
            found = store.query(
                text,
                base_iri=base,
                use_default_graph_as_union=union,
                default_graph=None if default is None else [nodes(name) for name in default],
                named_graphs=None if named is None else [nodes(name) for name in named],
            )
            output = Bounded(self._most)
            if isinstance(found, pyoxigraph.QueryTriples):
                write_triples(found, output, graph, prefixes)
                return True, finished(output.getvalue(), graph)
            found.serialize(output, format=RESULT_FORMATS[results])
            return False, finished(output.getvalue(), results)
        except AnswerTooLarge:
            raise AnswerTooLarge(translations("store.too_large", most=self._most)) from None
        except SyntaxError as error:
            # The engine's list of all expected tokens does not help; the position does.
            short = str(error).partition(": expected")[0]
            if place := _PLACE.fullmatch(short):
                at = place.groupdict()
                raise QueryRefused(translations("store.no_query_at", **at)) from None
            raise QueryRefused(translations("store.no_query", reason=short)) from None
        except (ValueError, RuntimeError, OSError) as error:
            raise QueryRefused(translations("store.not_answered", reason=error)) from None

    def _current(self) -> pyoxigraph.Store:
        try:
            target = self._pointer.readlink()
            if self._store is None or self._target != target:
                self._store = pyoxigraph.Store.read_only(str(self._pointer.parent / target))
                self._target = target
        except (OSError, RuntimeError) as error:
            raise StoreError(
                translations("store.not_readable", folder=self._pointer.parent, reason=error)
            ) from None
        return self._store


def main(descriptor: str, pointer: str, memory: str, most: str, network: str) -> None:
    """Answer requests one after the other until the server is gone."""
    resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    engine = Engine(pointer, int(most), guessing=network == "no" and not give_up_network())
    with socket.socket(fileno=int(descriptor)) as connection:
        send(connection, "ready")
        while True:
            try:
                seconds, *request = receive(connection)
            except EOFError:
                return
            # The server ends engines that are too slow; an engine whose server is gone ends itself.
            signal.setitimer(signal.ITIMER_REAL, seconds + _GRACE)
            try:
                answer: tuple[bool, Any] = True, engine.answer(*request)
            except (AnswerTooLarge, NotInFormat, QueryRefused, StoreError) as error:
                answer = False, (type(error).__name__, label_of(error))
            signal.setitimer(signal.ITIMER_REAL, 0)
            send(connection, answer)


if __name__ == "__main__":
    main(*sys.argv[1:])
