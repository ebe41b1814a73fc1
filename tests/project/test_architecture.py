"""docs/architecture.md against the packages: every room is in it, every arrow is an import."""

import ast
import re
import tomllib
from pathlib import Path

import grimp
import pytest

from gongkai.converters.sources import SOURCES
from gongkai.ontology.texts import translations
from helpers.commands import ROOT

PAGE = ROOT / "docs" / "architecture.md"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
FOLDERS = ("gongkai", "server", "converters")


def pictures() -> list[dict[str, set[str]]]:
    """The pictures of the page: by each package or module, those that arrows lead to."""
    found = []
    for text in re.findall(r"```mermaid\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S):
        names = dict(re.findall(r'(\w+)\["([^"]+)"\]', text))
        arrows = re.findall(r"(\w+)(?:\[[^]]*\])? --> (\w+)", re.sub(r"\[[^]]*\]", "", text))
        picture: dict[str, set[str]] = {module(name): set() for name in names.values()}
        for start, end in arrows:
            picture[module(names[start])].add(module(names[end]))
        found.append(picture)
    return found


def module(path: str) -> str:
    name = path.removesuffix(".py").replace("/", ".")
    return name if name.startswith("gongkai") else f"gongkai.{name}"


def imports(graph: grimp.ImportGraph, rooms: set[str]) -> set[tuple[str, str]]:
    """Which of the rooms import which directly."""

    def room(name: str) -> str | None:
        within = [one for one in rooms if name == one or name.startswith(f"{one}.")]
        return max(within, key=len, default=None)

    found = set()
    for name in graph.modules:
        for other in graph.find_modules_directly_imported_by(name):
            start, end = room(name), room(other)
            if start and end and start != end:
                found.add((start, end))
    return found


def reached(picture: dict[str, set[str]], start: str) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        new = picture[waiting.pop()] - found
        found |= new
        waiting += new
    return found


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("gongkai", cache_dir=None)


@pytest.mark.parametrize("number", [0, 1])
def test_the_pictures_are_true(graph: grimp.ImportGraph, number: int) -> None:
    picture = pictures()[number]
    assert picture.keys() <= graph.modules
    drawn = {(start, end) for start, ends in picture.items() for end in ends}
    true = imports(graph, set(picture))
    assert drawn - true == set(), "arrows that are no imports"
    missing = {(start, end) for start, end in true if end not in reached(picture, start)}
    assert missing == set(), "imports without an arrow, or a way along arrows"
    assert not any(room in reached(picture, room) for room in picture), "no circles"


def test_every_room_is_told_of() -> None:
    told = set(re.findall(r"`([\w/.]*\w)`", PAGE.read_text(encoding="utf-8")))
    rooms = {
        f"{folder}/{path.parent.name}"
        for folder in FOLDERS
        for path in (ROOT / folder).glob("*/__init__.py")
        if not path.parent.is_symlink()
    }
    assert rooms <= told
    assert {name for name in told if name.count("/") == 1 and "." not in name} <= {
        *rooms,
        *(f"{path.parent.name}/{path.name}" for path in ROOT.glob("*/*") if path.is_dir()),
    }
    files = {name for name in told if name.endswith(".py") and "/" in name}
    assert [name for name in sorted(files) if not _exists(name)] == []


def _exists(name: str) -> bool:
    return any((ROOT / folder / name).is_file() for folder in (Path(), *map(Path, FOLDERS)))


def test_what_the_page_says_is_in_a_module_is_there() -> None:
    named = re.findall(r"`([\w/]+\.py)`: ((?:`\w+`(?:, )?)+)", PAGE.read_text(encoding="utf-8"))
    assert len(named) > 10
    for path, names in named:
        text = (ROOT / path).read_text(encoding="utf-8")
        defined = {
            node.name
            for node in ast.parse(text).body
            if isinstance(node, ast.FunctionDef | ast.ClassDef)
        }
        assert set(re.findall(r"\w+", names)) <= defined, path


def test_every_source_is_a_folder_of_one_shape_and_in_the_list() -> None:
    folders = {path.parent.name for path in (ROOT / "converters").glob("*/source.py")}
    assert [source.key for source in SOURCES] == list(dict.fromkeys(s.key for s in SOURCES))
    assert {source.key for source in SOURCES} == folders
    assert all((ROOT / "converters" / key / "reader.py").is_file() for key in folders)
    protected = PROJECT["tool"]["importlinter"]["contracts"]
    (known,) = (one["protected_modules"] for one in protected if one["type"] == "protected")
    assert {name.rpartition(".")[2] for name in known} == folders
    assert [source.key for source in SOURCES if source.is_of(b"")] == [SOURCES[-1].key]


def test_a_source_whose_files_name_their_bodies_says_what_they_are() -> None:
    for source in SOURCES:
        if not source.takes_overrides:
            assert translations(f"overrides.what.{source.key}")["zh"]
