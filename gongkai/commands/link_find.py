"""``gongkai link find``: candidates for bodies and areas, in a table for decisions."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import click

from gongkai.commands.batch import GOOD, UNREADABLE
from gongkai.commands.messages import comma
from gongkai.commands.options import store_option
from gongkai.commands.parts import fail
from gongkai.fetching.settings import FetchSettings
from gongkai.linking.asking import Asker
from gongkai.linking.cache import Cache
from gongkai.linking.entities import StoredEntity, read_entities
from gongkai.linking.finding import FoundLinks, find_links
from gongkai.linking.profiles import KINDS, BadProfile, EndpointProfile, load_profile
from gongkai.linking.review import BadReview, ReviewRow, read_review, with_decisions, write_review
from gongkai.linking.stored import TROUBLE, stored_links
from gongkai.linking.texts import is_address
from gongkai.ontology.texts import message
from gongkai.ontology.texts.system import system_error
from gongkai.server.store_location import StoreLocation, reading

_DEFAULTS = FetchSettings(read_seconds=65.0)
"""Wikidata's query service works on a query for a minute before it gives up."""


@click.command(help=message("help.link.find.command"))
@store_option
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help=message("help.link.find.output"),
)
@click.option(
    "--profile",
    "named",
    default="wikidata",
    show_default=True,
    metavar="NAME_OR_FILE",
    help=message("help.link.find.profile"),
)
@click.option("--endpoint", metavar="URL", help=message("help.link.find.endpoint"))
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice(KINDS),
    help=message("help.link.find.kind"),
)
@click.option(
    "--contact",
    envvar="GONGKAI_CONTACT",
    metavar="ADDRESS",
    help=message("help.link.find.contact"),
)
@click.option(
    "--cache",
    "cache_folder",
    type=click.Path(path_type=Path, file_okay=False),
    help=message("help.link.find.cache"),
)
@click.option(
    "--max-age",
    "days",
    type=click.FloatRange(min=0),
    default=30.0,
    show_default=True,
    help=message("help.link.find.max_age"),
)
@click.option(
    "--pause",
    type=click.FloatRange(min=0),
    help=message("help.link.find.pause"),
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=1),
    default=_DEFAULTS.read_seconds,
    show_default=True,
    help=message("help.link.find.timeout"),
)
@click.option("--again", is_flag=True, help=message("help.link.find.again"))
def find(
    location: StoreLocation,
    output: Path,
    named: str,
    endpoint: str | None,
    kinds: tuple[str, ...],
    contact: str | None,
    cache_folder: Path | None,
    days: float,
    pause: float | None,
    timeout: float,
    again: bool,
) -> None:
    """Look for candidates at a SPARQL endpoint, and write a table to decide in."""
    profile = _profile(named)
    address = endpoint or profile.endpoint
    _check(address, contact, profile)
    before = _before(output)
    try:
        reader = reading(location)
        try:
            entities = read_entities(reader, kinds or KINDS)
            linked = {
                one.subject
                for links in stored_links(reader).values()
                for one in links
                if one.asked is not None and one.asked.profile == "-".join(profile.name.split())
            }
        finally:
            reader.close()
    except TROUBLE as error:
        fail(str(error))
    skipped = set() if again else linked & {entity.uri for entity in entities}
    settings = FetchSettings(
        contact=contact,
        pause=profile.pause if pause is None else pause,
        read_seconds=timeout,
        most_seconds=max(_DEFAULTS.most_seconds, timeout),
    )
    try:
        cache = Cache(cache_folder or output.with_name(output.name + ".cache"), days)
        asker = Asker(address, settings, profile.most_rows, cache)
        finding, signalled = _find(entities, skipped, profile, asker)
        rows = with_decisions(finding.rows, before)
        write_review(output, rows)
    except OSError as error:
        fail(f"{error.filename}: {message('commands.not_written', why=system_error(error))}")
    _print_summary(finding, output, address, len(skipped))
    if signalled:
        sys.exit(128 + signalled)
    sys.exit(UNREADABLE if finding.reasons else GOOD)


def _profile(named: str) -> EndpointProfile:
    try:
        return load_profile(named)
    except BadProfile as error:
        raise click.BadParameter(str(error), param_hint="--profile") from None


def _check(address: str, contact: str | None, profile: EndpointProfile) -> None:
    """End the command if the endpoint or contact is invalid, or a required contact is missing."""
    if not is_address(address) or "@" in address.partition("://")[2].partition("/")[0]:
        raise click.BadParameter(message("commands.link.endpoint"), param_hint="--endpoint")
    if contact is not None and not (contact.isascii() and contact.isprintable()):
        raise click.BadParameter(message("commands.contact"), param_hint="--contact")
    if profile.contact and not contact:
        raise click.UsageError(message("commands.link.wants_contact", endpoint=address))


def _before(output: Path) -> list[ReviewRow]:
    """The rows of an existing table; ends the command if the file is not a review file."""
    if not output.exists():
        return []
    try:
        return [row for _, row in read_review(output)]
    except BadReview as error:
        fail(message("commands.link.not_overwritten", why=error))


def _find(
    entities: list[StoredEntity], skipped: set[str], profile: EndpointProfile, asker: Asker
) -> tuple[FoundLinks, int]:
    """Find candidates; also the number of the signal that ended the search, 0 if none did."""
    signalled = 0

    def interrupt(number: int, _: FrameType | None) -> None:
        nonlocal signalled
        signalled = number
        raise KeyboardInterrupt

    def print_progress(done: int) -> None:
        if len(entities) > profile.batch:
            total = len(entities) - len(skipped)
            click.echo(message("commands.link.progress", done=done, total=total), err=True)

    with _handled(interrupt):
        finding = find_links(entities, profile, asker, print_progress, skipped)
    return finding, signalled or (signal.SIGINT if finding.interrupted else 0)


@contextmanager
def _handled(interrupt: "signal._HANDLER") -> Iterator[None]:
    """On signals that interrupt a run, end it with the results so far."""
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, interrupt) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def _print_summary(finding: FoundLinks, output: Path, address: str, linked: int) -> None:
    missing = sum(finding.reasons.values())
    parts = [
        message("commands.link.with_candidates", count=finding.found),
        message("commands.link.without_candidates", count=finding.without),
    ]
    if linked:
        parts.append(message("commands.link.linked_already", count=linked))
    if missing:
        parts.append(message("commands.link.not_asked", count=missing))
    click.echo(f"{output}: {comma().join(parts)}")
    for reason, number in finding.reasons.items():
        said = message("commands.link.not_asked_since", why=reason, count=number)
        click.echo(f"{address}: {said}", err=True)
    if missing:
        click.echo(message("commands.link.go_on"), err=True)
