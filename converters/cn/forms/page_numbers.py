"""A number among the values of a row that stands in the typical place of a page number."""

import re
from collections.abc import Sequence
from itertools import pairwise

from gongkai.converters.documents.model import TextBlock
from gongkai.ontology.labels import Label
from gongkai.ontology.texts import translations

_FEWEST = 3
"""With fewer values, nothing shows how closely they stand."""

_PAGE_NUMBER = re.compile("[1-9][0-9]?")


def page_number_among(blocks: Sequence[TextBlock], start: int, end: int) -> TextBlock | None:
    """The value from ``start`` up to ``end`` that blank lines separate from all that is around it.

    The other values and the label before them follow one another more closely. Only lines of a text
    show this.
    """
    around = blocks[max(start - 1, 0) : end + 1]
    lines = [block.place.line for block in around if not block.path and not block.place.page]
    known = [line for line in lines if line is not None]
    if len(known) < len(around) or start == 0 or end - start < _FEWEST:
        return None
    gaps = [after - before for before, after in pairwise(known)]
    closest = min(gaps)
    apart = [
        block
        for i, block in enumerate(around[1 : end - start + 1])
        if _PAGE_NUMBER.fullmatch(block.text)
        and gaps[i] > closest
        and (i + 1 == len(gaps) or gaps[i + 1] > closest)
    ]
    return apart[0] if len(apart) == 1 else None


def reason_of(number: TextBlock) -> Label:
    """Why a row is not read in which ``number`` stands."""
    return translations("forms.perhaps_page_number", text=number.text)
