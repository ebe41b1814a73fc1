"""The texts of the queries in this folder, with their parameters filled in."""

import re
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files

_PATH = re.compile(r"[A-Za-z0-9._~-]+(?:/[A-Za-z0-9._~-]+)*")


@lru_cache
def query_text(name: str) -> str:
    """The text of ``queries/NAME.rq``; raises FileNotFoundError if there is none."""
    return files(__package__).joinpath(f"{name}.rq").read_text(encoding="utf-8")


def fill(name: str, base: str, this: str) -> str:
    """The query ``name`` about the entity ``this``: its BASE set, ``?this`` replaced by the IRI.

    ``this`` must come from ``minted``, or from the store itself: it is inserted into the text.
    """
    text = re.sub(r"[?$]this\b", lambda _: f"<{this}>", query_text(name))
    return f"BASE <{base}>\n{text}"


def fill_list(name: str, base: str, these: Sequence[str]) -> str:
    """The query ``name`` about several entities, which replace ``?these``.

    As with ``fill``, they must be URIs that we minted or that the store itself holds.
    """
    values = " ".join(f"<{one}>" for one in these)
    return f"BASE <{base}>\n" + query_text(name).replace("?these", values)


def minted(base: str, path: str) -> str | None:
    """The URI at ``path`` under the base; None if the path has characters that we never mint."""
    return base + path if _PATH.fullmatch(path) else None


@lru_cache(maxsize=1)
def query_names() -> frozenset[str]:
    """The names of all queries."""
    folder = files(__package__)
    names = (item.name for item in folder.iterdir())
    return frozenset(name.removesuffix(".rq") for name in names if name.endswith(".rq"))
