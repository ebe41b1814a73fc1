"""What several commands share: base of the store, records, duplicate reports, failure."""

import sys
from pathlib import Path
from typing import NoReturn

import click

from gongkai.commands.batch import GOOD, UNREADABLE
from gongkai.commands.duplicates import FirstReports
from gongkai.commands.records import Records
from gongkai.converters.documents.limits import Limits
from gongkai.ontology import DEFAULT_BASE
from gongkai.ontology.labels import Label
from gongkai.ontology.texts import message, readers_language
from gongkai.ontology.texts.system import system_error
from gongkai.pipeline import Outcome
from gongkai.server.store import StoreError
from gongkai.server.store_location import StoreLocation, shown, stored_base


def store_base(location: StoreLocation, asked: str | None, default: str = DEFAULT_BASE) -> str:
    """The base to publish under: the store's own, which no other may replace."""
    known = stored_base(location)
    if known is not None and asked is not None and asked != known:
        raise StoreError(message("commands.other_base", store=shown(location), base=known))
    return known or asked or default


def report_duplicate(outcome: Outcome, before: FirstReports) -> tuple[Label | None, int]:
    """Print the message on a report that a file ``before`` contained; returns it in
    each language, and the exit code.

    The message is None for the first report of its body and year.
    """
    duplicate = before.duplicate(outcome.report) if outcome.report else None
    if duplicate is None:
        return None, GOOD
    click.echo(f"{outcome.path}: {duplicate.label[readers_language()]}", err=True)
    return duplicate.label, GOOD if duplicate.same else UNREADABLE


def records_in(folder: Path | None, limits: Limits) -> Records:
    """A folder of records, created if missing; ends the command if it cannot be created."""
    try:
        return Records(folder, limits)
    except OSError as error:
        fail(f"{folder}: {message('commands.not_created', why=system_error(error))}")


def write_record(
    records: Records, outcome: Outcome, refused: Label | None = None, checked: bool = True
) -> None:
    """Write the record of an outcome; ends the command if it cannot be written."""
    try:
        records.write(outcome, refused, checked)
    except OSError as error:
        fail(f"{error.filename}: {message('commands.not_written', why=system_error(error))}")


def fail(why: str) -> NoReturn:
    """Print an error message, and end the command."""
    click.echo(f"gongkai: {why}", err=True)
    sys.exit(UNREADABLE)
