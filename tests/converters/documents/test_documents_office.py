"""Files of Word: real ones, those that are refused, and any bytes."""

import http.server
import io
import itertools
import os
import random
import threading
import time
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.converters.documents.limits import DEFAULT_LIMITS, Limits
from gongkai.converters.documents.model import Content
from gongkai.converters.documents.word.docx import read_docx
from gongkai.converters.documents.word.word97 import read_word97
from gongkai.converters.documents.workbook.reader import read_workbook
from gongkai.converters.errors import UnreadableSource
from helpers.office_files import (
    assert_expected,
    cell,
    corpus,
    docx,
    docx_parts,
    folder_of_fake,
    grids,
    needs_formats,
    needs_libreoffice,
    notes,
    paragraph,
    row,
    shown,
    table,
    texts,
    unzipped,
    zipped,
)
from helpers.profiles import examples
from helpers.word_documents import HEADINGS, MERGE, numbered, read


def refusal(data: bytes, limits: Limits = DEFAULT_LIMITS) -> str:
    with pytest.raises(UnreadableSource) as caught:
        read_docx(data, limits)
    return str(caught.value)


# --- real files -----------------------------------------------------------------------------------


@needs_formats
@pytest.mark.parametrize("name", ["report", "dense"])
def test_every_figure_of_a_docx_is_under_its_headings(name: str) -> None:
    content = read_docx(corpus(f"{name}.docx"), DEFAULT_LIMITS)
    assert_expected(content, "expected.json" if name == "report" else "expected_dense.json")
    assert content.notes == ()


@needs_libreoffice
@needs_formats
@pytest.mark.parametrize("name", ["report.doc", "dense.wps"])
def test_every_figure_of_a_word_97_file_is_under_its_headings(name: str) -> None:
    content = read_word97(corpus(name), DEFAULT_LIMITS)
    assert_expected(content, "expected.json" if "report" in name else "expected_dense.json")
    assert "LibreOffice" in notes(content)


@needs_libreoffice
def test_rtf_keeps_its_cells() -> None:
    rtf = (
        rb"{\rtf1\ansi\trowd\cellx2000\cellx4000\intbl \u30002?\cell 12\cell\row"
        rb"\trowd\cellx2000\cellx4000\intbl \u20057?\cell 34\cell\row\pard end\par}"
    )
    content = read_word97(rtf, DEFAULT_LIMITS)
    assert shown(grids(content)[0]) == [["甲", "12"], ["乙", "34"]]
    assert texts(content) == ["end"]


@needs_libreoffice
def test_an_open_document_is_read_and_what_it_links_to_is_not_fetched() -> None:
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/x.png"
    try:
        content = read_word97(open_document(address), DEFAULT_LIMITS)
    finally:
        server.shutdown()
        server.server_close()
    assert texts(content) == ["甲"]
    assert "1 picture" in notes(content)
    assert asked == []


def open_document(address: str) -> bytes:
    """A text with a picture that is to be found at ``address``."""
    kind = "application/vnd.oasis.opendocument.text"
    space = "urn:oasis:names:tc:opendocument:xmlns:"
    return zipped(
        {
            "mimetype": kind,
            "META-INF/manifest.xml": (
                f'<m:manifest xmlns:m="{space}manifest:1.0">'
                f'<m:file-entry m:full-path="/" m:media-type="{kind}"/>'
                '<m:file-entry m:full-path="content.xml" m:media-type="text/xml"/></m:manifest>'
            ),
            "content.xml": (
                f'<o:document-content xmlns:o="{space}office:1.0" xmlns:t="{space}text:1.0" '
                f'xmlns:d="{space}drawing:1.0" xmlns:s="{space}svg-compatible:1.0" '
                'xmlns:x="http://www.w3.org/1999/xlink" o:version="1.2"><o:body><o:text><t:p>甲'
                '<d:frame t:anchor-type="as-char" s:width="1cm" s:height="1cm">'
                f'<d:image x:href="{address}" x:type="simple"/></d:frame>'
                "</t:p></o:text></o:body></o:document-content>"
            ),
        }
    )


