"""Every term is labelled, defined and founded in law; forms, codes and registers agree."""

import itertools
import re
from collections import Counter

import pytest
from rdflib import RDF, RDFS, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, QB, SKOS

from gongkai.converters.labels import LIKELY, fold_label, likeness
from gongkai.ontology import DEFAULT_BASE, load_ontology
from gongkai.ontology.addresses import Addresses, BadBase
from gongkai.ontology.bodies import bodies
from gongkai.ontology.forms import Form, Header, cell_codes, forms
from gongkai.ontology.structures import cubes
from gongkai.shapes import load_shapes

DEF = Namespace(DEFAULT_BASE + "def#")
GRAPH = load_ontology().as_rdflib()
COUNTRY = "http://publications.europa.eu/resource/authority/country/"
ABROAD = {URIRef(COUNTRY + "USA"), URIRef(COUNTRY + "GBR")}


def languages(node: object, link: URIRef) -> set[str | None]:
    return {
        text.language
        for text in GRAPH.objects(node, link)  # type: ignore[arg-type]
        if isinstance(text, Literal)
    }


def terms() -> list[URIRef]:
    return sorted({s for s in GRAPH.subjects() if isinstance(s, URIRef) and s.startswith(str(DEF))})


def concepts() -> list[URIRef]:
    return sorted(
        node
        for node in GRAPH.subjects(RDF.type, SKOS.Concept)
        if isinstance(node, URIRef) and node.startswith(DEFAULT_BASE)
    )


def test_every_term_of_the_vocabulary_is_labelled_and_defined() -> None:
    for term in terms():
        if (term, RDF.type, QB.ComponentSpecification) in GRAPH:
            continue
        assert languages(term, RDFS.label) == {"zh", "en"}, term
        if (term, RDF.type, QB.DataStructureDefinition) in GRAPH or term == DEF.ReportSlice:
            continue
        assert languages(term, SKOS.definition) == {"zh", "en"}, term


def test_no_term_of_the_vocabulary_is_labelled_twice_in_a_language() -> None:
    """Stores give two labels in any order, so that each page would choose its own."""
    for term in terms():
        found = [text.language for text in GRAPH.objects(term, RDFS.label)]  # type: ignore[attr-defined]
        assert len(found) == len(set(found)), term


def test_nothing_has_two_names_in_one_language() -> None:
    """Pages would show either, and a query over labels would give each row twice."""
    named = [
        (node, link, text.language)
        for link in (RDFS.label, SKOS.prefLabel)
        for node, text in GRAPH.subject_objects(link)
        if isinstance(text, Literal)
    ]
    assert len(named) > 1000
    assert {one for one, count in Counter(named).items() if count > 1} == set()


def test_every_official_term_has_its_legal_basis() -> None:
    official = [
        *GRAPH.subjects(RDF.type, QB.DataSet),
        *GRAPH.subjects(RDF.type, QB.DimensionProperty),
        *GRAPH.subjects(RDF.type, QB.DataStructureDefinition),
        *GRAPH.subjects(RDF.type, SKOS.ConceptScheme),
        *GRAPH.subjects(RDF.type, DEF.Form),
        *(
            concept
            for concept in concepts()
            if not re.search(r"/code/(unit|cell-state|counting-basis)/", concept)
        ),
    ]
    assert len(official) > 70
    # Of the project's own making, for comparison: no law prescribes it.
    own = re.compile(
        r"/(code/(counting-basis|common-stage)|cube/comparison)\b|#(commonS|Comparison)"
    )
    for term in official:
        if str(term).startswith(DEFAULT_BASE) and not own.search(str(term)):
            basis = list(GRAPH.objects(term, DEF.legalBasis))
            assert basis, term
            for law in basis:
                assert languages(law, RDFS.label) == {"zh", "en"}, law


