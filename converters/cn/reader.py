"""From a document to a report: choose the forms, read tables and text."""

from collections.abc import Sequence
from dataclasses import replace

from gongkai.converters.cn.claims.reader import read_claims
from gongkai.converters.cn.forms.blanks import impute_blanks
from gongkai.converters.cn.forms.contradictions import Published, without_contradicted
from gongkai.converters.cn.forms.missing_rows import with_hidden_reported, with_labels_reported
from gongkai.converters.cn.forms.parts import find_parts, heading_notes
from gongkai.converters.cn.forms.scope import report_scope
from gongkai.converters.cn.forms.second_sets import without_second_set
from gongkai.converters.cn.forms.several import Doubt, ReportPart, split_reports
from gongkai.converters.cn.forms.surroundings import Surroundings
from gongkai.converters.cn.forms.tables import TableSet, read_tables
from gongkai.converters.cn.metadata.evidence import looks_like_body
from gongkai.converters.cn.metadata.fillers import is_of_another
from gongkai.converters.cn.metadata.publisher import same_body, says_whose
from gongkai.converters.cn.metadata.reader import Metadata, read_metadata
from gongkai.converters.cn.narrative import read_sections
from gongkai.converters.documents.model import Document
from gongkai.converters.documents.warnings import is_warning
from gongkai.converters.errors import UnreadableSource
from gongkai.converters.report import NOT_IN_SOURCE, Note, Report, ReportTable, Wording
from gongkai.ontology.bodies import Register, load_register
from gongkai.ontology.forms import Form
from gongkai.ontology.labels import Label
from gongkai.ontology.texts import joined_labels, translations

_OVERRIDDEN = ("body", "year")
WORDING = Wording("zh", "ZHO", "cn")


def recognise_all(document: Document, register: Register | None = None) -> tuple[Report, ...]:
    """Every report that ``document`` holds: a page may print a government's and its office's.

    ``register`` holds the known bodies, those of the packaged one if None. Raises UnreadableSource
    where it holds none, or one that cannot be read.
    """
    found = recognise_each(document, register)
    for report in found:
        if isinstance(report, UnreadableSource):
            raise report
    return tuple(report for report in found if isinstance(report, Report))


def recognise_each(
    document: Document, register: Register | None = None
) -> tuple[Report | UnreadableSource, ...]:
    """Every report that ``document`` holds; for one that cannot be read, why.

    Where the operator sets body or year, of several reports only those that fit.
    """
    register = register or load_register()
    parts = split_reports(
        document,
        lambda text: looks_like_body(text, register),
        lambda text: says_whose(text, register),
        lambda one, other: same_body(one, other, register),
    )
    if len(parts) == 1:
        return (_attempt(parts[0], register),)
    overrides = {name: document.declared[name] for name in _OVERRIDDEN if name in document.declared}
    found = [(part, _attempt(part, register)) for part in parts]
    found = _fitting(found, overrides, register) if overrides else found
    found = [(part, _as_one_of(parts, part, report)) for part, report in found]
    reports: list[Report | UnreadableSource] = []
    for key in dict.fromkeys(_key(report) for _, report in found):
        same = [(part, report) for part, report in found if _key(report) == key]
        # The same body and year twice: not two reports, but two readings of one.
        reports.append(same[0][1] if len(same) == 1 else _together([p for p, _ in same], register))
    return tuple(reports)


def _as_one_of(
    parts: Sequence[ReportPart], part: ReportPart, report: Report | UnreadableSource
) -> Report | UnreadableSource:
    """The report that was read, or why not, marked as one of several reports."""
    if isinstance(report, Report):
        return report
    number = parts.index(part) + 1
    return UnreadableSource(
        translations(
            "unreadable.cn.one_of",
            number=number,
            found=len(parts),
            called=_called(part),
            why=report.label,
        )
    )


def _called(part: ReportPart) -> Label:
    """The title of one of several reports, with its place."""
    if not part.title:
        return translations("unreadable.cn.before_title")
    where = part.place.label
    at = translations("unreadable.cn.called_at", place=where) if where["en"] else ""
    return translations("unreadable.cn.called", title=part.title, at=at)


def _key(report: Report | UnreadableSource) -> str | UnreadableSource:
    return report.key if isinstance(report, Report) else report


def _attempt(part: ReportPart, register: Register) -> Report | UnreadableSource:
    try:
        return _recognised(part.document, register, part.doubt)
    except UnreadableSource as error:
        return error


