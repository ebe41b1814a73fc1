"""Overrides: values that the user gives for reports: the register, the body, the year."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from gongkai.converters.errors import UnreadableSource
from gongkai.ontology.bodies import Register, load_register


class BadTable(ValueError):
    """A table of overrides that cannot be used; the message says where and why."""


@dataclass(frozen=True)
class Overrides:
    """Registers to use beside the packaged one; which body reported, on which year, in which file.

    Small enough to be sent to child processes with each file: the files that it names are loaded
    there, once.
    """

    registers: tuple[Path, ...] = ()
    table: Path | None = None
    body: str | None = None
    year: int | None = None

    def register(self) -> Register:
        """All known bodies; raises BadRegister."""
        return load_register(self.registers)

    def of(self, path: Path) -> dict[str, str]:
        """The overrides of a file, by the names that ``read_metadata`` takes; raises BadTable."""
        overrides: dict[str, str] = {}
        # A row with the folder of a file is more specific than one with its name alone.
        for row in sorted(self._rows(), key=lambda row: len(row.file)):
            if row.names(path):
                overrides |= row.overrides
        if self.body is not None:
            overrides["body"] = self.body
        if self.year is not None:
            overrides["year"] = str(self.year)
        return overrides

    def without_file(self, paths: Sequence[Path]) -> list[str]:
        """Messages on rows of the table that match none of these files; raises BadTable.

        Also raises it for a row that matches several files: its overrides are for one file.
        """
        wrong = []
        for row in self._rows():
            named = [path for path in paths if row.names(path)]
            if not named:
                wrong.append(
                    f"{self.table}: line {row.line}: none of the files is called “{row.file}”: "
                    "the row was not used; correct the name"
                )
            if len(named) > 1:
                raise BadTable(
                    f"{self.table}: line {row.line}: several files are called “{row.file}” "
                    f"({', '.join(map(str, named))}): write each with its folder"
                )
        return wrong

    def _rows(self) -> tuple["_Row", ...]:
        return _read(self.table) if self.table else ()


@dataclass(frozen=True)
class _Row:
    """A row of the table: its line, the file that it names, its overrides."""

    line: int
    file: str
    overrides: dict[str, str]

    def names(self, path: Path) -> bool:
        """Whether ``path`` is the file: by its name, or by the end of its path."""
        return f"/{path.as_posix()}".endswith(f"/{self.file.removeprefix('./')}")


def _read(path: Path) -> tuple[_Row, ...]:
    try:
        stamp = path.stat()
    except OSError as error:
        raise BadTable(f"{path}: cannot be read: {error.strerror}") from None
    return _table(path, stamp.st_mtime_ns, stamp.st_size)


@lru_cache(maxsize=4)
def _table(path: Path, _changed: int, _size: int) -> tuple[_Row, ...]:
    """The rows of a CSV table with the columns file, body, year."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadTable(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadTable(f"{path}: not UTF-8 text: save it as CSV UTF-8") from None
    found: dict[str, _Row] = {}
    rows = csv.DictReader(text.splitlines())
    if "file" not in (rows.fieldnames or ()) or not {"body", "year"} & {*(rows.fieldnames or ())}:
        raise BadTable(f"{path}: needs the columns file, body and year")
    for row in rows:
        name = (row["file"] or "").strip()
        if name in found:
            raise BadTable(f"{path}: line {rows.line_num}: {name} stands there twice")
        overrides = {key: value.strip() for key in ("body", "year") if (value := row.get(key))}
        overrides = {key: value for key, value in overrides.items() if value}
        if not name and overrides:
            raise BadTable(f"{path}: line {rows.line_num}: the row names no file")
        if not overrides.get("year", "0").isdecimal():
            raise BadTable(f"{path}: line {rows.line_num}: {overrides['year']} is no year")
        if name:
            found[name] = _Row(rows.line_num, name, overrides)
    return tuple(found.values())


def refuse_overrides(overrides: Overrides, path: Path, called: str) -> None:
    """Refuse overrides for a file that names its own body; raises UnreadableSource."""
    if overrides.of(path):
        raise UnreadableSource(
            f"this is {called}, which says itself whose it is and for when: a body or a year, "
            "given for the file or in a table, is for Chinese reports; leave them out"
        )