def test_every_code_is_labelled_defined_and_in_its_list() -> None:
    assert len(concepts()) > 70
    for concept in concepts():
        assert languages(concept, SKOS.prefLabel) == {"zh", "en"}, concept
        assert languages(concept, SKOS.definition) == {"zh", "en"}, concept
        scheme = GRAPH.value(concept, SKOS.inScheme)
        assert (scheme, RDF.type, SKOS.ConceptScheme) in GRAPH
        assert str(GRAPH.value(concept, SKOS.notation)) == concept.rpartition("/")[2]
        broader = list(GRAPH.objects(concept, SKOS.broader))
        top = (scheme, SKOS.hasTopConcept, concept) in GRAPH
        assert top is (not broader) and len(broader) <= 1
        for parent in broader:
            assert (parent, SKOS.narrower, concept) in GRAPH
        for child in GRAPH.objects(concept, SKOS.narrower):
            assert (child, SKOS.broader, concept) in GRAPH


def parts(scheme: str, code: str) -> set[str]:
    prefix = f"{DEFAULT_BASE}id/code/{scheme}/"
    return {
        str(part).removeprefix(prefix)
        for part in GRAPH.transitive_objects(URIRef(prefix + code), SKOS.narrower)
    } - {code}


def test_the_hierarchy_tells_what_the_printed_totals_sum() -> None:
    assert parts("result", "total") == {"upheld", "corrected", "other", "pending"}
    assert parts("applicant", "total") - {"organisation"} == {
        "natural-person",
        "business",
        "research",
        "social-welfare",
        "legal-service",
        "other-organisation",
    }
    outcomes = parts("stage", "handled")
    assert not outcomes & {"received", "carried-in", "carried-out"}
    for form in (form for form in forms() if "requests" in form.cubes):
        printed = {cell_codes(row, column)["stage"] for row, column in cells(form, "requests")}
        leaves = printed & outcomes
        # Each outcome that a form prints is a part of the total, and no part of another one.
        assert leaves == printed - {"received", "carried-in", "carried-out", "handled"}
        assert not any(parts("stage", leaf) & leaves for leaf in leaves)


def cells(form: Form, cube: str) -> list[tuple[Header, Header]]:
    return [pair for block in form.table(cube).blocks for pair in block.cells()]


def test_the_forms_have_the_cells_that_the_notices_prescribe() -> None:
    counts = {
        form.key: {table.cube: table.cell_count() for table in form.tables}
        for form in forms()
        if form.tables
    }
    assert counts == {
        "2014": {"statistics": 58},
        "2019": {"disclosure": 22, "requests": 161, "disputes": 15},
        "2021": {"disclosure": 10, "requests": 175, "disputes": 15},
    }
    for form in forms():
        for table in form.tables:
            schemes = {dimension.scheme for dimension in cubes()[table.cube].dimensions}
            seen = [cell_codes(row, column) for row, column in cells(form, table.cube)]
            assert all(set(codes) == schemes for codes in seen)
            assert len({frozenset(codes.items()) for codes in seen}) == len(seen)
            for scheme, code in {pair for codes in seen for pair in codes.items()}:
                assert (URIRef(f"{DEFAULT_BASE}id/code/{scheme}/{code}"), None, None) in GRAPH


def test_no_two_rows_of_a_table_can_be_taken_for_each_other() -> None:
    """Labels that are alike enough to be confused would make a garbled one ambiguous.

    The statistics of 2014 print labels twice; there the heads and the order have to decide.
    """
    for form in forms():
        for table in form.tables:
            for block in table.blocks:
                rows = [row for row in block.rows if row.label]
                for one, other in itertools.permutations(rows, 2):
                    if table.cube != "statistics":
                        assert likeness(one.label["zh"], other.label["zh"]) < LIKELY
                    elif one.under == other.under:
                        names = {one.label["zh"], *one.variants}
                        assert names.isdisjoint({other.label["zh"], *other.variants})


