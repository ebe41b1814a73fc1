"""``gongkai history``: the published versions of a report."""

import json
import re

import click

from gongkai.commands.options import store_option
from gongkai.commands.parts import fail
from gongkai.ontology.addresses import Addresses
from gongkai.ontology.texts import message
from gongkai.publishing.histories import NoSuchReport, Version, versions
from gongkai.server.store import Graphs, StoreError
from gongkai.server.store_location import StoreLocation, reading

report_argument = click.argument("report", metavar="REPORT")


@click.command(help=message("help.history.command"))
@report_argument
@click.option("--json", "as_json", is_flag=True, help=message("help.history.json"))
@store_option
def history(report: str, as_json: bool, location: StoreLocation) -> None:
    """Print the versions of a report."""
    try:
        reader = reading(location)
        try:
            body, year = body_and_year(report, reader.base)
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
        said = message(
            "commands.history.version",
            number=version.number,
            issued=version.issued,
            ended=version.ended or message("commands.history.now"),
        )
        why = message("commands.history.withdrawn", why=version.reason) if version.reason else ""
        click.echo(f"{said}{why}")
        click.echo(f"   {version.uri}")
        click.echo(f"   sha256 {version.digest}")


def body_and_year(report: str, base: str) -> tuple[str, int]:
    """Body and year of a report that was given by its URI, or as BODY/YEAR."""
    addresses = Addresses(base)
    uri = report if report.startswith(base) else f"{base}id/report/{report}"
    key = addresses.report_key(uri)
    if key is None or re.fullmatch(r"[A-Za-z0-9._~-]+", key[0]) is None:
        raise NoSuchReport(message("commands.history.no_name", report=report))
    return key


def _versions(store: Graphs, body: str, year: int) -> list[Version]:
    found = versions(store, body, year)
    if not found:
        raise NoSuchReport(message("publishing.no_report", report=f"{body}/{year}"))
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
