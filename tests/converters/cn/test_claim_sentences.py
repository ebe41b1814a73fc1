"""Figures of the text: exactly those that speak of cells of the report's tables, and no others."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import RDF, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS

from gongkai.converters.cn.claims.numerals import find_figures, parse_numeral, write_numeral
from gongkai.converters.cn.claims.reader import read_claims
from gongkai.converters.cn.reader import recognise
from gongkai.converters.documents import read_document
from gongkai.converters.rdf.cube import describe
from gongkai.converters.record import record_of
from gongkai.converters.report import Report
from gongkai.ontology.source_places import Place, place_of
from gongkai.ontology.structures import cubes
from gongkai.ontology.triples import graph as triples
from helpers.commands import BASE, ORIGINAL, SAMPLE, gongkai
from helpers.stated_figures import REAL

DEPARTMENT = "人力资源社会保障部"
GOVERNMENT = "淮安市洪泽区人民政府"
OFFICE = "上海市人民政府办公厅"
BUREAU = "沭阳县发展和改革局"
TOWN = "淮安市洪泽区蒋坝镇人民政府"

Reader = Callable[..., Report]


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    """Reads the sample's tables under another text, of another body, with requests carried in."""

    def reader(text: str | Sequence[str], body: str = DEPARTMENT, carried_in: int = 0) -> Report:
        lines = SAMPLE.read_text(encoding="utf-8").splitlines()
        row = next(i for i, line in enumerate(lines) if line.startswith("二、上年结转"))
        lines[row + 1] = lines[row + 7] = str(carried_in)
        start = lines.index("（二）依申请公开情况") + 1
        end = lines.index("（三）政府信息管理情况")
        lines[start:end] = [text] if isinstance(text, str) else text
        if body != DEPARTMENT:
            lines[0] = f"2019年{body}政府信息公开工作年度报告"
            lines = [line for line in lines if line != "人力资源社会保障部"]
        path = tmp_path / "report.txt"
        path.write_text("\n".join(lines), encoding="utf-8")
        return recognise(read_document(path))

    return reader


def told(report: Report) -> str:
    """The claims in short; those that are not comparable with a question mark."""
    return " ".join(f"{c.kind}={c.value:f}{'?' if c.reason else ''}" for c in report.claims)


RECEIVED = "2019年收到政府信息公开申请376件"

