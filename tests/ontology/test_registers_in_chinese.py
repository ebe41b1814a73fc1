"""Registers and base addresses are refused in the language of the locale."""

from pathlib import Path

import pytest

from helpers.commands import SAMPLE, gongkai
from helpers.languages import is_chinese

HEAD = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix def: <http://localhost:8000/def#> .
"""
REGISTERS = {
    "not Turtle": "<id/body/a> <",
    "other subject": "<id/other> a def:PublicBody .",
    "no type": '<id/body/a> skos:prefLabel "甲局"@zh .',
    "packaged": '<id/body/mohrss> a def:PublicBody ; skos:prefLabel "甲局"@zh .',
    "one label": '<id/body/a> a def:PublicBody ; skos:prefLabel "洪泽区司法局"@zh .',
    "no place": '<id/body/a> a def:PublicBody ; skos:prefLabel "区司法局"@zh , "Office"@en .',
}


@pytest.mark.parametrize("name", [*REGISTERS, "missing", "base address"])
def test_refusals_are_in_the_language_of_the_locale(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "register.ttl"
    if name in REGISTERS:
        path.write_text(HEAD + REGISTERS[name], encoding="utf-8")
    asked = ("--base", "http://a.example/b") if name == "base address" else ("--bodies", path)
    english = gongkai("check", SAMPLE, *asked)
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    chinese = gongkai("check", SAMPLE, *asked)
    assert english.exit_code == chinese.exit_code == 2
    message, said = (result.stderr.splitlines()[-1] for result in (english, chinese))
    assert not is_chinese(message)
    # What is wrong with the syntax is in the words of the library.
    assert is_chinese(said.partition("不是 Turtle：")[0], path), said
