"""``gongkai explain``: what a rule means, its source, an example."""

import sys
from collections.abc import Iterator

import click
from rapidfuzz import process
from rich.cells import cell_len, set_cell_size

from gongkai.checking.rules import Rule, rules
from gongkai.commands.batch import UNREADABLE
from gongkai.commands.messages import language
from gongkai.commands.options import base_option
from gongkai.ontology import DEFAULT_BASE
from gongkai.ontology.labels import Label
from gongkai.shapes.well_formed import integrity_constraints

_WORDS = {
    "en": {
        "Violation": "violation: the rule must hold",
        "Warning": "warning: the rule should hold",
        "blocks": "A report that breaks it is not published.",
        "published": "A report that breaks it is published, with what was found.",
        "years": "It compares years: without the report on the year before it does not apply.",
        "states": "passed: it holds wherever it was assessed; failed: it is broken somewhere; "
        "cantTell: cells that it needs have no number, or it cannot be told what a figure speaks "
        "of; inapplicable: the report has nothing that it is about.",
        "outcomes": "Outcome",
        "list Violation": "violation",
        "list Warning": "warning",
        "list constraint": "constraint",
        "severity": "Severity",
        "basis": "Source",
        "example": "Example",
        "address": "Shape",
        "none": "there is no rule {name}",
        "near": "did you mean {near}?",
        "all": "gongkai explain lists all",
    },
    "zh": {
        "Violation": "违反：规则必须成立",
        "Warning": "警告：规则应当成立",
        "blocks": "不合此规则的报告不予发布。",
        "published": "不合此规则的报告照样发布，并注明所见。",
        "years": "此规则比较两年：没有上年报告时不适用。",
        "states": "passed：凡核对处均成立；failed：有不成立之处；cantTell：所需单元格没有数，"
        "或不知所述数字的口径；inapplicable：报告中没有其所核对之物。",
        "outcomes": "结果",
        "list Violation": "违反",
        "list Warning": "警告",
        "list constraint": "约束",
        "severity": "严重程度",
        "basis": "依据",
        "example": "示例",
        "address": "形状",
        "none": "没有规则 {name}",
        "near": "是否指 {near}？",
        "all": "gongkai explain 列出全部规则",
    },
}

_RECOMMENDATION = (
    "W3C, The RDF Data Cube Vocabulary (2014), section 11.1 "
    "<https://www.w3.org/TR/vocab-data-cube/#wf-rules>"
)
_NEAR = 50
"""Likeness (0 to 100) from which on a name is suggested."""


@click.command()
@click.argument("name", metavar="[RULE]", required=False)
@base_option
def explain(name: str | None, base: str | None) -> None:
    """Tell what a rule means, its source, an example; without RULE, list all rules."""
    words = _WORDS[language()]
    if name is None:
        for line in _list():
            click.echo(line)
        return
    wanted = name.removeprefix("shapes#")
    if wanted in rules():
        _tell_rule(rules()[wanted], base or DEFAULT_BASE)
        return
    for constraint in integrity_constraints():
        if _number(constraint.id) == _number(wanted):
            click.echo(f"{constraint.id} {constraint.name}\n\n{constraint.text}\n")
            click.echo(f"{words['basis']}: {_RECOMMENDATION}")
            return
    known = [*rules(), *(constraint.id for constraint in integrity_constraints())]
    near = [
        found
        for found, _, _ in process.extract(
            wanted, known, processor=str.lower, limit=3, score_cutoff=_NEAR
        )
    ]
    said = [words["none"].format(name=name)]
    said.append(words["near"].format(near=", ".join(near)) if near else words["all"])
    click.echo(f"gongkai: {'; '.join(said)}", err=True)
    sys.exit(UNREADABLE)


def _list() -> Iterator[str]:
    """One line for each rule and constraint: id, severity, name."""
    words = _WORDS[language()]
    rows = [(rule.id, words[f"list {rule.severity}"], _in(rule.label)) for rule in rules().values()]
    rows += [
        (constraint.id, words["list constraint"], constraint.name)
        for constraint in integrity_constraints()
    ]
    width, kind = (max(cell_len(row[column]) for row in rows) for column in (0, 1))
    for key, severity, label in rows:
        yield f"{set_cell_size(key, width)}  {set_cell_size(severity, kind)}  {label}"


def _tell_rule(rule: Rule, base: str) -> None:
    words = _WORDS[language()]
    click.echo(f"{rule.id}: {_in(rule.label)}\n\n{_in(rule.comment)}\n")
    click.echo(f"{words['severity']}: {words[rule.severity]}")
    click.echo(words["blocks" if rule.blocks else "published"])
    if rule.compares_years:
        click.echo(words["years"])
    click.echo(f"{words['outcomes']}: {words['states']}")
    for law, label in rule.basis:
        address = law.replace(DEFAULT_BASE, base, 1)
        click.echo(f"{words['basis']}: {_in(label)} <{address}>")
    for address in rule.see_also:
        click.echo(f"{words['basis']}: <{address}>")
    if rule.examples:
        click.echo(f"{words['example']}: {_in(rule.examples)}")
    click.echo(f"{words['address']}: {base}shapes#{rule.id}")


def _in(label: Label) -> str:
    return label.get(language()) or next(iter(label.values()), "")


def _number(name: str) -> str:
    """The number of an integrity constraint: IC-1, ic-01 and IC-01 are the same."""
    head, _, tail = name.upper().partition("-")
    return f"{head}-{tail.lstrip('0') or '0'}"
