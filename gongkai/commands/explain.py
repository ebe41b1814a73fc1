"""``gongkai explain``: what a rule means, its source, an example."""

import sys
from collections.abc import Iterator

import click
from rapidfuzz import process
from rich.cells import cell_len, set_cell_size

from gongkai.checking.rules import Rule, rules
from gongkai.commands.batch import UNREADABLE
from gongkai.commands.options import base_option
from gongkai.ontology import DEFAULT_BASE
from gongkai.ontology.labels import Label
from gongkai.ontology.texts import joined_labels, listed, message, readers_language, translations
from gongkai.shapes.well_formed import integrity_constraints

_RECOMMENDATION = (
    "W3C, The RDF Data Cube Vocabulary (2014), section 11.1 "
    "<https://www.w3.org/TR/vocab-data-cube/#wf-rules>"
)
_NEAR = 50
"""Likeness (0 to 100) from which on a name is suggested."""


@click.command(help=message("help.explain.command"))
@click.argument("name", metavar="[RULE]", required=False)
@base_option
def explain(name: str | None, base: str | None) -> None:
    """Tell what a rule means, its source, an example; without RULE, list all rules."""
    if name is None:
        for line in _list():
            click.echo(line)
        return
    wanted = name.removeprefix("shapes#")
    if wanted in rules():
        _print_rule(rules()[wanted], base or DEFAULT_BASE)
        return
    for constraint in integrity_constraints():
        if _number(constraint.id) == _number(wanted):
            click.echo(f"{constraint.id} {constraint.name}\n\n{constraint.text}\n")
            click.echo(f"{_head('basis')}: {_RECOMMENDATION}")
            return
    known = [*rules(), *(constraint.id for constraint in integrity_constraints())]
    near = [
        found
        for found, _, _ in process.extract(
            wanted, known, processor=str.lower, limit=3, score_cutoff=_NEAR
        )
    ]
    advice = (
        translations("explain.near", near=listed(near)) if near else translations("explain.all")
    )
    said = joined_labels([translations("explain.none", name=name), advice])
    click.echo(f"gongkai: {said[readers_language()]}", err=True)
    sys.exit(UNREADABLE)


def _list() -> Iterator[str]:
    """One line for each rule and constraint: id, severity, name."""
    rows = [
        (rule.id, message(f"explain.listed.{rule.severity}"), _in(rule.label))
        for rule in rules().values()
    ]
    of_cubes = message("explain.listed.constraint")
    rows += [(constraint.id, of_cubes, constraint.name) for constraint in integrity_constraints()]
    width, kind = (max(cell_len(row[column]) for row in rows) for column in (0, 1))
    for key, severity, label in rows:
        yield f"{set_cell_size(key, width)}  {set_cell_size(severity, kind)}  {label}"


def _print_rule(rule: Rule, base: str) -> None:
    severity = message(f"explain.severity.{rule.severity}")
    click.echo(f"{rule.id}: {_in(rule.label)}\n\n{_in(rule.comment)}\n")
    click.echo(f"{_head('severity')}: {severity}")
    click.echo(message("explain.blocks" if rule.blocks else "explain.published"))
    if rule.compares_years:
        click.echo(message("explain.years"))
    click.echo(f"{_head('outcome')}: {message('explain.outcomes')}")
    for law, label in rule.basis:
        address = law.replace(DEFAULT_BASE, base, 1)
        click.echo(f"{_head('basis')}: {_in(label)} <{address}>")
    for address in rule.see_also:
        click.echo(f"{_head('basis')}: <{address}>")
    if rule.examples:
        click.echo(f"{_head('example')}: {_in(rule.examples)}")
    click.echo(f"{_head('address')}: {base}shapes#{rule.id}")


def _head(name: str) -> str:
    return message(f"explain.head.{name}")


def _in(label: Label) -> str:
    return label.get(readers_language()) or next(iter(label.values()), "")


def _number(name: str) -> str:
    """The number of an integrity constraint: IC-1, ic-01 and IC-01 are the same."""
    head, _, tail = name.upper().partition("-")
    return f"{head}-{tail.lstrip('0') or '0'}"
