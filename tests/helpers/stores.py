"""Stores to begin with: each is published once in a run of the tests, and copied."""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from helpers.commands import gongkai

TEMPLATES = "GONGKAI_TEST_STORES"
"""Environment variable with the folder of the stores that are copied, one for all workers."""


@contextmanager
def kept_in_a_folder() -> Iterator[None]:
    """Keep the stores of this run in a folder, for this process and those that it starts."""
    os.environ[TEMPLATES] = mkdtemp(prefix="gongkai-tests-")
    try:
        yield
    finally:
        shutil.rmtree(os.environ.pop(TEMPLATES))


def published(
    store: Path, *reports: Path, options: tuple[str, ...] = (), codes: tuple[int, ...] = (0,)
) -> Path:
    """Make ``store``, with the reports, as the command line publishes them; the path of the store.

    All of them must be new, and the command end with one of the ``codes``.
    """
    around = [os.environ.get(name) for name in ("SOURCE_DATE_EPOCH", "GONGKAI_BODIES")]
    digest = hashlib.sha256(repr((options, around)).encode())
    given = [Path(option) for option in options if Path(option).is_file()]
    beside = [path for report in reports for path in sorted(report.parent.glob(f"{report.stem}.*"))]
    for path in (*reports, *given, *beside):
        digest.update(repr((path.name, path.read_bytes())).encode())

    def publish(folder: Path) -> None:
        result = gongkai("publish", *reports, *options, "--store", folder)
        assert result.stdout.count(", published: new") == len(reports), result.output
        (folder / "code").write_text(str(result.exit_code), encoding="ascii")

    copied(digest.hexdigest(), publish, store)
    code = store / "code"
    assert int(code.read_text(encoding="ascii")) in codes
    code.unlink()
    return store


def copied(name: str, make: Callable[[Path], object], store: Path) -> None:
    """Copy the store that ``make`` makes, in this run the first time that ``name`` is wanted."""
    template = Path(os.environ[TEMPLATES], name)
    with template.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not template.exists():
            new = template.with_suffix(".new")
            shutil.rmtree(new, ignore_errors=True)
            make(new)
            new.rename(template)
    shutil.copytree(template, store, symlinks=True, copy_function=_linked)


def _linked(source: str, target: str) -> None:
    """The engine writes its tables once and then only deletes them: one file serves all copies."""
    if source.endswith(".sst"):
        try:
            os.link(source, target)
        except OSError:
            # On another file system, or on one without links.
            shutil.copy2(source, target)
    else:
        shutil.copy2(source, target)
