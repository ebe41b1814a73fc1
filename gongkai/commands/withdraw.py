"""``gongkai withdraw``: remove a report from a store; its history stays."""

import click

from gongkai.commands.history import body_and_year, report_argument
from gongkai.commands.options import store_option
from gongkai.commands.parts import fail
from gongkai.ontology.texts import message
from gongkai.pipeline import conversion_time
from gongkai.publishing.histories import NoSuchReport, graphs_to_withdraw
from gongkai.publishing.rechecking import rechecked
from gongkai.publishing.reference_data import publish_reference_data
from gongkai.publishing.shared_entities import entities_left
from gongkai.server.store import StoreError
from gongkai.server.store_location import StoreLocation, base_of, writing
from gongkai.shapes.checker import RuleEngine


@click.command(help=message("help.withdraw.command"))
@report_argument
@click.option("--why", required=True, help=message("help.withdraw.why"))
@click.option("--erase", is_flag=True, help=message("help.withdraw.erase"))
@store_option
def withdraw(report: str, why: str, erase: bool, location: StoreLocation) -> None:
    """Take a report out of a store; its address answers 410 Gone, and says why."""
    if not why.strip() or not why.isprintable():
        fail(message("commands.withdraw.why"))
    try:
        base = base_of(location)
        body, year = body_and_year(report, base)
        with writing(location, base) as writer:
            publish_reference_data(writer)
            graphs = graphs_to_withdraw(
                writer, body, year, why.strip(), conversion_time(), erase=erase
            )
            graphs |= entities_left(writer, body, year)
            # Next year's report was compared with this one: no reader sees it without that.
            after = rechecked(writer, body, year + 1, RuleEngine.SETWISE, last_year=None)
            if after is not None:
                graphs |= {after.name: after.verdict.validation}
            writer.replace(graphs)
            if erase:
                writer.forget()
    except (StoreError, NoSuchReport) as error:
        fail(str(error))
    click.echo(f"{body}/{year}: {message('commands.withdrawn')}")
