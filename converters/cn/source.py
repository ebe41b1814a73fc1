"""China: annual reports of public bodies, documents of any format."""

from dataclasses import replace
from pathlib import Path

from gongkai.converters.cn.reader import recognise_each
from gongkai.converters.documents import document_of
from gongkai.converters.documents.limits import Limits
from gongkai.converters.errors import UnreadableSource
from gongkai.converters.overrides import Overrides
from gongkai.converters.report import Report
from gongkai.converters.report_source import ReportSource


def _is_of(_: bytes) -> bool:
    """Any document may be one: only its tables show it, once it is read."""
    return True


def _read(
    path: Path, data: bytes, limits: Limits, overrides: Overrides
) -> tuple[Report | UnreadableSource, ...]:
    document = document_of(path, data, limits)
    document = replace(document, declared={**document.declared, **overrides.of(path)})
    return recognise_each(document, overrides.register())


SOURCE = ReportSource(
    key="cn",
    is_of=_is_of,
    read=_read,
    takes_overrides=True,
)
