"""Options that override what reports say, or do not say, of themselves."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from gongkai.converters.overrides import BadTable, Overrides
from gongkai.ontology.bodies import BadRegister
from gongkai.ontology.texts import message


def register_option(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the option ``--bodies``, passed on as ``registers``."""
    return click.option(
        "--bodies",
        "registers",
        multiple=True,
        envvar="GONGKAI_BODIES",
        type=click.Path(path_type=Path),
        help=message("help.shared.register"),
    )(command)


def override_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options on the reporting body, passed on as ``overrides``."""

    @functools.wraps(command)
    def checked(**arguments: Any) -> None:
        overrides = Overrides(
            registers=arguments.pop("registers"),
            table=arguments.pop("table"),
            body=arguments.pop("body"),
            year=arguments.pop("year"),
        )
        location = arguments.get("location")
        arguments["overrides"] = check_overrides(
            overrides, location if isinstance(location, Path) else None
        )
        command(**arguments)

    for option in (
        click.option("--body", metavar="KEY_OR_NAME", help=message("help.shared.body")),
        click.option("--year", type=int, help=message("help.shared.year")),
        click.option(
            "--told",
            "table",
            type=click.Path(path_type=Path),
            help=message("help.shared.told"),
        ),
    ):
        checked = option(checked)
    return register_option(checked)


def check_overrides(overrides: Overrides, store: Path | None) -> Overrides:
    """The overrides with the register in the store's folder; ends the command if it is invalid."""
    own = (store / "bodies",) if store is not None and (store / "bodies").is_dir() else ()
    overrides = Overrides(
        (*own, *overrides.registers), overrides.table, overrides.body, overrides.year
    )
    try:
        overrides.register()
        overrides.of(Path())
    except (BadRegister, BadTable) as error:
        raise click.UsageError(str(error)) from None
    return overrides
