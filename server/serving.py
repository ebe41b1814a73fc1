"""Run the application under a production WSGI server."""

import errno
import signal
import sys
from urllib.parse import urlsplit

import waitress
from flask import Flask
from waitress.server import BaseWSGIServer, MultiSocketServer

_THREADS = 16
_LOCAL = {"localhost", "127.0.0.1", "::1"}
_PORTS = {"http": 80, "https": 443}


class AddressInUse(Exception):
    """The address cannot be listened on; the message says which and why."""


def serve_until_interrupted(app: Flask, base: str, host: str, port: int, opening: str = "") -> None:
    """Listen on ``host`` and ``port`` until interrupted; says what to open first.

    Serving elsewhere than at the base address is said in a warning: the URIs in the data lead
    there. Raises AddressInUse where the address cannot be had.
    """
    server = _listen(app, host, port)
    where = f"http://{'[' + host + ']' if ':' in host else host}:{port}/"
    if not serves_base(base, host, port):
        print(
            f"warning: the URIs in this store begin with {base}, but it is served at {where}; "
            "they only lead here through a proxy at that address",
            file=sys.stderr,
        )
    start = where + urlsplit(base).path.lstrip("/")
    print(f"serving {start}", flush=True)
    print(f"open    {start}{opening}", flush=True)
    print(f"query   {start}sparql", flush=True)
    print("stop with Ctrl-C", flush=True)
    # Service managers end a server by SIGTERM: clean up as for Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        server.close()


def serves_base(base: str, host: str, port: int) -> bool:
    """Whether what listens on ``host`` and ``port`` is what the base address leads to."""
    parts = urlsplit(base)
    wanted = parts.port or _PORTS.get(parts.scheme, 80)
    same_host = parts.hostname == host or (parts.hostname in _LOCAL and host in _LOCAL)
    return parts.scheme == "http" and wanted == port and same_host


def _listen(app: Flask, host: str, port: int) -> BaseWSGIServer | MultiSocketServer:
    try:
        return waitress.create_server(app, host=host, port=port, threads=_THREADS, ident="gongkai")
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            reason = "something else is listening there: choose another --port"
        else:
            reason = error.strerror or str(error)
        raise AddressInUse(f"cannot listen on {host}:{port}: {reason}") from None
