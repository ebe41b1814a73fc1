"""The validation report as RDF: SHACL's own results, with names, and what they do not say.

W3C, SHACL (2017), section 3.6: report and results. EARL 1.0 Schema (2017): the outcome of each
rule that applies. Data Quality Vocabulary (2016): sums. Nothing in it is blank, so that clients can
speak of every part.
"""

from collections.abc import Iterable, Mapping

from rdflib import SH, Namespace

from gongkai.ontology.addresses import Addresses
from gongkai.shapes.facts import XSD, Facts, literal
from gongkai.shapes.findings import Finding
from gongkai.shapes.n_triples import Lines, described, integer, truth, written_out
from gongkai.shapes.quality import measurements
from gongkai.shapes.results import Count, Evaluation, Result

EARL = Namespace("http://www.w3.org/ns/earl#")
_OUTCOMES = {name: EARL[name].n3() for name in ("passed", "failed", "cantTell", "inapplicable")}


def validation_report(
    report: str,
    facts: Facts,
    evaluation: Evaluation,
    findings: Iterable[tuple[Finding, Result]],
    base: str,
    last_year: str | None = None,
) -> bytes:
    """The graph of a validation as N-Triples, to be kept under the validation's own URI.

    ``report`` is the URI of the report that ``facts`` are of, ``last_year`` that of the one it was
    compared with.
    """
    addresses = Addresses(base)
    key = report.removeprefix(f"{base}id/report/")
    root = f"{base}id/validation/{key}"
    term = _terms(addresses)
    triples: list[tuple[str, str, str]] = [(f"<{report}>", term["validation"], f"<{root}>")]
    numbered = list(enumerate(findings, start=1))
    triples += described(
        f"<{root}>",
        SH.ValidationReport.n3(),
        (SH.conforms.n3(), truth(not numbered)),
        (term["comparedWith"], f"<{last_year}>" if last_year else None),
        *((SH.result.n3(), f"<{root}#result-{number}>") for number, _ in numbered),
    )
    for number, (finding, result) in numbered:
        triples += _result(root, f"<{root}#result-{number}>", finding, result, term)
    triples += _outcomes(root, report, evaluation.counts, base, term)
    triples += measurements(root, report, facts, evaluation.counts, base)
    return written_out(triples)


def _terms(addresses: Addresses) -> Mapping[str, str]:
    names = ("validation", "comparedWith", "expected", "found", "involves")
    counts = ("held", "broken", "notAssessable")
    return {name: f"<{addresses.terms}{name}>" for name in (*names, *counts)}


def _result(
    root: str, node: str, finding: Finding, result: Result, term: Mapping[str, str]
) -> Lines:
    path = result.path
    if path is not None and path.startswith("^"):
        inverse = path[1:]
        path = f"<{root}#inverse-{inverse[1:-1].rpartition('#')[2]}>"
        yield path, SH.inversePath.n3(), inverse
    assessed = finding.expected is not None and finding.found is not None
    yield from described(
        node,
        SH.ValidationResult.n3(),
        (SH.focusNode.n3(), result.focus),
        (SH.sourceShape.n3(), result.shape),
        (SH.sourceConstraint.n3(), result.constraint),
        (SH.sourceConstraintComponent.n3(), f"<{result.component}>"),
        (SH.resultPath.n3(), path),
        (SH.value.n3(), result.value),
        (SH.resultSeverity.n3(), result.severity),
        *((SH.resultMessage.n3(), literal(text, lang or None)) for lang, text in result.messages),
        (term["expected"], _number(finding.expected) if assessed else None),
        (term["found"], _number(finding.found) if assessed else None),
        *((term["involves"], f"<{cell}>") for cell in finding.cells),
    )


def _outcomes(
    root: str, report: str, counts: Mapping[str, Count], base: str, term: Mapping[str, str]
) -> Lines:
    """An assertion for each rule that applies to the report, with how often it held."""
    for rule, count in counts.items():
        if count.outcome == "inapplicable":
            continue
        assertion, outcome = f"<{root}#rule-{rule}>", f"<{root}#outcome-{rule}>"
        yield from described(
            assertion,
            EARL.Assertion.n3(),
            (EARL.subject.n3(), f"<{report}>"),
            (EARL.test.n3(), f"<{base}shapes#{rule}>"),
            (EARL.mode.n3(), EARL.automatic.n3()),
            (EARL.result.n3(), outcome),
        )
        yield from described(
            outcome,
            EARL.TestResult.n3(),
            (EARL.outcome.n3(), _OUTCOMES[count.outcome]),
            (term["held"], integer(count.held)),
            (term["broken"], integer(count.broken)),
            (term["notAssessable"], integer(count.not_assessable)),
        )


def _number(text: str | None) -> str | None:
    if text is None:
        return None
    if text.lstrip("-").isdecimal():
        return literal(text, datatype=XSD + "integer")
    if text.lstrip("-").replace(".", "", 1).isdecimal():
        return literal(text, datatype=XSD + "decimal")
    return literal(text)
