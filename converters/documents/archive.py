"""Office files, which are archives of XML: both are opened without trusting what they claim.

What another program (LibreOffice) is to read is packed anew, so that it only gets what was checked
here. Archives within archives are never opened.
"""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from gongkai.converters.documents.limits import Limits
from gongkai.converters.errors import UnreadableSource
from gongkai.ontology.labels import Label
from gongkai.ontology.texts import translations

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How the files of older office programs, and newer files that are encrypted, begin ([MS-CFB])."""

MOST_ENTRIES = 10_000
"""No report has more files in its archive; reading the list of them takes memory by itself."""

MOST_RATIO = 200
"""Unpacked to packed bytes: tables of blank cells reach about 15, an archive bomb 1000."""

MOST_MARKS_A_CELL = 40
"""Opening and closing tags for each allowed cell: a bound on the size of the tree of a part."""

_RATIO_MATTERS_FROM = 16 * 1024 * 1024
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
# Strict Office Open XML has the same content in other namespaces (ISO/IEC 29500-1, annex A).
_STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": (
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    ),
    b"http://purl.oclc.org/ooxml/spreadsheetml/main": (
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    ),
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": (
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    ),
    b"http://purl.oclc.org/ooxml/officeDocument/math": (
        b"http://schemas.openxmlformats.org/officeDocument/2006/math"
    ),
}
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    UnicodeError,
    ValueError,
)


@dataclass(frozen=True)
class Archive:
    """An archive whose sizes are within the limits, with its files by name."""

    file: zipfile.ZipFile
    entries: dict[str, zipfile.ZipInfo]

    def read(self, name: str) -> bytes:
        """The unpacked bytes of ``name``, never more than its entry states.

        Raises UnreadableSource where there is no such file, or its bytes are not those that were
        packed.
        """
        entry = self.entries.get(name)
        if entry is None:
            raise UnreadableSource(translations("unreadable.archive.no_part", name=name))
        try:
            with self.file.open(entry) as stream:
                # A bounded read: without a number, everything that follows is unpacked before it
                # is cut.
                data = stream.read(entry.file_size + 1)
        except _BROKEN as error:
            raise damaged(
                translations("unreadable.archive.not_unpacked", name=name, error=error)
            ) from None
        if len(data) != entry.file_size:
            raise damaged(translations("unreadable.archive.part_cut", name=name))
        return data


def open_archive(data: bytes, limits: Limits) -> Archive:
    """Open a ZIP archive after its list of files has been checked.

    Raises UnreadableSource for an archive that is incomplete or encrypted, or that would unpack to
    more than ``limits.most_unpacked_bytes`` or ``MOST_RATIO`` times its size.
    """
    if data.startswith(COMPOUND):
        raise UnreadableSource(translations("unreadable.archive.old_or_protected"))
    try:
        file = zipfile.ZipFile(io.BytesIO(data))
    except _BROKEN as error:
        raise damaged(str(error)) from None
    listed = file.infolist()
    if len(listed) > MOST_ENTRIES:
        raise UnreadableSource(
            translations("unreadable.archive.too_many_files", found=len(listed), most=MOST_ENTRIES)
        )
    entries = {entry.filename: entry for entry in listed}
    if len(entries) != len(listed):
        raise damaged(translations("unreadable.archive.duplicate_part"))
    if any(entry.flag_bits & _ENCRYPTED for entry in listed):
        raise encrypted()
    if any(entry.compress_type not in _METHODS for entry in listed):
        raise damaged(translations("unreadable.archive.compression"))
    total = sum(entry.file_size for entry in listed)
    if total > limits.most_unpacked_bytes:
        raise UnreadableSource(
            translations(
                "unreadable.archive.unpacks_too_large",
                size=total // 1024 // 1024,
                most=limits.most_unpacked_bytes // 1024 // 1024,
            )
        )
    if total > _RATIO_MATTERS_FROM and total > MOST_RATIO * len(data):
        raise UnreadableSource(
            translations(
                "unreadable.archive.ratio", times=total // max(len(data), 1), most=MOST_RATIO
            )
        )
    return Archive(file, entries)


@dataclass(frozen=True)
class Relation:
    """A part that another part refers to: the reference's identifier, its kind, and its target."""

    name: str
    kind: str
    path: str


