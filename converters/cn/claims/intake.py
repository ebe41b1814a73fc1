"""What 共受理申请N件 counts: only the new requests, or also those carried over.

Reports use it for both. Shuyang's of 2025 has 受理749件 beside 713 new requests and 36 carried
over. A text that states what was handled and what was carried forward decides it by its own sum;
one that names what was carried over counts it separately; and where nothing was carried over there
is no doubt. Elsewhere the figure is not compared.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from gongkai.converters.cn.claims import reasons
from gongkai.converters.report import CellState, Claim, ReportTable

_NEW = re.compile(r"新\s*(?:收|增|接|受)")
_OF_APPLICANTS = "received-"
_BOTH = "received-and-carried-in"


def settle_intake(
    claims: Sequence[Claim], names_carried_in: bool, tables: Sequence[ReportTable]
) -> list[Claim]:
    """The claims of one section; those of requests received are resolved by what they count.

    ``names_carried_in`` says that the section mentions requests carried over from last year.
    """
    nothing_carried_in = _nothing_carried_in(tables)
    handled = {claim.value for claim in claims if claim.kind == "handled" and not claim.reason}
    carried_out = {
        claim.value for claim in claims if claim.kind == "carried-out" and not claim.reason
    }
    settled: list[Claim] = []
    whole = True
    for claim in claims:
        if claim.kind == "received" and not claim.reason and not _NEW.search(claim.quotation):
            if any(claim.value == done + left for done in handled for left in carried_out):
                claim = replace(claim, kind=_BOTH)
            elif not (names_carried_in or nothing_carried_in):
                claim = replace(claim, reason=reasons.MAY_INCLUDE_CARRIED_IN)
        if claim.kind in ("received", _BOTH):
            whole = claim.kind == _BOTH or claim.reason == reasons.MAY_INCLUDE_CARRIED_IN
            # Nothing was carried over, so those of both are the new ones.
            whole = whole and not nothing_carried_in
        elif claim.kind.startswith(_OF_APPLICANTS) and whole and not claim.reason:
            claim = replace(claim, reason=reasons.MAY_INCLUDE_CARRIED_IN)
        settled.append(claim)
    return settled


def _nothing_carried_in(tables: Sequence[ReportTable]) -> bool:
    """Whether the table of requests says that none were carried over, or has no row for them."""
    cells = [cell for table in tables if table.cube == "requests" for cell in table.cells]
    return all(
        cell.value == 0 and cell.state in (CellState.READ, CellState.IMPUTED)
        for cell in cells
        if cell.codes.get("stage") == "carried-in" and cell.codes.get("applicant") == "total"
    )
