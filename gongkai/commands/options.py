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
from gongkai.server.settings import BadSettings
from gongkai.server.store_location import StoreLocation, location_of
from gongkai.shapes.checker import RuleEngine

_MEBIBYTE = 1024 * 1024

_LIMITS = (
    ("most_bytes", "--max-megabytes", _MEBIBYTE, 1, "Size of a file"),
    ("most_unpacked_bytes", "--max-unpacked-megabytes", _MEBIBYTE, 1, "Size of it unpacked"),
    ("most_pages", "--max-pages", 1, 1, "Pages of a file"),
    ("most_cells", "--max-cells", 1, 1, "Table cells in a file"),
    ("seconds", "--max-seconds", 1, 1, "Time for a file, in seconds"),
    # Less would not suffice for the smallest report.
    ("memory_bytes", "--max-memory-megabytes", _MEBIBYTE, 256, "Memory for a file"),
)
"""Field of Limits, option, its unit in units of the field, least value, what it limits."""


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
    "--base", type=_Base(), help=f"Base address of all URIs (default {DEFAULT_BASE})."
)
store_option = click.option(
    "--store",
    "location",
    required=True,
    type=STORE_LOCATION,
    help="Folder of the embedded store, or address of a SPARQL store.",
)
engine_option = click.option(
    "--engine",
    type=click.Choice(RuleEngine, case_sensitive=False),
    default=RuleEngine.SETWISE.name.lower(),
    show_default=True,
    help="The engine that runs the rules: the fast one, or pyshacl, against which it is tested.",
)
jobs_option = click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=os.cpu_count() or 1,
    help="Files to work on at once (default: one per core).",
)
records_option = click.option(
    "--records",
    type=click.Path(path_type=Path),
    help="Folder for a record of each conversion, as JSON (docs/record.md).",
)
debug_option = click.option(
    "--debug", is_flag=True, help="Show the traceback of a fault, and what libraries print."
)


def limits_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command an option for each limit, all passed on as ``limits``."""

    @functools.wraps(command)
    def limited(**arguments: Any) -> None:
        chosen = {field: arguments.pop(field) * unit for field, _, unit, _, _ in _LIMITS}
        command(limits=Limits(**chosen), **arguments)

    for field, option, unit, least, what in reversed(_LIMITS):
        limited = click.option(
            option,
            field,
            type=click.IntRange(min=least),
            default=getattr(DEFAULT_LIMITS, field) // unit,
            show_default=True,
            help=f"{what} before it is refused.",
        )(limited)
    return limited
