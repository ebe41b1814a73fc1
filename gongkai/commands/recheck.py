"""``gongkai recheck``: validate the reports in a store again."""

import sys

import click

from gongkai.commands.batch import (
    BROKEN,
    GOOD,
    UNREADABLE,
)
from gongkai.commands.messages import finding_line
from gongkai.commands.options import (
    engine_option,
    store_option,
)
from gongkai.commands.parts import fail
from gongkai.commands.publishing_run import VISIBLE_EVERY
from gongkai.ontology.texts import message
from gongkai.publishing.comparison import derive_stored
from gongkai.publishing.rechecking import check_stored
from gongkai.publishing.reference_data import publish_reference_data
from gongkai.publishing.report_graphs import stored_reports
from gongkai.server.store import StoreError
from gongkai.server.store_location import StoreLocation, base_of, writing
from gongkai.shapes.checker import RuleEngine


@click.command(help=message("help.recheck.command"))
@store_option
@engine_option
def recheck(location: StoreLocation, engine: RuleEngine) -> None:
    """Check every report in a store again; replace its verdict and what is derived of it."""
    codes = [GOOD]
    try:
        with writing(location, base_of(location)) as writer:
            publish_reference_data(writer)
            number = 0
            for number, (body, year) in enumerate(stored_reports(writer), start=1):
                verdict = check_stored(writer, body, year, engine)
                derive_stored(writer, body, year)
                for finding in verdict.findings if verdict else ():
                    codes.append(BROKEN)
                    click.echo(f"{body}/{year}: {finding_line(finding)}", err=True)
                if number % VISIBLE_EVERY == 0:
                    writer.make_visible()
        click.echo(message("commands.recheck.checked", count=number))
    except StoreError as error:
        fail(str(error))
    sys.exit(max(codes, default=UNREADABLE))