@pytest.mark.parametrize(
    ("expected", "seen", "alike"),
    [
        ("4.无正当理由大量反复申请", "4.无正当理由大量反复申引导网民按需进行互动留言请", True),
        ("（一）予以公开", "(一)予以公开", True),
        ("（一）予以公开", "⼀、予以公开", True),
        ("2.其他法律行政法规禁止公开", "2.其他法律行政止公开", True),
        ("5.要求行政机关确认或重新出具已获取信息", "5.要求行政机关确认或重 新出具已获取信息", True),
        ("二、主动公开政府信息情况", "（一）主动公开情况", False),
        ("2.重复申请", "4.无正当理由大量反复申请", False),
        ("2.重复申请", "2.其他", False),
        ("其他", "其他结果", False),
        ("规章", "规范性文件", False),
    ],
)
def test_likeness_of_labels(expected: str, seen: str, alike: bool) -> None:
    assert (likeness(expected, seen) > 0) is alike


def test_the_register_of_bodies() -> None:
    register = bodies()
    ministries = [
        "外交部",
        "国防部",
        "国家发展和改革委员会",
        "教育部",
        "科学技术部",
        "工业和信息化部",
        "国家民族事务委员会",
        "公安部",
        "国家安全部",
        "民政部",
        "司法部",
        "财政部",
        "人力资源和社会保障部",
        "自然资源部",
        "生态环境部",
        "住房和城乡建设部",
        "交通运输部",
        "水利部",
        "农业农村部",
        "商务部",
        "文化和旅游部",
        "国家卫生健康委员会",
        "退役军人事务部",
        "应急管理部",
        "中国人民银行",
        "审计署",
    ]
    assert len(ministries) == 26
    assert len({register[name].key for name in ministries}) == 26
    for alias in ("人社部", "人力资源社会保障部", "中华人民共和国人力资源和社会保障部"):
        assert register[alias].key == "mohrss"
    for body in set(register.values()):
        assert re.fullmatch(r"[a-z0-9-]+", body.key)
        assert body.english_name
    labels = [
        (str(label), label.language, GRAPH.value(node, DCTERMS.spatial) in ABROAD)
        for node in GRAPH.subjects(RDF.type, DEF.PublicBody)
        for link in (SKOS.prefLabel, SKOS.altLabel)
        for label in GRAPH.objects(node, link)
        if isinstance(label, Literal)
    ]
    assert len(labels) == len(set(labels)), "no name belongs to two bodies of a country"
    chinese = [name for name, language, abroad in labels if language == "zh" and not abroad]
    assert all(fold_label(name) == name for name in chinese)


def test_every_iri_of_ours_that_is_used_is_defined() -> None:
    """A typing slip in Turtle would otherwise be a dead link."""
    both = GRAPH + load_shapes().as_rdflib()
    defined = {str(node) for node in both.subjects()}
    used = {
        str(term)
        for triple in both
        for term in triple
        if isinstance(term, URIRef) and term.startswith(DEFAULT_BASE)
    }
    assert used - defined == set()


def test_the_same_ontology_under_any_base() -> None:
    other = "https://data.example.org/open/"
    moved = load_ontology(other).as_rdflib()
    assert len(moved) == len(GRAPH)
    assert not any(DEFAULT_BASE in str(term) for triple in moved for term in triple)
    shapes = load_shapes(other).as_rdflib()
    assert not any(DEFAULT_BASE in str(term) for triple in shapes for term in triple)
    assert (URIRef(other + "id/cube/requests"), RDF.type, QB.DataSet) in moved


def test_addresses_refuse_what_is_no_base() -> None:
    assert str(Addresses("https://a.example/x/").year(2019)) == "https://a.example/x/id/year/2019"
    for base in ("", "localhost", "http://", "ftp://a/", "http://a", "http://a/?q/", "http://a b/"):
        with pytest.raises(BadBase):
            Addresses(base)


def test_outside_terms_exist() -> None:
    """Terms of closed outside namespaces, checked against what rdflib knows of them."""
    from rdflib.namespace import PROV, SH, TIME

    for namespace in (QB, SKOS, DCTERMS, PROV, SH, TIME):
        prefix = str(namespace)
        used = {
            str(term).removeprefix(prefix)
            for triple in Graph() + GRAPH + load_shapes().as_rdflib()
            for term in triple
            if isinstance(term, URIRef) and term.startswith(prefix)
        }
        for name in used - {""}:
            assert name in namespace, f"{prefix}{name}"