SENTENCES = [
    # --- received, by whom ---
    ("2019年我部共接到政府信息公开申请376件。", "received=376"),
    ("全年共收到依申请公开政府信息申请３７６件（次）。", "received=376"),
    ("本年度收到公民、法人和其他组织提出的政府信息公开申请1,376件。", "received=1376"),
    ("受理政府信息公开申请三百七十六宗。", "received=376"),
    ("2019年度我部共收到依申请信息公开26件，及时回复申请人。", "received=26"),
    ("我部收到26份政府信息公开申请。", "received=26"),
    ("本年新收政府信息公开申请258件，上年结转5件。", "received=258 carried-in=5"),
    ("新收258件，上年结转5件。", "received=258 carried-in=5"),
    ("收到申请376件，同比增长12%。", "received=376"),
    ("收到政府信息公开申请376件，比上年减少3件。", "received=376"),
    ("与2018年相比增加20件，2019年收到政府信息公开申请376件。", "received=376"),
    (
        "共接到政府信息公开申请376件，其中自然人提交366件，法人或其他组织提交10件。",
        "received=376 received-natural-person=366 received-organisations=10",
    ),
    (
        f"{RECEIVED}（其中自然人申请366件、法人或其他组织申请10件）。",
        "received=376 received-natural-person=366 received-organisations=10",
    ),
    (
        f"{RECEIVED}，其中366件为自然人申请，商业企业申请7件。",
        "received=376 received-natural-person=366 received-business=7",
    ),
    # --- with what was carried over ---
    (
        "共受理政府信息公开申请262件，其中新收258件，上年结转4件。",
        "received-and-carried-in=262 received=258 carried-in=4",
    ),
    (
        "共收到政府信息公开申请262件（含上年度结转4件）。",
        "received-and-carried-in=262 carried-in=4",
    ),
    (
        "全年收到政府信息公开申请34件，上年结转政府信息公开申请2件，转下一年度办理答复的有1件。",
        "received=34 carried-in=2 carried-out=1",
    ),
    (
        "共受理政府信息公开申请749件，其中自然人申请741件；共办理718件，结转下一年31件。",
        "received-and-carried-in=749 received-natural-person=741 handled=718 carried-out=31",
    ),
    (
        "2018年结转5件，2019年新收258件，结转2020年办理3件。",
        "carried-in=5 received=258 carried-out=3",
    ),
    ("无上年结转申请，没有结转下年度继续办理的申请。", "carried-in=0 carried-out=0"),
    # --- outcomes ---
    (
        "受理政府信息公开申请3259件，答复3278件（含上年度结转申请77件，另有58件顺延）。",
        "received=3259 handled=3278",
    ),
    ("受理政府信息公开申请19件，其中11件按照规定办结，8件撤销。", "received=19"),
    ("收到政府信息公开申请10件，办理上年度结转申请1件。答复11件。", "received=10 handled=11"),
    (
        f"{RECEIVED}。予以公开的137件，部分公开的1件，不予公开的17件，无法提供相关信息的127件，"
        "按照规定不予处理的94件，其他处理0件。",
        "received=376 granted=137 partly-granted=1 withheld=17 unavailable=127 not-processed=94"
        " other=0",
    ),
    (
        f"{RECEIVED}，其中137件予以公开、1件部分公开，17件不予公开。",
        "received=376 granted=137 partly-granted=1 withheld=17",
    ),
    (
        f"{RECEIVED}。同意公开和部分同意公开138件；因本机关不掌握等原因无法提供127件，占32.9%。",
        "received=376 disclosed=138 unavailable=127",
    ),
    (
        f"{RECEIVED}。予以公开及部分公开138件，占33.9%；不予公开17件。",
        "received=376 disclosed=138 withheld=17",
    ),
    (
        f"{RECEIVED}；不予公开17件，其中属于国家秘密3件、属于过程性信息14件。",
        "received=376 withheld=17",
    ),
    (f"{RECEIVED}，已全部按时答复。", "received=376"),
    (
        f"{RECEIVED}，其中网上申请300件、信函申请76件。已全部办结，其中予以公开137件。",
        "received=376 granted=137",
    ),
    # --- proceedings ---
    (
        "本年度发生针对部政府信息公开事务的行政复议12起，行政诉讼5起。",
        "reconsiderations=12 litigation=5",
    ),
    ("行政复议12起，行政诉讼5起。", "reconsiderations=12 litigation=5"),
    ("因政府信息公开工作被申请行政复议一百二十起。", "reconsiderations=120"),
    (
        "被申请行政复议3件，其中维持2件，纠正1件；被提起行政诉讼2件，尚未审结2件。",
        "reconsiderations=3 reconsiderations-upheld=2 reconsiderations-corrected=1"
        " litigation=2 litigation-pending=2",
    ),
    (
        "信息公开类行政复议7件，诉讼9件，均获维持。",
        "reconsiderations=7 litigation=9",
    ),
    ("2019年我部有1件涉及政府信息公开工作的行政复议。", "reconsiderations=1"),
    ("未发生因政府信息公开被申请行政复议、提起行政诉讼的情况。", "reconsiderations=0 litigation=0"),
    ("无行政复议、行政诉讼案件。", "reconsiderations=0 litigation=0"),
    ("无行政诉讼。", "litigation=0"),
    ("政府信息公开行政复议、行政诉讼均为0件。", "reconsiderations=0 litigation=0"),
    ("政府信息公开行政复议、行政诉讼各1件。", "reconsiderations=1 litigation=1"),
    ("2019年未收到政府信息公开申请。", "received=0"),
    (
        "政府信息公开行政诉讼3件，其中未经复议直接起诉1件，复议后起诉2件。",
        "litigation=3 litigation-direct=1 litigation-after-reconsideration=2",
    ),
    # --- proactive disclosure ---
    ("全年制发规范性文件70件。", "normative-documents-issued=70"),
    ("作出行政许可决定3件，作出行政处罚决定0件。", "licensing-decisions=3 penalties=0"),
    # --- not comparable, and said why ---
    ("2018年收到政府信息公开申请300件。", "received=300?"),
    ("自2008年以来累计受理政府信息公开申请5000件。", "received=5000?"),
    ("截至2019年底，共收到政府信息公开申请2000件。", "received=2000?"),
    ("上半年收到政府信息公开申请100件。", "received=100?"),
    ("全国共收到政府信息公开申请90000件。", "received=90000?"),
    (
        "全系统共收到政府信息公开申请9000件，其中自然人8000件。",
        "received=9000? received-natural-person=8000?",
    ),
    ("收到政府信息公开申请1.2万件。", "received=12000?"),
    ("收到政府信息公开申请300余件。", "received=300?"),
    ("近300件。收到政府信息公开申请约300件。", "received=300?"),
    ("新增政府信息公开行政复议134件、行政诉讼57件。", "reconsiderations=134? litigation=57?"),
    (f"{RECEIVED}。其中网上较多。另一处共收到政府信息公开申请375件。", "received=376"),
    (f"{RECEIVED}。全年共收到政府信息公开申请375件。", "received=376? received=375?"),
    ("受理政府信息公开申请19件，办结11件，撤销8件。", "received=19 handled=11?"),
    (
        "被提起行政诉讼案件50件，其中涉及政府信息公开5件。",
        "litigation=50?",
    ),
    ("收到政府信息公开申请20件，受理申请18件。", "received=20? received=18?"),
    ("办理政府信息公开行政复议案件20件。", "reconsiderations=20?"),
    ("2019年1月1日至12月31日，共收到政府信息公开申请376件。", "received=376"),
    ("1-11月收到政府信息公开申请376件。", "received=376?"),
    (
        "2019年累计收到政府信息公开申请376件，较上年减少20件，答复376件。",
        "received=376 handled=376",
    ),
    (
        f"{RECEIVED}。其中，自然人366件；法人或其他组织10件。",
        "received=376 received-natural-person=366 received-organisations=10",
    ),
    (
        "没有发生针对本机关有关政府信息公开事务的行政复议案件和行政诉讼案件。",
        "reconsiderations=0 litigation=0",
    ),
    (
        f"{RECEIVED}（自然人366件，法人或其他组织10件）。",
        "received=376 received-natural-person=366 received-organisations=10",
    ),
    (
        "政府信息公开行政复议12起（其中维持10起、纠正2起），行政诉讼5起。",
        "reconsiderations=12 reconsiderations-upheld=10 reconsiderations-corrected=2 litigation=5",
    ),
    (
        "发生行政复议案件12起、行政诉讼案件5起，均与政府信息公开无关。",
        "reconsiderations=12? litigation=5?",
    ),
    (f"{RECEIVED}，包括：自然人366件。", "received=376 received-natural-person=366"),
    # --- no claims at all ---
    ("因政府信息公开引起的行政复议、行政诉讼案件共17件。", ""),
    ("除上述情况外，未收到政府信息公开申请。", ""),
    ("未收到法人提出的政府信息公开申请。", ""),
    ("平均每月收到政府信息公开申请20件。", ""),
    ("收到同一申请人政府信息公开申请20件。", ""),
    ("指导地方办理政府信息公开申请20件。", ""),
    ("连续五年未发生因政府信息公开引起的行政复议。", ""),
    ("一是建议提案。收到建议20件，办结20件。二是信访。收到5件，办结5件。", ""),
    ("2018年、2019年分别收到政府信息公开申请300件、376件。", ""),
    ("主动公开信息200条，包括：作出行政许可决定120条，制发规范性文件7件。", ""),
    ("行政许可决定120条，制定规范性文件5件、修订2件。", ""),
    ("下发督办单12件，办结12件。", ""),
    ("共收到12345热线工单500件，办结500件。", ""),
    ("在依申请公开方面，共收到信件300件，答复300件。", ""),
    ("共办理政府信息公开申请376件，其中予以公开137件。", ""),
    ("收到市政府办公室转来的政府信息公开申请5件。", ""),
    ("网上申请10件，答复10件，予以公开8件。", ""),
    ("主动公开信息200条，依申请公开3件。", ""),
    ("收到政府信息公开行政复议答复通知书3件。", ""),
    ("收到网上申请3件，信函申请5件。", ""),
    ("通过网站收到政府信息公开申请3件。", ""),
    ("收到行政许可申请376件，办结376件。", ""),
    ("承办建议提案50件，予以公开20件。", ""),
    ("全年办理行政复议、行政诉讼案件17件。", ""),
    ("未发生行政复议被纠正、行政诉讼败诉的情况。", ""),
    ("收到申请的第三件已办结，办结率100%。", ""),
    ("比上年增加政府信息公开申请20件。", ""),
    ("收到政府信息公开申请3至5件。", ""),
    ("公开规范性文件20件，公示行政处罚决定120条。", ""),
    ("上年结转5件，已答复5件，予以公开3件。", "carried-in=5"),
    ("本年度没有向申请人收取费用。", ""),
    ("与群众一起推进，设立一个窗口，一件一件办。", ""),
]


