"""From a FOIA annual report in NIEM XML to a typed report.

5 U.S.C. § 552(e)(1); Department of Justice, FOIA Annual Report Exchange 1.03.
"""

from collections import Counter

from gongkai.converters.documents.limits import Limits
from gongkai.converters.documents.model import Place, SourceFile
from gongkai.converters.report import Note, Report, ReportTable, Wording
from gongkai.converters.us.blocks import ExchangeFigure
from gongkai.converters.us.exchange import (
    ROOT,
    Exchange,
    Organisation,
    line_of,
    name_of,
    read_exchange,
    text_of,
)
from gongkai.converters.us.sections import footnotes, one_per_cell, read_section
from gongkai.converters.us.totals import mend_total
from gongkai.ontology.bodies import Body, Origin, Register
from gongkai.ontology.forms import Form, forms
from gongkai.ontology.periods import us_fiscal_year
from gongkai.ontology.texts import translations

MEDIA_TYPE = "application/xml"
_COUNTRY = "http://publications.europa.eu/resource/authority/country/USA"
_FORM = "us-niem"
_HEAD = 4096
_HEAD_ELEMENTS = {
    "DocumentApplicationName",
    "DocumentCreationDate",
    "DocumentDescriptionText",
    "DocumentFiscalYear",
    "DocumentFiscalYearDate",
    "Organization",
}
"""Any other element beside the sections is read as a section: nothing is skipped."""

WORDING = Wording("en", "ENG", "us")


def is_annual_report(data: bytes) -> bool:
    """Whether ``data`` begins like a FOIA annual report in the exchange."""
    head = data[:_HEAD]
    return b"<" in head and ROOT.encode() in head and b"leisp.usdoj.gov/niem" in head


def read_annual_report(
    source_file: SourceFile, data: bytes, limits: Limits, register: Register
) -> tuple[Report, ...]:
    """The report in ``data``. Raises UnreadableSource where it is no readable report."""
    exchange = read_exchange(data, limits)
    sections = [e for e in exchange.root if name_of(e) not in _HEAD_ELEMENTS]
    counted: Counter[tuple[str, str]] = Counter()
    figures = one_per_cell([one for e in sections for one in read_section(exchange, e, counted)])
    figures, notes = mend_total(exchange, figures)
    form = next(form for form in forms() if form.key == _FORM)
    body = _body(exchange.agency, None, register)
    report = Report(
        body=body,
        year=exchange.year,
        title=f"{exchange.agency.name}: annual FOIA report, fiscal year {exchange.year}",
        period=None,
        issued=None,
        signature=(),
        contact=None,
        sections=tuple(found for e in sections if (found := footnotes(e)) is not None),
        form=form,
        tables=_tables(form, figures),
        notes=(*_source_notes(exchange), *notes),
        source_file=source_file,
        wording=WORDING,
        time=us_fiscal_year(exchange.year),
        cells_apart=True,
        components=tuple(_body(one, body.key, register) for one in exchange.components),
    )
    return (report,)


def _tables(form: Form, figures: list[ExchangeFigure]) -> tuple[ReportTable, ...]:
    """One table for each cube; cells of no known cube stand in the first."""
    by_cube: dict[str, list[ExchangeFigure]] = {}
    for figure in figures:
        by_cube.setdefault(figure.cube or "us-requests", []).append(figure)
    return tuple(
        ReportTable(cube, form, tuple(figure.cell for figure in found))
        for cube, found in by_cube.items()
    )


def _body(one: Organisation, agency: str | None, register: Register) -> Body:
    known = register.by_key.get(one.key)
    if known is not None:
        return known
    return Body(
        key=one.key,
        name=one.name,
        english_name=one.name,
        names=(),
        spatial=_COUNTRY,
        origin=Origin.REPORT,
        abbreviation=one.abbreviation,
        part_of=agency,
    )


def _source_notes(exchange: Exchange) -> list[Note]:
    """When the file was made: it does not say when it was published."""
    for element in exchange.root.iter():
        if name_of(element) == "DocumentCreationDate":
            day = " ".join(text for e in element if (text := text_of(e)))
            message = translations("us.made_on", day=day)
            return [Note(message, Place(line=line_of(element)), printed=day or None)]
    return []
