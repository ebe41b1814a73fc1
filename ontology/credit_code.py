"""The unified social credit code (统一社会信用代码), the key of a body where it is known.

GB 32100-2015: 18 characters; department and kind of body (2), division of registration (6),
organisation code of GB 11714 (9, the last a check character), and a check character for all. The
code of an organ of state begins with 11.
"""

import re

LENGTH = 18

_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = tuple(3**i % 31 for i in range(LENGTH - 1))
_SHAPE = re.compile(rf"[{_CHARACTERS}]{{2}}[0-9]{{6}}[{_CHARACTERS}]{{10}}")
_WITHIN = re.compile(
    rf"(?<![0-9A-Za-z])[{_CHARACTERS}]{{2}}[0-9]{{6}}[{_CHARACTERS}]{{10}}(?![0-9A-Za-z])"
)


def check_character(first: str) -> str:
    """The last character that belongs to the first 17 (GB 32100-2015, 5.2)."""
    total = sum(
        _CHARACTERS.index(character) * weight
        for character, weight in zip(first, _WEIGHTS, strict=True)
    )
    return _CHARACTERS[(31 - total % 31) % 31]


def is_credit_code(text: str) -> bool:
    """Whether ``text`` has the shape of a code and its check character is right."""
    return _SHAPE.fullmatch(text) is not None and check_character(text[:-1]) == text[-1]


def credit_codes(text: str) -> tuple[str, ...]:
    """The different valid codes of organs of state in ``text``, in their order."""
    found = (match.group() for match in _WITHIN.finditer(text.upper()))
    return tuple(dict.fromkeys(c for c in found if c.startswith("11") and is_credit_code(c)))


def division_digits(code: str) -> str:
    """The six digits of the division where the body is registered."""
    return code[2:8]
