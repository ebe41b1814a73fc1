"""Figures that the text states: found where they are meant, left alone where they are not."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.converters.cn.claims.other_wordings import DENIALS, OTHERS_STATED
from gongkai.converters.cn.claims.reader import read_claims
from gongkai.converters.cn.claims.requests_wordings import REQUESTS_STATED
from gongkai.converters.cn.reader import recognise
from gongkai.converters.documents import read_document
from gongkai.converters.documents.model import Place
from gongkai.converters.report import Claim, Report, Section
from gongkai.ontology.bodies import Body
from gongkai.ontology.structures import code_labels
from gongkai.pipeline import process
from gongkai.shapes.checker import rule_labels
from helpers.commands import BASE, ORIGINAL, SAMPLE
from helpers.stated_figures import REAL

SAMPLE_REPORT = recognise(read_document(SAMPLE))
CORPUS = ORIGINAL.parent


def claims(
    text: str, body: Body | None = None, heading: str = "（二）依申请公开情况"
) -> list[Claim]:
    """The claims of a text in a report of 2019 with the tables of the sample."""
    lines = tuple(text.split("\n"))
    places = tuple(Place(line=number) for number in range(1, len(lines) + 1))
    section = Section(heading, 2, lines, Place(), places)
    found = read_claims([section], SAMPLE_REPORT.tables, body or SAMPLE_REPORT.body, 2019)
    return list(found)


def stated(text: str, body: Body | None = None) -> dict[str, int]:
    """What the text states that can be compared, by kind."""
    return {claim.kind: int(claim.value) for claim in claims(text, body) if not claim.reason}


def doubtful(text: str, body: Body | None = None) -> dict[str, int]:
    """What it states that cannot be compared, and says why in both languages."""
    found = [claim for claim in claims(text, body) if claim.reason]
    assert all(claim.reason.keys() == {"zh", "en"} and not claim.cells for claim in found)
    return {claim.kind: int(claim.value) for claim in found}


AREA = Body("area", "洪泽区人民政府", "Hongze", ("洪泽区人民政府", "淮安市洪泽区人民政府"), None)

MEANT = [
    ("全年共收到政府信息公开申请376件。", {"received": 376}),
    ("2019年，我局共接到依申请公开申请 1,234 件。", {"received": 1234}),
    ("共受理公民、法人和其他组织提出的政府信息公开申请12件", {"received": 12}),
    ("本年度新收政府信息公开申请两件。", {"received": 2}),
    ("全年收到34件政府信息公开申请。", {"received": 34}),
    ("全年收到申请３７６件。", {"received": 376}),
    ("收到政府信息公开申请共计５件", {"received": 5}),
    ("2019年度我局共收到依申请信息公开26件，及时回复申请人。", {"received": 26}),
    ("2018年收到申请9件。2019年收到申请8件。", {"received": 8}),
    ("依照《2018年政务公开工作要点》，2019年收到申请8件", {"received": 8}),
    ("收到申请50件（其中网络申请30件），已答复。", {"received": 50}),
    ("收到申请859件，申请数量较去年回落12.3%。", {"received": 859}),
    (
        "共收到政府信息公开申请749件，其中自然人申请741件，法人或其他组织申请8件，结转下一年31件",
        {
            "received": 749,
            "received-natural-person": 741,
            "received-organisations": 8,
            "carried-out": 31,
        },
    ),
    ("新收申请258件，上年结转5件。", {"received": 258, "carried-in": 5}),
    ("上年度结转申请3件，结转至下年度继续办理2件", {"carried-in": 3, "carried-out": 2}),
    (
        "从办理结果看，予以公开的137件，部分公开的1件，不予公开的17件，无法提供相关信息的127件，"
        "按照规定不予处理的94件，其他处理3件。",
        {
            "granted": 137,
            "partly-granted": 1,
            "withheld": 17,
            "unavailable": 127,
            "not-processed": 94,
            "other": 3,
        },
    ),
    ("予以公开及部分公开258件，占33.9%。", {"disclosed": 258}),
    (
        "同意公开答复9件，部分公开答复0件，不予公开答复2件",
        {"granted": 9, "partly-granted": 0, "withheld": 2},
    ),
    ("答复政府信息公开申请805件（含上年度结转申请18件，另有72件顺延）。", {"handled": 805}),
    (
        "受理3259件，答复3278件（含上年度结转申请77件，另有58件顺延）",
        {"received": 3259, "handled": 3278},
    ),
    ("共办结申请20件。", {"handled": 20}),
    ("共答复12件，其中自然人10件", {"handled": 12}),
    ("发生政府信息公开行政复议12起，行政诉讼5起。", {"reconsiderations": 12, "litigation": 5}),
    ("信息公开类行政复议7件，诉讼9件，均获维持", {"reconsiderations": 7, "litigation": 9}),
    (
        "被申请政府信息公开行政复议3件，其中维持2件，纠正1件",
        {"reconsiderations": 3, "reconsiderations-upheld": 2, "reconsiderations-corrected": 1},
    ),
    ("受理19件，其中11件予以办结，8件申请人撤销。", {"received": 19}),
    ("收到申请二十三件", {"received": 23}),
    (
        "收到政府信息公开申请20件（含上年结转2件）",
        {"received-and-carried-in": 20, "carried-in": 2},
    ),
    (
        "未发生因政府信息公开引起的行政复议、行政诉讼案件。",
        {"reconsiderations": 0, "litigation": 0},
    ),
    ("本年度未收到政府信息公开申请。", {"received": 0}),
    ("全年没有收到信息公开申请，无收费。", {"received": 0}),
]

NOT_MEANT = [
    "2018年收到政府信息公开申请20件。",
    "自2008年以来累计受理政府信息公开申请900件。",
    "上半年收到申请9件，一季度收到申请3件（1月）",
    "收到网络申请30件，当面申请2件。",
    "通过信函收到政府信息公开申请5件",
    "收到申请同比增加12件。",
    "申请数量比上年减少3件。",
    "不予公开占12.5%。",
    "收到申请约400件",
    "办理建议提案12件，收到来信30件。",
    "主动公开信息1186条，规范性文件15件。",
    "按时答复9件，延期答复3件。",
    "办理行政复议案件应诉工作，共办理相关案件74件。",
    "行政复议和行政诉讼共74件。",
    "审结政府信息公开行政复议5件。",
    "未发生政府信息公开行政复议被纠错、行政诉讼败诉案件。",
    "无因政府信息公开被追责情况。",
    "无法提供的信息不予公开。",
    "收到申请1\n2件",
    "收到关于土地征收的政府信息公开申请3件",
    "自然人3件，法人或其他组织2件。",
    "其中收到部门转来申请4件",
    "收到重复申请4件，撤回申请2件",
    "不予公开的情形详见附件2。",
    "予以公开",
    "",
]


@pytest.mark.parametrize(("text", "expected"), MEANT)
def test_a_figure_that_is_meant_is_a_claim(text: str, expected: dict[str, int]) -> None:
    assert stated(text) == expected


@pytest.mark.parametrize("text", NOT_MEANT)
def test_other_figures_are_not_compared(text: str) -> None:
    assert stated(text) == {}


@pytest.mark.parametrize("figure", ["3\u03367\u0336", "3\ufffd", "\ufffd7", "7²", "3\u03367"])
def test_a_figure_that_is_struck_out_or_not_plainly_seen_states_nothing(figure: str) -> None:
    assert not claims(f"全年共收到政府信息公开申请{figure}件。")
    assert stated(f"全年共收到政府信息公开申请{figure}件。办结375件。收到申请376件。") == {
        "received": 376
    }


@pytest.mark.parametrize(
    ("text", "body", "expected"),
    [
        ("全市共收到政府信息公开申请900件。", None, {"received": 900}),
        ("各区县共收到政府信息公开申请900件。", None, {"received": 900}),
        ("区政府办公室收到政府信息公开申请17件。", AREA, {"received": 17}),
        ("本机关收到政府信息公开申请17件。", AREA, {"received": 17}),
        ("其中民政局收到政府信息公开申请1件", AREA, {}),
        ("收到申请1.2万件", None, {"received": 12000}),
        ("淮安市洪泽区人民政府受理政府信息公开申请21件", AREA, {"received": 21}),
        ("收到申请300余件", None, {"received": 300}),
    ],
)
def test_a_figure_of_another_scope_is_told_and_not_compared(
    text: str, body: Body | None, expected: dict[str, int]
) -> None:
    assert doubtful(text, body) == expected
    assert "received" not in stated(text, body)


@pytest.mark.parametrize(
    "text",
    [
        "2019年全区受理政府信息公开申请21件。",
        "我区共受理政府信息公开申请21件。",
        "在区政府网站公开信息，受理政府信息公开申请21件",
    ],
)
def test_the_whole_area_is_the_scope_of_a_government(text: str) -> None:
    assert stated(text, AREA) == {"received": 21}


def test_two_figures_for_the_same_are_not_compared() -> None:
    text = "全年收到政府信息公开申请20件。收到政府信息公开申请25件，均已答复。"
    assert doubtful(text) == {"received": 25} or doubtful(text) == {"received": 20}
    assert stated(text) == {}


def test_a_sentence_over_two_lines_is_whole_and_placed_where_its_figure_stands() -> None:
    (claim,) = claims("全年收到政府信息公开\n申请 34 件，均已答复。")
    assert (claim.kind, int(claim.value), claim.place.line) == ("received", 34, 2)


EXPECTED = {
    "received": (376, 376),
    "received-natural-person": (366, 366),
    "received-organisations": (10, 10),
    "granted": (137, 137),
    "partly-granted": (1, 1),
    "withheld": (17, 17),
    "unavailable": (127, 127),
    "not-processed": (94, 94),
    "reconsiderations": (12, 12),
    "litigation": (5, 5),
}


def compared(report: Report) -> dict[str, tuple[int, int]]:
    """What the text states beside what the cells add up to, by kind."""
    values = {
        (table.cube, frozenset(cell.codes.values())): cell.value for table, cell in report.cells()
    }
    return {
        claim.kind: (
            int(claim.value),
            int(sum(values[cube, frozenset(codes)] or 0 for cube, codes in claim.cells)),
        )
        for claim in report.claims
        if claim.cells
    }


def test_all_claims_of_the_seed_report_are_found_and_confirmed(report_path: Path) -> None:
    (outcome,) = process(report_path, BASE)
    assert outcome.report is not None and outcome.findings == ()
    assert compared(outcome.report) == EXPECTED
    assert {claim.place.line for claim in outcome.report.claims} == {8, 9}
    narrative = [count for rule, count in outcome.counts.items() if rule.startswith("narrative-")]
    assert sum(count.held for count in narrative) == len(EXPECTED)
    assert sum(count.broken + count.not_assessable for count in narrative) == 0


@pytest.mark.parametrize("name", REAL)
def test_real_reports_contradict_themselves_only_where_a_reader_finds_it(name: str) -> None:
    if not CORPUS.exists():
        pytest.skip(f"the corpus is not at {CORPUS}")
    (outcome,) = process(CORPUS / name, BASE)
    found = {finding.rule for finding in outcome.findings if "narrative-" in finding.rule}
    assert found == {
        f"narrative-{kind}"
        for kind, (text, table) in REAL[name].items()
        if table is not None and text != table
    }


@given(st.integers(0, 10**6), st.booleans(), st.booleans())
def test_any_number_is_read_as_printed(number: int, separated: bool, wide: bool) -> None:
    printed = f"{number:,}" if separated else str(number)
    if wide:
        printed = printed.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
    (claim,) = claims(f"全年收到政府信息公开申请{printed}件。")
    assert claim.value == Decimal(number)


@given(
    st.text(
        alphabet="收到受理申请公开件起共12全区其中，。（）第年上结转复议诉讼不予自然人法人0万余",
        max_size=60,
    )
)
def test_no_text_is_too_odd(text: str) -> None:
    for claim in claims(text):
        assert claim.value >= 0 and claim.quotation and bool(claim.reason) != bool(claim.cells)


def test_every_rule_is_of_a_kind_that_is_read() -> None:
    kinds = {claim.removeprefix("narrative-") for claim in rule_labels() if "narrative-" in claim}
    wordings = (*REQUESTS_STATED, *OTHERS_STATED, *DENIALS)
    read = {kind for wording in wordings for kind in wording.kinds}
    results = {"upheld", "corrected", "other", "pending"}
    read |= {f"{of}-{result}" for of in ("reconsiderations", "litigation") for result in results}
    codes = {code for scheme, code in code_labels() if scheme == "claim" and code}
    assert kinds == codes == (read - results) | {"other", "received-and-carried-in"}
