"""The sources of reports. A new one is a folder beside this module (docs/adding-a-source.md)."""

from gongkai.converters.cn.source import SOURCE as CN
from gongkai.converters.report_source import ReportSource
from gongkai.converters.uk.source import SOURCE as UK
from gongkai.converters.us.source import SOURCE as US

SOURCES = (US, UK, CN)
"""A file is of the first that recognises it; the last takes any document."""


def source_of_content(data: bytes) -> ReportSource:
    """The source that a file is of, by its content."""
    return next(source for source in SOURCES if source.is_of(data))