def _together(parts: Sequence[ReportPart], register: Register) -> Report | UnreadableSource:
    first, second, *_ = parts
    after = tuple(item for part in parts[1:] for item in part.document.items)
    doubt = Doubt(first.document.items, after, second.place, second.title, again=True)
    document = replace(first.document, items=(*first.document.items, *after))
    return _attempt(replace(first, document=document, doubt=doubt), register)


def _fitting(
    found: Sequence[tuple[ReportPart, Report | UnreadableSource]],
    overrides: dict[str, str],
    register: Register,
) -> list[tuple[ReportPart, Report | UnreadableSource]]:
    """Of several reports those of the operator's body and year, with a note on the others."""
    fitting: list[tuple[ReportPart, Report]] = []
    others: list[ReportPart] = []
    for part, report in found:
        document = replace(part.document, declared={**part.document.declared, **overrides})
        again = _attempt(replace(part, document=document), register)
        if isinstance(again, Report) and (
            not isinstance(report, Report) or report.key == again.key
        ):
            fitting.append((part, again))
        else:
            others.append(part)
    if not fitting:
        called = [
            translations("unreadable.cn.called", title=part.title, at="") for part, _ in found
        ]
        titles = joined_labels(called)
        error = UnreadableSource(
            translations("unreadable.cn.none_fits", found=len(found), titles=titles)
        )
        return [(found[0][0], error)]
    notes = tuple(_left_out(part) for part in others)
    return [(part, replace(report, notes=(*report.notes, *notes))) for part, report in fitting]


def _left_out(part: ReportPart) -> Note:
    if part.title:
        message = translations("metadata.other_report", title=part.title)
    else:
        message = translations("metadata.other_report_untitled")
    return Note(
        message,
        place=part.place,
        printed=part.title,
        to_operator=True,
    )


def recognise(document: Document, register: Register | None = None) -> Report:
    """The report that ``document`` holds.

    Raises UnreadableSource where it holds none: no title, no known body, or none of the tables.
    """
    return _recognised(document, register, None)


def _recognised(document: Document, register: Register | None, doubt: Doubt | None) -> Report:
    first_set = without_second_set(doubt) if doubt is not None else None
    if doubt is not None and first_set is not None:
        document = replace(document, items=doubt.before)
    found = first_set or read_tables(document.items)
    unread = document.unread
    if not found.tables:
        title = document.declared.get("title", "").strip()
        why = translations(
            "unreadable.cn.no_tables",
            called=translations("unreadable.cn.titled", title=title) if title else "",
            unread=translations("unreadable.cn.and_unread", unread=unread) if unread else "",
        )
        raise UnreadableSource(why)
    scope = report_scope(document.items, found)
    metadata = read_metadata(document, [*scope.before, *scope.blocks], register)
    kept, contradicted = _without_contradicted(found, document, metadata, register)
    reported = [_perhaps_in(unread, with_hidden_reported(t, document.hidden)) for t in kept]
    tables = tuple(map(impute_blanks, with_labels_reported(reported, document.items)))
    notes = [*metadata.notes, *heading_notes(find_parts(scope.blocks), scope.blocks)]
    notes += [*contradicted, *found.notes]
    notes += [Note(note, to_operator=is_warning(note)) for note in document.notes]
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
        source_file=document.source_file,
        wording=WORDING,
        claims=read_claims(sections, tables, metadata.body, metadata.year),
        read_once=document.read_once,
        pictured=document.pictured,
    )


def _without_contradicted(
    found: TableSet, document: Document, metadata: Metadata, register: Register | None
) -> tuple[list[ReportTable], list[Note]]:
    """The tables without the values that the words around them contradict, and notes on them."""
    known = register or load_register()
    body = metadata.body
    published = Published(
        body=body.name,
        year=metadata.year,
        year_declared="year" in document.declared,
        is_other=lambda name: is_of_another(name, body, known),
    )
    tables: list[ReportTable] = []
    notes: list[Note] = []
    for table in found.tables:
        around = found.around.get(table.cube, Surroundings())
        kept, more = without_contradicted(table, around, published)
        tables.append(kept)
        notes += [note for note in more if note not in notes]
    return tables, notes


def _perhaps_in(unread: Label, table: ReportTable) -> ReportTable:
    """The table; its absent rows are reported as possibly in the part of the source not read."""
    if not unread:
        return table
    reason = translations("metadata.row_perhaps_unread", reason=unread)
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
