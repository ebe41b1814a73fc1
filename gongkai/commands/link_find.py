"""``gongkai link find``: candidates for bodies and areas, in a table for decisions."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import click

from gongkai.commands.batch import GOOD, UNREADABLE
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
from gongkai.server.store_location import StoreLocation, reading

_DEFAULTS = FetchSettings(read_seconds=65.0)
"""Wikidata's query service works on a query for a minute before it gives up."""


@click.command()
@store_option
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The table to decide in: .csv or .tsv. Decisions that it already has are kept.",
)
@click.option(
    "--profile",
    "named",
    default="wikidata",
    show_default=True,
    metavar="NAME_OR_FILE",
    help="What the endpoint has where (docs/linking.md).",
)
@click.option("--endpoint", metavar="URL", help="Address of the endpoint, if not the profile's.")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice(KINDS),
    help="What to link; may be repeated (default: both).",
)
@click.option(
    "--contact",
    envvar="GONGKAI_CONTACT",
    metavar="ADDRESS",
    help="Page or e-mail address of whoever runs this, sent to the endpoint (also in "
    "GONGKAI_CONTACT).",
)
@click.option(
    "--cache",
    "cache_folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for answers, so that a run can go on (default: OUTPUT.cache).",
)
@click.option(
    "--max-age",
    "days",
    type=click.FloatRange(min=0),
    default=30.0,
    show_default=True,
    help="Days for which a stored answer is used before the endpoint is asked again.",
)
@click.option(
    "--pause",
    type=click.FloatRange(min=0),
    help="Seconds between two requests (default: the profile's).",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=1),
    default=_DEFAULTS.read_seconds,
    show_default=True,
    help="Seconds for which the endpoint may be silent.",
)
@click.option(
    "--again", is_flag=True, help="Also ask for what is already linked to the endpoint's site."
)
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
    """Look for candidates at a SPARQL endpoint, and write a table to decide in.

    Run the same command again to go on after an interruption. Exit code 2 if anything could not be
    asked for: the table says what, and never takes it for unknown to the endpoint.
    """
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
        fail(f"{error.filename}: cannot be written: {error.strerror}")
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
        raise click.BadParameter(
            "an http or https address, without a password in it", param_hint="--endpoint"
        )
    if contact is not None and not (contact.isascii() and contact.isprintable()):
        raise click.BadParameter("an address in plain letters", param_hint="--contact")
    if profile.contact and not contact:
        raise click.UsageError(
            f"whoever runs {address} wants to know who asks: give --contact, a page or an e-mail "
            "address"
        )


def _before(output: Path) -> list[ReviewRow]:
    """The rows of an existing table; ends the command if the file is not a review file."""
    if not output.exists():
        return []
    try:
        return [row for _, row in read_review(output)]
    except BadReview as error:
        fail(f"{error}; it is not overwritten")


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
            click.echo(f"{done} of {len(entities) - len(skipped)}", err=True)

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
    parts = [f"{finding.found} with candidates", f"{finding.without} without"]
    if linked:
        parts.append(f"{linked} linked already")
    if missing:
        parts.append(f"{missing} not asked for")
    click.echo(f"{output}: {', '.join(parts)}")
    for reason, number in finding.reasons.items():
        click.echo(f"{address}: {reason} ({number} not asked for)", err=True)
    if missing:
        click.echo(
            "run the same command again to go on: what was answered is not asked for again",
            err=True,
        )
