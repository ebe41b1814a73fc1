"""Control characters in what was read: they are invisible, and XML cannot hold them."""

import re
from collections.abc import Iterable
from dataclasses import replace

from gongkai.converters.documents.model import Grid, GridCell, Item
from gongkai.ontology.labels import Label
from gongkai.ontology.texts import listed, translations

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]+")
"""Characters that are not allowed in XML 1.0 (section 2.2)."""

_BESIDE_DIGITS = re.compile(f"(?<=[0-9０-９.]){_CONTROL.pattern}(?=[0-9０-９.])")


def without_controls(items: Iterable[Item]) -> tuple[tuple[Item, ...], tuple[Label, ...]]:
    """The items without control characters, and a note on which there were.

    A control character between digits becomes U+FFFD: nobody can tell whether the digits are one
    number.
    """
    found: set[str] = set()

    def clean(text: str) -> str:
        if not _CONTROL.search(text):
            return text
        found.update("".join(_CONTROL.findall(text)))
        return _CONTROL.sub("", _BESIDE_DIGITS.sub("\ufffd", text))

    def clean_cell(cell: GridCell | None) -> GridCell | None:
        if cell is None or not _CONTROL.search("".join((cell.text, *cell.readings))):
            return cell
        return replace(cell, text=clean(cell.text), readings=tuple(map(clean, cell.readings)))

    cleaned: list[Item] = []
    for item in items:
        if isinstance(item, Grid):
            rows = tuple(tuple(map(clean_cell, row)) for row in item.rows)
            # Grids without control characters stay the same object: they may be large.
            changed = any(
                new is not old
                for pair in zip(rows, item.rows, strict=True)
                for new, old in zip(*pair, strict=True)
            )
            item = replace(item, rows=rows) if changed else item
        elif _CONTROL.search(item.text):
            item = replace(item, text=clean(item.text))
        cleaned.append(item)
    return tuple(cleaned), _note(found)


def _note(found: set[str]) -> tuple[Label, ...]:
    if not found:
        return ()
    codes = [f"U+{ord(character):04X}" for character in sorted(found)]
    return (translations("documents.control_characters", codes=listed(codes)),)
