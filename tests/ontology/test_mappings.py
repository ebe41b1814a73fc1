"""Mappings between code lists of countries: both ends defined, a reason each, none too strong."""

import csv

import pytest
from rdflib import RDF, RDFS, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, OWL, SKOS

from gongkai.ontology import load_ontology
from helpers.commands import BASE
from helpers.foreign import corpus

GRAPH = load_ontology().as_rdflib()
SSSOM = Namespace("https://w3id.org/sssom/")
CODES = f"{BASE}id/code/"
RELATIONS = {SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch}

CHINESE = {
    "1": "stage/received",
    "2": "stage/carried-in",
    "3.1": "stage/granted",
    "3.2": "stage/partly-granted",
    "3.3": "stage/withheld",
    "3.3.1": "stage/withheld-state-secret",
    "3.3.2": "stage/withheld-prohibited-by-law",
    "3.3.3": "stage/withheld-security-stability",
    "3.3.4": "stage/withheld-third-party",
    "3.3.5": "stage/withheld-internal-affairs",
    "3.3.6": "stage/withheld-process",
    "3.3.7": "stage/withheld-enforcement-file",
    "3.3.8": "stage/withheld-administrative-query",
    "3.4": "stage/unavailable",
    "3.4.1": "stage/unavailable-not-held",
    "3.4.2": "stage/unavailable-to-be-created",
    "3.4.3": "stage/unavailable-unclear",
    "3.5": "stage/not-processed",
    "3.5.1": "stage/not-processed-petition",
    "3.5.2": "stage/not-processed-repeated",
    "3.5.4": "stage/not-processed-excessive",
    "3.5.5": "stage/not-processed-confirmation",
    "3.6": "stage/other",
    "3.7": "stage/handled",
    "4": "stage/carried-out",
    "V.reconsideration": "proceeding/reconsideration",
    "V.litigation": "proceeding/litigation",
    "V.upheld": "result/upheld",
    "V.corrected": "result/corrected",
    "V.other": "result/other",
    "V.pending": "result/pending",
    "A.*": "applicant/total",
}
"""The codes for the numbers that the table of mappings gives the rows of the Chinese form."""

FOREIGN = {
    "us": {
        "foia:ProcessingStatisticsReceivedQuantity": ["us-stage/received"],
        "foia:ProcessingStatisticsPendingAtStartQuantity": ["us-stage/pending-start"],
        "foia:ProcessingStatisticsPendingAtEndQuantity": ["us-stage/pending-end"],
        "foia:ProcessingStatisticsProcessedQuantity / RequestDispositionTotalQuantity": [
            "us-stage/processed",
            "us-stage/disposed",
        ],
        "foia:RequestDispositionFullGrantQuantity": ["us-stage/full-grant"],
        "foia:RequestDispositionPartialGrantQuantity": ["us-stage/partial-grant"],
        "foia:RequestDispositionFullExemptionDenialQuantity": ["us-stage/full-denial"],
        "Ex. 7(A); 7(D); 7(E)": [f"us-exemption/exemption-7-{letter}" for letter in "ade"],
        "foia:ProcessedAppealSection": ["us-process/appeals"],
        "foia:AppealDispositionAffirmedQuantity": ["us-appeal-stage/affirmed"],
        "foia:AppealDispositionReversedQuantity": ["us-appeal-stage/reversed"],
        "foia:AppealDispositionOtherQuantity": ["us-appeal-stage/closed-otherwise"],
        "ProcessedAppealSection/ProcessingStatisticsPendingAtEndQuantity": [
            "us-appeal-stage/pending-end"
        ],
        "InLitigation (appeals only); foia:LitigationCostAmount": [
            "us-appeal-stage/in-litigation",
            "us-indicator/litigation-costs",
        ],
    },
    "uk": {
        "Requests where advice and assistance provided; 4(c) - Too general": [
            "uk-stage/advised",
            "uk-exemption/regulation-4-c",
        ],
        "Total Internal Reviews": ["uk-review/internal"],
        "ICO Total Complaints": ["uk-review/commissioner"],
        "IR number upheld in full; ICO Number upheld in full": ["uk-result/upheld"],
        "IR number overturned": ["uk-result/overturned"],
    },
}
"""What the table calls otherwise than the sources, or several at once."""

IN_A_REASON = {
    ("3.3.6", "relatedMatch", "uk-exemption/section-36"),
    ("3.3.6", "relatedMatch", "uk-exemption/regulation-4-d"),
}
"""What the table says beside another row: «S(36) and 4(d) only relatedMatch»."""


def mappings() -> list[URIRef]:
    return [node for node in GRAPH.subjects(RDF.type, OWL.Axiom) if isinstance(node, URIRef)]


def triple_of(mapping: URIRef) -> tuple[str, URIRef, str]:
    """Source, relation and target, codes without the beginning that all have."""
    source, relation, target = (
        GRAPH.value(mapping, link)
        for link in (OWL.annotatedSource, OWL.annotatedProperty, OWL.annotatedTarget)
    )
    return (
        str(source).removeprefix(CODES),
        URIRef(str(relation)),
        str(target).removeprefix(CODES),
    )


def test_both_ends_of_every_mapping_are_codes_and_it_is_stated() -> None:
    assert len(mappings()) > 100
    for mapping in mappings():
        source, relation, target = triple_of(mapping)
        assert relation in RELATIONS
        ends = URIRef(CODES + source), URIRef(CODES + target)
        assert (ends[0], relation, ends[1]) in GRAPH, mapping
        for end in ends:
            assert (end, RDF.type, SKOS.Concept) in GRAPH, end
        assert source.partition("/")[0] != target.partition("/")[0]


