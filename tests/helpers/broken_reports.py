"""What tests of ``gongkai check`` are given: the sample with planted errors, and as RDF."""

import json
from pathlib import Path
from typing import Any

from helpers.commands import SAMPLE, gongkai

PLANTED = {
    ("requests-outcomes", "Violation", 262, "365", "366"),
    ("requests-applicants", "Violation", 113, "136", "137"),
    ("narrative-withheld", "Warning", 8, "17", "19"),
}
"""Rule, severity, line, expected and found of what ``planted`` breaks."""


def planted(path: Path, year: int = 2019) -> Path:
    """The sample with one wrong number (line 107) and one wrong figure in its text."""
    lines = SAMPLE.read_text(encoding="utf-8").replace("2019年", f"{year}年").splitlines()
    lines[lines.index("（一）予以公开") + 1] = "134"
    lines[7] = lines[7].replace("不予公开的17件", "不予公开的19件")
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def unread(path: Path) -> Path:
    """The sample with a cell that is no number; nothing else is wrong."""
    lines = SAMPLE.read_text(encoding="utf-8").splitlines()
    lines[lines.index("（一）予以公开") + 1] = "13?"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def two_years(folder: Path) -> tuple[Path, Path]:
    """The sample, and a report on the next year that does not follow from it: carry-over, twice."""
    text = SAMPLE.read_text(encoding="utf-8")
    first, second = folder / "first.txt", folder / "second.txt"
    first.write_text(text, encoding="utf-8")
    lines = text.replace("2019年", "2020年").splitlines()
    for start in ("二、上年结转", "四、结转下年度"):
        row = next(i for i, line in enumerate(lines) if line.startswith(start))
        lines[row + 1] = lines[row + 7] = "3"
    second.write_text("\n".join(lines), encoding="utf-8")
    return first, second


def converted(path: Path, folder: Path, *options: object) -> Path:
    """The report of a file as RDF that ``convert`` writes into a new folder."""
    gongkai("convert", path, "-o", folder, *options)
    (found,) = (file for file in folder.iterdir() if file.suffix != ".json")
    return found


def checked(*arguments: object) -> dict[str, Any]:
    """The JSON document of a check; its exit code is that of the command."""
    result = gongkai("check", *arguments, "--format", "json")
    document: dict[str, Any] = json.loads(result.stdout)
    assert document["exit_code"] == result.exit_code
    return document


def found_in(report: dict[str, Any]) -> set[tuple[str, str, int, str, str]]:
    """What the JSON of a report says is broken, to be compared with ``PLANTED``."""
    return {
        (f["rule"], f["severity"], f["place"]["line"], f["expected"], f["found"])
        for f in report["findings"]
    }