@pytest.mark.parametrize(("text", "expected"), SENTENCES)
def test_exactly_these_claims(read: Reader, text: str, expected: str) -> None:
    assert told(read(text)) == expected


SCOPES = [
    (GOVERNMENT, "2019年全区受理政府信息公开申请21件。", "received=21"),
    (GOVERNMENT, "2019年，我区共收到政府信息公开申请21件。", "received=21"),
    (GOVERNMENT, "全区各级行政机关共收到政府信息公开申请21件。", "received=21"),
    (GOVERNMENT, "共收到政府信息公开申请21件。", "received=21"),
    (GOVERNMENT, "2019年洪泽区共收到政府信息公开申请21件。", "received=21"),
    (GOVERNMENT, "区政府办公室共收到政府信息公开申请17件。", "received=17?"),
    (GOVERNMENT, "区政府收到政府信息公开申请17件，予以公开3件。", "received=17? granted=3?"),
    (GOVERNMENT, "本机关收到政府信息公开申请17件。", "received=17?"),
    (GOVERNMENT, "以区政府名义制发规范性文件8件。", ""),
    (GOVERNMENT, "区政府制发规范性文件8件。", "normative-documents-issued=8?"),
    (GOVERNMENT, "全市共收到政府信息公开申请170件。", "received=170?"),
    (GOVERNMENT, "区教育局收到政府信息公开申请5件，答复5件。", "received=5? handled=5?"),
    (
        GOVERNMENT,
        "全区共收到政府信息公开申请95件，其中区政府办公室17件。",
        "received=95",
    ),
    (GOVERNMENT, "区政府办公室认真办理，收到政府信息公开申请17件。", "received=17?"),
    (GOVERNMENT, "全区行政复议案件120件，行政诉讼案件80件。", ""),
    (
        GOVERNMENT,
        "因政府信息公开引发的行政复议170件、行政诉讼77件。",
        "reconsiderations=170 litigation=77",
    ),
    (
        GOVERNMENT,
        "全区新收涉政府信息公开行政复议案件134件，行政诉讼案件57件。",
        "reconsiderations=134? litigation=57?",
    ),
    (OFFICE, "市政府办公厅代表市政府共受理政府信息公开申请859件。", "received=859"),
    (OFFICE, "本机关共收到政府信息公开申请859件。", "received=859"),
    (OFFICE, "全市共收到政府信息公开申请85900件。", "received=85900?"),
    (BUREAU, "2019年度我局共收到依申请信息公开26件。", "received=26"),
    (BUREAU, "县发展改革局收到政府信息公开申请26件。", "received=26"),
    (BUREAU, "全县共收到政府信息公开申请260件。", "received=260?"),
    (BUREAU, "各乡镇收到政府信息公开申请260件。", "received=260?"),
    (
        BUREAU,
        "我县各部门加强工作，共收到政府信息公开申请260件。我局收到政府信息公开申请26件。",
        "received=260? received=26",
    ),
    (TOWN, "我镇共收到政府信息公开申请2件。", "received=2"),
    (TOWN, "全区共收到政府信息公开申请2件。", "received=2?"),
]


