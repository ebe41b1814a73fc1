"""Each rule finds an error planted in a real report; and without the rule nothing would."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from rdflib import RDF, XSD

from gongkai.converters.cn.reader import recognise
from gongkai.converters.documents import read_document
from gongkai.converters.rdf.cube import describe
from gongkai.ontology.structures import code_labels
from gongkai.ontology.triples import graph as terms
from gongkai.ontology.triples.graph import n_triples
from gongkai.shapes import load_shapes, reference, shape_graph
from gongkai.shapes.checker import RuleEngine, check
from gongkai.shapes.findings import Finding
from gongkai.shapes.setwise import engine
from gongkai.shapes.shape_graph import rule_of, rules_of_shapes
from helpers.approval import EXAMPLES, triples
from helpers.commands import BASE, SAMPLE
from helpers.hand_made_2014 import hand_made

REPORT = n_triples(describe(recognise(read_document(SAMPLE)), BASE))
LINES = SAMPLE.read_text(encoding="utf-8").splitlines()
CELL = f"{BASE}id/observation/"


@dataclass(frozen=True)
class Planted:
    """An error: a report with it, and where the rule must find it, with both sides and line."""

    report: bytes
    cell: str
    expected: str | None = None
    found: str | None = None
    line: int | None = None
    last_year: bytes | None = None


def with_value(report: bytes, cell: str, value: int) -> bytes:
    """The report with another number in a cell."""
    pattern = rf'(<{re.escape(CELL + cell)}> <[^>]*#obsValue> )"[^"]*"'.encode()
    changed, count = re.subn(pattern, rf'\g<1>"{value}"'.encode(), report)
    assert count == 1
    return changed


def without(report: bytes, subject: str, link: str) -> bytes:
    """The report without what it says of a thing by one property."""
    pattern = re.compile(rf"<{re.escape(BASE + subject)}> <[^>]*{link}> ".encode())
    kept = [line for line in report.splitlines(keepends=True) if not pattern.match(line)]
    assert len(kept) < len(report.splitlines())
    return b"".join(kept)


def read(lines: list[str], folder: Path) -> bytes:
    path = folder / "planted.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    return n_triples(describe(recognise(read_document(path)), BASE))


def in_row(label: str, column: int, value: str, folder: Path) -> bytes:
    """The sample with another number in the how-manieth cell after a row's label."""
    lines = list(LINES)
    lines[lines.index(label) + column] = value
    return read(lines, folder)


def year_before(report: bytes) -> bytes:
    return report.replace(b"/2019", b"/2018").replace(b'"2019"', b'"2018"')


def changed_line(label: str, column: int) -> int:
    return LINES.index(label) + column + 1


REQUESTS = "requests/mohrss/2019"

PLANTED: dict[str, Callable[[Path], Planted]] = {
    "requests-balance": lambda folder: Planted(
        in_row("（七）总计", 2, "9", folder), f"{REQUESTS}/business/handled", "7", "9", 263
    ),
    "requests-outcomes": lambda folder: Planted(
        in_row("（一）予以公开", 1, "133", folder), f"{REQUESTS}/natural-person/handled"
    ),
    "requests-applicants": lambda folder: Planted(
        in_row("（一）予以公开", 7, "140", folder), f"{REQUESTS}/total/granted", "137", "140"
    ),
    "disputes-total": lambda folder: Planted(
        with_value(REPORT, "disputes/mohrss/2019/reconsideration/total", 13),
        "disputes/mohrss/2019/reconsideration/total",
        "12",
        "13",
    ),
    "statistics-sums": lambda folder: Planted(
        with_value(
            n_triples(describe(hand_made(), BASE)), "statistics/mohrss/2017/requests-by-fax", 109
        ),
        "statistics/mohrss/2017/requests-received",
        "717",
        "710",
    ),
    "disclosure-consistency": lambda folder: Planted(
        in_row("规章", 3, "4", folder),
        "disclosure/mohrss/2019/regulations/public-total",
        "5",
        "4",
        changed_line("规章", 3),
    ),
    "carry-over": lambda folder: Planted(
        REPORT,
        f"{REQUESTS}/research/carried-in",
        "2",
        "0",
        last_year=year_before(with_value(REPORT, f"{REQUESTS}/research/carried-out", 2)),
    ),
    "disclosure-stock": lambda folder: Planted(
        in_row("行政许可", 1, "9", folder),
        "disclosure/mohrss/2019/licensing/items-last-year",
        "4",
        "9",
        changed_line("行政许可", 1),
        last_year=year_before(REPORT),
    ),
    "complete": lambda folder: Planted(
        in_row("（一）予以公开", 7, "1?7", folder),
        "#missing-requests-granted-total",
        line=changed_line("（一）予以公开", 7),
    ),
    "observation": lambda folder: Planted(
        with_value(REPORT, f"{REQUESTS}/total/received", -1), f"{REQUESTS}/total/received"
    ),
    "catalog": lambda folder: Planted(
        without(REPORT, "id/report/mohrss/2019", "publisher"), f"{BASE}id/report/mohrss/2019"
    ),
}

