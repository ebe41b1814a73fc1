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
from gongkai.ontology.texts import joined_labels, translations
from gongkai.ontology.texts.system import system_error

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
    HTML: translations("unreadable.html.no_text"),
    MHTML: translations("unreadable.html.no_text"),
    TEXT: translations("unreadable.file.empty"),
}
_NO_CONTENT = translations("unreadable.file.no_content")


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
        nothing = _NOTHING.get(media_type, _NO_CONTENT)
        raise UnreadableSource(joined_labels([nothing, *content.notes]))
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
        # Not every name is UTF-8: other bytes are written as \xNN.
        name=os.fsencode(path.name).decode("utf-8", "backslashreplace"),
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
        raise UnreadableSource(translations("unreadable.file.no_reader", media_type=media_type))
    return cast(Content, getattr(import_module(module), function)(data, limits))


def bytes_of(path: Path, limits: Limits) -> bytes:
    """The content of a file; raises UnreadableSource where there is none, or it is too large."""
    if path.is_dir():
        raise UnreadableSource(translations("unreadable.file.directory"))
    try:
        with path.open("rb") as file:
            # Refused by its size before anything of it is read; the size of a pipe is known only
            # by reading it.
            size = os.fstat(file.fileno()).st_size
            data = b"" if size > limits.most_bytes else file.read(limits.most_bytes + 1)
    except FileNotFoundError:
        raise UnreadableSource(translations("unreadable.file.missing")) from None
    except OSError as error:
        raise UnreadableSource(
            translations("unreadable.file.not_opened", reason=system_error(error))
        ) from None
    if max(size, len(data)) > limits.most_bytes:
        raise UnreadableSource(
            translations("unreadable.file.too_large", megabytes=limits.most_bytes // 1024 // 1024)
        )
    return data
