"""Messages between the server and an engine over a socket: a length, then ``marshal`` data.

Both ends are the same program, so Python's own serialisation is safe, and the fastest one.
"""

import marshal
import socket
import struct
from typing import Any

_LENGTH = struct.Struct("!Q")


def send(connection: socket.socket, message: Any) -> None:
    """Send a message of numbers, texts, bytes, tuples, dicts and None; OSError if nobody reads."""
    body = marshal.dumps(message)
    connection.sendall(_LENGTH.pack(len(body)) + body)


def receive(connection: socket.socket) -> Any:
    """The next message; EOFError if the other end is gone, TimeoutError after its timeout."""
    (length,) = _LENGTH.unpack(_exactly(connection, _LENGTH.size))
    return marshal.loads(_exactly(connection, length))


def _exactly(connection: socket.socket, length: int) -> bytes:
    found = connection.recv(length)
    if len(found) == length and length:
        return found
    parts = [found]
    missing = length - len(found)
    while missing:
        if not parts[-1]:
            raise EOFError
        parts.append(connection.recv(min(missing, 1 << 20)))
        missing -= len(parts[-1])
    return b"".join(parts)
