"""Publishing the same folder again: what is unchanged is not read, everything else is."""

import json
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import Result

from gongkai.commands.publishing_run import PublishingRun
from gongkai.converters.documents.sidecar import sidecar_of
from gongkai.publishing.software import software
from helpers.commands import SAMPLE, gongkai

KNOWN = "not read again"
UNREADABLE = "no report"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a report, and a file that is none; both were published, or refused, before."""
    made = tmp_path / "reports"
    made.mkdir()
    (made / "report.txt").write_bytes(SAMPLE.read_bytes())
    (made / "other.txt").write_text(UNREADABLE, encoding="utf-8")
    first = publish(made)
    assert first.exit_code == 2
    assert "published: new" in first.stdout and KNOWN not in first.output
    return made


def publish(folder: Path, *options: object) -> Result:
    return gongkai("publish", folder, "--store", folder.parent / "store", *options)


def test_what_is_unchanged_is_not_read_and_said_again(folder: Path) -> None:
    first, second = publish(folder, "--again"), publish(folder)
    assert [line for line in second.stdout.splitlines() if KNOWN in line] == [
        f"{folder / 'report.txt'}: 人力资源和社会保障部 2019, 198 cells read, unchanged, {KNOWN}"
    ]
    assert second.exit_code == first.exit_code == 2
    said = f"{folder / 'other.txt'}: "
    assert [line for line in first.stderr.splitlines() if line.startswith(said)] == [
        line for line in second.stderr.splitlines() if line.startswith(said)
    ]
    assert first.stderr.splitlines()[-6:] == second.stderr.splitlines()[-6:], "the closing table"


def change_content(folder: Path) -> None:
    with (folder / "report.txt").open("a", encoding="utf-8") as file:
        file.write("一句新的话。\n")


def change_name(folder: Path) -> None:
    (folder / "report.txt").rename(folder / "renamed.txt")


def change_origin(folder: Path) -> None:
    sidecar_of(folder / "report.txt").write_text("{}", encoding="utf-8")


def withdraw(folder: Path) -> None:
    store = folder.parent / "store"
    done = gongkai("withdraw", "mohrss/2019", "--why", "test", "--store", store)
    assert done.exit_code == 0, done.output


def lose_ledger(folder: Path) -> None:
    (folder.parent / "store" / "ledger.sqlite").unlink()


def change_nothing(folder: Path) -> None:
    pass


CHANGES: list[tuple[Callable[[Path], None], tuple[str, ...]]] = [
    (change_content, ()),
    (change_name, ()),
    (change_origin, ()),
    (withdraw, ()),
    (lose_ledger, ()),
    (change_nothing, ("--again",)),
    (change_nothing, ("--strict",)),
    (change_nothing, ("--max-pages", "3")),
]


@pytest.mark.parametrize(("change", "options"), CHANGES)
def test_a_file_is_read_again_after_any_change(
    change: Callable[[Path], None], options: tuple[str, ...], folder: Path
) -> None:
    change(folder)
    second = publish(folder, *options)
    assert "198 cells read, published: " in second.stdout
    assert KNOWN not in second.stdout
    third = publish(folder, *[option for option in options if option != "--again"])
    assert KNOWN in third.stdout and "published: " not in third.stdout


def test_a_file_is_read_again_by_another_version_of_a_reader(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert KNOWN in publish(folder).stdout
    for part in ("files", "libraries"):
        other = software() | {part: "other"}
        monkeypatch.setattr("gongkai.commands.publish.software", lambda other=other: other)
        assert "published: unchanged" in publish(folder).stdout
        assert KNOWN in publish(folder).stdout


def test_a_file_that_only_moved_is_not_read_again(folder: Path) -> None:
    below = folder / "2019"
    below.mkdir()
    (folder / "report.txt").rename(below / "report.txt")
    assert KNOWN in publish(folder).stdout


def test_a_copy_of_a_known_file_is_a_duplicate_as_before(folder: Path) -> None:
    (folder / "z-copy.txt").write_bytes(SAMPLE.read_bytes())
    read = publish(folder)
    assert KNOWN in read.stdout
    assert f"{folder / 'z-copy.txt'}: " in read.stderr
    known = publish(folder)
    said = f"{folder / 'z-copy.txt'}: "
    assert [line for line in read.stderr.splitlines() if line.startswith(said)] == [
        line for line in known.stderr.splitlines() if line.startswith(said)
    ]


def test_a_damaged_ledger_is_told_and_nothing_is_harmed(folder: Path) -> None:
    ledger = folder.parent / "store" / "ledger.sqlite"
    ledger.write_bytes(os.urandom(4096))
    result = publish(folder)
    assert result.exit_code == 2
    assert "ledger.sqlite: the ledger cannot be used" in result.stderr
    assert "Traceback" not in result.output
    ledger.unlink()
    assert "published: unchanged" in publish(folder).stdout


def test_the_report_of_a_run_says_what_was_printed(folder: Path) -> None:
    report = folder.parent / "run.json"
    for options, read in (((), False), (("--again",), True)):
        printed = publish(folder, "--report", report, *options)
        run = json.loads(report.read_text(encoding="utf-8"))
        assert run["code"] == printed.exit_code
        assert run["counts"] == {"new": 0, "replaced": 0, "unchanged": 1, "refused": 1}
        assert run["refusals"]["unreadable"] == 1 and sum(run["refusals"].values()) == 1
        assert {file["path"] for file in run["files"]} == {str(path) for path in folder.iterdir()}
        assert {file["read"] for file in run["files"]} == {read}
        for file in run["files"]:
            for result in file["results"]:
                for line in result["lines"]:
                    assert f"{file['path']}: {line}" in printed.stderr


def test_quiet_prints_problems_and_the_closing_table_alone(folder: Path) -> None:
    result = publish(folder, "--quiet", "--again")
    assert result.stdout == ""
    assert "other.txt: " in result.stderr and "unchanged" in result.stderr


@pytest.mark.parametrize(
    ("printed", "instead", "code"),
    [
        ("共接到政府信息公开申请376件", "共接到政府信息公开申请377件", 0),
        ("（一）予以公开\n135\n", "（一）予以公开\n134\n", 1),
    ],
)
def test_warnings_alone_are_no_failure(
    printed: str, instead: str, code: int, tmp_path: Path
) -> None:
    text = SAMPLE.read_text(encoding="utf-8")
    assert text.count(printed) == 1
    (tmp_path / "report.txt").write_text(text.replace(printed, instead), encoding="utf-8")
    store = tmp_path / "store"
    for again in ((), ("--again",)):
        done = gongkai("publish", tmp_path / "report.txt", "--store", store, *again)
        assert done.exit_code == code, done.output
    assert gongkai("check", tmp_path / "report.txt").exit_code == 1
    strict = gongkai("publish", tmp_path / "report.txt", "--store", tmp_path / "new", "--strict")
    assert ("published: new" in strict.stdout) == (code == 0)


def own_ledger(folder: Path) -> tuple[object, ...]:
    """A ledger that stays when the store is deleted."""
    return "--ledger", folder.parent / "ledger.sqlite"


def duplicate(folder: Path) -> Path:
    """A copy that is refused as a duplicate; then the first file is gone, and its report."""
    (folder / "z-copy.txt").write_bytes(SAMPLE.read_bytes())
    assert "the same content as" in publish(folder, *own_ledger(folder)).stderr
    (folder / "report.txt").unlink()
    return folder / "z-copy.txt"


def other_document(folder: Path) -> Path:
    """Another document of the same body and year, refused since; then the first is gone."""
    other = folder / "z-other.txt"
    text = SAMPLE.read_text(encoding="utf-8").replace("共接到政府信息公开申请376件", "共接到377件")
    (folder / "report.txt").unlink()
    other.write_text(text, encoding="utf-8")
    assert "was published from another document" in publish(folder, *own_ledger(folder)).stderr
    return other


@pytest.mark.parametrize("make", [duplicate, other_document])
@pytest.mark.parametrize("gone", ["withdrawn", "erased", "a new store"])
def test_what_was_refused_for_what_else_was_published_is_read_again(
    make: Callable[[Path], Path], gone: str, folder: Path
) -> None:
    store = folder.parent / "store"
    ledger = own_ledger(folder)
    refused = make(folder)
    if gone == "a new store":
        shutil.rmtree(store)
    else:
        erase = ("--erase",) if gone == "erased" else ()
        why = ("--why", "test", "--store", store, *erase)
        assert gongkai("withdraw", "mohrss/2019", *why).exit_code == 0
    assert f"{refused}: 人力资源和社会保障部 2019" in publish(folder, *ledger).stdout


def test_a_file_that_was_replaced_while_it_was_read_is_read_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ledger must not know the old content by what was read from the new."""
    report = folder / "report.txt"
    change_content(folder)
    old, known = report.read_bytes(), PublishingRun.is_known

    def replaced_then(run: PublishingRun, path: Path) -> bool:
        answer = known(run, path)
        if path == report:
            report.write_bytes(SAMPLE.read_bytes())
        return answer

    with monkeypatch.context() as patch:
        patch.setattr(PublishingRun, "is_known", replaced_then)
        publish(folder)
    report.write_bytes(old)
    assert KNOWN not in publish(folder).stdout
    assert KNOWN in publish(folder).stdout


