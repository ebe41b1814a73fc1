"""Profiles, review files and decisions are refused in the language of the locale."""

import re
from pathlib import Path

import pytest

from gongkai.linking.candidates import NotAsked
from gongkai.linking.decisions import BadDecisions, read_decisions
from gongkai.linking.entities import StoredEntity
from gongkai.linking.finding import INTERRUPTED
from gongkai.linking.profiles import BadProfile, load_profile
from gongkai.linking.review import BadReview, ReviewRow, read_review, rows_of
from helpers.commands import BASE
from helpers.languages import is_chinese
from helpers.linked import MOE, WD

NOW = "2025-01-01T00:00:00Z"
GOOD = ReviewRow(subject=MOE, candidate=WD + "Q1", decision="sameAs", reviewer="lin")
ROWS = (
    ReviewRow(decision="perhaps"),
    ReviewRow(subject="http://other.example/a", decision="sameAs"),
    ReviewRow(subject=MOE, decision="sameAs"),
    ReviewRow(subject=MOE, candidate="Q1", decision="sameAs"),
    ReviewRow(subject=MOE, candidate=BASE + "id/body/a", decision="sameAs"),
    ReviewRow(subject=MOE, candidate=WD + "Q1", decision="sameAs"),
)
PROFILES = (
    "",
    "= 1",
    "colour = 1",
    'endpoint = "there"',
    'endpoint = "http://a.example/"\npause = -1',
)


def told(monkeypatch: pytest.MonkeyPatch, locale: str, folder: Path) -> list[str]:
    """What is said of all that is wrong here, in a locale."""
    monkeypatch.setenv("LC_ALL", locale)
    said = []
    for number, text in enumerate(PROFILES):
        path = folder / f"{number}.toml"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(BadProfile) as profile:
            load_profile(str(path))
        said.append(str(profile.value).removeprefix(str(path)))
    for content in (b"a,b\n", b"\x80", b'subject,candidate,decision,reviewer\n"a'):
        path = folder / "review.csv"
        path.write_bytes(content)
        with pytest.raises(BadReview) as review:
            read_review(path)
        said.append(str(review.value).removeprefix(str(path)))
    twice = [(2, GOOD), (3, ReviewRow(MOE, MOE, candidate=GOOD.candidate, decision="none"))]
    for rows in (*([(2, row)] for row in ROWS), twice):
        with pytest.raises(BadDecisions) as decisions:
            read_decisions(rows, BASE, NOW)
        said += decisions.value.problems
    return said


def test_refusals_are_in_the_language_of_the_locale(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    english = told(monkeypatch, "C.UTF-8", tmp_path)
    chinese = told(monkeypatch, "zh_CN.UTF-8", tmp_path)
    assert len(english) == len(chinese) == len(PROFILES) + 3 + len(ROWS) + 1
    for one, other in zip(english, chinese, strict=True):
        assert not is_chinese(one), one
        # What is wrong with the syntax is in the words of libraries.
        said = re.sub("(不是 TOML|不是表格)：.*", r"\1", other)
        assert is_chinese(said, "gongkai link find"), said


def test_review_files_are_the_same_in_every_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    entity = StoredEntity(MOE, "bodies")
    (english,) = rows_of(NotAsked(entity, INTERRUPTED), (), "")
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    (chinese,) = rows_of(NotAsked(entity, INTERRUPTED), (), "")
    assert english == chinese and "interrupted" in english.evidence
