"""Page numbers in a text that keeps the ends of pages (form feeds), as taken from a PDF."""

import re
from collections.abc import Sequence

END = "\f"
_NUMBER = re.compile(r"[-—–－·•\s]*([0-9]{1,3})[-—–－·•\s]*")
_LEAST_PAGES = 3


def page_numbers(lines: Sequence[str]) -> set[int]:
    """The lines that are nothing but page numbers, by their index.

    They are the last lines of pages, or the first, and all of them are numbers that count the pages
    one after the other; a number that does not may be a value, and so may those of a few pages.
    """
    pages: list[list[int]] = [[]]
    for number, line in enumerate(lines):
        pages += [[] for _ in range(line.count(END))]
        if line.strip():
            pages[-1].append(number)
    for end in (-1, 0):
        found = {
            page: (numbers[end], int(match[1]))
            for page, numbers in enumerate(pages)
            if numbers and (match := _NUMBER.fullmatch(lines[numbers[end]].strip())) is not None
        }
        counted = {number - page for page, (_, number) in found.items()}
        if len(found) >= _LEAST_PAGES and len(counted) == 1:
            return {line for line, _ in found.values()}
    return set()
