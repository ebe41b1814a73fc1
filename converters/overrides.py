"""Overrides: values that the user gives for reports: the register, the body, the year."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from gongkai.converters.errors import UnreadableSource
from gongkai.ontology.bodies import Register, load_register
from gongkai.ontology.texts import listed, message, translations
from gongkai.ontology.texts.system import system_error


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
                unused = message("overrides.no_such_file", line=row.line, file=row.file)
                wrong.append(f"{self.table}: {unused}")
            if len(named) > 1:
                several = message(
                    "overrides.several_files",
                    line=row.line,
                    file=row.file,
                    paths=listed(map(str, named)),
                )
                raise BadTable(f"{self.table}: {several}")
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
        why = message("overrides.not_read", why=system_error(error))
        raise BadTable(f"{path}: {why}") from None
    return _table(path, stamp.st_mtime_ns, stamp.st_size)


@lru_cache(maxsize=4)
def _table(path: Path, _changed: int, _size: int) -> tuple[_Row, ...]:
    """The rows of a CSV table with the columns file, body, year."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        why = message("overrides.not_read", why=system_error(error))
        raise BadTable(f"{path}: {why}") from None
    except UnicodeDecodeError:
        raise BadTable(f"{path}: {message('overrides.not_utf8')}") from None
    found: dict[str, _Row] = {}
    rows = csv.DictReader(text.splitlines())
    if "file" not in (rows.fieldnames or ()) or not {"body", "year"} & {*(rows.fieldnames or ())}:
        raise BadTable(f"{path}: {message('overrides.no_columns')}")
    for row in rows:
        name = (row["file"] or "").strip()
        if name in found:
            twice = message("overrides.twice", line=rows.line_num, file=name)
            raise BadTable(f"{path}: {twice}")
        overrides = {key: value.strip() for key in ("body", "year") if (value := row.get(key))}
        overrides = {key: value for key, value in overrides.items() if value}
        if not name and overrides:
            raise BadTable(f"{path}: {message('overrides.no_file', line=rows.line_num)}")
        if not overrides.get("year", "0").isdecimal():
            no_year = message("overrides.no_year", line=rows.line_num, year=overrides["year"])
            raise BadTable(f"{path}: {no_year}")
        if name:
            found[name] = _Row(rows.line_num, name, overrides)
    return tuple(found.values())


def refuse_overrides(overrides: Overrides, path: Path, kind: str) -> None:
    """Refuse overrides for a file that names its own body; raises UnreadableSource.

    ``kind`` is the key of its source, or ``rdf``.
    """
    if overrides.of(path):
        what = translations(f"overrides.what.{kind}")
        raise UnreadableSource(translations("overrides.stated", what=what))
