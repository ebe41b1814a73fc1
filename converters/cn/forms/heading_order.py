"""Whether headings stand in the order of the form, where only order distinguishes the columns.

The headings under 行政复议 and under 行政诉讼 are the same words, and their sums have the same
parts: only the heads over them say which come first.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from gongkai.converters.cn.forms.columns import likest_columns
from gongkai.converters.labels import fold_label
from gongkai.ontology.forms import Block, Header
from gongkai.ontology.labels import Label
from gongkai.ontology.texts import translations


def order_trouble(block: Block, texts: Sequence[str]) -> Label | None:
    """Why ``texts``, the headings of ``block`` in their order, do not identify its columns.

    Two headings of one level, each of which stands there only once, are in the reverse order.
    """
    places: dict[str, list[int]] = {}
    for i, text in enumerate(texts):
        for column in likest_columns(block, text):
            places.setdefault(column.iri, []).append(i)
    for level in _levels(block):
        found = [(places[column.iri][0], column) for column in level if _once(places, column)]
        for (before, first), (after, second) in pairwise(found):
            if after < before:
                return _reason(first, second)
    return None


_known: dict[str, list[list[Header]]] = {}


def _levels(block: Block) -> list[list[Header]]:
    """The columns of each level whose label no other column of the block has."""
    first = block.columns[0].iri
    if first not in _known:
        labels = Counter(fold_label(column.label["zh"]) for column in block.columns)
        alone = [c for c in block.columns if labels[fold_label(c.label["zh"])] == 1]
        depths = sorted({column.depth for column in block.columns})
        _known[first] = [[column for column in alone if column.depth == d] for d in depths]
    return _known[first]


def _once(places: dict[str, list[int]], column: Header) -> bool:
    return len(places.get(column.iri, ())) == 1


def _reason(first: Header, second: Header) -> Label:
    return translations(
        "forms.headings_out_of_order", first=first.label["zh"], second=second.label["zh"]
    )
