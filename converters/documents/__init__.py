"""From bytes to a document: text blocks and grids in reading order, each with its place."""

import hashlib
import os
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import cast

from gongkai.converters.documents.controls import without_controls
from gongkai.converters.documents.detection import (
    DOC,
    DOCX,
    HTML,
    MHTML,
    ODS,
    ODT,
    PDF,
    RTF,
    TEXT,
    XLS,
    XLSX,
    detect,
)
from gongkai.converters.documents.limits import DEFAULT_LIMITS, Limits
from gongkai.converters.documents.model import Content, Document, SourceFile
from gongkai.converters.documents.sidecar import DocumentOrigin, source_origin
from gongkai.converters.errors import UnreadableSource
from gongkai.ontology.labels import Label

# The module (imported when needed: some are large) and the function that read each type: (data:
# bytes, limits: Limits) -> Content.
_READERS = {
    TEXT: ("text.reader", "read_text"),
    HTML: ("html.reader", "read_html"),
    MHTML: ("html.mhtml", "read_mhtml"),
    PDF: ("pdf.reader", "read_pdf"),
    DOCX: ("word.docx", "read_docx"),
    DOC: ("word.word97", "read_word97"),
    RTF: ("word.word97", "read_word97"),
    ODT: ("word.word97", "read_word97"),
    ODS: ("workbook.reader", "read_workbook"),
    XLSX: ("workbook.reader", "read_workbook"),
    XLS: ("workbook.reader", "read_workbook"),
}
_IMAGE_READER = ("scan.reader", "read_image")

_NOTHING = {
    HTML: "the page has no text of its own: it is put together by a script, or shows an "
    "attachment: save the attachment, or the page as it is shown",
    TEXT: "the file is empty: give a report",
}
_NOTHING[MHTML] = _NOTHING[HTML]
_NO_CONTENT = "nothing can be read in this document: save it as PDF and give that"


def read_document(path: Path, limits: Limits = DEFAULT_LIMITS) -> Document:
    """Read the document at ``path``; its format is detected from its content.

    Raises UnreadableSource where the file does not exist, cannot be opened, is too large, is empty,
    is of an unknown format, or holds nothing that can be read.
    """
    return document_of(path, bytes_of(path, limits), limits)


def document_of(path: Path, data: bytes, limits: Limits = DEFAULT_LIMITS) -> Document:
    """The document in ``data``, the content of the file at ``path``; raises as the above."""
    media_type = detect(data)
    content = _read(media_type, data, limits)
    if not content.items:
        raise UnreadableSource(
            "; ".join(
                [_NOTHING.get(media_type, _NO_CONTENT), *(note["en"] for note in content.notes)]
            )
        )
    source_file, note = source_file_of(path, data, media_type)
    items, controls = without_controls(content.items)
    notes = content.notes + controls + ((note,) if note else ())
    return Document(
        source_file,
        items,
        content.declared,
        notes,
        content.unread,
        content.read_once,
        content.pictured,
        content.hidden,
    )


def source_file_of(path: Path, data: bytes, media_type: str) -> tuple[SourceFile, Label | None]:
    """What is known of the file at ``path``, which holds ``data``; and warnings about it."""
    sha256 = hashlib.sha256(data).hexdigest()
    origin = source_origin(path, sha256) or DocumentOrigin()
    source_file = SourceFile(
        name=path.name,
        media_type=media_type,
        size=len(data),
        sha256=sha256,
        address=origin.address,
        retrieved=origin.retrieved,
    )
    return source_file, origin.note


def import_readers() -> None:
    """Import every reader now, except that of scans, for processes that are forked from this one.

    The libraries of the reader of scans start threads, which are lost in a fork.
    """
    for name in sorted({module for module, _ in _READERS.values()}):
        import_module(f"{__name__}.{name}")


def _read(media_type: str, data: bytes, limits: Limits) -> Content:
    name, function = _READERS.get(media_type, _IMAGE_READER)
    module = f"{__name__}.{name}"
    if find_spec(module) is None:
        raise UnreadableSource(
            f"documents of this kind ({media_type}) cannot be read: save it as HTML or text and "
            "give that"
        )
    return cast(Content, getattr(import_module(module), function)(data, limits))


def bytes_of(path: Path, limits: Limits) -> bytes:
    """The content of a file; raises UnreadableSource where there is none, or it is too large."""
    if path.is_dir():
        raise UnreadableSource("this is a directory: name the report files in it")
    try:
        with path.open("rb") as file:
            # Refused by its size before anything of it is read; the size of a pipe is known only
            # by reading it.
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
