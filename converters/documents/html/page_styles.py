"""The styles of a page: which text is hidden, set off or struck out; other styling is removed."""

import re
from collections.abc import Mapping
from typing import Any, cast

from lxml import etree

from gongkai.converters.documents.html.embedded import TAGS as EMBEDDED
from gongkai.converters.documents.html.embedded import replace_embedded
from gongkai.converters.documents.html.hints import (
    HINTED,
    hints,
)
from gongkai.converters.documents.html.matching import Elements, matches
from gongkai.converters.documents.html.properties import (
    inline_declarations,
    matters,
)
from gongkai.converters.documents.html.seen import Painter
from gongkai.converters.documents.html.sheets import (
    Fetch,
    Sheets,
)
from gongkai.converters.documents.html.unseen_rows import UnseenRows
from gongkai.ontology.labels import Label
from gongkai.ontology.texts import listed, translations

# Tags that only style words: removed before a page is walked over, which is then half as long.
_INLINE = (
    "a abbr b bdo big code em font i ins label mark nobr s del strike small span strong sub sup tt "
    "u o:p st1:chsdate st1:place"
)
_INLINE_TAGS = tuple(_INLINE.split())

_STANDARD = re.compile(
    r"(?i)\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<!doctype\s+html\b([^>]*)>", re.DOTALL
)
_ODD_TAGS = ("sup", "sub", "s", "del", "strike", "bdo", "details", "dialog", "ruby", "small")
_STYLES = etree.XPath("//@style", smart_strings=False)
_LIST_IN_CELL = etree.XPath("boolean(//td//ol)", smart_strings=False)
_HINTED = etree.XPath(
    "boolean(//@hidden|//@popover|//font/@face|//font/@size|//@color|//@bgcolor|//@text"
    "|//@background|//@dir)",
    smart_strings=False,
)

_MOST_QUOTED = 5

HIDES: Label = translations("documents.html.hidden_tables")
MISSING: Label = translations("documents.html.styles_missing")
CUT: Label = translations("documents.html.styles_cut")


class PageStyles:
    """The result of reading the styles of a page: notes, and whether text of the tree bears marks.

    ``unseen`` are the rows and words that it holds and nobody sees.
    """

    def __init__(self) -> None:
        """Begin with no result."""
        self.notes: list[Label] = []
        self.marked = False
        self.unseen = UnseenRows()


def apply_styles(root: etree._Element, text: str, fetch: Fetch) -> PageStyles:
    """Remove from the page what is not shown, and all tags that only style words.

    ``text`` is its source; ``fetch`` returns the style sheets that it refers to.
    """
    styles = PageStyles()
    head = _STANDARD.match(text[:4096])
    quirks = head is None or ("transitional" in head[1].lower() and "http" not in head[1].lower())
    sheets = Sheets(quirks, fetch)
    sheets.read(root)
    states: Mapping[etree._Element, int] = {}
    if _may_differ(root, sheets):
        states = _paint(root, text, sheets, styles)
    if next(root.iter(*EMBEDDED), None) is not None:
        styles.marked = replace_embedded(root, states) or styles.marked
    etree.strip_tags(root, *_INLINE_TAGS)
    return styles


def _may_differ(root: etree._Element, sheets: Sheets) -> bool:
    """Whether anything may make a text of the page look other than plain."""
    if sheets.missing or sheets.cut or sheets.own_faces or sheets.moving:
        return True
    if next(root.iter(*_ODD_TAGS), None) is not None or _LIST_IN_CELL(root):
        return True
    for style in set(cast(list[str], _STYLES(root))):
        if any(map(matters, inline_declarations(style, sheets.quirks))):
            return True
    if any(matters(each) for rule in sheets.rules for each in rule.declared):
        return True
    return bool(_HINTED(root)) and any(
        matters(each)
        for element in root.iter(etree.Element)
        if not HINTED.isdisjoint(element.keys())
        for each in hints(str(element.tag), cast(Any, element.attrib))
        if each.name not in ("color",) or element.tag != "a"
    )


def _paint(
    root: etree._Element, text: str, sheets: Sheets, styles: PageStyles
) -> Mapping[etree._Element, int]:
    """Examine every element as a browser shows it, and change the tree to what is seen."""
    if sheets.rules:
        _add_groups(root)
        if sheets.quirks:
            _lower_names(root)
    elements = Elements(root)
    matched = matches(sheets, elements) if sheets.rules else {}
    painter = Painter(root, sheets, matched, has_script="<script" in text or "<SCRIPT" in text)
    painter.paint()
    painter.apply()
    styles.marked = painter.marked
    styles.unseen = painter.unseen
    if painter.hides_tables:
        styles.notes.append(HIDES)
    if painter.left_out:
        styles.notes.append(_left_out(painter.left_out))
    if painter.undecided and sheets.cut:
        styles.notes.append(CUT)
    elif painter.undecided:
        styles.notes.append(MISSING)
    return painter.states


def _left_out(texts: list[str]) -> Label:
    quoted = [f"“{text}”" for text in dict.fromkeys(texts)][:_MOST_QUOTED]
    return translations(
        "documents.html.numbers_not_shown", count=len(texts), numbers=listed(quoted)
    )


def _lower_names(root: etree._Element) -> None:
    """Make classes and ids lower case, as pages without a document type compare them."""
    for element in root.iter(etree.Element):
        for name in ("class", "id"):
            value = element.get(name)
            if value and not value.islower():
                element.set(name, value.lower())


def _add_groups(root: etree._Element) -> None:
    """Put rows that stand in a table itself into a group (tbody), as every browser does."""
    for table in list(root.iter("table")):
        group: etree._Element | None = None
        for child in list(table):
            if child.tag != "tr":
                group = None
                continue
            if group is None:
                group = etree.SubElement(table, "tbody")
                table.remove(group)
                table.insert(table.index(child), group)
            tail = child.tail
            group.append(child)
            child.tail = tail