def test_every_mapping_has_a_reason_in_both_languages() -> None:
    for mapping in mappings():
        reasons = {
            text.language: str(text)
            for text in GRAPH.objects(mapping, RDFS.comment)
            if isinstance(text, Literal)
        }
        assert set(reasons) == {"zh", "en"} and all(map(str.strip, reasons.values())), mapping
        assert (mapping, SSSOM.mapping_justification, None) in GRAPH
        document, _, key = str(mapping).partition("#")
        assert key and list(GRAPH.subjects(SSSOM.mappings, mapping)) == [URIRef(document)]
        assert len(list(GRAPH.objects(URIRef(document), DCTERMS.title))) == 2


def test_no_code_is_related_to_another_without_a_reason_and_none_is_said_to_be_the_same() -> None:
    described = {triple_of(mapping) for mapping in mappings()}
    assert len(described) == len(mappings()), "each is described once"
    stated = {
        (str(source).removeprefix(CODES), relation, str(target).removeprefix(CODES))
        for relation in (*RELATIONS, SKOS.exactMatch)
        for source, target in GRAPH.subject_objects(relation)
        if str(source).startswith(CODES)
    }
    assert stated == described


def test_what_is_related_is_not_within() -> None:
    """SKOS Reference (2009), S27: skos:related is disjoint with skos:broaderTransitive."""
    above: dict[str, set[str]] = {}
    for link, turned in (
        (SKOS.broader, False),
        (SKOS.broadMatch, False),
        (SKOS.narrowMatch, True),
    ):
        for one, other in GRAPH.subject_objects(link):
            low, high = (other, one) if turned else (one, other)
            above.setdefault(str(low), set()).add(str(high))

    def all_above(code: str) -> set[str]:
        found: set[str] = set()
        to_do = [code]
        while to_do:
            new = above.get(to_do.pop(), set()) - found
            found |= new
            to_do += new
        return found

    for one, other in GRAPH.subject_objects(SKOS.relatedMatch):
        assert str(other) not in all_above(str(one)) and str(one) not in all_above(str(other))


def test_nothing_is_counted_twice_under_a_common_stage() -> None:
    define = Namespace(BASE + "def#")
    schemes = set()
    for cube, dimension in GRAPH.subject_objects(define.comparedBy):
        assert (cube, define.countingBasis, None) in GRAPH
        schemes |= set(
            GRAPH.objects(dimension, URIRef("http://purl.org/linked-data/cube#codeList"))
        )
    assert len(schemes) == 3
    added: dict[str, set[str]] = {}
    for mapping in mappings():
        source, relation, target = triple_of(mapping)
        if target.startswith("common-stage/") and relation in (SKOS.closeMatch, SKOS.broadMatch):
            assert URIRef(CODES + source.partition("/")[0]) in schemes
            assert source not in added.setdefault(target, set())
            added[target].add(source)
    for sources in added.values():
        for source in sources:
            over = GRAPH.transitive_objects(URIRef(CODES + source), SKOS.broader)
            assert not {str(code).removeprefix(CODES) for code in over} & (sources - {source})
    # Every disposition of the United States is in one class, and in one only.
    parts = GRAPH.objects(URIRef(f"{CODES}us-stage/disposed"), SKOS.narrower)
    for part in (str(part).removeprefix(CODES) for part in parts):
        assert len([target for target, sources in added.items() if part in sources]) == 1, part


def rows_of(country: str) -> list[dict[str, str]]:
    with corpus("mapping.csv").open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if country in row["source"].split("/")]


def foreign_codes(country: str, named: str) -> list[str]:
    """The codes that a row of the table names, by the words of the sources."""
    if named in FOREIGN[country]:
        return FOREIGN[country][named]
    schemes = [f"{country}-stage/", f"{country}-exemption/"]
    words = {
        str(text): str(code).removeprefix(CODES)
        for code, text in GRAPH.subject_objects(SKOS.hiddenLabel)
        if str(code).removeprefix(CODES).startswith(tuple(schemes))
    }
    found = []
    for name in named.split("; "):
        (code,) = {
            code for text, code in words.items() if text == name or text.startswith(f"{name} -")
        }
        found.append(code)
    return found


@pytest.mark.parametrize("country", ["us", "uk"])
def test_the_mappings_are_those_of_the_table(country: str) -> None:
    expected = {
        (row["cn_code"], row["skos_relation_cn_to_foreign"], code)
        for row in rows_of(country)
        if row["skos_relation_cn_to_foreign"] != "none"
        for code in foreign_codes(country, row["foreign_concept"])
    }
    numbers = {code: number for number, code in CHINESE.items()}
    found = {
        (numbers[source], str(relation).rpartition("#")[2], target)
        for source, relation, target in map(triple_of, mappings())
        if target.startswith(f"{country}-")
    }
    assert found - IN_A_REASON == expected


@pytest.mark.parametrize("country", ["us", "uk"])
def test_what_the_table_has_no_counterpart_for_is_not_mapped(country: str) -> None:
    none = {
        CHINESE[row["cn_code"]]
        for row in rows_of(country)
        if row["skos_relation_cn_to_foreign"] == "none"
    }
    assert len(none) >= 3
    for source, _, target in map(triple_of, mappings()):
        assert source not in none or not target.startswith(f"{country}-")