@pytest.mark.parametrize(("body", "text", "expected"), SCOPES)
def test_figures_of_another_scope_are_not_compared(
    read: Reader, body: str, text: str, expected: str
) -> None:
    assert told(read(text, body)) == expected


FILINGS = [
    (
        GOVERNMENT,
        "全区全年备案依申请公开领域行政复议案件134件，行政诉讼案件57件。",
        "reconsiderations=134? litigation=57?",
    ),
    (GOVERNMENT, "报送备案政府信息公开行政复议案件34件、行政诉讼案件7件。", "litigation=7?"),
    (GOVERNMENT, "报备政府信息公开行政复议案件13件。行政诉讼案件5件。", "litigation=5?"),
    (
        GOVERNMENT,
        "政府信息公开行政复议12件，均已备案；行政诉讼5件。",
        "reconsiderations=12? litigation=5?",
    ),
    (BUREAU, "统计上报政府信息公开行政复议案件13件，行政诉讼案件5件。", "litigation=5?"),
    (BUREAU, "行政复议备案案件13件，行政诉讼备案案件5件。", ""),
    (
        BUREAU,
        "作为行政复议机关，全年共有行政复议案件120件，行政诉讼案件35件。",
        "reconsiderations=120? litigation=35?",
    ),
    (BUREAU, "全年共有各类行政复议案件120件，行政诉讼案件35件。", "litigation=35?"),
    (
        BUREAU,
        "收到行政复议申请120件，审结100件，行政应诉案件35件。",
        "reconsiderations=120? litigation=35?",
    ),
    (BUREAU, "我局代理行政诉讼案件35件。", "litigation=35?"),
    (BUREAU, "报送规范性文件备案12件，制发规范性文件4件。", "normative-documents-issued=4"),
    (BUREAU, "备案审查行政规范性文件12件，公示行政处罚决定5件。", ""),
    (BUREAU, "备案政府信息公开申请376件，受理12345热线工单376件，办结376件。", ""),
    (BUREAU, "收到信访件376件，办理建议提案26件，组织听证会3次，收到听证申请5件。", ""),
    # What says itself that cases arose, and over what, is compared all the same.
    (
        GOVERNMENT,
        "备案规范性文件12件。因政府信息公开引发行政复议12件，行政诉讼5件。",
        "reconsiderations=12 litigation=5",
    ),
    (
        BUREAU,
        "加强指导审核，发生政府信息公开行政复议12件。",
        "reconsiderations=12",
    ),
]


