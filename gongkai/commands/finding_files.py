"""Find the files that a command was given: named files, and all files in named folders."""

import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from gongkai.ontology.texts import message
from gongkai.ontology.texts.system import system_error

_ASIDE = (".source.json", ".record.json")
"""Suffixes of files beside reports: their provenance, and the record of their conversion."""


def report_files(
    paths: Sequence[Path], without: Collection[Path] = ()
) -> tuple[list[Path], list[tuple[Path, str]]]:
    """The files to read, and the errors of folders.

    Files are in the order named; those of a folder are sorted and include subfolders, and links are
    followed. Skipped are hidden files and folders, sidecars and records, what is neither file nor
    folder, and the folders ``without``, which output is written to. A folder reached by two paths
    is read once.
    """
    found: list[Path] = []
    wrong: list[tuple[Path, str]] = []
    seen = {identity for path in without if (identity := _identity(path))}
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        known = _identity(path) in seen
        before = len(wrong)
        below = sorted(_walk(path, seen, wrong))
        if not below and not known and len(wrong) == before:
            wrong.append((path, message("commands.no_files")))
        found += below
    return found, wrong


def _walk(
    folder: Path, seen: set[tuple[int, int]], wrong: list[tuple[Path, str]]
) -> Iterator[Path]:
    """Every file below ``folder``; ``seen`` prevents endless walks through circular links."""
    pending = [folder]
    while pending:
        folder = pending.pop()
        identity = _identity(folder)
        if identity is None or identity in seen:
            continue
        seen.add(identity)
        try:
            entries = [Path(entry) for entry in os.scandir(folder)]
        except OSError as error:
            wrong.append((folder, message("commands.no_folder", why=system_error(error))))
            continue
        for entry in entries:
            if entry.name.startswith(".") or entry.name.endswith(_ASIDE):
                continue
            mode = _mode(entry)
            if mode is not None and S_ISDIR(mode):
                pending.append(entry)
            elif mode is None or S_ISREG(mode):
                # A broken link is reported when it is opened.
                yield entry


def _mode(path: Path) -> int | None:
    try:
        return path.stat().st_mode
    except OSError:
        return None


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
