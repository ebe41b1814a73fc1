"""gongkai explain: what each rule means, for the person who is told that it is broken."""

import re

import pytest
from rich.cells import cell_len

from gongkai.checking.rules import rules
from gongkai.shapes.well_formed import integrity_constraints
from helpers.commands import BASE, gongkai

LANGUAGES = ("en_GB.UTF-8", "zh_CN.UTF-8")


@pytest.mark.parametrize("rule", sorted(rules()))
def test_every_rule_has_its_texts_and_examples_in_both_languages(rule: str) -> None:
    known = rules()[rule]
    for texts in (known.label, known.comment, known.examples):
        assert texts.keys() == {"zh", "en"}
    assert re.search("holds", known.examples["en"]) and re.search("broken", known.examples["en"])
    assert "成立" in known.examples["zh"] and "不成立" in known.examples["zh"]
    assert known.basis or known.see_also
    assert all(label.keys() >= {"zh", "en"} for _, label in known.basis)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rule", ["observation", "complete", "carry-over", "narrative-received"])
def test_a_rule_is_explained(rule: str, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", language)
    result = gongkai("explain", rule)
    assert result.exit_code == 0
    key, known = language[:2], rules()[rule]
    for label in (known.label, known.comment, known.examples, *(text for _, text in known.basis)):
        assert label[key] in result.output
    for outcome in ("passed", "failed", "cantTell", "inapplicable"):
        assert outcome in result.output
    assert f"{BASE}shapes#{rule}" in result.output
    assert all(address in result.output for address in known.see_also)


@pytest.mark.parametrize(
    ("rule", "published"),
    [("observation", False), ("complete", False), ("catalog", False), ("disputes-total", True)],
)
def test_it_says_what_is_not_published(rule: str, published: bool) -> None:
    said = "is published, with what was found" if published else "is not published"
    assert said in gongkai("explain", rule).output


def test_the_law_is_named_under_the_base_asked_for() -> None:
    base = "https://data.example.org/open/"
    output = gongkai("explain", "shapes#requests-outcomes", "--base", base).output
    assert f"<{base}id/law/ogi-regulations#article-36>" in output
    assert f"{base}shapes#requests-outcomes" in output and "localhost" not in output


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_are_listed_a_line_each(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", language)
    lines = gongkai("explain").output.splitlines()
    keys = [*rules(), *(constraint.id for constraint in integrity_constraints())]
    assert [line.split()[0] for line in lines] == keys
    begin = max(map(len, keys)) + 2
    assert all(cell_len(line) > begin for line in lines)


@pytest.mark.parametrize("name", ["IC-1", "ic-01", "IC-01"])
def test_integrity_constraints_are_explained(name: str) -> None:
    output = gongkai("explain", name).output
    assert "IC-01 Unique DataSet" in output and "qb:DataSet" in output and "w3.org" in output


@pytest.mark.parametrize(
    ("name", "near"),
    [("requests-balanse", "requests-balance"), ("IC-33", "IC-03"), ("Carry over", "carry-over")],
)
def test_an_unknown_name_is_an_error_with_those_near(name: str, near: str) -> None:
    result = gongkai("explain", name)
    assert result.exit_code == 2 and near in result.stderr and result.stdout == ""


def test_a_name_like_none_leads_to_the_list() -> None:
    result = gongkai("explain", "???")
    assert result.exit_code == 2 and "gongkai explain lists all" in result.stderr