@pytest.mark.parametrize(("body", "text", "expected"), FILINGS)
def test_cases_put_on_file_are_not_those_of_the_table(
    read: Reader, body: str, text: str, expected: str
) -> None:
    assert told(read(text, body)) == expected


# --- the numbers, the place, the cells ------------------------------------------------------------


@given(st.integers(min_value=0, max_value=10**12 - 1))
def test_chinese_numerals_say_their_numbers(number: int) -> None:
    words = write_numeral(number)
    assert parse_numeral(words) == number
    (figure,) = find_figures(f"收到申请{words}件。")
    assert figure.value == number


@pytest.mark.parametrize(
    "words", ["", "十十", "一百五", "百", "三万五", "二三", "一千百", "零零", "万", "万" * 2000]
)
def test_malformed_numerals_are_none(words: str) -> None:
    assert parse_numeral(words) is None


@lru_cache(maxsize=1)
def sample() -> Report:
    return recognise(read_document(SAMPLE))


@given(
    st.text(
        alphabet="收到政府信息公开申请、，。（）0123一二十百件其中行政复议诉讼未发生12 ",
        max_size=80,
    )
)
def test_no_text_breaks_the_reader(text: str) -> None:
    report = sample()
    section = replace(report.sections[3], paragraphs=(text,), places=(Place(line=1),))
    for claim in read_claims([section], report.tables, report.body, report.year):
        assert bool(claim.cells) is not bool(claim.reason)
        assert "".join(claim.quotation.split()) in "".join(text.split())


EXPECTED_SAMPLE = {
    "received": (376, 8),
    "received-natural-person": (366, 8),
    "received-organisations": (10, 8),
    "granted": (137, 8),
    "partly-granted": (1, 8),
    "withheld": (17, 8),
    "unavailable": (127, 8),
    "not-processed": (94, 8),
    "reconsiderations": (12, 9),
    "litigation": (5, 9),
}


def stated_and_printed(report: Report) -> dict[str, tuple[int, int | None]]:
    """What comparable claims state, and the sum of their cells where all of them were read."""
    values = {
        (
            table.cube,
            tuple(cell.codes[d.scheme] for d in cubes()[table.cube].dimensions),
        ): cell.value
        for table, cell in report.cells()
        if cell.codes
    }
    found: dict[str, tuple[int, int | None]] = {}
    for claim in report.claims:
        if not claim.reason:
            cells = [values[cell] for cell in claim.cells]
            read = [value for value in cells if value is not None]
            printed = int(sum(read)) if len(read) == len(cells) else None
            found[claim.kind] = (int(claim.value), printed)
    return found


def test_all_figures_of_the_sample_are_those_of_its_tables(report_path: Path) -> None:
    report = recognise(read_document(report_path))
    assert {c.kind: (int(c.value), c.place.line) for c in report.claims} == EXPECTED_SAMPLE
    assert len(report.claims) == len(EXPECTED_SAMPLE)
    lines = report_path.read_text(encoding="utf-8").splitlines()
    for claim in report.claims:
        assert claim.place.line is not None and claim.quotation in lines[claim.place.line - 1]
        assert report.sections[claim.section - 1].heading == "（二）依申请公开情况"
    assert all(one == other for one, other in stated_and_printed(report).values())
    cells = {claim.kind: claim.cells for claim in report.claims}
    assert cells["received"] == (("requests", ("total", "received")),)
    assert set(cells["litigation"]) == {
        ("disputes", ("litigation-direct", "total")),
        ("disputes", ("litigation-after-reconsideration", "total")),
    }
    assert len(cells["withheld"]) == 8 and len(cells["received-organisations"]) == 5


