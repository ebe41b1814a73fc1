"""A session of SQL with Virtuoso, through its own client ``isql-vt``.

The password goes to the client through its standard input: nothing secret is on a command line.
"""

import subprocess
from collections.abc import Sequence
from contextlib import suppress

from gongkai.ontology.texts import translations
from gongkai.server.store import StoreError

FIRST_PASSWORD = "dba"

_OPTIONS = ("VERBOSE=OFF", "BANNER=OFF", "PROMPT=OFF", "BLOBS=ON", "ERRORS=STDOUT")
_ERROR = "*** Error "


class Session:
    """A session of the administrator; statements are run one after the other."""

    def __init__(self, client: str, port: int, password: str) -> None:
        """Log in; raises StoreError if that is not possible."""
        self._process = subprocess.Popen(
            [client, f"127.0.0.1:{port}", "dba", *_OPTIONS],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            # Without a terminal the client reads the password from its input.
            start_new_session=True,
        )
        self._count = 0
        try:
            if password != FIRST_PASSWORD:
                self._write(password)
            # Its attempt with the first password is reported before anything else.
            tried = self._run("select 'connected';")
            if "connected" not in tried:
                raise StoreError(translations("virtuoso.gone"))
            refused = any("Bad login" in line for line in tried)
            self.password = password if refused else FIRST_PASSWORD
        except BaseException:
            self.close()
            raise

    def run(self, statements: str) -> Sequence[str]:
        """Run statements, each with a semicolon; returns the lines of their results.

        Raises StoreError for the first error.
        """
        lines = self._run(statements)
        error = next((line for line in lines if line.startswith(_ERROR)), None)
        if error is not None:
            raise StoreError(translations("virtuoso.error", said=error.removeprefix(_ERROR)[:500]))
        return lines

    def close(self) -> None:
        """End the session; what was not committed is rolled back."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        self._process.kill()
        self._process.wait()

    def _write(self, text: str) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(text.encode() + b"\n")
            self._process.stdin.flush()
        except OSError:
            raise StoreError(translations("virtuoso.gone")) from None

    def _run(self, statements: str) -> list[str]:
        self._count += 1
        end = f"--- end of {self._count} ---"
        self._write(f"{statements}\nselect '{end}';")
        assert self._process.stdout is not None
        lines: list[str] = []
        for raw in self._process.stdout:
            line = raw.decode("utf-8", "replace").strip()
            if line == end:
                return lines
            if line:
                lines.append(line)
        raise StoreError(translations("virtuoso.gone"))


def quoted(text: str) -> str:
    """A text as a literal of SQL."""
    if "\\" in text:
        raise ValueError(f"{text!r} cannot be written in SQL")
    return "'" + text.replace("'", "''") + "'"
