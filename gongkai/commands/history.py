"""gongkai withdraw and gongkai history: a report that must go, and what was published of it."""

import json
import re

import click

from gongkai.checking.years import check_stored
from gongkai.commands.options import store_option
from gongkai.commands.parts import fail
from gongkai.ontology.addresses import Addresses
from gongkai.pipeline import conversion_time, publish_ground
from gongkai.publishing.histories import NoSuchReport, Version, graphs_to_withdraw, versions
from gongkai.publishing.shared_entities import things_left
from gongkai.server.store import Graphs, StoreError
from gongkai.server.store_location import Place, base_of, reading, writing
from gongkai.shapes.checker import Engine

report_argument = click.argument("report", metavar="REPORT")


@click.command()
@report_argument
@click.option("--why", required=True, help="The reason, for everyone who asks for the report.")
@click.option("--erase", is_flag=True, help="Keep nothing of its versions but titles and digests.")
@store_option
def withdraw(report: str, why: str, erase: bool, place: Place) -> None:
    """Take a report out of a store; its address answers 410 Gone, and says why.

    REPORT is BODY/YEAR or the report's URI. Its history stays, and with it, unless --erase is
    given, what was published of it. Publishing the report again brings it back.
    """
    if not why.strip() or not why.isprintable():
        fail("say why, in one line of --why: it is told to everyone who asks for the report")
    try:
        base = base_of(place)
        body, year = _named(report, base)
        with writing(place, base) as writer:
            publish_ground(writer)
            graphs = graphs_to_withdraw(
                writer, body, year, why.strip(), conversion_time(), erase=erase
            )
            writer.replace(graphs | things_left(writer, body, year))
            if erase:
                writer.forget()
            # Next year's report was compared with this one.
            check_stored(writer, body, year + 1, Engine.SETWISE)
    except (StoreError, NoSuchReport) as error:
        fail(str(error))
    click.echo(f"{body}/{year}: withdrawn")


@click.command()
@report_argument
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@store_option
def history(report: str, as_json: bool, place: Place) -> None:
    """The versions of a report: when each was published, until when, and why it went.

    REPORT is BODY/YEAR or the report's URI.
    """
    try:
        reader = reading(place)
        try:
            body, year = _named(report, reader.base)
            found = _versions(reader, body, year)
        finally:
            reader.close()
    except (StoreError, NoSuchReport) as error:
        fail(str(error))
    if as_json:
        click.echo(
            json.dumps([_record(version) for version in found], ensure_ascii=False, indent=2)
        )
        return
    for version in found:
        until = "now" if version.ended is None else version.ended
        why = f", withdrawn: {version.reason}" if version.reason else ""
        click.echo(f"{version.number}  {version.issued} to {until}{why}")
        click.echo(f"   {version.uri}")
        click.echo(f"   sha256 {version.digest}")


def _named(report: str, base: str) -> tuple[str, int]:
    """Body and year of a report that was named by its URI, or by them."""
    addresses = Addresses(base)
    uri = report if report.startswith(base) else f"{base}id/report/{report}"
    key = addresses.report_key(uri)
    if key is None or re.fullmatch(r"[A-Za-z0-9._~-]+", key[0]) is None:
        raise NoSuchReport(
            f"{report!r} names no report: give BODY/YEAR, such as mohrss/2019, or its URI"
        )
    return key


def _versions(store: Graphs, body: str, year: int) -> list[Version]:
    found = versions(store, body, year)
    if not found:
        raise NoSuchReport(f"the report {body}/{year} is not in the store")
    return found


def _record(version: Version) -> dict[str, object]:
    return {
        "number": version.number,
        "uri": version.uri,
        "title": version.title,
        "issued": version.issued,
        "ended": version.ended,
        "withdrawn_because": version.reason,
        "replaced_by": version.replaced_by,
        "sha256": version.digest,
    }