# --- what is refused ------------------------------------------------------------------------------


def test_archives_that_swell_are_refused() -> None:
    bomb = docx_parts("") | {"word/media/image1.bin": b"\0" * (20 * 1024 * 1024)}
    assert "swells to" in refusal(zipped(bomb))
    small = replace(DEFAULT_LIMITS, most_unpacked_bytes=1000)
    assert "unpacks to" in refusal(docx(paragraph("字" * 2000)), small)
    many = docx_parts("") | {f"x/{i}": b"" for i in range(10_001)}
    assert "10004 files" in refusal(zipped(many, zipfile.ZIP_STORED))


def test_an_entry_that_lies_about_its_size_is_refused() -> None:
    data = bytearray(docx(paragraph("字" * 50_000)))
    listed = zipfile.ZipFile(io.BytesIO(bytes(data))).getinfo("word/document.xml")
    directory = data.rindex(b"word/document.xml")
    size_at = directory - 46 + 24
    assert data[size_at : size_at + 4] == listed.file_size.to_bytes(4, "little")
    # What it says to be the whole is a part whose checksum is right.
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as file:
        start = file.read("word/document.xml")[:1000]
    data[size_at : size_at + 4] = (1000).to_bytes(4, "little")
    data[size_at - 8 : size_at - 4] = zlib.crc32(start).to_bytes(4, "little")
    assert "damaged" in refusal(bytes(data))


def test_entities_are_never_expanded() -> None:
    parts = docx_parts(paragraph("&b;"))
    declared = "<!DOCTYPE w [<!ENTITY a 'aaaaaaaa'>" + "<!ENTITY b '&a;&a;&a;'>]>"
    parts["word/document.xml"] = declared + str(parts["word/document.xml"])
    assert "document type" in refusal(zipped(parts))
    outside = "<!DOCTYPE w [<!ENTITY b SYSTEM 'file:///etc/hostname'>]>"
    parts = docx_parts(paragraph("&b;"))
    parts["word/document.xml"] = outside + str(parts["word/document.xml"])
    assert "document type" in refusal(zipped(parts))


def test_laughs_by_the_billion_are_refused() -> None:
    entities = "<!ENTITY a 'ha'>" + "".join(
        f"<!ENTITY {after} '{f'&{before};' * 10}'>"
        for before, after in itertools.pairwise("abcdefghij")
    )
    parts = docx_parts(paragraph("&j;"))
    parts["word/document.xml"] = f"<!DOCTYPE w [{entities}]>" + str(parts["word/document.xml"])
    assert refusal(zipped(parts))


@pytest.mark.parametrize("depth", [199, 300, 20_000])
def test_deep_nesting_is_refused(depth: int) -> None:
    body = f"{'<w:sdt>' * depth}{paragraph('底')}{'</w:sdt>' * depth}"
    assert refusal(docx(body))


def test_nesting_within_the_limit_is_read() -> None:
    body = f"{'<w:sdt>' * 190}{paragraph('底')}{'</w:sdt>' * 190}"
    assert texts(read(body)) == ["底"]


def test_tables_that_claim_too_many_cells_are_refused() -> None:
    wide = cell("1", properties='<w:gridSpan w:val="999999999"/>')
    assert "claims more than 200000 cells" in refusal(docx(table(row("甲", wide))))
    several = docx((table(row("甲", "1", "2")) + paragraph()) * 4)
    few = replace(DEFAULT_LIMITS, most_cells=11)
    assert "tables of the file have more than 11 cells" in refusal(several, few)
    assert len(grids(read_docx(several, replace(few, most_cells=12)))) == 4


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "damaged"),
        (b"PK\x03\x04 and no more", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "before 2007"),
        (zipped({"a.txt": "text"}), "not hold an office document"),
    ],
)
def test_what_is_no_word_document_is_refused(data: bytes, why: str) -> None:
    assert why in refusal(data)


def test_a_workbook_is_no_word_document() -> None:
    parts = docx_parts("")
    parts["word/document.xml"] = "<workbook/>"
    assert "no Word document" in refusal(zipped(parts))


