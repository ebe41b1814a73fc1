"""The README tells the truth."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from gongkai.commands.reference import PAGES
from gongkai.shapes.shape_graph import rules_of_shapes
from helpers.commands import ROOT, SAMPLE, gongkai

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_query_has_the_answer_shown(client: FlaskClient) -> None:
    query = re.findall(r"```sparql\n(.*?)```", README, re.DOTALL)[0]
    answer = re.findall(r"```csv\n(.*?)```", README, re.DOTALL)[0]
    response = client.get("/sparql", query_string={"query": query}, headers={"Accept": "text/csv"})
    assert response.text.replace("\r\n", "\n") == answer
    counts = [int(line.rpartition(",")[2]) for line in answer.splitlines()[1:]]
    assert sum(counts) == 376


def test_a_check_prints_what_is_shown(
    lines: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = re.findall(r"```text\n\$ gongkai check report.txt\n(.*?)```", README, re.DOTALL)[0]
    total = len(lines) - 1 - lines[::-1].index("12")
    lines[total] = "13"
    (tmp_path / "report.txt").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    assert gongkai("check", "report.txt").stdout.rstrip("\n") == shown.rstrip("\n")


def test_what_python_does_is_true(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    exec(code.replace("report.html", str(SAMPLE)), {})
    assert capsys.readouterr().out == "() new\n"


def test_every_command_and_rule_is_described() -> None:
    commands = re.findall(r"^  (\w+) ", gongkai("--help").output.partition("Commands:")[2], re.M)
    assert len(commands) == 14
    for command in commands:
        assert f"`gongkai {command}" in README
    for rule in set(rules_of_shapes().values()):
        assert f"| `{rule}` |" in README or (
            rule.startswith("narrative-") and "narrative-*" in README
        )


@pytest.mark.parametrize("page", PAGES)
def test_the_references_are_true(page: str) -> None:
    assert (ROOT / page).read_text(encoding="utf-8") == PAGES[page](), "make reference"


def test_every_decision_is_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = re.findall(r"\]\((\d\d-[\w-]+\.md)\)", (folder / "README.md").read_text("utf-8"))
    assert listed == sorted(path.name for path in folder.glob("[0-9]*.md"))
