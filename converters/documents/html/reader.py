"""Pages: their innermost tables as grids, all other text as blocks, in the order of the source.

The page is read as it is written; nothing that it refers to is fetched and no script is run.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from lxml import etree

from gongkai.converters.documents.encoding import decode
from gongkai.converters.documents.html.head import attachments, declared
from gongkai.converters.documents.html.page_styles import apply_styles
from gongkai.converters.documents.html.script import FOUND, page_in_strings, page_of_script
from gongkai.converters.documents.html.sheets import (
    sheet_of,
)
from gongkai.converters.documents.html.tables import too_many_cells
from gongkai.converters.documents.html.walk import Walker, too_deep
from gongkai.converters.documents.limits import Limits
from gongkai.converters.documents.model import Content, Grid
from gongkai.converters.documents.pictures import read_pictures
from gongkai.converters.documents.text.reader import NOT_TEXT
from gongkai.ontology.texts import translations

_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\v\f\r")
_SCRIPT = re.compile("(?i)<script")
_PAGE_END = re.compile("</(?:[bB][oO][dD][yY]|[hH][tT][mM][lL])(\\s*)>")
_TAGS_PER_CELL = 20

_RESOURCE_LIMIT = [etree.ErrorTypes.ERR_RESOURCE_LIMIT]


def read_html(data: bytes, limits: Limits) -> Content:
    """The tables and the text of a page.

    Raises UnreadableSource where its characters are lost, its elements are nested deeper than
    ``limits.most_depth``, or it has more cells than ``limits.most_cells``.
    """
    decoded = decode(data)
    content = read_page(decoded.text, limits)
    return replace(content, notes=(*decoded.notes, *content.notes))


def read_page(
    text: str,
    limits: Limits,
    numbered: bool = True,
    files: Mapping[str, bytes] | None = None,
    address: str = "",
) -> Content:
    """The tables and text of a page given as text; ``numbered``: its lines are the source's.

    ``files`` are those that were saved with it, by their address; ``address`` is its own.
    """
    page = page_of_script(text)
    if page is not None:
        return _in_strings(page, limits)
    content = _read(text, limits, numbered, files, address)
    if not any(isinstance(item, Grid) for item in content.items) and _SCRIPT.search(text):
        page = page_in_strings(text)
        found = Content(()) if page is None else _in_strings(page, limits)
        if any(isinstance(item, Grid) for item in found.items):
            notes = (*content.notes, *found.notes)
            return Content(
                found.items,
                content.declared,
                notes,
                found.unread,
                pictured=found.pictured,
                hidden=found.hidden,
            )
    return content


def _in_strings(page: str, limits: Limits) -> Content:
    content = _read(page, limits, numbered=False)
    return replace(content, notes=(FOUND, *content.notes))


def _read(
    text: str,
    limits: Limits,
    numbered: bool,
    files: Mapping[str, bytes] | None = None,
    address: str = "",
) -> Content:
    if text.count("<") > limits.most_cells * _TAGS_PER_CELL:
        raise too_many_cells(limits)
    root = _parse(text, limits)
    if root is None:
        return Content(())
    said = declared(root, text)
    linked = attachments(root)
    styles = apply_styles(root, text, lambda sheet: sheet_of(files or {}, address, sheet))
    walker = Walker(text, limits, numbered, files, styles.marked, styles.unseen)
    walker.walk(root)
    notes = styles.notes + walker.notes
    if not walker.tables and linked:
        listed = "、".join(linked)
        notes.append(translations("documents.html.linked_files", files=listed))
    read = read_pictures(walker.items, limits)
    return Content(
        read.items,
        said,
        (*notes, *read.notes),
        read.unread,
        pictured=read.tables,
        hidden=tuple(styles.unseen.words),
    )


def _parse(text: str, limits: Limits) -> etree._Element | None:
    """The root of the page, or None where it has no element at all."""
    # The parser's own limits cut a page off silently, so they are set wide and watched.
    parser = etree.HTMLParser(
        encoding="utf-8",
        no_network=True,
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    # What stands behind the end of a page is shown like all before it; the parser drops it.
    text = _PAGE_END.sub(r"\1", text)
    encoded = text.encode("utf-8", errors="replace")
    if len(encoded.translate(None, _CONTROLS)) < len(encoded):
        encoded = NOT_TEXT.sub("\ufffd", text).encode("utf-8", errors="replace")
    try:
        root = etree.fromstring(encoded, parser)
    except etree.XMLSyntaxError:
        return None
    log = parser.error_log
    if len(log) and log.filter_types(_RESOURCE_LIMIT):
        raise too_deep(limits)
    return root
