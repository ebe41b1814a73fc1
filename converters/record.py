"""The record of a conversion, as plain values for JSON (docs/record.md).

All of it is published as well, in the report's graph (``cube``): counts, notes and source under the
conversion, cells that have no number as missing cells, the others as observations with their text.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC
from typing import Any

from gongkai.converters.documents.model import Place, SourceFile
from gongkai.converters.report import Cell, CellState, Claim, Note, Report, ReportTable
from gongkai.ontology.labels import Label
from gongkai.ontology.structures import cubes
from gongkai.version import __version__

VERSION = 1
"""The version of the layout; it changes when a member changes its meaning or is removed, not when
one is added.
"""


def record_of(report: Report) -> dict[str, Any]:
    """The origin of a report, and how each cell of it was read; equal for equal reports."""
    return {
        **_head("converted"),
        "source": source_record(report.source_file),
        "report": {
            "body": report.body.key,
            "body_name": report.body.name,
            "year": report.year,
            "title": report.title,
            "form": report.form.key,
            "complete": report.complete,
        }
        | ({"read_once": True} if report.read_once else {})
        | ({"pictured": True} if report.pictured else {}),
        "counts": {state.value: report.count(state) for state in CellState},
        "tables": [_table(table) for table in report.tables],
        "claims": [_claim(claim) for claim in report.claims],
        "notes": [_note(note) for note in report.notes],
    }


def failure_record(
    source: Mapping[str, Any], failure: Label, outcome: str = "failed"
) -> dict[str, Any]:
    """The record of a source that gave no report; ``source`` is what is known of it.

    ``failure`` says in each language why; the record has all of them, whatever the locale.
    ``outcome`` is ``failed``, or ``left-out`` where another source gave the same report.
    """
    return {**_head(outcome), "source": dict(source), **failure_members(failure)}


def failure_members(failure: Label) -> dict[str, Any]:
    """Members that say why nothing could be read: in English, and in each language."""
    return {"error": failure["en"], "message": _label(failure)}


def source_record(source_file: SourceFile) -> dict[str, Any]:
    """The source document: its name, type, size, checksum, and origin."""
    retrieved = source_file.retrieved
    return {
        "name": source_file.name,
        "media_type": source_file.media_type,
        "size": source_file.size,
        "sha256": source_file.sha256,
        "address": source_file.address,
        "retrieved": None
        if retrieved is None
        else retrieved.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def place_record(place: Place | None) -> dict[str, Any] | None:
    """The place of something in the source, as far as its format has places."""
    if place is None:
        return None
    return {name: value for name, value in asdict(place).items() if value is not None}


def figures_digest(report: Report) -> str:
    """A checksum of all cells of the form, independent of their printed form and document.

    Two sources of the same report have the same checksum if and only if they give the same numbers
    and leave the same cells without one.
    """
    cells = sorted(
        f"{table.cube} {sorted(cell.codes.items())} {_known(cell)}"
        for table, cell in report.cells()
    )
    return hashlib.sha256("\n".join(cells).encode()).hexdigest()


def _known(cell: Cell) -> str:
    if cell.value is None:
        return f"{cell.state.value} {cell.readings if cell.state is CellState.UNREAD else ''}"
    return f"{cell.value.normalize():f} {cell.unit}"


def _head(outcome: str) -> dict[str, Any]:
    return {
        "record": "gongkai conversion",
        "version": VERSION,
        "software": {"name": "gongkai", "version": __version__},
        "outcome": outcome,
    }


def _table(table: ReportTable) -> dict[str, Any]:
    return {
        "cube": table.cube,
        "form": table.form.key,
        "counts": {state.value: table.count(state) for state in CellState},
        "cells": [
            _cell(table, cell)
            for cell in table.cells
            if cell.state is not CellState.READ or cell.text is not None
        ],
    }


def _cell(table: ReportTable, cell: Cell) -> dict[str, Any]:
    schemes = [dimension.scheme for dimension in cubes()[table.cube].dimensions]
    return {
        "state": cell.state.value,
        "codes": {scheme: cell.codes[scheme] for scheme in schemes if scheme in cell.codes},
        "row": _label(cell.row),
        "column": _label(cell.column),
        "place": place_record(cell.place),
        # As text: JSON has no decimal numbers, and money must not be rounded.
        "value": None if cell.value is None else f"{cell.value:f}",
        "unit": cell.unit,
        "printed": cell.text,
        "reason": _label(cell.reason),
        "readings": list(cell.readings),
    }


def _claim(claim: Claim) -> dict[str, Any]:
    return {
        "kind": claim.kind,
        "stated": f"{claim.value:f}",
        "quotation": claim.quotation,
        "section": claim.section,
        "place": place_record(claim.place),
        "concerns": [[cube, *codes] for cube, codes in claim.cells],
        "reason": _label(claim.reason),
    }


def _note(note: Note) -> dict[str, Any]:
    return {
        "message": _label(note.message),
        "place": place_record(note.place),
        "printed": note.printed,
        "about": note.about,
    }


def _label(label: Mapping[str, str]) -> dict[str, str]:
    return dict(sorted(label.items(), reverse=True))
