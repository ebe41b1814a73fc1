"""The validation report as RDF: SHACL's own results, with names, and additional data.

W3C, SHACL (2017), section 3.6: report and results. EARL 1.0 Schema (2017): the outcome of each rule
that applies. Data Quality Vocabulary (2016): measurements. There are no blank nodes, so clients can
refer to every part.
"""

from collections.abc import Iterable, Mapping

from rdflib import SH, Namespace

from gongkai.ontology.addresses import Addresses
from gongkai.ontology.triples.facts import Facts
from gongkai.ontology.triples.lines import Triples, node_triples, sorted_n_triples
from gongkai.ontology.triples.terms import XSD, integer, literal, truth
from gongkai.shapes.findings import Finding
from gongkai.shapes.quality import measurements
from gongkai.shapes.results import Count, Evaluation, Result

EARL = Namespace("http://www.w3.org/ns/earl#")
_EARL_ASSERTION = EARL.Assertion.n3()
_EARL_TEST_RESULT = EARL.TestResult.n3()
_EARL_AUTOMATIC = EARL.automatic.n3()
_EARL_MODE = EARL.mode.n3()
_EARL_OUTCOME = EARL.outcome.n3()
_EARL_RESULT = EARL.result.n3()
_EARL_SUBJECT = EARL.subject.n3()
_EARL_TEST = EARL.test.n3()
_SH_VALIDATION_REPORT = SH.ValidationReport.n3()
_SH_VALIDATION_RESULT = SH.ValidationResult.n3()
_SH_CONFORMS = SH.conforms.n3()
_SH_FOCUS_NODE = SH.focusNode.n3()
_SH_INVERSE_PATH = SH.inversePath.n3()
_SH_RESULT = SH.result.n3()
_SH_RESULT_MESSAGE = SH.resultMessage.n3()
_SH_RESULT_PATH = SH.resultPath.n3()
_SH_RESULT_SEVERITY = SH.resultSeverity.n3()
_SH_SOURCE_CONSTRAINT = SH.sourceConstraint.n3()
_SH_SOURCE_CONSTRAINT_COMPONENT = SH.sourceConstraintComponent.n3()
_SH_SOURCE_SHAPE = SH.sourceShape.n3()
_SH_VALUE = SH.value.n3()
_OUTCOMES = {name: EARL[name].n3() for name in ("passed", "failed", "cantTell", "inapplicable")}


def validation_report(
    report: str,
    facts: Facts,
    evaluation: Evaluation,
    findings: Iterable[tuple[Finding, Result]],
    base: str,
    last_year: str | None = None,
) -> bytes:
    """The graph of a validation as N-Triples, to be stored under the validation's own URI.

    ``report`` is the URI of the report that ``facts`` describe, ``last_year`` that of the report
    that it was compared with.
    """
    addresses = Addresses(base)
    key = report.removeprefix(f"{base}id/report/")
    root = f"{base}id/validation/{key}"
    term = _terms(addresses)
    triples: list[tuple[str, str, str]] = [(f"<{report}>", term["validation"], f"<{root}>")]
    numbered = list(enumerate(findings, start=1))
    triples += node_triples(
        f"<{root}>",
        _SH_VALIDATION_REPORT,
        (_SH_CONFORMS, truth(not numbered)),
        (term["comparedWith"], f"<{last_year}>" if last_year else None),
        *((_SH_RESULT, f"<{root}#result-{number}>") for number, _ in numbered),
    )
    for number, (finding, result) in numbered:
        triples += _result(root, f"<{root}#result-{number}>", finding, result, term)
    triples += _outcomes(root, report, evaluation.counts, base, term)
    triples += measurements(root, report, facts, evaluation.counts, base)
    return sorted_n_triples(triples)


def _terms(addresses: Addresses) -> Mapping[str, str]:
    names = ("validation", "comparedWith", "expected", "found", "involves")
    counts = ("held", "broken", "notAssessable")
    return {name: f"<{addresses.terms}{name}>" for name in (*names, *counts)}


def _result(
    root: str, node: str, finding: Finding, result: Result, term: Mapping[str, str]
) -> Triples:
    path = result.path
    if path is not None and path.startswith("^"):
        inverse = path[1:]
        path = f"<{root}#inverse-{inverse[1:-1].rpartition('#')[2]}>"
        yield path, _SH_INVERSE_PATH, inverse
    assessed = finding.expected is not None and finding.found is not None
    yield from node_triples(
        node,
        _SH_VALIDATION_RESULT,
        (_SH_FOCUS_NODE, result.focus),
        (_SH_SOURCE_SHAPE, result.shape),
        (_SH_SOURCE_CONSTRAINT, result.constraint),
        (_SH_SOURCE_CONSTRAINT_COMPONENT, f"<{result.component}>"),
        (_SH_RESULT_PATH, path),
        (_SH_VALUE, result.value),
        (_SH_RESULT_SEVERITY, result.severity),
        *((_SH_RESULT_MESSAGE, literal(text, lang or None)) for lang, text in result.messages),
        (term["expected"], _number(finding.expected) if assessed else None),
        (term["found"], _number(finding.found) if assessed else None),
        *((term["involves"], f"<{cell}>") for cell in finding.cells),
    )


def _outcomes(
    root: str, report: str, counts: Mapping[str, Count], base: str, term: Mapping[str, str]
) -> Triples:
    """An assertion for each rule that applies to the report, with how often it held."""
    for rule, count in counts.items():
        if count.outcome == "inapplicable":
            continue
        assertion, outcome = f"<{root}#rule-{rule}>", f"<{root}#outcome-{rule}>"
        yield from node_triples(
            assertion,
            _EARL_ASSERTION,
            (_EARL_SUBJECT, f"<{report}>"),
            (_EARL_TEST, f"<{base}shapes#{rule}>"),
            (_EARL_MODE, _EARL_AUTOMATIC),
            (_EARL_RESULT, outcome),
        )
        yield from node_triples(
            outcome,
            _EARL_TEST_RESULT,
            (_EARL_OUTCOME, _OUTCOMES[count.outcome]),
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