@needs_formats
def test_an_encrypted_word_97_file_is_refused_before_it_is_converted() -> None:
    data = bytearray(corpus("report.doc"))
    data[data.index(b"\xec\xa5") + 11] |= 0x01
    with pytest.raises(UnreadableSource, match="password"):
        read_word97(bytes(data), DEFAULT_LIMITS)


@needs_formats
@pytest.mark.parametrize("reader", [read_word97, read_workbook])
def test_an_encrypted_newer_file_is_refused(reader: Callable[[bytes, Limits], Content]) -> None:
    """Such a file is a compound file with one stream, here another one by a new name."""
    data = bytearray(corpus("report.doc"))
    entry = data.index("WordDocument".encode("utf-16-le"))
    name = "EncryptedPackage".encode("utf-16-le")
    data[entry : entry + 64] = name.ljust(64, b"\0")
    data[entry + 64 : entry + 66] = (len(name) + 2).to_bytes(2, "little")
    with pytest.raises(UnreadableSource, match="password"):
        reader(bytes(data), DEFAULT_LIMITS)


@needs_formats
def test_a_word_97_file_is_no_workbook() -> None:
    with pytest.raises(UnreadableSource, match="holds no workbook"):
        read_workbook(corpus("report.doc"), DEFAULT_LIMITS)
    with pytest.raises(UnreadableSource, match="holds no Word document"):
        read_word97(corpus("report.xls"), DEFAULT_LIMITS)


def test_without_libreoffice_the_message_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(UnreadableSource, match="libreoffice-writer"):
        read_word97(b"{\\rtf1 x}", DEFAULT_LIMITS)


def test_a_conversion_that_hangs_is_killed_with_all_it_started(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told = tmp_path / "child"
    fake = f"#!/bin/sh\nsleep 600 &\necho $! > {told}\nwait\n"
    monkeypatch.setenv("PATH", f"{folder_of_fake(fake, tmp_path)}:{os.environ['PATH']}")
    with pytest.raises(UnreadableSource, match="within 1 second:"):
        read_word97(b"{\\rtf1 x}", replace(DEFAULT_LIMITS, seconds=1))
    child = int(told.read_text())
    for _ in range(100):
        if not Path(f"/proc/{child}").exists() or "Z" in Path(f"/proc/{child}/stat").read_text():
            return
        time.sleep(0.02)
    pytest.fail("what the converter started is still running")


def test_a_conversion_that_makes_nothing_is_an_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", f"{folder_of_fake('#!/bin/sh', tmp_path)}:{os.environ['PATH']}")
    with pytest.raises(UnreadableSource, match="cannot open"):
        read_word97(b"{\\rtf1 x}", DEFAULT_LIMITS)


# --- whatever the bytes ---------------------------------------------------------------------------


BASE = docx(
    numbered("总体", 0) + table(row(cell("甲", properties=MERGE), "1"), row("乙", "2")),
    numbering=HEADINGS,
    styles='<w:style w:type="paragraph" w:styleId="t"/>',
)


@settings(max_examples=examples(150))
@given(st.integers(0, 2**32), st.booleans())
def test_spoiled_files_are_read_or_refused(seed: int, within: bool) -> None:
    """Bytes changed in the archive, or in its XML before it is packed."""
    chance = random.Random(seed)
    if within:
        parts = unzipped(BASE)
        name = chance.choice(sorted(parts))
        parts[name] = spoil(bytes(parts[name]), chance)  # type: ignore[arg-type]
        data = zipped(parts)
    else:
        data = spoil(BASE, chance)
    try:
        read_docx(data, DEFAULT_LIMITS)
    except UnreadableSource as error:
        assert str(error)


def spoil(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 5)):
        where = chance.randrange(len(changed))
        changed[where : where + chance.randint(0, 3)] = chance.choice(
            [b"", b"0", b"<", b'"', b"\xff", b"9999999999", chance.randbytes(3)]
        )
    return (
        bytes(changed)
        if chance.random() < 0.9
        else bytes(changed[: chance.randrange(len(changed))])
    )
