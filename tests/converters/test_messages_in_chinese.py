"""Why a file cannot be read is said in the language of the locale, and kept in both."""

from pathlib import Path

import pytest

from helpers.commands import gongkai
from helpers.languages import is_chinese

UNREADABLE = {
    "empty.txt": b"",
    "packed.gz": b"\x1f\x8b\x08\0",
    "cut.docx": b"PK\x03\x04word",
    "cut.pdf": b"%PDF-1.7 no more",
    "cut.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "cut.png": b"\x89PNG\r\n\x1a\n",
    "lost.txt": b"?" * 40,
    "control.txt": "年度报告\x01".encode(),
    "other.xml": b"<?xml version='1.0'?><other/>",
    "page.html": b"<html><body></body></html>",
    "no-report.txt": "没有标题".encode(),
}


def told(monkeypatch: pytest.MonkeyPatch, locale: str, folder: Path) -> tuple[str, int]:
    """What is said of these files in a locale, with their exit code; records go to the folder."""
    monkeypatch.setenv("LC_ALL", locale)
    files = [*UNREADABLE, "missing.txt"]
    result = gongkai("convert", *files, "-o", folder)
    lines = result.stderr.splitlines()
    assert [line.partition(": ")[0] for line in lines] == files
    return "\n".join(line.partition(": ")[2] for line in lines), result.exit_code


def test_files_are_refused_in_the_language_of_the_locale(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, data in UNREADABLE.items():
        (tmp_path / name).write_bytes(data)
    monkeypatch.chdir(tmp_path)
    english, code = told(monkeypatch, "C.UTF-8", tmp_path / "en")
    chinese, same_code = told(monkeypatch, "zh_CN.UTF-8", tmp_path / "zh")
    assert code == same_code == 2
    for one, other in zip(english.splitlines(), chinese.splitlines(), strict=True):
        assert not is_chinese(one) and is_chinese(other), other
    records = sorted(path.name for path in (tmp_path / "en").iterdir())
    assert len(records) == len(UNREADABLE) + 1
    for name in records:
        assert (tmp_path / "en" / name).read_bytes() == (tmp_path / "zh" / name).read_bytes()
