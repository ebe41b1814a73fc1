"""Run the rules on the graph of one report, and return what was found."""

from collections import Counter
from dataclasses import dataclass, replace
from enum import StrEnum

from rdflib import RDF, RDFS, SH, Literal

from gongkai.ontology import DEFAULT_BASE
from gongkai.ontology.addresses import Addresses
from gongkai.ontology.labels import Label
from gongkai.ontology.triples.facts import Facts, read_facts
from gongkai.ontology.triples.numbers_by_value import by_value
from gongkai.ontology.triples.terms import TYPE, text_of
from gongkai.shapes import load_shapes
from gongkai.shapes.findings import Finding, findings_of
from gongkai.shapes.results import Count, Evaluation, Result
from gongkai.shapes.setwise.engine import evaluate
from gongkai.shapes.shape_graph import rules_of_shapes
from gongkai.shapes.validation_report import validation_report


class RuleEngine(StrEnum):
    """The engines that run the shapes; both give the same verdict."""

    SETWISE = "setwise"
    PYSHACL = "pyshacl"


@dataclass(frozen=True)
class Verdict:
    """The result of the rules for a report: sorted findings, and the SHACL report as RDF.

    ``report`` is its URI, empty for tables without a report; ``validation`` is N-Triples;
    ``counts`` say for each rule how often it held.
    """

    report: str
    findings: tuple[Finding, ...]
    validation: bytes
    counts: dict[str, Count]

    @property
    def conforms(self) -> bool:
        """Whether every rule holds."""
        return not self.findings


def check(
    report: bytes,
    base: str = DEFAULT_BASE,
    last_year: bytes | None = None,
    engine: RuleEngine = RuleEngine.SETWISE,
) -> Verdict:
    """Check the graph of one report against all rules.

    ``report`` is the output of ``converters.rdf.cube.described``, as N-Triples. So is
    ``last_year``, the report of the same body on the year before, for the rules that compare years.
    Numbers are compared by value (``numbers_by_value``).
    """
    report = by_value(report)
    last_year = None if last_year is None else by_value(last_year)
    facts = read_facts(report)
    earlier = None if last_year is None else read_facts(last_year)
    evaluation = evaluate(facts, base, earlier)
    if engine is RuleEngine.PYSHACL:
        # Slow to import, and not needed otherwise.
        from gongkai.shapes.reference import validate

        evaluation = _with_results(evaluation, validate(report, base, last_year), base)
    findings = findings_of(evaluation, facts, base)
    node = report_of(facts, base)
    compared = (earlier and report_of(earlier, base)) or None
    return Verdict(
        report=node,
        findings=tuple(finding for finding, _ in findings),
        validation=validation_report(node or base, facts, evaluation, findings, base, compared),
        counts=dict(evaluation.counts),
    )


def _with_results(evaluation: Evaluation, results: tuple[Result, ...], base: str) -> Evaluation:
    """The evaluation with the results of another engine in place of its own.

    SHACL does not report how often a rule held or could not be assessed, nor both sides of an
    equation: for those the set-wise engine knows more than any other.
    """
    rules = rules_of_shapes(base)
    broken = Counter(rules[result.shape] for result in results)
    counts = {
        rule: replace(count, broken=broken[rule]) for rule, count in evaluation.counts.items()
    }
    return Evaluation(results, counts, evaluation.details)


def report_of(facts: Facts, base: str) -> str:
    """The URI of the report that the facts belong to; empty if there is none."""
    return text_of(min(facts.to(TYPE).get(f"<{Addresses(base).terms}Report>", ()), default=""))


def rule_labels() -> dict[str, Label]:
    """The name of every rule, in each language."""
    shapes = load_shapes()
    prefix = DEFAULT_BASE + "shapes#"
    return {
        str(rule).removeprefix(prefix): {
            str(label.language): str(label)
            for label in shapes.objects(rule, RDFS.label)
            if isinstance(label, Literal)
        }
        for rule in shapes.subjects(RDF.type, SH.NodeShape)
    }
