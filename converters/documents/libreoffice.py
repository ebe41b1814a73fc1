"""LibreOffice as a converter: one run for one file, isolated and with limits.

A file of unknown origin may hold macros, links and bombs. Each run has a profile of its own in
which macros never run and nothing is fetched, a network of its own where the system allows that,
and limits on time, memory and output.
"""

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from gongkai.converters.documents.limits import Limits
from gongkai.converters.errors import UnreadableSource
from gongkai.ontology.labels import Label
from gongkai.ontology.texts import translations

_PROGRAMS = ("soffice", "libreoffice")
_LOOPBACK_ONLY = ("unshare", "--user", "--map-root-user", "--net", "--")
_LIMITED = 'ulimit -f "$1"; ulimit -v "$2"; shift 2; exec "$@"'
_LEAST_MEMORY = 4 * 1024 * 1024 * 1024
"""Address space that LibreOffice asks for at its start; it never uses most of it."""

# (path, name, value): no macros, no links, a proxy that does not exist, formulas recalculated.
_SETTINGS = (
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Writer/Content/Update", "Link", "0"),
    ("Office.Calc/Content/Update", "Link", "2"),
    ("Office.Calc/Formula/Load", "OOXMLRecalcMode", "0"),
    ("Office.Calc/Formula/Load", "ODFRecalcMode", "0"),
    ("Inet/Settings", "ooInetProxyType", "2"),
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
{}</oor:items>
"""
_ITEM = (
    '<item oor:path="/org.openoffice.{}"><prop oor:name="{}" oor:op="fuse">'
    "<value>{}</value></prop></item>\n"
)


def libreoffice() -> str | None:
    """The path of the program, if it is installed."""
    return next((path for name in _PROGRAMS if (path := shutil.which(name))), None)


def convert(data: bytes, kind: str, target: str, limits: Limits) -> bytes:
    """Convert a file of ``kind`` to ``target`` (both extensions, as in ``doc`` and ``docx``).

    Raises UnreadableSource where LibreOffice is not installed, fails, or takes longer than
    ``limits.seconds``.
    """
    program = libreoffice()
    if program is None:
        raise UnreadableSource(
            translations(
                "unreadable.libreoffice.missing",
                kind=_named(kind),
                package=_PACKAGES[target],
                target=target.upper(),
            )
        )
    with tempfile.TemporaryDirectory(prefix="gongkai-office-") as name:
        folder = Path(name)
        source = folder / f"source.{kind}"
        source.write_bytes(data)
        profile = folder / "profile"
        _write_profile(profile)
        output = folder / "output"
        _run(
            [
                program,
                f"-env:UserInstallation={profile.as_uri()}",
                *("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo"),
                *("--convert-to", target, "--outdir", str(output), str(source)),
            ],
            folder,
            limits,
        )
        made = output / f"source.{target}"
        if not made.is_file() or not made.stat().st_size:
            raise UnreadableSource(
                translations("unreadable.libreoffice.not_opened", target=target.upper())
            )
        with made.open("rb") as file:
            converted = file.read(limits.most_bytes + 1)
    if len(converted) > limits.most_bytes:
        raise UnreadableSource(
            translations(
                "unreadable.libreoffice.too_large", megabytes=limits.most_bytes // 1024 // 1024
            )
        )
    return converted


_NAMES = {
    "doc": translations("unreadable.libreoffice.kind.doc"),
    "xls": translations("unreadable.libreoffice.kind.xls"),
    "ods": translations("unreadable.libreoffice.kind.ods"),
}
_PACKAGES = {"docx": "writer", "xlsx": "calc"}


def _named(kind: str) -> Label:
    """The kind of a file in words."""
    return _NAMES.get(kind) or translations("unreadable.libreoffice.kind.other", name=kind.upper())


def _write_profile(profile: Path) -> None:
    user = profile / "user"
    user.mkdir(parents=True)
    items = "".join(_ITEM.format(*setting) for setting in _SETTINGS)
    (user / "registrymodifications.xcu").write_text(_PROFILE.format(items), encoding="utf-8")


def _run(command: list[str], folder: Path, limits: Limits) -> None:
    """Run to the end, or kill it with all the processes that it started."""
    blocks = limits.most_unpacked_bytes // 512
    kilobytes = max(limits.memory_bytes, _LEAST_MEMORY) // 1024
    bounded = ["sh", "-c", _LIMITED, "sh", str(blocks), str(kilobytes), *command]
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LANG": "C.UTF-8",
        "SAL_USE_VCLPLUGIN": "svp",
    }
    process = subprocess.Popen(
        [*_isolation(), *bounded],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(limits.seconds)
    except subprocess.TimeoutExpired:
        raise UnreadableSource(
            translations("unreadable.libreoffice.out_of_time", seconds=limits.seconds)
        ) from None
    finally:
        # However this ends: LibreOffice itself is a child of the process that was started.
        _kill_group(process)


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@lru_cache(maxsize=1)
def _isolation() -> tuple[str, ...]:
    """The prefix of a command that runs it without a network, where the system allows it."""
    if shutil.which(_LOOPBACK_ONLY[0]) is None:
        return ()
    tried = subprocess.run([*_LOOPBACK_ONLY, "true"], capture_output=True, check=False)
    return _LOOPBACK_ONLY if tried.returncode == 0 else ()
