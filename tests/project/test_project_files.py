"""The files around the code: workflow, templates, containers, hooks, citation, locks."""

import configparser
import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import pytest
from click.exceptions import Exit
from ruamel.yaml import YAML

from gongkai.version import __version__
from helpers.commands import ROOT

SCHEMAS = {
    "github-workflows": [".github/workflows/checks.yml"],
    "dependabot": [".github/dependabot.yml"],
    "github-issue-config": [".github/ISSUE_TEMPLATE/config.yml"],
    "github-issue-forms": [
        ".github/ISSUE_TEMPLATE/1-wrong-number.yml",
        ".github/ISSUE_TEMPLATE/2-not-read.yml",
        ".github/ISSUE_TEMPLATE/3-other.yml",
    ],
    "compose-spec": ["compose.yaml"],
    "citation-file-format": ["CITATION.cff"],
}
"""The schema of each file that has one, by its name in check-jsonschema."""

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
IN_GIT = (ROOT / ".git").exists() and shutil.which("git") is not None


def yaml_of(name: str) -> Any:
    return YAML(typ="safe", pure=True).load(ROOT / name)


def program(name: str) -> str:
    """A program of the environment that runs the tests."""
    return str(Path(sys.executable).with_name(name))


# --- files with a schema ----------------------------------------------------------------------


def test_every_yaml_file_here_has_a_schema() -> None:
    found = {str(path.relative_to(ROOT)) for path in (ROOT / ".github").rglob("*.yml")}
    found |= {path.name for pattern in ("*.yaml", "*.yml", "*.cff") for path in ROOT.glob(pattern)}
    listed = {name for names in SCHEMAS.values() for name in names}
    # The hooks have no schema that is at hand without the network; their own test is below.
    assert found - {".pre-commit-config.yaml"} == listed


