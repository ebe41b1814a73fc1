"""The command line: results, exit codes, one clear line for each thing that is wrong."""

import hashlib
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from rdflib import RDF, Dataset, Graph, URIRef
from rdflib.namespace import QB

from helpers.commands import BASE, SAMPLE, gongkai

REPORT = URIRef(BASE + "id/report/mohrss/2019")


def contents(folder: Path) -> dict[str, str]:
    """A checksum of every file below a folder, but for the ledger of what was refused."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "ledger.sqlite"
    }


def statements(graph: Graph) -> set[tuple[str, str, object]]:
    """Every triple with its value, not its spelling: Turtle writes the decimal 5 as 5.0."""
    return {(str(s), str(p), o.toPython()) for s, p, o in graph}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "command", [(), ("convert",), ("check",), ("publish",), ("serve",), ("demo",)]
)
def test_help_everywhere(command: tuple[str, ...]) -> None:
    result = gongkai(*command, "--help")
    assert result.exit_code == 0
    assert "Usage: " in result.output


def test_convert_to_turtle_and_nquads_says_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1600000000")
    assert gongkai("convert", SAMPLE, "-o", tmp_path).exit_code == 0
    assert gongkai("convert", SAMPLE, "-o", tmp_path, "--format", "nquads").exit_code == 0
    turtle = Graph().parse(tmp_path / "mohrss-2019.ttl")
    quads = Dataset()
    quads.parse(tmp_path / "mohrss-2019.nq")
    assert statements(turtle) == statements(quads.graph(REPORT))
    assert len(set(turtle.subjects(RDF.type, QB.Observation))) == 198
    again = tmp_path / "again"
    assert gongkai("convert", SAMPLE, "-o", again).exit_code == 0
    names = {"mohrss-2019.ttl", "mohrss-2019.record.json"}
    assert contents(again) == {
        name: value for name, value in contents(tmp_path).items() if name in names
    }


def test_convert_under_another_base(tmp_path: Path) -> None:
    base = "https://data.example.org/open/"
    assert gongkai("convert", SAMPLE, "-o", tmp_path, "--base", base).exit_code == 0
    graph = Graph().parse(tmp_path / "mohrss-2019.ttl")
    assert (URIRef(base + "id/report/mohrss/2019"), None, None) in graph
    assert "localhost" not in (tmp_path / "mohrss-2019.ttl").read_text(encoding="utf-8")


def test_check_of_a_good_report() -> None:
    result = gongkai("check", SAMPLE)
    assert result.exit_code == 0
    assert "198 cells read, all rules hold" in result.output
    assert result.stderr == ""


def test_check_of_broken_arithmetic(lines: list[str], tmp_path: Path) -> None:
    lines[lines.index("（一）予以公开") + 1] = "134"
    path = tmp_path / "broken.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    result = gongkai("check", path)
    assert result.exit_code == 1
    said = " ".join(result.stdout.split())
    for part in ("broken.txt", "line 262", "收到和处理", "（七）总计", "自然人", "365 366 +1"):
        assert part in said, part
    assert "2 violations" in said and result.stderr == ""
    chinese = subprocess.run(
        [sys.executable, "-m", "gongkai", "check", path],
        capture_output=True,
        text=True,
        env={"LANG": "zh_CN.UTF-8", "PATH": "/usr/bin", "PYTHONUTF8": "1"},
        check=False,
    )
    assert chinese.returncode == 1
    assert "第 262 行" in chinese.stdout and "应为" in chinese.stdout
    assert "各部分之和为365，相差1" in "".join(chinese.stdout.split())


def spoiled(kind: str, lines: list[str]) -> bytes | None:
    """The bytes of a bad input; None for inputs that are no files."""
    granted = lines.index("（一）予以公开")
    if kind == "row missing":
        del lines[granted : granted + 8]
    elif kind == "letter in a number":
        lines[granted + 1] = "13S"
    elif kind == "truncated in table 3":
        del lines[granted + 3 :]
    elif kind == "truncated before the tables":
        del lines[10:]
    elif kind == "without title":
        del lines[0]
    elif kind == "unknown body":
        lines[0] = "2019年乌有国家管理局政府信息公开工作年度报告"
    elif kind == "no year":
        lines[0] = "人力资源社会保障部政府信息公开工作年度报告"
        del lines[1]
    elif kind == "a year to come":
        lines[0] = "2999年人力资源社会保障部政府信息公开工作年度报告"
    elif kind == "repeated lines removed":
        lines[:] = list(dict.fromkeys(lines))
    elif kind == "empty":
        return b""
    elif kind == "blank":
        return b"\n \n\t\n"
    elif kind == "no report":
        return "今天天气很好。\n1\n2\n3\n".encode()
    elif kind == "question marks":
        return "\n".join(lines).encode("gb18030").decode("ascii", "replace").encode()
    elif kind == "binary":
        return bytes(range(256)) * 10
    elif kind == "NUL":
        return b"2019\x00" + "\n".join(lines).encode()
    else:
        return None
    return "\n".join(lines).encode()


BAD = [
    ("empty", 2, "empty"),
    ("blank", 2, "empty"),
    ("no report", 2, "not an annual report"),
    ("binary", 2, "neither UTF-8 nor GB 18030 text"),
    ("question marks", 2, "characters of this file are lost"),
    ("NUL", 2, "not text"),
    ("directory", 2, "no files in this directory"),
    ("missing", 2, "no such file"),
    ("truncated before the tables", 2, "none of its official tables"),
    ("without title", 2, "no title"),
    ("unknown body", 2, "“乌有国家管理局” is not in the register"),
    ("no year", 2, "does not say which year"),
    ("a year to come", 2, "2999"),
    ("truncated in table 3", 1, "the table was not found (15 cells)"),
    ("row missing", 1, "row “（一）予以公开”: the row is not in the source"),
    ("letter in a number", 1, "column “自然人”: not a number: “13S”"),
    ("repeated lines removed", 1, "values where the form has 7 columns"),
]


@pytest.mark.parametrize(("kind", "code", "message"), BAD, ids=[kind for kind, _, _ in BAD])
def test_bad_input(
    kind: str,
    code: int,
    message: str,
    lines: list[str],
    tmp_path: Path,
    store_folder: Path,
) -> None:
    path = tmp_path / "bad.txt"
    content = spoiled(kind, lines)
    if kind == "directory":
        path.mkdir()
    elif content is not None:
        path.write_bytes(content)
    before = contents(store_folder)
    result = gongkai("publish", path, "--store", store_folder)
    assert result.exit_code == code, result.output
    assert message in result.stderr, result.stderr
    assert "Traceback" not in result.output
    assert all(line.startswith(str(path)) for line in result.stderr.splitlines())
    assert contents(store_folder) == before, "the store is untouched"
    assert gongkai("check", path).exit_code == code
    assert gongkai("convert", path, "-o", tmp_path / "out").exit_code == code
    new = tmp_path / "new-store"
    gongkai("publish", path, "--store", new)
    assert not new.exists(), "no store is made for nothing"


def test_good_and_bad_files_together(tmp_path: Path) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_text("no report", encoding="utf-8")
    result = gongkai("publish", bad, SAMPLE, "--store", tmp_path / "store")
    assert result.exit_code == 2
    assert "published" in result.stdout and str(SAMPLE) in result.stdout
    assert (tmp_path / "store" / "current").exists()


def test_many_files_are_spread_over_processes(tmp_path: Path) -> None:
    paths = []
    for number in range(9):
        path = tmp_path / f"report-{number}.txt"
        path.write_bytes(SAMPLE.read_bytes() if number else b"")
        paths.append(path)
    result = gongkai("check", *paths, "--jobs", 2)
    assert result.exit_code == 2
    told = [line.split(":")[0] for line in result.stdout.partition("\n\n")[0].splitlines()]
    assert told == [str(path) for path in paths[1:]], "in the order of the files"


def test_publish_of_broken_arithmetic_says_so_and_strict_refuses(
    lines: list[str], tmp_path: Path
) -> None:
    lines[lines.index("（一）予以公开") + 1] = "134"
    path = tmp_path / "broken.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    refused = gongkai("publish", path, "--store", tmp_path / "strict", "--strict")
    assert refused.exit_code == 1 and "not published" in refused.stderr
    assert not (tmp_path / "strict").exists()
    published = gongkai("publish", path, "--store", tmp_path / "store")
    assert published.exit_code == 1 and "requests-outcomes" in published.stderr
    assert (tmp_path / "store" / "current").exists()


def test_the_base_is_fixed_with_the_store(tmp_path: Path) -> None:
    store = tmp_path / "store"
    base = "https://data.example.org/open/"
    assert gongkai("publish", SAMPLE, "--store", store, "--base", base).exit_code == 0
    assert gongkai("publish", SAMPLE, "--store", store).exit_code == 0
    other = gongkai("publish", SAMPLE, "--store", store, "--base", BASE)
    assert other.exit_code == 2
    assert base in other.stderr and "Traceback" not in other.output


@pytest.mark.parametrize(
    "base",
    ["localhost:8000", "ftp://example.org/", "http://example.org", "http://a b/", "http:///"],
)
def test_a_base_that_cannot_be_one(base: str, tmp_path: Path) -> None:
    result = gongkai("publish", SAMPLE, "--store", tmp_path / "store", "--base", base)
    assert result.exit_code == 2
    assert not (tmp_path / "store").exists()


def test_a_folder_that_is_no_store(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear reader", encoding="utf-8")
    for arguments in (("publish", SAMPLE, "--store", tmp_path), ("serve", "--store", tmp_path)):
        result = gongkai(*arguments)
        assert result.exit_code == 2
        assert "is not a store" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_serving_what_is_not_there(tmp_path: Path) -> None:
    result = gongkai("serve", "--store", tmp_path / "nothing")
    assert result.exit_code == 2
    assert "no published store" in result.stderr


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.mark.slow
def test_demo_serves_the_sample_until_it_is_told_to_stop() -> None:
    """The main job as a user starts it: a process of its own, over real sockets."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "gongkai", "demo", "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        told = [process.stdout.readline() for _ in range(5)]
        assert "198 cells read, published" in told[0]
        assert told[1] == f"serving http://127.0.0.1:{port}/\n"
        opening = told[2].split()[1]
        with urllib.request.urlopen(opening, timeout=30) as page:
            assert "四、结转下年度继续办理" in page.read().decode()
        second = subprocess.run(
            [sys.executable, "-m", "gongkai", "demo", "--port", str(port)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert second.returncode == 2
        assert "choose another --port" in second.stderr and "Traceback" not in second.stderr
    finally:
        process.terminate()
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 0
    assert errors == "", "no warning: it is served at its base address"


def test_serving_elsewhere_is_said_in_a_warning(store_folder: Path) -> None:
    port = str(free_port())
    process = subprocess.Popen(
        [sys.executable, "-m", "gongkai", "serve", "--store", store_folder, "--port", port],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    process.stdout.readline()
    process.terminate()
    _, errors = process.communicate(timeout=30)
    assert "warning" in errors and BASE in errors and port in errors
