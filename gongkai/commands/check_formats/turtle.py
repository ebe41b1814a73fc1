"""The SHACL validation reports of everything that was checked, as one Turtle document.

A verdict may be replaced when the report on the year before comes, and what was written cannot be
taken back. So verdicts are kept on disk until the end of the run.
"""

import sqlite3
import zlib
from collections.abc import Iterator

import pyoxigraph
from rdflib.namespace import SH

from gongkai.checking.years import NextYear
from gongkai.commands.check_formats import written_path
from gongkai.ontology.addresses import Addresses
from gongkai.ontology.triples.lines import in_syntax
from gongkai.pipeline import Outcome
from gongkai.shapes.quality import DQV
from gongkai.shapes.validation_report import EARL


class TurtleFormat:
    """Writes the prefixes once, then each validation report."""

    def __init__(self, base: str) -> None:
        """Take the base address, for the prefix of the vocabulary."""
        self._terms = Addresses(base).terms
        # Without a name it is a temporary file, deleted when it is closed.
        self._verdicts = sqlite3.connect("", isolation_level=None)
        self._verdicts.execute(
            "CREATE TABLE verdict (report TEXT PRIMARY KEY, path TEXT, validation BLOB)"
        )

    def begin(self) -> Iterator[str]:
        """The prefixes of the document."""
        for prefix, namespace in self._prefixes():
            yield f"@prefix {prefix}: <{namespace}> .\n"

    def entry(self, outcome: Outcome) -> Iterator[str]:
        """A comment if there is no verdict; verdicts are written at the end."""
        name = written_path(outcome.path)
        if outcome.failure is not None:
            # The document is kept: it is the same in every locale.
            yield f"\n# {name}: not checked: {_one_line(outcome.failure['en'])}\n"
            return
        if not outcome.uri:
            yield f"\n# {name}: left out: there is no report that its tables are of\n"
            return
        first = self._verdicts.execute(
            "SELECT path FROM verdict WHERE report = ?", (outcome.uri,)
        ).fetchone()
        if first is not None:
            yield f"\n# {name}: left out: {first[0]} gave the same report, <{outcome.uri}>\n"
            return
        self._verdicts.execute(
            "INSERT INTO verdict VALUES (?, ?, ?)",
            (outcome.uri, name, zlib.compress(outcome.validation, 1)),
        )

    def later_entry(self, later: NextYear) -> Iterator[str]:
        """Replace the verdict of the report."""
        assert later.validation is not None, "whole reports are kept for this format"
        self._verdicts.execute(
            "UPDATE verdict SET validation = ? WHERE report = ? AND path = ?",
            (zlib.compress(later.validation, 1), later.report, written_path(later.path)),
        )
        return iter(())

    def end(self, exit_code: int) -> Iterator[str]:
        """The verdicts, in the order of their files."""
        rows = self._verdicts.execute("SELECT path, validation FROM verdict ORDER BY rowid")
        for path, validation in rows:
            yield f"\n# {path}\n\n"
            yield self._written(zlib.decompress(validation))
        self._verdicts.close()

    def _written(self, validation: bytes) -> str:
        # Not with rdflib, which writes a literal such as 9e999999999 out in digits.
        turtle = in_syntax(validation, pyoxigraph.RdfFormat.TURTLE, dict(self._prefixes()))
        lines = turtle.decode("utf-8").split("\n")
        return "\n".join(line for line in lines if not line.startswith("@prefix "))

    def _prefixes(self) -> tuple[tuple[str, str], ...]:
        xsd = "http://www.w3.org/2001/XMLSchema#"
        named = (("sh", SH), ("earl", EARL), ("dqv", DQV), ("def", self._terms), ("xsd", xsd))
        return tuple((prefix, str(namespace)) for prefix, namespace in named)


def _one_line(text: str) -> str:
    return " ".join(text.split())