def test_a_file_whose_reading_was_broken_off_is_read_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_content(folder)
    with monkeypatch.context() as patch:
        patch.setattr("gongkai.commands.publish.process_to_publish", dies)
        assert publish(folder).exit_code == 2
    assert "198 cells read, published: " in publish(folder).stdout


@pytest.mark.parametrize("damage", ["DROP TABLE file", "UPDATE file SET results = 'x'"])
def test_a_ledger_that_is_damaged_inside_is_told(damage: str, folder: Path) -> None:
    with closing(sqlite3.connect(folder.parent / "store" / "ledger.sqlite")) as ledger, ledger:
        ledger.execute(damage)
    result = publish(folder)
    assert result.exit_code == 2
    assert "ledger.sqlite: the ledger cannot be used" in result.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="file names are Unicode elsewhere")
def test_a_file_may_have_any_name(tmp_path: Path) -> None:
    made = tmp_path / "reports"
    made.mkdir()
    for number, name in enumerate((b"a\xff.txt", b"b\xff.txt", b"c.txt", "公开".encode("gbk"))):
        content = SAMPLE.read_bytes() if number < 3 else UNREADABLE.encode()
        (made / os.fsdecode(name)).write_bytes(content)
    first, second = publish(made, "--report", tmp_path / "run.json"), publish(made)
    assert "a\\udcff.txt: 人力资源和社会保障部 2019, 198 cells read, published: new" in first.stdout
    assert (
        first.stderr.count("the same content as") == second.stderr.count("the same content as") == 2
    )
    assert "fault" not in first.stderr + second.stderr
    assert KNOWN in second.stdout
    json.loads((tmp_path / "run.json").read_bytes())


def dies(*args: object, **settings: object) -> None:
    """A call that ends its process."""
    os._exit(3)
