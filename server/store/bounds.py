"""Limits of the processes that answer queries."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bounds:
    """Limits of engines.

    ``engines`` answer quick queries at once; besides them, ``slow`` engines may be busy with slow
    ones; ``waiting`` queries wait for a free engine, for at most ``patience`` seconds. ``memory``
    is the address space of each engine and ``answer`` the size of an answer, in bytes.
    """

    engines: int = 2
    slow: int = 4
    patience: float = 10.0
    memory: int = 4 * 1024**3
    answer: int = 32 * 1024**2
    waiting: int = 16


OWN_ANSWER = 2**30
"""Largest answer to one of the server's own queries, in bytes: lists of all reports are long."""