def relations(archive: Archive, part: str, limits: Limits) -> tuple[Relation, ...]:
    """What ``part`` refers to within the archive; ``""`` stands for the archive itself.

    The kind is the last word of the relation's type, as in ``styles``.
    """
    folder, name = posixpath.split(part)
    listing = posixpath.join(folder, "_rels", f"{name}.rels")
    if listing not in archive.entries:
        return ()
    return tuple(
        Relation(
            relation.get("Id", ""),
            relation.get("Type", "").rpartition("/")[2],
            posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/"),
        )
        for relation in parse_xml(archive.read(listing), listing, limits)
        if relation.get("TargetMode") != "External"
    )


def related_part(archive: Archive, part: str, kind: str, limits: Limits) -> etree._Element | None:
    """The root of the first part that ``part`` refers to as ``kind``; None where there is none."""
    return next(related_parts(archive, part, kind, limits), None)


def related_parts(
    archive: Archive, part: str, kind: str, limits: Limits
) -> Iterator[etree._Element]:
    """The roots of the parts that ``part`` refers to as ``kind``, in the order of its relations."""
    for relation in relations(archive, part, limits):
        if relation.kind == kind and relation.path in archive.entries:
            yield parse_xml(archive.read(relation.path), relation.path, limits)


def theme_part(archive: Archive, part: str, limits: Limits) -> etree._Element | None:
    """The root of the theme that ``part`` refers to; None where there is none or it is damaged."""
    try:
        return related_part(archive, part, "theme", limits)
    except UnreadableSource:
        return None


def main_part(archive: Archive, limits: Limits) -> str:
    """The name of the part that is the document itself.

    Raises UnreadableSource where the archive is no office document.
    """
    for relation in relations(archive, "", limits):
        if relation.kind == "officeDocument":
            return relation.path
    raise UnreadableSource(translations("unreadable.archive.no_document"))


def pack(parts: dict[str, bytes]) -> bytes:
    """A plain archive of ``parts``, in their order, stored without compression."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as file:
        for name, data in parts.items():
            file.writestr(zipfile.ZipInfo(name), data)
    return buffer.getvalue()


def parse_xml(data: bytes, part: str, limits: Limits) -> etree._Element:
    """The root element of the XML of ``part``, without comments.

    No entity is expanded and nothing outside the bytes is looked up. A document type is refused: no
    office program writes one, and every attack by entities needs one.

    Raises UnreadableSource also for XML that is not well-formed or nested deeper than
    ``limits.most_depth``.
    """
    if data.count(b"<") > limits.most_cells * MOST_MARKS_A_CELL:
        raise UnreadableSource(
            translations("unreadable.archive.too_many_elements", part=part, most=limits.most_cells)
        )
    if b"http://purl.oclc.org/ooxml/" in data:
        for strict, usual in _STRICT.items():
            data = data.replace(strict, usual)
    try:
        root = etree.fromstring(data, safe_parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        raise damaged(
            translations("unreadable.archive.not_well_formed", part=part, error=error)
        ) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableSource(translations("unreadable.archive.document_type", part=part))
    if root.xpath("boolean(" + "/*" * (limits.most_depth + 1) + ")"):
        raise UnreadableSource(
            translations("unreadable.archive.too_deep", part=part, most=limits.most_depth)
        )
    return root


def safe_parser() -> etree.XMLParser:
    """An XML parser that reads nothing but the bytes it is given."""
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def encrypted() -> UnreadableSource:
    """The error for a file that can only be opened with a password."""
    return UnreadableSource(translations("unreadable.file.password"))


def damaged(why: Label | str) -> UnreadableSource:
    """The error for a damaged file; ``why`` may be the words of a library."""
    return UnreadableSource(translations("unreadable.file.damaged", why=why))
