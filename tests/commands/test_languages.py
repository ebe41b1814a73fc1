"""The command line in a Chinese locale: help, errors and output, and the same exit codes."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import click
import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from rich.cells import cell_len

from gongkai.commands.click_texts import DOMAIN, LOCALE
from helpers.commands import SAMPLE, gongkai

CHINESE = re.compile("[\u3400-\u9fff]")
ENGLISH = re.compile(r"\b[a-z]{2,} [a-z]{2,}\b")
NAMES = re.compile(
    r"(?:gongkai|main) [a-z ]*|/[\w./-]*|[\w-]+\.(?:txt|ttl|csv)"
    r"|'[^']*'|“[ -~]*”|\[[a-z|]+\]|integer range"
)
"""What is the same in every language: commands, paths, files, what was given, choices, types."""

CATALOGUE = LOCALE / "zh" / "LC_MESSAGES" / f"{DOMAIN}.po"

ALL_HELP = """
import json
import click
from gongkai.commands.cli import main

def helped(command, parent=None, name="gongkai"):
    context = command.context_class(command, info_name=name, parent=parent, terminal_width=80)
    texts = {context.command_path: command.get_help(context)}
    for below, one in getattr(command, "commands", {}).items():
        texts |= helped(one, context, below)
    return texts

print(json.dumps(helped(main)))
"""


def english_in(text: str) -> list[str]:
    """The words of a Chinese text that should be Chinese as well."""
    return ENGLISH.findall(NAMES.sub(" ", text))


def test_help_is_chinese_in_a_chinese_locale() -> None:
    # Help is made on import: in a process of its own.
    done = subprocess.run(
        [sys.executable, "-c", ALL_HELP],
        env={**os.environ, "LC_ALL": "zh_CN.UTF-8"},
        capture_output=True,
        check=True,
    )
    texts = json.loads(done.stdout)
    assert {"gongkai", "gongkai publish", "gongkai link find"} <= set(texts)
    for name, text in texts.items():
        assert text.startswith("用法:") and "选项:" in text, name
        assert english_in(text) == [], name
        # A Chinese character has two columns.
        assert all(cell_len(line) <= 80 for line in text.splitlines()), name


@pytest.mark.parametrize(
    "arguments",
    [
        ["check"],
        ["check", "no-such-file.txt"],
        ["check", "{folder}/empty"],
        ["check", "--well-formed", "--format", "sarif", SAMPLE],
        ["check", "--format", "yaml", SAMPLE],
        ["check", "--formats", SAMPLE],
        ["check", "--jobs", "0", SAMPLE],
        ["check", "--jobs", "many", SAMPLE],
        ["check", "{folder}/empty.ttl"],
        ["check", "{folder}/broken.ttl"],
        ["check", "--told", "{folder}/empty.ttl", SAMPLE],
        ["check", "--told", "{folder}/none.csv", SAMPLE],
        ["check", "--body", "moe", SAMPLE, SAMPLE],
        ["check", "--year", "2019", "{folder}/empty.ttl"],
        ["convert", SAMPLE],
        ["convert", SAMPLE, "-o", "{folder}/empty.ttl"],
        ["publish", SAMPLE],
        ["history", "mohrss", "--store", "{folder}/store"],
        ["withdraw", "mohrss/2019", "--why", " ", "--store", "{folder}/store"],
        ["bodies"],
        ["fetch", "-o", "{folder}/fetched"],
        ["fetch", "-o", "{folder}/fetched", "--contact", "某人", "https://example.org/"],
        ["link", "find", "--store", "{folder}/store"],
        ["explain", "no-such-rule"],
        ["no-such-command"],
    ],
    ids=str,
)
def test_errors_are_chinese_in_a_chinese_locale(
    arguments: list[object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty.ttl").write_text("", encoding="utf-8")
    (tmp_path / "broken.ttl").write_text("<a", encoding="utf-8")
    given = [str(item).replace("{folder}", str(tmp_path)) for item in arguments]
    in_english = gongkai(*given)
    assert in_english.exit_code and not CHINESE.search(in_english.stderr.replace("某人", ""))
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    in_chinese = gongkai(*given)
    assert in_chinese.exit_code == in_english.exit_code
    assert CHINESE.search(in_chinese.stderr)
    # Parsers of RDF are quoted as they speak.
    if "broken.ttl" not in str(arguments):
        assert english_in(in_chinese.stderr) == []


def test_publishing_speaks_the_language_of_the_locale(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "copy.txt"
    copy.write_bytes(SAMPLE.read_bytes())
    store = ("--store", tmp_path / "store")
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    published = gongkai("publish", SAMPLE, copy, *store)
    assert published.exit_code == 0
    assert "发布结果：新发布" in published.stdout and "内容相同" in published.stderr
    # The columns of the closing table are under one another, whatever the width of their names.
    table = published.stderr.splitlines()[-5:]
    assert [line.split() for line in table] == [
        ["新发布", "1"],
        ["替换", "0"],
        ["未变", "0"],
        ["不予发布", "1"],
        ["同一报告的另一文件", "1"],
    ]
    assert len({cell_len(line) for line in table}) == 1
    wrong = gongkai("history", "mohrss", *store), gongkai("history", "moe/2019", *store)
    for result in wrong:
        assert result.exit_code == 2 and CHINESE.search(result.stderr)
        assert english_in(result.stderr) == []
    said = [
        published,
        gongkai("history", "mohrss/2019", *store),
        gongkai("recheck", *store),
        gongkai("dump", *store),
        gongkai("withdraw", "mohrss/2019", "--why", "有误", *store),
        gongkai("bodies", *store),
    ]
    for result in said:
        assert result.exit_code == 0 and CHINESE.search(result.output)
        assert english_in(result.output) == []


def test_the_compiled_catalogue_is_that_of_the_source() -> None:
    with CATALOGUE.open("rb") as source:
        written = by_text(read_po(source))
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        compiled = by_text(read_mo(file))
    assert compiled == written, "make messages"


def by_text(catalogue: Catalog) -> dict[str, str]:
    """The translations of a catalogue; of two numbers the first is what gettext looks for."""
    return {first(message.id): first(message.string or "") for message in catalogue if message.id}


def first(text: str | Sequence[str]) -> str:
    return text if isinstance(text, str) else text[0]


def test_everything_that_click_says_of_a_command_line_is_translated() -> None:
    with CATALOGUE.open("rb") as source:
        translated = {message.id: message for message in read_po(source) if message.id}
    said = {
        text
        for file, _, text, _, _ in extract_from_dir(
            str(Path(click.__file__).parent), [("**.py", "python")]
        )
        if file in ("decorators.py", "exceptions.py", "formatting.py", "parser.py", "types.py")
    }
    for_programmers = {"Choice({choices})", "Invalid start character for option ({option})"}
    of_values = {text for text in said if isinstance(text, tuple) and "{len" in text[0]}
    assert said - for_programmers - of_values <= set(translated)
    for message in translated.values():
        assert message.string and not message.fuzzy
