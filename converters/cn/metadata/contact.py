"""The contact particulars that a report prints, most often in its preamble."""

import re
from collections.abc import Iterator, Sequence

from gongkai.converters.documents.model import TextBlock
from gongkai.converters.report import Contact

_BREAKS = re.compile(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])")
_MOST_LINES = 8
_NUMBER = r"([0-9()（）\-－—转、 ]*[0-9])"
_PARTICULARS = {
    "address": re.compile(r"(?:通讯|联系|办公)?地址[:：]\s*([^；;）)，,。]+)"),
    "postal_code": re.compile(r"邮(?:政)?编(?:码)?[:：]\s*([0-9]{6})(?![0-9])"),
    "telephone": re.compile(rf"电话[:：]\s*{_NUMBER}"),
    "fax": re.compile(rf"传真[:：]\s*{_NUMBER}"),
    "email": re.compile(r"(?:电子)?(?:邮箱|邮件)[:：]\s*([\w.+-]+@[\w-]+(?:\.[\w-]+)+)", re.ASCII),
    "name": re.compile(r"请与(.{2,40}?)联系"),
}


def read_contact(blocks: Sequence[TextBlock]) -> Contact | None:
    """The particulars, wherever a line breaks or spaces stand; None where there are none.

    Spaces beside Chinese characters come from typesetting and mean nothing.
    """
    found: dict[str, str] = {}
    for text in _paragraphs(blocks):
        for name, pattern in _PARTICULARS.items():
            match = pattern.search(text)
            if match and name not in found:
                found[name] = match.group(1).strip()
    if not found.keys() - {"name"}:
        return None
    whole = _PARTICULARS["name"].search("".join(block.text for block in blocks))
    if whole and "name" not in found:
        found["name"] = whole[1].strip()
    return Contact(**found)


def _paragraphs(blocks: Sequence[TextBlock]) -> Iterator[str]:
    """The blocks, joined where a bracket is open: lines of a paged document end anywhere."""
    open_text, lines = "", 0
    for block in blocks:
        open_text, lines = open_text + block.text, lines + 1
        opened = sum(map(open_text.count, "（(")) - sum(map(open_text.count, "）)"))
        if opened <= 0 or lines == _MOST_LINES:
            yield _BREAKS.sub("", open_text)
            open_text, lines = "", 0
    yield _BREAKS.sub("", open_text)
