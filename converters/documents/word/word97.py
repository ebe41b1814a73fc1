"""Word 97 to 2003 (DOC, WPS), RTF and OpenDocument text: through LibreOffice to DOCX.

Readers that need no LibreOffice exist, but lose which heading stands over which column; a table
that may be read wrongly is worse than none, so without LibreOffice these files are refused.
"""

from dataclasses import replace

from gongkai.converters.documents.archive import (
    COMPOUND,
    Archive,
    encrypted,
    open_archive,
    pack,
)
from gongkai.converters.documents.compound import stream_head
from gongkai.converters.documents.libreoffice import convert
from gongkai.converters.documents.limits import Limits
from gongkai.converters.documents.model import Content
from gongkai.converters.documents.word.docx import read_docx
from gongkai.converters.documents.word.opendocument import without_hidden
from gongkai.converters.errors import UnreadableSource
from gongkai.ontology.texts import translations

_ZIP = b"PK"
_CONTENT = "content.xml"
_RTF = b"{\\rtf"
_MACROS = ("Basic/", "Scripts/")
_FLAGS_AT, _ENCRYPTED = 10, 0x0100
"""Where a Word file says that it is encrypted ([MS-DOC] 2.5.2, FibBase)."""

CONVERTED = translations("documents.word.converted")


def read_word97(data: bytes, limits: Limits) -> Content:
    """The paragraphs and tables of a DOC, WPS, RTF or ODT file, like those of a DOCX.

    The format is detected from its first bytes, never from its name.

    Raises UnreadableSource for a file that is damaged, protected, too large or of another kind, and
    where LibreOffice is not installed or fails.
    """
    kind, checked, hidden = _check(data, limits)
    content = read_docx(convert(checked, kind, "docx", limits), limits)
    hidden_parts = [translations("documents.word.hidden_parts", count=hidden)] if hidden else []
    return replace(content, notes=(CONVERTED, *hidden_parts, *content.notes))


def _check(data: bytes, limits: Limits) -> tuple[str, bytes, int]:
    """The kind of a file by its extension, its bytes as they may be passed on, what was hidden."""
    if data.startswith(COMPOUND):
        _check_word(data)
        return "doc", data, 0
    if data.startswith(_ZIP):
        parts = _parts_of_open_document(open_archive(data, limits), "text")
        content, hidden = without_hidden(parts.get(_CONTENT, b""), limits)
        if hidden:
            parts[_CONTENT] = content
        return "odt", pack(parts), hidden
    if data.lstrip()[: len(_RTF)] == _RTF:
        return "rtf", data, 0
    raise UnreadableSource(translations("unreadable.word.no_document"))


def _check_word(data: bytes) -> None:
    head = stream_head(
        data, ("WordDocument",), translations("unreadable.compound.kind.word"), _FLAGS_AT + 2
    )
    if int.from_bytes(head[_FLAGS_AT:], "little") & _ENCRYPTED:
        raise encrypted()


def repack_open_document(archive: Archive, kind: str) -> bytes:
    """An OpenDocument file repacked without macros; ``kind`` is ``text`` or ``spreadsheet``.

    Raises UnreadableSource for a file that is no such document or is protected by a password.
    """
    return pack(_parts_of_open_document(archive, kind))


def _parts_of_open_document(archive: Archive, kind: str) -> dict[str, bytes]:
    if "mimetype" not in archive.entries:
        raise UnreadableSource(translations("unreadable.word.no_office_document"))
    stated = archive.read("mimetype").decode("ascii", "replace").strip()
    if not stated.startswith(f"application/vnd.oasis.opendocument.{kind}"):
        raise UnreadableSource(translations("unreadable.word.other_kind", stated=stated, kind=kind))
    parts = {name: archive.read(name) for name in archive.entries if not name.endswith("/")}
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise encrypted()
    return {name: part for name, part in parts.items() if not name.startswith(_MACROS)}
