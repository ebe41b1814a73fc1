"""Options that tell of reports what they do not say themselves."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from gongkai.ontology.bodies import BadRegister
from gongkai.overrides import BadTable, Telling


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
