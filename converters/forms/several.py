"""Several reports in one document, such as a government's and its office's on one page."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from gongkai.converters.documents.model import Document, Item, TextBlock
from gongkai.converters.forms.tables import read_tables
from gongkai.converters.labels import fold_label
from gongkai.converters.report import CellState

_KIND = r"(?:信息公开|政务公开).{0,6}(?:报告|年报)"
_TITLE = re.compile(rf"20\d\d年度?.*{_KIND}|{_KIND}\(20\d\d年?度?\)")
_LONGEST_TITLE = 60
_LEAST_READ = 0.5
"""A report of its own has at least this part of the cells of part three."""


def parted(document: Document) -> tuple[Document, ...]:
    """The document, or its parts if it holds several reports, each under a title of its own.

    Only where each part by itself has the table of part three is it a report: links to the
    reports of other years are titles without tables.
    """
    titles = [i for i, item in enumerate(document.items) if _is_title(item)]
    if len(titles) < 2:
        return (document,)
    begins = [
        i
        for i, end in zip(titles, [*titles[1:], None], strict=True)
        if _has_requests(document.items[i:end])
    ]
    if len(begins) < 2:
        return (document,)
    # What stands before the first title may belong to it (declared date, index number).
    bounds = [0, *begins[1:], len(document.items)]
    return tuple(
        replace(document, items=document.items[start:end], declared=_of_the_page(document))
        for start, end in pairwise(bounds)
    )


def _of_the_page(document: Document) -> dict[str, str]:
    """What is declared of the page as a whole, and not of one report on it."""
    return {key: text for key, text in document.declared.items() if key in ("site", "address")}


def _is_title(item: Item) -> bool:
    if not isinstance(item, TextBlock) or len(item.text) > _LONGEST_TITLE:
        return False
    folded = fold_label(item.text)
    return not folded.endswith("。") and _TITLE.search(folded) is not None


def _has_requests(items: Sequence[Item]) -> bool:
    for table in read_tables(items).tables:
        if table.cube == "requests":
            return table.count(CellState.READ) >= _LEAST_READ * len(table.cells)
    return False
