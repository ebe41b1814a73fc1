"""The United Kingdom: statistics of the Cabinet Office, CSV or a workbook."""

from pathlib import Path

from gongkai.converters.documents.limits import Limits
from gongkai.converters.errors import UnreadableSource
from gongkai.converters.overrides import Overrides
from gongkai.converters.report import Report
from gongkai.converters.report_source import ReportSource, data_file
from gongkai.converters.uk.reader import (
    MEDIA_TYPE,
    WORKBOOK_TYPE,
    is_statistics,
    is_workbook_of_statistics,
    read_statistics,
    read_workbook_of_statistics,
)

_CSV = data_file(MEDIA_TYPE, read_statistics)
_WORKBOOK = data_file(WORKBOOK_TYPE, read_workbook_of_statistics)


def _is_of(data: bytes) -> bool:
    return is_statistics(data) or is_workbook_of_statistics(data)


def _read(
    path: Path, data: bytes, limits: Limits, overrides: Overrides
) -> tuple[Report | UnreadableSource, ...]:
    read = _CSV if is_statistics(data) else _WORKBOOK
    return read(path, data, limits, overrides)


SOURCE = ReportSource(
    key="uk",
    is_of=_is_of,
    read=_read,
    takes_overrides=False,
)
