"""The format of a document is detected from its bytes, never from a name or a declaration."""

import io
import re
import zipfile
from itertools import islice

import olefile

from gongkai.converters.documents.encoding import decode
from gongkai.converters.errors import UnreadableSource
from gongkai.ontology.labels import Label
from gongkai.ontology.texts import translations

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOC = "application/msword"
XLS = "application/vnd.ms-excel"
RTF = "application/rtf"
ODT = "application/vnd.oasis.opendocument.text"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
MHTML = "multipart/related"
HTML = "text/html"
TEXT = "text/plain"

_PDF_WITHIN = 1024
"""Readers of PDF look for its header this far into the file (ISO 32000-1, H.3, note 13)."""

_IMAGES = (
    ("image/png", re.compile(rb"\x89PNG\r\n\x1a\n")),
    ("image/jpeg", re.compile(rb"\xff\xd8\xff")),
    ("image/tiff", re.compile(rb"II\*\0|MM\0\*|II\+\0|MM\0\+")),
    # The size of the header that follows, for the six kinds of BMP.
    ("image/bmp", re.compile(rb"BM.{12}[\x0c\x28\x34\x38\x40\x6c\x7c]\0\0\0", re.DOTALL)),
    ("image/webp", re.compile(rb"RIFF.{4}WEBP", re.DOTALL)),
)

# Names within a ZIP archive, in the order in which they are looked for, and what they show.
_ZIPPED = (
    (re.compile(r"word/document\d*\.xml"), DOCX),
    (re.compile(r"xl/workbook\d*\.xml"), XLSX),
)
_PRESENTATION = translations("unreadable.format.presentation")
_ZIPPED_REFUSED = (
    (
        re.compile(r"xl/workbook\.bin"),
        translations("unreadable.format.binary_workbook"),
    ),
    (
        re.compile(r"ppt/presentation\.xml"),
        _PRESENTATION,
    ),
    (re.compile(r"(?i)OFD\.xml"), translations("unreadable.format.ofd")),
)
_OPEN_DOCUMENT = {ODT, ODS}

# Streams of a compound file (MS-CFB), in the order in which they are looked for, and what they
# show.
_STREAMS = (("WordDocument", DOC), ("Workbook", XLS), ("Book", XLS))
_STREAMS_REFUSED = (
    (
        "EncryptedPackage",
        translations("unreadable.format.locked"),
    ),
    ("PowerPoint Document", _PRESENTATION),
    (
        "__properties_version1.0",
        translations("unreadable.format.mail"),
    ),
)

_PROGRAM = translations("unreadable.format.program")


def _archive(kind: str) -> Label:
    return translations("unreadable.format.archive", kind=kind)


_REFUSED = (
    (re.compile(rb"\x1f\x8b"), _archive("gzip")),
    (re.compile(rb"7z\xbc\xaf\x27\x1c"), _archive("7z")),
    (re.compile(rb"Rar!\x1a\x07"), _archive("RAR")),
    (re.compile(rb"\xfd7zXZ\0"), _archive("xz")),
    (re.compile(rb"BZh[1-9]1AY&SY"), _archive("bzip2")),
    (re.compile(rb"\x28\xb5\x2f\xfd"), _archive("Zstandard")),
    (re.compile(rb"MZ.{58}", re.DOTALL), _PROGRAM),
    (re.compile(rb"\x7fELF"), _PROGRAM),
    (re.compile(rb"GIF8[79]a"), translations("unreadable.format.gif")),
    (
        re.compile(rb".{4}ftyp(heic|heix|mif1|avif)", re.DOTALL),
        translations("unreadable.format.heif"),
    ),
    (re.compile(rb"%!PS"), translations("unreadable.format.postscript")),
)

