"""Tables of what each column or element of a foreign source means: cube, codes and unit.

One CSV file stands beside each reader. ``codes`` are written ``scheme=code scheme=code``. A code
``@NAME`` is read from the element NAME beside the number; ``#`` is the number of the item.
"""

import csv
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from rdflib.namespace import SKOS

from gongkai.ontology import DEFAULT_BASE
from gongkai.ontology.turtle import load_turtle


@dataclass(frozen=True)
class Meaning:
    """The meaning of a column or element: ``where`` it is found, and the cell that it fills."""

    where: tuple[str, ...]
    cube: str
    codes: tuple[tuple[str, str], ...]
    unit: str


@lru_cache(maxsize=8)
def meanings(package: str, name: str) -> tuple[Meaning, ...]:
    """The rows of the table ``name`` in ``package``, in its order."""
    text = (files(package) / name).read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    places = [column for column in rows.fieldnames or () if column not in ("cube", "codes", "unit")]
    return tuple(
        Meaning(
            tuple(row[place] for place in places),
            row["cube"],
            tuple(
                (scheme, code) for scheme, _, code in map(_scheme_and_code, row["codes"].split())
            ),
            row["unit"],
        )
        for row in rows
    )


def _scheme_and_code(text: str) -> tuple[str, str, str]:
    return text.partition("=")


@lru_cache(maxsize=32)
def printed_codes(scheme: str) -> dict[str, str]:
    """The codes of a code list by what the source writes for them (``skos:hiddenLabel``)."""
    prefix = f"{DEFAULT_BASE}id/code/{scheme}/"
    return {
        str(printed): str(code).removeprefix(prefix)
        for code, printed in load_turtle().subject_objects(SKOS.hiddenLabel)
        if str(code).startswith(prefix)
    }
