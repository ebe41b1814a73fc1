"""Foreign sources for tests: the real ones where they are at hand, and small ones to spoil."""

from decimal import Decimal
from pathlib import Path

import pytest

from gongkai.converters.documents import bytes_of
from gongkai.converters.documents.limits import DEFAULT_LIMITS
from gongkai.converters.overrides import Overrides
from gongkai.converters.report import Cell, Report
from gongkai.converters.sources import source_of_content
from helpers.commands import BASE, ROOT

CORPUS = ROOT.parent / "shared" / "corpus" / "foi"
SAMPLES = ROOT / "samples"
_EXCHANGE = "http://leisp.usdoj.gov/niem/FoiaAnnualReport/exchange/1.03"
_HEAD = f"""<?xml version="1.0"?>
<iepd:FoiaAnnualReport xmlns:iepd="{_EXCHANGE}"
  xmlns:foia="http://leisp.usdoj.gov/niem/FoiaAnnualReport/extension/1.03"
  xmlns:nc="http://niem.gov/niem/niem-core/2.0" xmlns:s="http://niem.gov/niem/structures/2.0">
"""
_SUB_UNIT = """<nc:OrganizationSubUnit s:id="{id}">
<nc:OrganizationAbbreviationText>{short}</nc:OrganizationAbbreviationText>
<nc:OrganizationName>{name}</nc:OrganizationName></nc:OrganizationSubUnit>"""


def corpus(path: str) -> Path:
    """A file of the corpus; where that is not at hand, the sample made of it, or a skipped test."""
    found = CORPUS / path
    if not found.exists() and (SAMPLES / f"us-{found.name}").exists():
        return SAMPLES / f"us-{found.name}"
    if not found.exists():
        pytest.skip(f"the foreign reports are not at {CORPUS}: not compared with real ones")
    return found


def read_reports(path: Path) -> tuple[Report, ...]:
    """The reports in a foreign source, read and not described; raises UnreadableSource."""
    data = bytes_of(path, DEFAULT_LIMITS)
    source = source_of_content(data)
    assert source.key != "cn", f"{path.name} is told to be of no foreign source"
    found = source.read(path, data, DEFAULT_LIMITS, Overrides())
    return tuple(report for report in found if isinstance(report, Report))


def cells(report: Report, cube: str, period: str | None = None) -> dict[tuple[str, ...], Cell]:
    """The cells of a cube by their codes, in the order in which the reader gives them."""
    return {
        tuple(cell.codes.values()): cell
        for table in report.tables
        if table.cube == cube
        and (period is None or (table.time or report.reported_on).key == period)
        for cell in table.cells
        if cell.codes
    }


def value(report: Report, cube: str, *codes: str, period: str | None = None) -> Decimal | None:
    """The number of a cell; None where it has none."""
    return cells(report, cube, period)[codes].value


def us_report(
    sections: str,
    components: tuple[tuple[str, str], ...] = (),
    year: str = "<foia:DocumentFiscalYearDate>2024</foia:DocumentFiscalYearDate>",
    agency: str = "XYZ",
) -> str:
    """A small annual report: ``components`` are abbreviation and name of ORG1, ORG2 …"""
    units = "".join(
        _SUB_UNIT.format(id=f"ORG{number}", short=short, name=name)
        for number, (short, name) in enumerate(components, start=1)
    )
    return (
        f'{_HEAD}<nc:Organization s:id="ORG0"><nc:OrganizationAbbreviationText>{agency}'
        "</nc:OrganizationAbbreviationText><nc:OrganizationName>Agency of Examples"
        f"</nc:OrganizationName>{units}</nc:Organization>{year}{sections}"
        "</iepd:FoiaAnnualReport>"
    )


def flow_section(*blocks: tuple[str, int | str, int | str, int | str, int | str]) -> str:
    """Section V.A: organisation and pending, received, processed, pending of each block."""
    parts = []
    for number, (organisation, *numbers) in enumerate(blocks, start=1):
        names = ("PendingAtStart", "Received", "Processed", "PendingAtEnd")
        inside = "".join(
            f"<foia:ProcessingStatistics{name}Quantity>{text}"
            f"</foia:ProcessingStatistics{name}Quantity>"
            for name, text in zip(names, numbers, strict=True)
        )
        parts.append(
            f'<foia:ProcessingStatistics s:id="PS{number}">{inside}</foia:ProcessingStatistics>'
            + association(
                "ProcessingStatisticsOrganizationAssociation", f"PS{number}", organisation
            )
        )
    return f"<foia:ProcessedRequestSection>{''.join(parts)}</foia:ProcessedRequestSection>"


def association(name: str, block: str, organisation: str) -> str:
    """What ties a block to an organisation."""
    return (
        f'<foia:{name}><foia:ComponentDataReference s:ref="{block}"/>'
        f'<nc:OrganizationReference s:ref="{organisation}"/></foia:{name}>'
    )


def disposition_section(*blocks: tuple[str, int, int, int, dict[str, int], int | str]) -> str:
    """Section V.B.1: organisation, grants, partial grants, denials, other reasons, total."""
    parts = []
    for number, (organisation, full, partial, denied, reasons, total) in enumerate(blocks, start=1):
        others = "".join(
            f"<foia:NonExemptionDenial><foia:NonExemptionDenialReasonCode>{code}"
            "</foia:NonExemptionDenialReasonCode><foia:NonExemptionDenialQuantity>"
            f"{count}</foia:NonExemptionDenialQuantity></foia:NonExemptionDenial>"
            for code, count in reasons.items()
        )
        parts.append(
            f'<foia:RequestDisposition s:id="RD{number}">'
            f"<foia:RequestDispositionFullGrantQuantity>{full}"
            "</foia:RequestDispositionFullGrantQuantity>"
            f"<foia:RequestDispositionPartialGrantQuantity>{partial}"
            "</foia:RequestDispositionPartialGrantQuantity>"
            f"<foia:RequestDispositionFullExemptionDenialQuantity>{denied}"
            f"</foia:RequestDispositionFullExemptionDenialQuantity>{others}"
            f"<foia:RequestDispositionTotalQuantity>{total}</foia:RequestDispositionTotalQuantity>"
            "</foia:RequestDisposition>"
            + association("RequestDispositionOrganizationAssociation", f"RD{number}", organisation)
        )
    return f"<foia:RequestDispositionSection>{''.join(parts)}</foia:RequestDispositionSection>"


def observation(cube: str, body: str, period: str, *codes: str) -> str:
    """The URI of an observation under the default base."""
    return f"{BASE}id/observation/{cube}/{body}/{period}/{'/'.join(codes)}"
