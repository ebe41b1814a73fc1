"""From bytes to a document: text blocks and grids in reading order, each with its place."""

import hashlib
import os
from pathlib import Path

from gongkai.converters.documents.limits import DEFAULT_LIMITS, Limits
from gongkai.converters.documents.model import Document, Source
from gongkai.converters.documents.text import read_text
from gongkai.converters.errors import UnreadableSource


def read_document(path: Path, limits: Limits = DEFAULT_LIMITS) -> Document:
    """Read the document at ``path``.

    Raises UnreadableSource where there is no such file, it cannot be opened, is too large, empty,
    or of a format that is not known.
    """
    data = _bytes_of(path, limits)
    content = read_text(data, limits)
    source = Source(
        name=path.name,
        media_type="text/plain",
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
    )
    if not content.items:
        raise UnreadableSource("the file is empty: give a report as UTF-8 text")
    return Document(source, content.items, content.declared, content.notes)


def _bytes_of(path: Path, limits: Limits) -> bytes:
    if path.is_dir():
        raise UnreadableSource("this is a directory: name the report files in it")
    try:
        with path.open("rb") as file:
            # Refused by its size before anything of it is read; a pipe only tells by being read.
            size = os.fstat(file.fileno()).st_size
            data = b"" if size > limits.most_bytes else file.read(limits.most_bytes + 1)
    except FileNotFoundError:
        raise UnreadableSource("there is no such file: check the name") from None
    except OSError as error:
        raise UnreadableSource(f"the file cannot be opened: {error.strerror}") from None
    if max(size, len(data)) > limits.most_bytes:
        raise UnreadableSource(
            f"the file is larger than {limits.most_bytes // 1024 // 1024} megabytes, which no "
            "report is: check that it is the right file, or allow more with --max-megabytes"
        )
    return data