@pytest.mark.parametrize("schema", SCHEMAS)
def test_a_file_is_as_its_schema_wants(schema: str) -> None:
    command = ["--builtin-schema", f"vendor.{schema}", "--default-filetype", "yaml"]
    files = [ROOT / name for name in SCHEMAS[schema]]
    run = subprocess.run(
        [program("check-jsonschema"), *command, *files], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_workflow_runs_every_check_with_the_oldest_python() -> None:
    job = yaml_of(".github/workflows/checks.yml")["jobs"]["checks"]
    assert job["runs-on"].startswith("ubuntu-")
    assert [step["run"] for step in job["steps"] if "run" in step][-1] == ".ci/run"
    oldest = PROJECT["project"]["requires-python"].removeprefix(">=")
    assert job["container"].startswith(f"python:{oldest}-")
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111


def test_a_wrong_number_is_reported_with_document_cell_and_number() -> None:
    form = yaml_of(".github/ISSUE_TEMPLATE/1-wrong-number.yml")
    required = {
        field["id"] for field in form["body"] if field.get("validations", {}).get("required")
    }
    assert required == {"document", "cell", "expected", "found"}


def test_the_citation_is_of_this_version() -> None:
    citation = yaml_of("CITATION.cff")
    assert citation["version"] == __version__
    assert citation["license"] == PROJECT["project"]["license"]


# --- the images -------------------------------------------------------------------------------


def test_the_dockerfile_has_no_findings() -> None:
    run = subprocess.run(
        [program("hadolint"), "--no-color", ROOT / "Dockerfile"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stdout) == (0, "")


def test_the_images_have_the_oldest_python() -> None:
    outside = re.findall(r"^FROM (\S+:\S+)", DOCKERFILE, re.MULTILINE)
    oldest = PROJECT["project"]["requires-python"].removeprefix(">=")
    assert outside and all(image.startswith(f"python:{oldest}-") for image in outside)


def test_all_that_an_image_is_made_of_reaches_the_builder() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").split("\n")
    assert "*" in lines
    sent = {line.removeprefix("!") for line in lines if line.startswith("!")}
    assert all((ROOT / name).exists() for name in sent)
    links = {path.readlink().name for path in (ROOT / "gongkai").iterdir() if path.is_symlink()}
    project = PROJECT["project"]
    wanted = {"gongkai", "pyproject.toml", "setup.py", project["readme"]}
    wanted |= {*project["license-files"], *links}
    wanted |= set(re.findall(r"^COPY (requirements\S+)", DOCKERFILE, re.MULTILINE))
    assert wanted == sent


# --- compose ----------------------------------------------------------------------------------


def services() -> dict[str, Any]:
    found: dict[str, Any] = yaml_of("compose.yaml")["services"]
    return found


def filled(text: str, environment: Mapping[str, Any] | None = None) -> str:
    """``text`` of compose.yaml with defaults, then with what the service's environment has."""
    text = re.sub(r"(?<!\$)\$\{\w+:-([^}]*)\}", r"\1", text).replace("$$", "$")
    known = {key: filled(str(value)) for key, value in (environment or {}).items() if value}
    return re.sub(r"\$(\w+)", lambda match: known.get(match[1], match[0]), text)


@pytest.mark.parametrize("name", services())
def test_a_service_is_one_image_and_its_volumes_are_there(name: str) -> None:
    service = services()[name]
    assert ("image" in service) != ("build" in service)
    if "build" in service:
        target = filled(service["build"]["target"])
        assert re.search(rf"^FROM \S+ AS {target}$", DOCKERFILE, re.MULTILINE)
    else:
        assert re.fullmatch(r"\S+:\d[\w.-]*", service["image"]), "a version, not the latest"
    declared = yaml_of("compose.yaml")["volumes"]
    for volume in map(filled, service["volumes"]):
        source, target, *mode = volume.split(":")
        assert target.startswith("/")
        # Folders of the host are only read.
        assert source in declared or (source.startswith(("./", "/")) and mode == ["ro"])


def test_every_volume_is_used() -> None:
    used = {
        volume.split(":")[0] for service in services().values() for volume in service["volumes"]
    }
    assert set(yaml_of("compose.yaml")["volumes"]) <= used


def test_ports_are_on_the_loopback_of_the_host_alone() -> None:
    ports = {name: list(map(filled, found.get("ports", []))) for name, found in services().items()}
    assert {name for name, found in ports.items() if found} == {"server"}
    for port in ports["server"]:
        assert re.fullmatch(r"127\.0\.0\.1:\d+:8000", port)


def test_the_server_cannot_write_to_the_store() -> None:
    server = services()["server"]
    assert server["volumes"] == ["store:/store:ro"] and server["read_only"]


def test_a_remote_store_is_an_option() -> None:
    assert {name for name, found in services().items() if "profiles" in found} == {"virtuoso"}
    settings = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    for name in ("server", "publish"):
        told = {key for key, value in services()[name]["environment"].items() if value is None}
        assert told and all(f"`{key}" in settings for key in told)
    rows = services()["virtuoso"]["environment"]["VIRT_SPARQL_ResultSetMaxRows"]
    assert f"{int(rows):,}" in (ROOT / "docs" / "operation.md").read_text(encoding="utf-8")


def test_every_variable_is_described() -> None:
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    page = (ROOT / "docs" / "containers.md").read_text(encoding="utf-8")
    variables = set(re.findall(r"\$\{(\w+):-", text))
    assert variables and all(f"`{name}`" in page or f"\n{name}=" in page for name in variables)


# --- commands ---------------------------------------------------------------------------------


def refusal(words: list[str]) -> str | None:
    """Why the command line of gongkai would not take ``words``; None where it would."""
    module, _, function = PROJECT["project"]["scripts"]["gongkai"].partition(":")
    command: click.Command = getattr(import_module(module), function)
    # Click keeps the names of the option for help with which a command is first asked for it.
    settings = dict(command.context_settings)
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        name, *words = words
        found = command.get_command(click.Context(command), name)
        if found is None:
            return f"there is no command {name!r}"
        command = found
    try:
        command.make_context(command.name, words, **settings)
    except Exit:
        return None  # It asks for help, or the version.
    except click.ClickException as error:
        return error.format_message()
    return None


def commands_in(text: str) -> Iterator[list[str]]:
    """What ``gongkai`` is called with in a shell's text, comments and redirections left out."""
    for found in re.finditer(r"^\s*(?:\$ )?gongkai (.+)$", text.replace("\\\n", " "), re.MULTILINE):
        words = shlex.split(found[1], comments=True)
        ends = [index for index, word in enumerate(words) if word in ("||", "&&", "|", ";", ">")]
        yield words[: ends[0]] if ends else words


def called() -> Iterator[tuple[str, list[str]]]:
    """Where gongkai is called, and with what."""
    assert 'ENTRYPOINT ["gongkai"]' in DOCKERFILE
    for words in re.findall(r"^CMD (\[.+\])$", DOCKERFILE, re.MULTILINE):
        yield "Dockerfile", json.loads(words)
    for name, service in services().items():
        words = [filled(word, service["environment"]) for word in service.get("command", [])]
        if service.get("entrypoint") == ["sh", "-c"]:
            yield from ((name, found) for found in commands_in(words[0]))
        elif words:
            yield name, words
    for step in yaml_of(".github/workflows/checks.yml")["jobs"]["images"]["steps"]:
        for found in re.findall(r"gongkai-publisher (publish .+)", step.get("run", "")):
            yield "workflow", shlex.split(found)
    for page in (ROOT / "docs" / "containers.md", ROOT / "docs" / "operation.md"):
        text = page.read_text(encoding="utf-8")
        for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL):
            yield from ((page.name, found) for found in commands_in(block))
        for found in re.findall(r"--entrypoint gongkai \w+ (.+)", text):
            yield page.name, shlex.split(found)


def test_every_command_that_is_called_exists_with_its_options() -> None:
    wrong = {
        (where, shlex.join(words)): why for where, words in called() if (why := refusal(words))
    }
    assert wrong == {}
    assert {where for where, _ in called()} >= {"Dockerfile", "server", "publish", "workflow"}
    assert {words[0] for where, words in called() if where == "publish"} == {"publish", "dump"}


@pytest.mark.parametrize(
    "words", ["publsh reports", "serve --stoer x", "serve --port eight", "dump", "link fnd"]
)
def test_a_command_that_does_not_exist_is_found(words: str) -> None:
    assert refusal(words.split()) is not None


# --- hooks, locks, editors --------------------------------------------------------------------


def test_the_hooks_run_the_locked_programs(tmp_path: Path) -> None:
    lock = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8")
    make = (ROOT / "Makefile").read_text(encoding="utf-8")
    (repository,) = yaml_of(".pre-commit-config.yaml")["repos"]
    assert repository["repo"] == "local"
    (tmp_path / "untidy.py").write_text("import os\nx = [1,2]\n", encoding="utf-8")
    for hook in repository["hooks"]:
        assert hook["language"] == "system"
        entry, *arguments = shlex.split(hook["entry"])
        tool = entry.removeprefix(".venv/bin/")
        assert re.search(rf"^{tool}==", lock, re.MULTILINE)
        assert f"{entry} {arguments[0]}" in make
        for file, expected in ((__file__, 0), (tmp_path / "untidy.py", 1)):
            run = subprocess.run(
                [program(tool), *arguments, "--no-cache", file],
                cwd=ROOT,
                capture_output=True,
                text=True,
                check=False,
            )
            assert run.returncode == expected, run.stdout + run.stderr


@pytest.mark.parametrize("name", sorted(path.name for path in ROOT.glob("requirements*.lock")))
def test_a_lock_has_hashes_and_no_addresses(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    logical = re.sub(r"\\\n\s+", "", re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE))
    requirement = re.compile(
        r"[a-z0-9][a-z0-9.-]*==[\w.+!]+( ; .+?)? ?(--hash=sha256:[0-9a-f]{64} ?)+"
    )
    assert [line for line in logical.splitlines() if not requirement.fullmatch(line)] == []


def test_every_tool_is_locked() -> None:
    lock = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8")
    for requirement in PROJECT["dependency-groups"]["dev"]:
        name = re.split(r"[<>=]", requirement)[0].lower()
        assert re.search(rf"^{name}==", lock, re.MULTILINE), name


def test_editors_are_told_what_is_true() -> None:
    parser = configparser.ConfigParser()
    parser.read_string("[DEFAULT]\n" + (ROOT / ".editorconfig").read_text(encoding="utf-8"))
    assert parser["DEFAULT"]["root"] == "true"
    assert parser.getint("*.py", "max_line_length") == PROJECT["tool"]["ruff"]["line-length"]
    for section in parser.sections():
        names = re.fullmatch(r"\*\.\{(.+)\}", section)
        for glob in [f"*.{ending}" for ending in names[1].split(",")] if names else [section]:
            assert next(ROOT.rglob(glob), None), glob


@pytest.mark.skipif(not IN_GIT, reason="not a checkout of git")
def test_texts_have_the_line_ends_that_git_is_told() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--eol"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "Dockerfile" in listed.stdout
    wrong = [
        line
        for line in listed.stdout.splitlines()
        if re.match(r"i/(crlf|mixed)", line) and "attr/-text" not in line
    ]
    assert wrong == []
