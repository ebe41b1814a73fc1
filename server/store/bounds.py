"""What the processes that answer queries may take."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bounds:
    """What engines may take.

    ``engines`` answer quick queries at once, ``slow`` of them may be busy with slow ones beside
    them; ``waiting`` queries wait for one that is free, ``patience`` seconds at most. ``memory`` is
    the address space of each and ``answer`` the size of an answer, in bytes.
    """

    engines: int = 2
    slow: int = 4
    patience: float = 10.0
    memory: int = 4 * 1024**3
    answer: int = 32 * 1024**2
    waiting: int = 16


OWN_ANSWER = 2**30
"""Bytes of the answer to a query of the server's own: lists of all reports are long."""
