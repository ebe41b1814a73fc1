"""Titles of reports, and what is read from them."""

from collections.abc import Sequence

from gongkai.converters.cn.metadata.reader import Metadata, read_metadata
from gongkai.converters.documents.model import Document, Grid, Place, SourceFile, TextBlock

KIND = "政府信息公开工作年度报告"


def blocks(lines: Sequence[str]) -> list[TextBlock]:
    return [
        TextBlock(text.strip(), Place(line=n)) for n, text in enumerate(lines, 1) if text.strip()
    ]


def read(
    head: str, stated: int | None = 2023, end: str = "", grids: Sequence[Grid] = (), **declared: str
) -> Metadata:
    """Metadata of a report with this head (lines), a period of that year, and that end."""
    period = f"统计期限自{stated}年1月1日起至{stated}年12月31日止。" if stated else ""
    lines = [*head.splitlines(), f"根据条例编制本报告。{period}", "一、总体情况", "做了工作。"]
    texts = blocks([*lines, *end.splitlines()])
    source = SourceFile("report", "text/plain", 1, "0" * 64)
    return read_metadata(Document(source, (*grids, *texts), declared), texts)


def said(metadata: Metadata) -> str:
    return "\n".join(note.message["en"] for note in metadata.notes)
