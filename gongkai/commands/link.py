"""``gongkai link``: link bodies and areas to other data sets, by a person's decision."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from gongkai.commands.link_find import find
from gongkai.commands.options import store_option
from gongkai.commands.parts import fail
from gongkai.linking.decisions import BadDecisions, merged, read_decisions
from gongkai.linking.review import BadReview, read_review
from gongkai.linking.stored import TROUBLE, said_elsewhere, stored_links, unknown_entities
from gongkai.ontology.addresses import Addresses
from gongkai.ontology.texts import message
from gongkai.pipeline import conversion_time
from gongkai.publishing.linksets import Link, linkset_graph
from gongkai.publishing.reference_data import publish_reference_data
from gongkai.server.store_location import StoreLocation, base_of, reading, writing


@click.group(help=message("help.link.command"))
def link() -> None:
    """Link bodies and areas to what others say of them."""


link.add_command(find)


@link.command(help=message("help.link.accept.command"))
@click.argument("review", type=click.Path(path_type=Path))
@store_option
def accept(review: Path, location: StoreLocation) -> None:
    """Publish the links that people decided on in a table of candidates."""
    now = conversion_time().strftime("%Y-%m-%dT%H:%M:%SZ")
    try:
        base = base_of(location)
        decisions = read_decisions(read_review(review), base, now)
        links = [decision.link for decision in decisions if decision.link is not None]
        reader = reading(location)
        try:
            unknown = unknown_entities(reader, (one.subject for one in links))
            elsewhere = said_elsewhere(reader, links)
            known = stored_links(reader)
        finally:
            reader.close()
        problems = [
            message("commands.link.no_entity", line=decision.line, subject=decision.subject)
            for decision in decisions
            if decision.link is not None and decision.subject in unknown
        ]
        problems += [
            message(
                "commands.link.there_already",
                line=decision.line,
                target=decision.target,
                graph=elsewhere[decision.subject, decision.target],
            )
            for decision in decisions
            if (decision.subject, decision.target) in elsewhere
        ]
        if problems:
            raise BadDecisions(problems)
        changed, new = merged(decisions, known)
        if changed:
            with writing(location, base) as writer:
                publish_reference_data(writer)
                graphs: dict[str, bytes] = {}
                for site, of_site in changed.items():
                    graphs |= linkset_graph(base, site, of_site)
                writer.replace(graphs)
    except BadDecisions as error:
        for problem in error.problems:
            click.echo(f"{review}: {problem}", err=True)
        fail(message("commands.link.nothing_published"))
    except (BadReview, *TROUBLE) as error:
        fail(str(error))
    for decision in decisions:
        if decision.by_hand:
            by_hand = message("commands.link.by_hand", line=decision.line)
            click.echo(f"{review}: {by_hand}", err=True)
    said = message(
        "commands.link.accepted",
        new=new,
        before=len(links) - new,
        refused=len(decisions) - len(links),
    )
    click.echo(f"{review}: {said}")


@link.command("list", help=message("help.link.list.command"))
@store_option
@click.option("--json", "as_json", is_flag=True, help=message("help.link.list.json"))
def list_links(location: StoreLocation, as_json: bool) -> None:
    """List the links of a store; those whose entity it no longer describes are marked."""
    try:
        reader = reading(location)
        try:
            base = reader.base
            links = [one for of_site in stored_links(reader).values() for one in of_site]
            gone = unknown_entities(reader, (one.subject for one in links))
        finally:
            reader.close()
    except TROUBLE as error:
        fail(str(error))
    if as_json:
        records = [_record(one, base, one.subject in gone) for one in links]
        click.echo(json.dumps(records, ensure_ascii=False, indent=2))
        return
    for one in links:
        click.echo(f"{one.site}/{one.key}  {one.subject} {one.relation} {one.target}")
        click.echo(f"   {one.reviewer}, {one.decided}" + (f": {one.note}" if one.note else ""))
        if one.subject in gone:
            click.echo(f"   {message('commands.link.gone')}")


def _record(one: Link, base: str, gone: bool) -> dict[str, object]:
    record: dict[str, object] = {"uri": str(Addresses(base).link(one.site, one.key))}
    record |= {"site": one.site, "gone": gone} | asdict(one)
    record["names"] = [{"name": name, "language": language} for name, language in one.names]
    return record


@link.command("withdraw", help=message("help.link.withdraw.command"))
@click.argument("keys", metavar="LINK...", nargs=-1, required=True)
@store_option
def withdraw_links(keys: tuple[str, ...], location: StoreLocation) -> None:
    """Take links out of a store."""
    try:
        base = base_of(location)
        prefix = str(Addresses(base).linkset(""))
        reader = reading(location)
        try:
            known = stored_links(reader)
        finally:
            reader.close()
        wanted = {key.removeprefix(prefix) for key in keys}
        there = {f"{site}/{one.key}" for site, links in known.items() for one in links}
        if wanted - there:
            fail(message("commands.link.no_link", key=min(wanted - there)))
        graphs: dict[str, bytes] = {}
        for site in {key.partition("/")[0] for key in wanted}:
            left = [one for one in known[site] if f"{site}/{one.key}" not in wanted]
            graphs |= linkset_graph(base, site, left)
        with writing(location, base) as writer:
            writer.replace(graphs)
    except TROUBLE as error:
        fail(str(error))
    for key in sorted(wanted):
        click.echo(f"{key}: {message('commands.withdrawn')}")