_ZIP = re.compile(rb"PK(\x03\x04|\x05\x06|\x07\x08)")
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAIL_HEAD = re.compile(rb"(?i)\s*(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?MIME-Version:")
_RELATED = re.compile(rb"(?i)content-type:\s*multipart/(related|mixed|alternative)")
_HEAD = 1 << 16
"""Number of characters (or bytes) in which the beginning of a page or a mail header is looked for.
"""

_LOOKED_AT = 1 << 22
"""Number of characters of a text in which tags are looked for."""

_PAGE_START = re.compile(r"(?i)\s*<(!doctype\s+html|html|head|body|meta)\b")
_TAGS = re.compile(
    r"(?i)</?(html|body|head|table|tbody|tr|td|th|div|p|span|font|article|section|ul|li|h[1-6]"
    r"|center|script|style)(\s[^<>]*)?/?>|\\u003c/?(table|tr|td|p)\b"
)
_LEAST_TAGS = 3
_OTHER_XML = re.compile(r"\s*<\?xml\b")


def detect(data: bytes) -> str:
    """The media type of ``data``: one of those above, or an image's.

    Raises UnreadableSource, with what to do, for a known format that is no readable document, and
    for an empty file.
    """
    if not data.strip(b"\0 \t\r\n\x0c"):
        raise UnreadableSource(translations("unreadable.file.empty"))
    if b"%PDF-" in data[: _PDF_WITHIN + 5]:
        return PDF
    if data.startswith(_COMPOUND):
        return _compound(data)
    if _ZIP.match(data):
        return _zipped(data)
    if data.startswith(b"{\\rtf"):
        return RTF
    for media_type, beginning in _IMAGES:
        if beginning.match(data):
            return media_type
    for beginning, refusal in _REFUSED:
        if beginning.match(data):
            raise UnreadableSource(refusal)
    head = data[:_HEAD]
    if _MAIL_HEAD.match(head) and _RELATED.search(head):
        return MHTML
    return _written(decode(data).text[:_LOOKED_AT])


def _zipped(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            kind = archive.read("mimetype")[:100] if "mimetype" in names else b""
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, OSError):
        raise UnreadableSource(translations("unreadable.format.damaged_office")) from None
    except (ValueError, EOFError, OverflowError, zipfile.error):
        raise UnreadableSource(translations("unreadable.format.damaged_archive")) from None
    declared = kind.decode("ascii", errors="replace").strip()
    if declared in _OPEN_DOCUMENT:
        return declared
    for pattern, media_type in _ZIPPED:
        if any(pattern.fullmatch(name) for name in names):
            return media_type
    for pattern, refusal in _ZIPPED_REFUSED:
        if any(pattern.fullmatch(name) for name in names):
            raise UnreadableSource(refusal)
    raise UnreadableSource(_archive("zip"))


def _compound(data: bytes) -> str:
    names = _stream_names(data)
    for name, media_type in _STREAMS:
        if name.lower() in names:
            return media_type
    for name, refusal in _STREAMS_REFUSED:
        if name.lower() in names:
            raise UnreadableSource(refusal)
    raise UnreadableSource(translations("unreadable.format.empty_compound"))


def _stream_names(data: bytes) -> set[str]:
    """The names, in lower case, of the entries at the top of a compound file.

    Only at the top: a text may hold a workbook as an object, and the other way round.
    """
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            entries = container.listdir(streams=True, storages=True)
    except Exception:  # of a damaged file: olefile raises any error that its arithmetic leads to
        raise UnreadableSource(translations("unreadable.format.damaged_compound")) from None
    return {entry[0].lower() for entry in entries if len(entry) == 1}


def _written(text: str) -> str:
    """The media type of a text: a page or plain text."""
    if _PAGE_START.match(text):
        return HTML
    if len(list(islice(_TAGS.finditer(text), _LEAST_TAGS))) == _LEAST_TAGS:
        return HTML
    if _OTHER_XML.match(text):
        raise UnreadableSource(translations("unreadable.format.other_xml"))
    return TEXT
