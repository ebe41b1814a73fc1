"""Plain text: bytes to text blocks, one a line."""

import re

from gongkai.converters.documents.limits import Limits
from gongkai.converters.documents.model import Content, Place, TextBlock
from gongkai.converters.errors import UnreadableSource

# Control characters that no text file holds; tab, line feed, form feed and carriage return are.
_NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1f]")


def read_text(data: bytes, limits: Limits) -> Content:
    """The lines of UTF-8 text, numbered as an editor numbers them; a byte order mark is dropped.

    Raises UnreadableSource for bytes that are not UTF-8 or not text.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise UnreadableSource(
            f"line {line}: not UTF-8 text (byte 0x{data[error.start]:02X} at offset "
            f"{error.start}): save the report as UTF-8 text"
        ) from None
    control = _NOT_TEXT.search(text)
    if control:
        line = text.count("\n", 0, control.start()) + 1
        raise UnreadableSource(
            f"line {line}: not text (control character U+{ord(control.group()):04X}): "
            "save the report as UTF-8 text"
        )
    lines = re.split("\r\n|\r|\n", text)
    return Content(
        tuple(
            TextBlock(line.strip(), Place(line=number))
            for number, line in enumerate(lines, start=1)
            if line.strip()
        )
    )
