"""How lines of Chinese text begin and end."""

import re

_ENDS = tuple("。；：！？.;:!?")
_HEADING = re.compile(
    r"(?:[一二三四五六七八九十]+\s*[、．.]|[（(]\s*[一二三四五六七八九十]+\s*[）)])"
)


def begins_heading(text: str) -> bool:
    """Whether a line begins like the heading of a part or section: 一、 or （一）."""
    return _HEADING.match(text) is not None


def ends_sentence(text: str) -> bool:
    """Whether a line ends like a sentence."""
    return text.endswith(_ENDS)
