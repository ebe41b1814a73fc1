"""From a document to a report: choose the forms, read tables and text."""

from collections.abc import Sequence
from dataclasses import replace

from gongkai.converters.claims.reader import read_claims
from gongkai.converters.documents.model import Document
from gongkai.converters.errors import UnreadableSource
from gongkai.converters.forms.blanks import impute_blanks
from gongkai.converters.forms.cells import NOT_IN_SOURCE
from gongkai.converters.forms.parts import find_parts, heading_notes
from gongkai.converters.forms.scope import report_scope
from gongkai.converters.forms.several import parted
from gongkai.converters.forms.tables import read_tables
from gongkai.converters.metadata.reader import read_metadata
from gongkai.converters.narrative import read_sections
from gongkai.converters.report import Note, Report, ReportTable
from gongkai.ontology.bodies import Register
from gongkai.ontology.forms import Form, Label


def recognise_all(document: Document, register: Register | None = None) -> tuple[Report, ...]:
    """Every report that ``document`` holds: a page may print that of a government and its office's.

    ``register`` holds the bodies that are known, those of the packaged one if None. Raises
    UnreadableSource where it holds none.
    """
    reports = tuple(recognise(part, register) for part in parted(document))
    if len({report.key for report in reports}) < len(reports):
        # Twice the same body and year: no two reports, but two readings of one.
        return (recognise(document, register),)
    return reports


def recognise(document: Document, register: Register | None = None) -> Report:
    """The report that ``document`` holds.

    Raises UnreadableSource where it holds none: no title, no known body, or none of the tables.
    """
    found = read_tables(document.items)
    unread = document.unread
    if not found.tables:
        title = document.declared.get("title", "").strip()
        called = f" (it is titled “{title}”)" if title else ""
        raise UnreadableSource(
            f"this is no annual report that can be read{called}: none of its official tables "
            "(parts 二, 三, 四) was found" + (f"; {unread['en']}" if unread else "")
        )
    scope = report_scope(document.items, found)
    metadata = read_metadata(document, [*scope.before, *scope.blocks], register)
    tables = tuple(impute_blanks(_perhaps_in(unread, table)) for table in found.tables)
    notes = [*metadata.notes, *heading_notes(find_parts(scope.blocks), scope.blocks)]
    notes += [*found.notes, *(Note(message) for message in document.notes)]
    sections, signature = read_sections(scope.blocks, metadata)
    return Report(
        body=metadata.body,
        year=metadata.year,
        title=metadata.title,
        period=metadata.period,
        issued=metadata.issued,
        signature=signature,
        contact=metadata.contact,
        sections=sections,
        form=_main_form(tables),
        tables=tables,
        notes=tuple(notes),
        source=document.source,
        claims=read_claims(sections, tables, metadata.body, metadata.year),
        read_once=document.read_once,
    )


def _perhaps_in(unread: Label, table: ReportTable) -> ReportTable:
    """The table, its absent rows told as what may stand in the part of the source not read."""
    if not unread:
        return table
    reason = {
        "zh": f"已读取的部分中没有该行；{unread['zh']}",
        "en": f"the row is not in what was read; {unread['en']}",
    }
    return replace(
        table,
        cells=tuple(
            replace(cell, reason=reason) if cell.reason == NOT_IN_SOURCE else cell
            for cell in table.cells
        ),
    )


def _main_form(tables: Sequence[ReportTable]) -> Form:
    """The form of the report: that of its table of requests, else of its first table."""
    return next((table.form for table in tables if table.cube == "requests"), tables[0].form)
