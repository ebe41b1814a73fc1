"""Which kind of document bytes are, and in which encoding: told by the bytes alone."""

import gzip
import io
import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gongkai.converters.documents import read_document
from gongkai.converters.documents.detection import (
    DOC,
    DOCX,
    HTML,
    MHTML,
    ODT,
    PDF,
    RTF,
    TEXT,
    XLS,
    XLSX,
    detect,
)
from gongkai.converters.documents.encoding import decode
from gongkai.converters.errors import UnreadableSource
from helpers.commands import ORIGINAL, SAMPLE
from helpers.profiles import examples

FORMATS = ORIGINAL.parent.parent.parent / "formats"
TYPES = {
    ".doc": DOC,
    ".wps": DOC,
    ".docx": DOCX,
    ".html": HTML,
    ".md": TEXT,
    ".pdf": PDF,
    ".txt": TEXT,
    ".xls": XLS,
    ".xlsx": XLSX,
}
TEXT_LINES = SAMPLE.read_text(encoding="utf-8")


def zipped(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_every_file_of_the_corpus_is_told_by_its_content() -> None:
    if not FORMATS.exists():
        pytest.skip(f"the corpus is not at {FORMATS}: told apart on made-up bytes alone")
    for path in sorted(FORMATS.iterdir()):
        if path.suffix in TYPES:
            assert detect(path.read_bytes()) == TYPES[path.suffix], path.name


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b"%PDF-1.4\n", PDF),
        (b"\xef\xbb\xbf<!-- proxy -->\r\n%PDF-1.7\n", PDF),
        (b"x" * 1024 + b"%PDF-1.7\n", PDF),
        (zipped(**{"word/document.xml": b""}), DOCX),
        (zipped(**{"[Content_Types].xml": b"", "xl/workbook.xml": b""}), XLSX),
        (zipped(mimetype=ODT.encode(), **{"content.xml": b""}), ODT),
        (b"{\\rtf1\\ansi", RTF),
        (b"\x89PNG\r\n\x1a\n\0", "image/png"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
        (b"II*\0\x08\0\0\0", "image/tiff"),
        (b"MM\0*\0\0\0\x08", "image/tiff"),
        (b"BM" + b"\0" * 12 + b"\x28\0\0\0", "image/bmp"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
        (b"<!DOCTYPE html><title>x</title>", HTML),
        ("<p>规章</p><p>0</p>".encode("gb18030"), HTML),
        ("<html><body>规章".encode("utf-16"), HTML),
        (b'<html xmlns:o="urn:schemas-microsoft-com:office:office"><body>', HTML),
        (b'<?xml version="1.0"?>\n<html xmlns="http://www.w3.org/1999/xhtml"><body><p>', HTML),
        (
            b"From: <Saved by>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tx",
            MHTML,
        ),
        ("<!-- from a page -->\n规章\n0\n".encode(), TEXT),
        ("BM 公司的文字".encode(), TEXT),
        ("| 规章 | 1 |\n|---|---|\n| a<br>b | 2 |\n".encode(), TEXT),
    ],
)
def test_what_bytes_are(data: bytes, media_type: str) -> None:
    assert detect(data) == media_type


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b" \n\0\0", "empty"),
        (zipped(**{"xl/workbook.bin": b""}), "XLSB"),
        (zipped(**{"OFD.xml": b""}), "OFD"),
        (zipped(**{"ppt/presentation.xml": b""}), "presentation"),
        (zipped(**{"report.txt": b""}), "unpack it"),
        (zipped(**{"word/document.xml": b"x" * 99})[:60], "damaged or cut off"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "damaged or cut off"),
        (gzip.compress(b"x"), "archive (gzip)"),
        (b"7z\xbc\xaf\x27\x1c\0\x04", "archive (7z)"),
        (b"Rar!\x1a\x07\x01\0", "archive (RAR)"),
        (b"MZ" + b"\0" * 100, "program"),
        (b"\x7fELF\x02", "program"),
        (b"GIF89a\x01\0", "save it as PNG"),
        (b'<?xml version="1.0"?><Report><n>1</n></Report>', "XML of another kind"),
    ],
)
def test_what_is_no_document_is_refused_with_what_to_do(data: bytes, message: str) -> None:
    with pytest.raises(UnreadableSource) as refused:
        detect(data)
    assert message in str(refused.value)


