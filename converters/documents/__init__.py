"""From bytes to a document: text blocks in reading order, each with its place."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from gongkai.converters.documents.text import read_text
from gongkai.converters.errors import UnreadableSource
from gongkai.converters.report import Place, Source

MOST_BYTES = 16 * 1024 * 1024
"""A larger file is refused: no annual report as text comes near it."""


@dataclass(frozen=True)
class TextBlock:
    """A paragraph, heading, label or cell: its text without surrounding white space."""

    text: str
    place: Place


@dataclass(frozen=True)
class Document:
    """What a source says, in reading order, without regard to any form."""

    source: Source
    blocks: tuple[TextBlock, ...]


def read_document(path: Path) -> Document:
    """Read the document at ``path``.

    Raises UnreadableSource where there is no such file, it cannot be opened, is too large, empty,
    or of a format that is not known.
    """
    data = _bytes_of(path)
    lines = read_text(data)
    source = Source(
        name=path.name,
        media_type="text/plain",
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
    )
    blocks = tuple(
        TextBlock(line.strip(), Place(number))
        for number, line in enumerate(lines, start=1)
        if line.strip()
    )
    if not blocks:
        raise UnreadableSource("the file is empty: give a report as UTF-8 text")
    return Document(source, blocks)


def _bytes_of(path: Path) -> bytes:
    if path.is_dir():
        raise UnreadableSource("this is a directory: name the report files in it")
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise UnreadableSource("there is no such file: check the name") from None
    except OSError as error:
        raise UnreadableSource(f"the file cannot be opened: {error.strerror}") from None
    if len(data) > MOST_BYTES:
        raise UnreadableSource(
            f"the file is larger than {MOST_BYTES // 1024 // 1024} MiB, which no report is: "
            "check that it is the right file"
        )
    return data