@pytest.mark.parametrize("name", REAL)
def test_real_reports_give_no_false_claim(name: str) -> None:
    path = ORIGINAL.parent / name
    if not path.exists():
        pytest.skip(f"the corpus is not at {ORIGINAL.parent}: real reports are not read")
    report = recognise(read_document(path))
    assert stated_and_printed(report) == REAL[name]


def test_requests_carried_over_may_be_among_those_received(read: Reader) -> None:
    """Shuyang 2025: 受理749件 are 713 new ones and 36 carried over."""
    assert told(read(RECEIVED, carried_in=5)) == "received=376?"
    assert told(read("2019年新收政府信息公开申请376件。", carried_in=5)) == "received=376"
    assert told(read(f"{RECEIVED}，上年结转5件。", carried_in=5)) == "received=376 carried-in=5"
    said = "共受理政府信息公开申请749件，其中自然人申请741件；共办理718件，结转下一年31件。"
    assert told(read(said, carried_in=36)) == (
        "received-and-carried-in=749 received-natural-person=741? handled=718 carried-out=31"
    )


def test_a_sentence_over_several_lines_keeps_the_line_of_the_figure(read: Reader) -> None:
    report = read(["2019 年我部共收到政府信息公开申", "请 376 件，予以公开", "137 件。"])
    assert told(report) == "received=376 granted=137"
    assert [claim.place.line for claim in report.claims] == [9, 10]
    assert report.claims[0].quotation == "2019 年我部共收到政府信息公开申请 376 件"


def test_plans_and_problems_are_not_what_was_done(read: Reader) -> None:
    assert told(read(["没有说数。", "五、存在的主要问题及改进情况", f"{RECEIVED}。"])) == ""


def test_words_repeated_over_and_over_do_not_keep_the_reader(tmp_path: Path) -> None:
    """Regular expressions may try every way of parting them: then this takes minutes."""
    lines = SAMPLE.read_text(encoding="utf-8").splitlines()
    hostile = [f"{word * (100 // len(word))}1件，" for word in ("共", "有", "被", "共计", "引起")]
    spaces = "。" + " " * 99999 + "完"
    lines[lines.index("（二）依申请公开情况") + 1] += "".join(hostile * 20) + spaces
    path = tmp_path / "report.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    result = gongkai("check", path, "--max-seconds", 30)
    assert result.exit_code == 0, result.output


def test_claims_are_published_with_their_cells(tmp_path: Path) -> None:
    lines = SAMPLE.read_text(encoding="utf-8").splitlines()
    lines[lines.index("一、本年新收政府信息公开申请数量") + 7] = "37S"
    lines[lines.index("（二）依申请公开情况") + 1] += "2018年收到政府信息公开申请1.25万件。"
    path = tmp_path / "report.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    report = recognise(read_document(path))
    graph = describe(report, BASE)
    node = URIRef(f"{BASE}id/report/mohrss/2019")
    define = Namespace(BASE + "def#")
    claims = list(graph.objects(node, define.claim))
    assert len(claims) == len(report.claims) == 11
    for number, claim in enumerate(report.claims, start=1):
        item = URIRef(f"{node}#claim-{number}")
        assert (item, RDF.type, define.Claim) in graph
        assert (item, DCTERMS.isPartOf, node) in graph
        assert (item, define.order, Literal(number)) in graph
        assert (item, define.claimKind, URIRef(f"{BASE}id/code/claim/{claim.kind}")) in graph
        assert (item, define.quotation, Literal(claim.quotation, lang="zh")) in graph
        assert (item, define.section, URIRef(f"{node}#section-{claim.section}")) in graph
        assert place_of(triples.Graph(graph), item, define) == claim.place
        assert int(str(graph.value(item, define.statedValue))) == claim.value
        concerned = set(graph.objects(item, define.concerns))
        assert len(concerned) == len(claim.cells)
        assert all((cell, None, None) in graph for cell in concerned)
        reasons = {str(reason) for reason in graph.objects(item, define.reason)}
        assert reasons == set(claim.reason.values())
    record = record_of(report)["claims"]
    assert [claim["kind"] for claim in record] == [claim.kind for claim in report.claims]
    (other,) = [claim for claim in record if claim["reason"]]
    assert other["concerns"] == [] and other["stated"] == "12500"
