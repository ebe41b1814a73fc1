"""``gongkai bodies``: reporting bodies that are not registered, and Turtle to register them."""

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import click

from gongkai.commands.batch import RunSettings, files_to_read, outcomes_of
from gongkai.commands.options import STORE_LOCATION
from gongkai.commands.override_options import check_overrides, register_option
from gongkai.commands.parts import fail
from gongkai.converters.overrides import Overrides
from gongkai.ontology import DEFAULT_BASE
from gongkai.ontology.bodies import Body, Origin, Register
from gongkai.ontology.keys import PROVISIONAL, TO_BE_EDITED
from gongkai.ontology.places import areas, find_place, full_name, leaves_out_its_place
from gongkai.ontology.texts import message
from gongkai.server.queries.texts import query_text
from gongkai.server.store import StoreError
from gongkai.server.store_location import StoreLocation, reading

_QUERY = "unregistered-bodies"

_PREFIXES = """\
@prefix body:    <id/body/> .
@prefix def:     <def#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf:    <http://xmlns.com/foaf/0.1/> .
@prefix org:     <http://www.w3.org/ns/org#> .
@prefix skos:    <http://www.w3.org/2004/02/skos/core#> .
"""


@dataclass
class _Met:
    """A body found in reports: its names, its area, and its reports by year."""

    key: str
    names: dict[str, None] = field(default_factory=dict)
    area: str | None = None
    reports: dict[str, None] = field(default_factory=dict)


@click.command(help=message("help.bodies.command"))
@click.argument("paths", metavar="[FILE...]", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--store",
    "location",
    type=STORE_LOCATION,
    help=message("help.bodies.store"),
)
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["text", "turtle"]),
    default="text",
    show_default=True,
    help=message("help.bodies.format"),
)
@register_option
def bodies(
    paths: tuple[Path, ...],
    location: StoreLocation | None,
    output_format: str,
    registers: tuple[Path, ...],
) -> None:
    """List the bodies that report and are not registered, in files or in a store."""
    if not paths and location is None:
        raise click.UsageError(message("commands.bodies.nothing_named"))
    overrides = check_overrides(
        Overrides(registers), location if isinstance(location, Path) else None
    )
    met: dict[str, _Met] = {}
    code = 0
    if location is not None:
        try:
            _look_through(location, met)
        except StoreError as error:
            fail(str(error))
    found, codes = files_to_read(paths, overrides)
    settings = RunSettings(jobs=os.cpu_count() or 1, overrides=overrides, engine=None)
    with outcomes_of(found, DEFAULT_BASE, settings) as outcomes:
        for outcome in outcomes:
            if outcome.report is None:
                click.echo(f"{outcome.path}: {outcome.error}", err=True)
                codes.append(2)
            elif outcome.report.body.origin is Origin.REPORT:
                _enter(met, outcome.report.body, f"{outcome.report.year} {outcome.path}")
    code = max(code, *codes)
    known = _registered_since(overrides.register())
    if output_format == "turtle":
        for line in _turtle([item for item in met.values() if item.key not in known]):
            click.echo(line)
    else:
        for line in _lines(list(met.values()), known):
            click.echo(line)
    sys.exit(code)


def _look_through(location: StoreLocation, met: dict[str, _Met]) -> None:
    """Collect every unregistered body of a store."""
    reader = reading(location)
    try:
        answer = json.loads(
            reader.query(f"BASE <{reader.base}>\n{query_text(_QUERY)}", results="json").body
        )
    finally:
        reader.close()
    for row in answer["results"]["bindings"]:
        key = row["body"]["value"].removeprefix(f"{reader.base}id/body/")
        item = met.setdefault(key, _Met(key))
        for name in ("name", "other"):
            if name in row:
                item.names[row[name]["value"]] = None
        if "area" in row:
            item.area = row["area"]["value"].rpartition("/")[2]
        item.reports[f"{row['year']['value']} {row['report']['value']}"] = None


def _enter(met: dict[str, _Met], body: Body, report: str) -> None:
    item = met.setdefault(body.key, _Met(body.key))
    item.names.update(dict.fromkeys(body.names))
    item.area = body.area
    item.reports[report] = None


def _registered_since(register: Register) -> dict[str, Body]:
    """The registered bodies by the keys under which their reports may still be published."""
    return {
        former: body for body in set(register.by_key.values()) for former in body.former_keys
    } | {key: body for key, body in register.by_key.items() if body.origin is Origin.OPERATOR}


def _lines(met: list[_Met], known: dict[str, Body]) -> Iterator[str]:
    if not met:
        yield message("commands.bodies.all_registered")
    for item in met:
        if item.area:
            where = f"{full_name(areas()[item.area])} {item.area}"
        else:
            where = message("commands.bodies.no_area")
        yield f"{item.key}  {'、'.join(item.names)}  ({where})"
        yield from (f"    {report}" for report in item.reports)
        if item.key in known:
            now = message("commands.bodies.registered_now", key=known[item.key].key)
            yield f"    {now}"
        for other in met:
            if other.key > item.key and _alike(item, other):
                yield f"    {message('commands.bodies.same_name', key=other.key)}"


def _turtle(met: list[_Met]) -> Iterator[str]:
    """A register to be edited, with bodies that share a name merged into one."""
    yield message("commands.bodies.head", edit=TO_BE_EDITED) + "\n"
    yield _PREFIXES
    for number, group in enumerate(_groups(met), start=1):
        codes = [item.key for item in group if not item.key.startswith(PROVISIONAL)]
        key = codes[0] if codes else f"{TO_BE_EDITED}-{number}"
        names = list(dict.fromkeys(name for item in group for name in item.names))
        others = [_literal(name) + "@zh" for name in names[1:] if _says_where(name)]
        area = next((item.area for item in group if item.area), None)
        for item in group:
            yield from (f"# {report}" for report in item.reports)
        yield f"body:{key} a def:PublicBody, org:FormalOrganization, foaf:Agent ;"
        yield f'    dcterms:identifier "{key}" ;'
        yield f'    skos:prefLabel {_literal(names[0])}@zh, "{TO_BE_EDITED}"@en ;'
        if others:
            yield f"    skos:altLabel {', '.join(others)} ;"
        if area:
            yield f"    dcterms:spatial <id/area/{area}> ;"
        formers = ", ".join(f'"{item.key}"' for item in group if item.key != key)
        yield f"    def:formerKey {formers} .\n" if formers else "    .\n"


def _groups(met: list[_Met]) -> list[list[_Met]]:
    groups: list[list[_Met]] = []
    for item in met:
        shared = [group for group in groups if any(_alike(other, item) for other in group)]
        merged = [other for group in shared for other in group] + [item]
        groups = [group for group in groups if group not in shared] + [merged]
    return groups


def _alike(one: _Met, other: _Met) -> bool:
    """Whether the two are probably one body: 朝阳区统计局 of two cities are not."""
    same_place = one.area == other.area or None in (one.area, other.area)
    return same_place and bool(set(one.names) & set(other.names))


def _says_where(name: str) -> bool:
    """Whether the name belongs to one body only, so that it can be registered."""
    place = find_place(name)
    return not leaves_out_its_place(name) and (not place.areas or place.area is not None)


def _literal(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
