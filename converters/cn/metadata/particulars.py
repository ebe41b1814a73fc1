"""Particulars of the report beside its text: labelled facts around it, and declared ones.

Government sites print a small table above each document (索引号, 发布机构, 公开日期 …), others
lines such as “发布日期：2020-01-31”; readers of formats pass on a file's own metadata.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gongkai.converters.documents.model import Document, Grid, Place, TextBlock
from gongkai.converters.labels import fold_text

# The meaning of each label, in the order in which labels take precedence.
_LABELS = {
    "title": ("名称", "标题", "信息名称", "公文名称", "文件名称"),
    "publisher": (
        "发布机构",
        "发文机关",
        "发布单位",
        "公开机构",
        "发文机构",
        "发布机关",
        "公开主体",
    ),
    "issued": ("成文日期", "发文日期", "生成日期", "发布日期", "公开日期", "发布时间", "公开时间"),
    "identifier": ("索引号", "信息索引号", "统一社会信用代码"),
}
_MEANING = {label: name for name, labels in _LABELS.items() for label in labels}
_RANK = {label: rank for labels in _LABELS.values() for rank, label in enumerate(labels)}
_LABELLED = re.compile(rf"\[?({'|'.join(sorted(_MEANING, key=len, reverse=True))})\]?:(.+)")
_LONGEST = 120


@dataclass(frozen=True)
class Particular:
    """A fact about the report, as printed; ``place`` is None where the source only declares it."""

    text: str
    place: Place | None


def read_particulars(
    document: Document, head: Sequence[TextBlock]
) -> dict[str, tuple[Particular, ...]]:
    """Facts by name: ``title``, ``publisher``, ``issued``, ``identifier`` and other declared names.

    What is printed takes precedence over what is only declared. ``head`` are the blocks before the
    first part of the report, the only ones where a label with a value is taken as a fact about it.
    """
    printed: list[tuple[str, Particular]] = []
    for item in document.items:
        if isinstance(item, Grid):
            printed.extend(_in_grid(item))
    for block in head:
        match = _LABELLED.fullmatch(fold_text(block.text)[:_LONGEST])
        if match:
            printed.append((match[1], Particular(match[2], block.place)))
    found: dict[str, list[Particular]] = {}
    for label, particular in sorted(printed, key=lambda pair: _RANK[pair[0]]):
        found.setdefault(_MEANING[label], []).append(particular)
    for name, text in document.declared.items():
        if text.strip():
            found.setdefault(name, []).append(Particular(text.strip(), None))
    if document.source_file.address:
        found.setdefault("address", []).append(Particular(document.source_file.address, None))
    return {name: tuple(particulars) for name, particulars in found.items()}


def _in_grid(grid: Grid) -> Iterator[tuple[str, Particular]]:
    for row in range(len(grid.rows)):
        cells = list(grid.distinct(row))
        for label_cell, value_cell in itertools.pairwise(cells):
            label = fold_text(label_cell.text).rstrip(":").strip("[]")
            if label in _MEANING and value_cell.text.strip():
                yield label, Particular(value_cell.text.strip(), value_cell.place)
        for cell in cells:
            match = _LABELLED.fullmatch(fold_text(cell.text)[:_LONGEST])
            if match:
                yield match[1], Particular(match[2], cell.place)
