"""What the user tells of reports that they do not say themselves: the register, body and year."""

import csv
import functools
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import click

from gongkai.ontology.bodies import BadRegister, Register, load_register


class BadTable(ValueError):
    """A table of what is told that cannot be used; the message says where and why."""


@dataclass(frozen=True)
class Telling:
    """Registers to use beside the packaged one, and who reports, on which year, in which file.

    Small enough to be sent to other processes with each file: what it names is loaded there, once.
    """

    registers: tuple[Path, ...] = ()
    table: Path | None = None
    body: str | None = None
    year: int | None = None

    def register(self) -> Register:
        """All bodies that are known; raises BadRegister."""
        return load_register(self.registers)

    def of(self, path: Path) -> dict[str, str]:
        """What is told of a file, by the names that ``read_metadata`` knows; raises BadTable."""
        told = dict(_read(self.table).get(path.name, {})) if self.table else {}
        if self.body is not None:
            told["body"] = self.body
        if self.year is not None:
            told["year"] = str(self.year)
        return told


def _read(path: Path) -> dict[str, dict[str, str]]:
    try:
        stamp = path.stat()
    except OSError as error:
        raise BadTable(f"{path}: cannot be read: {error.strerror}") from None
    return _table(path, stamp.st_mtime_ns, stamp.st_size)


@lru_cache(maxsize=4)
def _table(path: Path, _changed: int, _size: int) -> dict[str, dict[str, str]]:
    """By file name, what a CSV table with the columns file, body, year tells."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadTable(f"{path}: cannot be read: {error}") from None
    told: dict[str, dict[str, str]] = {}
    rows = csv.DictReader(text.splitlines())
    if "file" not in (rows.fieldnames or ()) or not {"body", "year"} & {*(rows.fieldnames or ())}:
        raise BadTable(f"{path}: needs the columns file, body and year")
    for row in rows:
        name = (row["file"] or "").strip()
        if name in told:
            raise BadTable(f"{path}: line {rows.line_num}: {name} stands there twice")
        told[name] = {
            key: value.strip() for key in ("body", "year") if (value := row.get(key)) and value
        }
        if not told[name].get("year", "0").isdecimal():
            raise BadTable(f"{path}: line {rows.line_num}: {told[name]['year']} is no year")
    return told


def register_option(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command ``--bodies``, as ``registers``."""
    return click.option(
        "--bodies",
        "registers",
        multiple=True,
        envvar="GONGKAI_BODIES",
        type=click.Path(path_type=Path),
        help="Turtle file, or folder of such, that registers further bodies "
        "(also in GONGKAI_BODIES); may be repeated.",
    )(command)


def telling_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that tell who reports; it gets them as ``telling``."""

    @functools.wraps(command)
    def checked(**arguments: Any) -> None:
        telling = Telling(
            registers=arguments.pop("registers"),
            table=arguments.pop("table"),
            body=arguments.pop("body"),
            year=arguments.pop("year"),
        )
        alone = telling.body is not None or telling.year is not None
        if alone and len(arguments["paths"]) != 1:
            raise click.UsageError("--body and --year tell of one file: name one, or use --told")
        place = arguments.get("place")
        arguments["telling"] = check_telling(telling, place if isinstance(place, Path) else None)
        command(**arguments)

    for option in (
        click.option("--body", metavar="KEY_OR_NAME", help="Who reports (one file)."),
        click.option("--year", type=int, help="The year reported on (one file)."),
        click.option(
            "--told",
            "table",
            type=click.Path(path_type=Path),
            help="CSV table with columns file, body, year that tells it for many files.",
        ),
    ):
        checked = option(checked)
    return register_option(checked)


def check_telling(telling: Telling, store: Path | None) -> Telling:
    """The same with the register in the store's own folder; ends the command if it is no good."""
    own = (store / "bodies",) if store is not None and (store / "bodies").is_dir() else ()
    telling = Telling((*own, *telling.registers), telling.table, telling.body, telling.year)
    try:
        telling.register()
        telling.of(Path())
    except (BadRegister, BadTable) as error:
        raise click.UsageError(str(error)) from None
    return telling
