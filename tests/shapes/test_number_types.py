"""Numbers of every type and length: both engines come to one verdict, and messages are true."""

from decimal import Decimal
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from gongkai.ontology.triples.facts import read_facts
from gongkai.ontology.triples.numbers_by_value import DERIVED, by_value, number_stated, number_text
from gongkai.shapes.checker import RuleEngine, Verdict, check
from gongkai.shapes.reference import validate_together
from gongkai.shapes.results import Result
from gongkai.shapes.setwise.engine import evaluate
from helpers.generated_reports import BASE, VALUE, XSD, Draft, integer, sound_report
from helpers.profiles import NIGHTLY, examples

BOTH = tuple(RuleEngine)
AT_ONCE = 12 if NIGHTLY else 3
"""Reports with numbers beyond a machine: rdflib takes seconds for each."""

TYPES = ("integer", "decimal", "double", "float", "string", "iri", "en", *DERIVED)
LEXICAL = st.one_of(
    st.integers(-3, 3).map(str),
    st.integers(-300, 300).map(str),
    st.integers(-(2**65), 2**65).map(str),
    st.from_regex(r"[+-]?0{0,2}[0-9]{1,3}(\.[0-9]{0,2})?", fullmatch=True),
    st.sampled_from(
        ("", "-0", "+0", "007", "-0.0", ".5", "5.", "1e3", "12x", " 7", "-", "1,234", "NaN", "INF")
    ),
    st.sampled_from(("1e400", "0x10", "٣", "1" * 23, "-" + "9" * 31, "1.5e-7", "1" * 17 + ".25")),
)
LITERALS = st.tuples(LEXICAL, st.sampled_from(TYPES))


def literal(text: str, kind: str) -> str:
    others = {"string": f'"{text}"', "en": f'"{text}"@en', "iri": f"<urn:{len(text)}>"}
    return others.get(kind, f'"{text}"^^<{XSD}{kind}>')


def report_with(seed: int, values: dict[int, str]) -> Draft:
    """A sound report with some of its numbers written otherwise."""
    draft = sound_report(Random(seed), f"body-{seed}", 2021, "2021")
    cells = sorted(draft.cells.values())
    for place, value in values.items():
        cell = cells[place % len(cells)]
        draft.forget(cell, VALUE)
        draft.say(cell, VALUE, value)
    return draft


def setwise(draft: Draft) -> set[Result]:
    return set(evaluate(read_facts(by_value(draft.n_triples())), BASE).results)


REPORTS = st.lists(st.dictionaries(st.integers(0, 200), LITERALS, max_size=4), max_size=12)
FEW = settings(
    max_examples=examples(4),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.slow
@FEW
@given(reports=REPORTS, beyond=st.booleans())
def test_both_engines_find_the_same_of_numbers_of_any_type(
    reports: list[dict[int, tuple[str, str]]], beyond: bool
) -> None:
    drafts = []
    for seed, values in enumerate(reports[:AT_ONCE] if beyond else reports):
        written_so = {
            place: literal(*pair)
            for place, pair in values.items()
            # One longer than a machine holds has all reports evaluated otherwise.
            if beyond or len(pair[0]) < 15
        }
        drafts.append(report_with(seed, written_so))
    ours = {result for draft in drafts for result in setwise(draft)}
    theirs = set(validate_together([draft.n_triples() for draft in drafts], BASE))
    assert ours ^ theirs == set()


def verdicts(draft: Draft) -> list[Verdict]:
    return [check(draft.n_triples(), BASE, engine=engine) for engine in BOTH]


@pytest.mark.parametrize("kind", DERIVED)
def test_a_number_of_a_derived_type_is_the_integer_that_it_states(kind: str) -> None:
    """Every number of a report is written so; those that the type cannot state stay as they are."""
    draft = report_with(3, {})
    for subject, link, value in sorted(draft.triples):
        if link == VALUE and number_stated(value.split('"')[1], XSD + kind) is not None:
            draft.forget(subject, link)
            draft.say(subject, link, value.replace("#integer", f"#{kind}"))
    assert f"#{kind}>" in str(draft.triples) or kind == "negativeInteger"
    assert setwise(draft) == setwise(report_with(3, {}))
    assert not any("value-fits-unit" in str(result.constraint) for result in setwise(draft))


OUT_OF_TYPE = (
    ("300", "byte"),
    ("-1", "nonNegativeInteger"),
    ("0", "positiveInteger"),
    ("2", "float"),
)


def test_messages_name_the_type_where_that_is_what_does_not_fit() -> None:
    draft = report_with(5, {n: literal(*pair) for n, pair in enumerate(OUT_OF_TYPE)})
    for verdict in verdicts(draft):
        found = [f.message["en"] for f in verdict.findings if "does not fit" in f.message["en"]]
        named = {f'"{text}"^^<{XSD}{kind}>' for text, kind in OUT_OF_TYPE}
        assert len(found) == len(named)
        assert all(any(name in message for message in found) for name in named)


def test_sums_of_long_numbers_are_exact() -> None:
    """Python's decimals are rounded to 28 digits, Oxigraph's integers end at 64 bits."""
    long, wrong = "9" * 40, "9" * 39 + "8"
    drafts = (report_with(seed, {}) for seed in range(99))
    draft = next(d for d in drafts if any(cube == "disputes" for cube, _ in d.cells))
    of_one = {c: n for (cube, c), n in draft.cells.items() if cube == "disputes"}
    proceeding = next(iter(of_one))[0]
    line = {codes[1]: node for codes, node in of_one.items() if codes[0] == proceeding}
    for result, node in line.items():
        draft.forget(node, VALUE)
        draft.say(node, VALUE, integer(long if result in ("total", min(line)) else 0))
    before = {f.rule for v in verdicts(draft) for f in v.findings}
    draft.forget(line["total"], VALUE)
    draft.say(line["total"], VALUE, integer(wrong))
    after = [[f for f in v.findings if f.cell in line["total"]] for v in verdicts(draft)]
    assert "disputes-total" not in before
    for (finding,) in after:
        assert (finding.expected, finding.found) == (long, wrong)
        assert finding.message["en"].endswith("a difference of -1.")


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6))
def test_a_number_is_written_as_it_is(value: Decimal) -> None:
    assert Decimal(number_text(value)) == value and "E" not in number_text(value)
