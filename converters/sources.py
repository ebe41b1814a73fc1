"""The sources of other countries: how each is recognised by its bytes, and its reader.

A new source is a folder beside this module with a reader, and a line here: see
docs/adding-a-source.md.
"""

from collections.abc import Callable
from dataclasses import dataclass

from gongkai.converters.documents.limits import Limits
from gongkai.converters.documents.model import Source
from gongkai.converters.report import Report
from gongkai.converters.uk import reader as uk
from gongkai.converters.us import reader as us
from gongkai.ontology.bodies import Register


@dataclass(frozen=True)
class ForeignSource:
    """A kind of file: its name, whether bytes are such a file, and the reports in them."""

    key: str
    called: str
    media_type: str
    is_one: Callable[[bytes], bool]
    read: Callable[[Source, bytes, Limits, Register], tuple[Report, ...]]


SOURCES = (
    ForeignSource(
        "us",
        "an annual FOIA report of the United States",
        us.MEDIA_TYPE,
        us.is_annual_report,
        us.read_annual_report,
    ),
    ForeignSource(
        "uk",
        "a table of statistics of the United Kingdom",
        uk.MEDIA_TYPE,
        uk.is_statistics,
        uk.read_statistics,
    ),
    ForeignSource(
        "uk",
        "a table of statistics of the United Kingdom",
        uk.WORKBOOK_TYPE,
        uk.is_workbook_of_statistics,
        uk.read_workbook_of_statistics,
    ),
)


def foreign_source(data: bytes) -> ForeignSource | None:
    """The source whose kind ``data`` is; None where there is none."""
    return next((source for source in SOURCES if source.is_one(data)), None)