def test_a_name_that_lies_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_text("规章\n0\n", encoding="gb18030")
    document = read_document(path)
    assert document.source_file.media_type == TEXT
    assert [item.text for item in document.items] == ["规章", "0"]  # type: ignore[union-attr]


# --- encodings ----------------------------------------------------------------------------------


def common(first: int, last: int, encoding: str) -> str:
    """The characters in common use of a double-byte encoding: rows ``first`` to ``last``."""
    rows = range(first, last + 1)
    pairs = (bytes((row, cell)) for row in rows for cell in range(0xA1, 0xFF))
    return "".join(pair.decode(encoding, errors="ignore") for pair in pairs)


PLAIN = "0123456789，。（）、：\n"
SIMPLIFIED = common(0xB0, 0xD7, "gb2312")
TRADITIONAL = common(0xA4, 0xC6, "big5")


def chinese(characters: str) -> st.SearchStrategy[str]:
    words = st.text(st.one_of(st.sampled_from(characters), st.sampled_from(PLAIN)), min_size=24)
    # So that there is Chinese in it, and a line end.
    various = st.lists(st.sampled_from(characters), min_size=24, unique=True).map("".join)
    return st.tuples(words, various).map("\n".join)


@given(text=chinese(SIMPLIFIED))
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030"]
)
def test_text_in_every_encoding_is_told(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding)).text == text


@given(text=chinese(TRADITIONAL))
def test_big5_is_told_from_gb18030(text: str) -> None:
    assert decode(text.encode("big5")).text == text
    assert decode(text.encode("gb18030")).text == text


@example(text="0\n啊阿埃挨哎唉皑哀癌蔼矮艾碍爱隘鞍氨安俺按暗岸胺案", cut=44)
@given(text=chinese(SIMPLIFIED), cut=st.integers(1, 60))
def test_a_text_cut_off_within_a_character_keeps_all_before_it(text: str, cut: int) -> None:
    for encoding in ("utf-8", "gb18030"):
        read = decode(text.encode(encoding)[:-cut])
        kept = read.text.removesuffix("\ufffd")
        assert text.startswith(kept)
        assert bool(read.notes) == read.text.endswith("\ufffd")


def test_rare_characters_of_four_bytes() -> None:
    text = "㐀𠀀镕喆" + TEXT_LINES
    assert decode(text.encode("gb18030")).text == text


def test_short_words_that_are_valid_utf8_in_gbk() -> None:
    assert decode("联通".encode("gb18030")).text == "联通"
    assert decode("café".encode()).text == "café"


def test_a_byte_gone_wrong_is_shown_and_told_of() -> None:
    data = TEXT_LINES.encode()
    broken = data.replace("规范性文件".encode(), "规范性文件".encode()[:-1], 1)
    decoded = decode(broken)
    assert decoded.encoding == "utf-8" and decoded.text.count("\ufffd") == 1
    line = decoded.text[: decoded.text.index("\ufffd")].count("\n") + 1
    assert f"line {line}" in decoded.notes[0]["en"]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(TEXT_LINES.encode("latin-1", errors="replace"), id="question marks"),
        pytest.param(re.sub(r"[^\x00-\x7f]", "\ufffd", TEXT_LINES).encode(), id="marks"),
        pytest.param(TEXT_LINES.encode().decode("latin-1").encode(), id="UTF-8 as Latin-1"),
        pytest.param(
            TEXT_LINES.encode().decode("cp1252", errors="replace").encode(), id="as Windows-1252"
        ),
        pytest.param(
            TEXT_LINES.encode().decode("gb18030", errors="replace").encode(), id="UTF-8 as GBK"
        ),
    ],
)
def test_characters_lost_or_mangled_are_refused(data: bytes) -> None:
    with pytest.raises(UnreadableSource, match="take the original again"):
        decode(data)


@settings(max_examples=examples(300))
@given(data=st.binary(max_size=600))
def test_any_bytes_are_told_or_refused(data: bytes) -> None:
    try:
        assert detect(data)
    except UnreadableSource as refused:
        assert str(refused)
