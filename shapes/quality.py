"""Measurements of a validation, for the metrics in ``ontology/quality.ttl``.

W3C, Data on the Web Best Practices: Data Quality Vocabulary (2016), section 4.6.
"""

from collections.abc import Mapping
from decimal import Decimal

from rdflib import Namespace

from gongkai.ontology.triples.facts import Facts
from gongkai.ontology.triples.lines import Triples, node_triples
from gongkai.ontology.triples.terms import TYPE, XSD, integer, literal
from gongkai.shapes.results import Count

DQV = Namespace("http://www.w3.org/ns/dqv#")
_QUALITY_MEASUREMENT = DQV.QualityMeasurement.n3()
_COMPUTED_ON = DQV.computedOn.n3()
_IS_MEASUREMENT_OF = DQV.isMeasurementOf.n3()
_VALUE = DQV.value.n3()
_HAS_QUALITY_MEASUREMENT = DQV.hasQualityMeasurement.n3()
_OBSERVATION = "<http://purl.org/linked-data/cube#Observation>"
NARRATIVE = "narrative-"
"""Prefix of the ids of rules on figures in the text."""


def measurements(
    root: str, report: str, facts: Facts, counts: Mapping[str, Count], base: str
) -> Triples:
    """A dqv:QualityMeasurement for each metric, computed on ``report``."""
    claims = [count for rule, count in counts.items() if rule.startswith(NARRATIVE)]
    outcomes = [count.outcome for count in counts.values()]
    values = {
        "completeness": _completeness(facts, base),
        "rules-passed": integer(outcomes.count("passed")),
        "rules-failed": integer(outcomes.count("failed")),
        "rules-not-assessable": integer(outcomes.count("cantTell")),
        "rules-not-applicable": integer(outcomes.count("inapplicable")),
        "claims-confirmed": integer(sum(count.held for count in claims)),
        "claims-contradicted": integer(sum(count.broken for count in claims)),
        "claims-not-assessable": integer(sum(count.not_assessable for count in claims)),
    }
    for metric, value in values.items():
        yield from node_triples(
            f"<{root}#{metric}>",
            _QUALITY_MEASUREMENT,
            (_COMPUTED_ON, f"<{report}>"),
            (_IS_MEASUREMENT_OF, f"<{base}id/metric/{metric}>"),
            (_VALUE, value),
        )
        yield f"<{report}>", _HAS_QUALITY_MEASUREMENT, f"<{root}#{metric}>"


def _completeness(facts: Facts, base: str) -> str:
    """The share of the cells of the report's tables that have a number, from 0 to 1."""
    numbers = len(facts.to(TYPE).get(_OBSERVATION, ()))
    missing = len(facts.to(TYPE).get(f"<{base}def#MissingCell>", ()))
    share = Decimal(numbers) / (numbers + missing) if numbers + missing else Decimal(0)
    # Rounded down: it is 1 only if every cell is there.
    return literal(f"{share.quantize(Decimal('0.0001'), 'ROUND_DOWN'):f}", datatype=XSD + "decimal")
