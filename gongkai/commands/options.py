"""Arguments and options that several commands share."""

import functools
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from gongkai.converters.documents.limits import DEFAULT_LIMITS, Limits
from gongkai.ontology import DEFAULT_BASE
from gongkai.ontology.addresses import Addresses, BadBase
from gongkai.ontology.texts import message
from gongkai.server.settings import BadSettings
from gongkai.server.store_location import StoreLocation, location_of
from gongkai.shapes.checker import RuleEngine

_MEBIBYTE = 1024 * 1024

_LIMITS = (
    ("most_bytes", "--max-megabytes", _MEBIBYTE, 1),
    ("most_unpacked_bytes", "--max-unpacked-megabytes", _MEBIBYTE, 1),
    ("most_pages", "--max-pages", 1, 1),
    ("most_cells", "--max-cells", 1, 1),
    ("seconds", "--max-seconds", 1, 1),
    # Less would not suffice for the smallest report.
    ("memory_bytes", "--max-memory-megabytes", _MEBIBYTE, 256),
)
"""Field of Limits, option, its unit in units of the field, least value."""


class _Base(click.ParamType[str]):
    name = "URL"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Check a base address while the command line is parsed."""
        try:
            return Addresses(value).base
        except BadBase as error:
            self.fail(str(error), param, ctx)


class _LocationType(click.ParamType[StoreLocation]):
    name = "STORE"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> StoreLocation:
        """Look up the other parameters of a remote store, while the command line is parsed."""
        try:
            return location_of(str(value))
        except BadSettings as error:
            self.fail(str(error), param, ctx)


STORE_LOCATION = _LocationType()
"""The type of options that name a store."""

paths_argument = click.argument(
    "paths", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
base_option = click.option(
    "--base", type=_Base(), help=message("help.shared.base", default=DEFAULT_BASE)
)
store_option = click.option(
    "--store",
    "location",
    required=True,
    type=STORE_LOCATION,
    help=message("help.shared.store"),
)
engine_option = click.option(
    "--engine",
    type=click.Choice(RuleEngine, case_sensitive=False),
    default=RuleEngine.SETWISE.name.lower(),
    show_default=True,
    help=message("help.shared.engine"),
)
jobs_option = click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=os.cpu_count() or 1,
    help=message("help.shared.jobs"),
)
records_option = click.option(
    "--records",
    type=click.Path(path_type=Path),
    help=message("help.shared.records"),
)
debug_option = click.option("--debug", is_flag=True, help=message("help.shared.debug"))


def limits_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command an option for each limit, all passed on as ``limits``."""

    @functools.wraps(command)
    def limited(**arguments: Any) -> None:
        chosen = {field: arguments.pop(field) * unit for field, _, unit, _ in _LIMITS}
        command(limits=Limits(**chosen), **arguments)

    for field, option, unit, least in reversed(_LIMITS):
        limited = click.option(
            option,
            field,
            type=click.IntRange(min=least),
            default=getattr(DEFAULT_LIMITS, field) // unit,
            show_default=True,
            help=message(f"help.limit.{field}"),
        )(limited)
    return limited
