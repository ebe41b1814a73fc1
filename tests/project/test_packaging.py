"""What is installed: one package name, with all its data, from a clean checkout."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from helpers.commands import ROOT

pytestmark = pytest.mark.packaging


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the project as a fresh checkout has them."""
    target = tmp_path_factory.mktemp("checkout") / "gongkai"
    ignored = shutil.ignore_patterns(
        ".venv*", ".git", "build", "*.egg-info", "__pycache__", ".*_cache"
    )
    shutil.copytree(ROOT, target, symlinks=True, ignore=ignored)
    return target


def pip(*arguments: object) -> None:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    subprocess.run([*command, *map(str, arguments)], check=True, capture_output=True, text=True)


@pytest.fixture(scope="module")
def wheel(checkout: Path) -> Path:
    pip("wheel", "--no-deps", "--no-build-isolation", "-w", checkout / "dist", checkout)
    return next((checkout / "dist").glob("*.whl"))


def test_the_wheel_has_one_top_level_name_and_all_data(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"gongkai"}
    for folder in ("ontology", "shapes", "server", "samples"):
        wanted = {
            f"gongkai/{path.relative_to(ROOT)}"
            for path in (ROOT / folder).rglob("*")
            if path.suffix in (".ttl", ".rq", ".ru", ".toml", ".txt", ".html", ".gz")
            or (path.is_file() and "static" in path.parts)
        }
        assert wanted and wanted <= set(names)
    assert "gongkai/py.typed" in names


@pytest.mark.parametrize("left", ["texts", "nothing"])
def test_a_checkout_without_links_says_what_to_do(
    checkout: Path, left: str, tmp_path: Path
) -> None:
    """Git writes a link as a text where links do not work; an archive may leave it out."""
    target = tmp_path / "checkout"
    shutil.copytree(checkout, target, symlinks=True, ignore=shutil.ignore_patterns("build", "dist"))
    links = sorted(path for path in (target / "gongkai").iterdir() if path.is_symlink())
    for link in links:
        leads_to = link.readlink()
        link.unlink()
        if left == "texts":
            link.write_text(str(leads_to), encoding="utf-8")
    wheel = ["-m", "pip", "wheel", "--no-deps", "--no-build-isolation"]
    build = [*wheel, "-w", tmp_path / "dist", target]
    imported = ["-c", "import gongkai"]
    for arguments in (build, imported):
        run = subprocess.run(
            [sys.executable, *arguments], cwd=target, capture_output=True, text=True, check=False
        )
        assert run.returncode != 0
        (sentence,) = {
            line.strip().removeprefix("ImportError: ")
            for line in run.stderr.splitlines()
            if "gongkai is not whole" in line
        }
        assert all(f"gongkai/{link.name}" in sentence for link in links)
        assert "git config core.symlinks true" in sentence and sentence.count(". ") == 0
    assert len(links) == 5 and not list(tmp_path.glob("dist/*.whl"))


@pytest.mark.parametrize("editable", [False, True])
def test_installed_in_an_environment_of_its_own(
    checkout: Path, wheel: Path, editable: bool, tmp_path: Path
) -> None:
    """The command works from anywhere, and nothing generic can be imported."""
    environment = tmp_path / "environment"
    # Dependencies are those of this environment: installing them again would prove nothing.
    subprocess.run(
        [sys.executable, "-m", "venv", "--system-site-packages", "--without-pip", environment],
        check=True,
    )
    site = next((environment / "lib").glob("python*")) / "site-packages"
    (site / "borrowed.pth").write_text(
        "\n".join(path for path in sys.path if path.endswith("site-packages")) + "\n"
    )
    source = ["-e", checkout] if editable else [wheel]
    pip(
        f"--python={environment / 'bin' / 'python'}",
        "install",
        "--no-deps",
        "--no-build-isolation",
        "--ignore-installed",
        *source,
    )
    run = subprocess.run(
        [environment / "bin" / "gongkai", "check", checkout / "samples" / "mohrss-2019.txt"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert "198 cells read, all rules hold" in run.stdout
    where = subprocess.run(
        [environment / "bin" / "python", "-c", "import gongkai; print(gongkai.__file__)"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert str(checkout if editable else environment) in where.stdout
    for name in ("converters", "server", "ontology", "shapes", "samples", "tests"):
        found = subprocess.run(
            [environment / "bin" / "python", "-c", f"import {name}"],
            cwd=tmp_path,
            capture_output=True,
            check=False,
        )
        assert found.returncode != 0, f"{name} must not be importable"