SENTENCES = {
    "received": ("2019年收到政府信息公开申请375件。", "376", "375"),
    "received-natural-person": ("收到申请376件，其中自然人365件。", "366", "365"),
    "received-organisations": ("收到申请376件，其中法人或其他组织11件。", "10", "11"),
    "carried-in": ("上年结转申请3件。", "0", "3"),
    "handled": ("共答复政府信息公开申请375件。", "376", "375"),
    "granted": ("予以公开的136件。", "137", "136"),
    "disclosed": ("予以公开及部分公开137件。", "138", "137"),
    "partly-granted": ("部分公开2件。", "1", "2"),
    "withheld": ("不予公开18件。", "17", "18"),
    "unavailable": ("无法提供126件。", "127", "126"),
    "not-processed": ("不予处理的95件。", "94", "95"),
    "other": ("作其他处理4件。", "0", "4"),
    "carried-out": ("结转至下年度继续办理2件。", "0", "2"),
    "reconsiderations": ("政府信息公开行政复议13起。", "12", "13"),
    "litigation": ("政府信息公开行政诉讼4起。", "5", "4"),
}


def stated(kind: str, folder: Path) -> Planted:
    """The sample with another text of part one, which states one figure, and that wrong.

    Of kinds that the sample's form has no cells for, a claim is put into its graph.
    """
    if kind not in SENTENCES:
        node = f"<{BASE}id/report/mohrss/2019#claim-99>"
        about = {
            "kind": f"<{BASE}def#claimKind> <{BASE}id/code/claim/{kind}>",
            "value": f'<{BASE}def#statedValue> "375"^^<{XSD.integer}>',
            "cell": f"<{BASE}def#concerns> <{CELL}{REQUESTS}/total/received>",
            "class": f"<{RDF.type}> <{BASE}id/code/claim/{kind}>",
        }
        claim = "".join(f"{node} {said} .\n" for said in about.values())
        return Planted(REPORT + claim.encode(), "#claim-99", "376", "375")
    sentence, expected, found = SENTENCES[kind]
    lines = list(LINES)
    lines[7:9] = [sentence]
    return Planted(read(lines, folder), "#claim-", expected, found, 8)


ABROAD = ("us-", "uk-")
"""The rules of other countries, whose errors are those of the examples."""


def example_of(rule: str) -> Planted:
    """The example that breaks a rule of another country."""
    example = EXAMPLES / rule / "invalid.ttl"
    last_year = example.with_name("last-year.ttl")
    return Planted(
        triples(example),
        f"{BASE}id/observation/{rule[:2]}-",
        last_year=triples(last_year) if last_year.exists() else None,
    )


def planted_in(rule: str, folder: Path) -> Planted:
    if rule.startswith(ABROAD):
        return example_of(rule)
    if rule in PLANTED:
        return PLANTED[rule](folder)
    return stated(rule.removeprefix("narrative-"), folder)


def rules() -> list[str]:
    return sorted(set(rules_of_shapes(BASE).values()))


def findings(planted: Planted, rule: str, by: RuleEngine) -> list[Finding]:
    verdict = check(planted.report, BASE, planted.last_year, by)
    return [finding for finding in verdict.findings if finding.rule == rule]


def test_every_rule_has_its_planted_error() -> None:
    kinds = {code for scheme, code in code_labels() if scheme == "claim" and code}
    assert {*PLANTED, *(f"narrative-{kind}" for kind in kinds)} == {
        rule for rule in rules() if not rule.startswith(ABROAD)
    }
    assert kinds >= SENTENCES.keys()


def cases() -> list[tuple[str, RuleEngine]]:
    """Every rule by both engines; of the kinds of claims, which take pyshacl long, some."""
    some = {"narrative-received", "narrative-withheld", "narrative-penalties"}
    by_reference = [rule for rule in rules() if rule in some or not rule.startswith("narrative-")]
    return [
        *((rule, RuleEngine.SETWISE) for rule in rules()),
        *((rule, RuleEngine.PYSHACL) for rule in by_reference),
    ]


@pytest.mark.parametrize(("rule", "by"), cases())
def test_the_rule_finds_it_and_without_the_rule_nothing_does(
    rule: str, by: RuleEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planted = planted_in(rule, tmp_path)
    found = [finding for finding in findings(planted, rule, by) if planted.cell in finding.cell]
    assert found
    if planted.expected is not None:
        assert (planted.expected, planted.found) in {(f.expected, f.found) for f in found}
    if planted.line is not None:
        assert planted.line in {f.place.line for f in found if f.place}
    with without_rule(rule, monkeypatch):
        assert rule not in {*rules_of_shapes(BASE).values()}
        verdict = check(planted.report, BASE, planted.last_year, by)
        assert not any(
            (finding.expected, finding.found, finding.cell) == (f.expected, f.found, f.cell)
            and finding.message == f.message
            for finding in found
            for f in verdict.findings
        )


CACHED = (
    shape_graph.read_shapes,
    shape_graph.blocking_rules,
    shape_graph.rules_of_shapes,
    shape_graph.comparing_rules,
    shape_graph.compared_codes,
    engine.usable_shapes,
    reference._shapes,
)


@contextmanager
def without_rule(rule: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The world in which a rule was never written."""
    whole = load_shapes(BASE)
    gone = {node for node in whole.subjects() if rule_of(whole, node, BASE) == rule}
    rest = terms.Graph(triple for triple in whole if triple[0] not in gone)
    assert len(rest) < len(whole)
    with monkeypatch.context() as patch:
        for module in (shape_graph, reference):
            patch.setattr(module, "load_shapes", lambda base: rest)
        for cached in CACHED:
            cached.cache_clear()
        yield
    for cached in CACHED:
        cached.cache_clear()
