"""What a source of reports is: the reports, or the statistics, of one country.

The folder of a source has a module ``source`` with its ``SOURCE``, and a module ``reader``;
``sources`` lists them all.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from gongkai.converters.documents import source_file_of
from gongkai.converters.documents.limits import Limits
from gongkai.converters.documents.model import SourceFile
from gongkai.converters.errors import UnreadableSource
from gongkai.converters.overrides import Overrides
from gongkai.converters.report import Note, Report
from gongkai.ontology.bodies import Register

FileReader = Callable[[Path, bytes, Limits, Overrides], tuple[Report | UnreadableSource, ...]]
"""Reads the reports in a file, given its path and content; for one that cannot be read, why.

Raises UnreadableSource if the file holds no report.
"""

DataReader = Callable[[SourceFile, bytes, Limits, Register], tuple[Report, ...]]
"""Reads the reports in a data file that names each of its numbers; raises UnreadableSource."""


@dataclass(frozen=True)
class ReportSource:
    """A source of reports.

    ``key`` is the name of its folder. ``is_of`` tells by the content of a file whether it is of
    this source. ``takes_overrides`` is false if a file names its body and its year without doubt,
    so that they cannot be overridden; ``overrides.what`` in the texts then says what it is.
    """

    key: str
    is_of: Callable[[bytes], bool]
    read: FileReader
    takes_overrides: bool


def data_file(media_type: str, read: DataReader) -> FileReader:
    """The reader for data files of ``media_type``: adds their origin, and warnings about it."""

    def read_file(
        path: Path, data: bytes, limits: Limits, overrides: Overrides
    ) -> tuple[Report | UnreadableSource, ...]:
        source_file, note = source_file_of(path, data, media_type)
        notes = (Note(note),) if note else ()
        found = read(source_file, data, limits, overrides.register())
        return tuple(replace(report, notes=(*report.notes, *notes)) for report in found)

    return read_file
