"""A line of text in which a label and its values, or several headings, stand side by side.

Programs that extract the text of a PDF write such lines, with wide gaps between columns or with one
space.
"""

import re
from collections.abc import Sequence

from gongkai.converters.numbers import looks_like_cell

_GAP = re.compile(r"\s{2,}|\t")
_PAGE_MARK = re.compile(
    r"[-—–－]\s*[0-9]+\s*[-—–－]|[0-9]+\s*/\s*[0-9]+|第?\s*[0-9]+\s*页.*|(?i:page)\s+[0-9]+.*"
)
_SENTENCE = re.compile("[。；！？;!?]")
_CLAUSE = re.compile("[，,：:]")
_BRACKETED = re.compile(r"[（(][^（(）)]*[）)]")
_LONGEST_LINE = 2000
_LONGEST_LABEL = 60
_LONGEST_COLUMN = 40
_HEADING = re.compile(r"[\u4e00-\u9fff/]{2,14}(?:[（(][^（(）)]{1,14}[）)])?")
_TITLE = re.compile("年度?报告|年报|统计表")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")

# Words of which a single number after them is not the value: the words continue, or name the
# number.
_GOES_ON = re.compile(
    "(?:附件|附表|附图|附|表|图|页|章|节|电话|传真|邮编|编码|编号|号|第|共|年|月|日|至|到|约|为|达|计|于|自|近|超|过)$"
)
_CONTINUES = re.compile(r"\s*(?:[年月日条件项次个人万元亿篇期场起名份余号%％、，。；）)]|多)")
_VALUED_LINE = re.compile(r"\s*[^\s0-9].*\s[0-9][0-9.,]*\s*")


def split_columns(text: str, lines: Sequence[str], number: int) -> list[str]:
    """The columns of ``text``, which is ``lines[number]`` without marks; often just one."""
    if len(text) > _LONGEST_LINE:
        return [text]
    words = text.split()
    if len(words) == 1 or _PAGE_MARK.fullmatch(text):
        return [text]
    values = 0
    while values < len(words) and looks_like_cell(words[-1 - values]):
        values += 1
    if values == len(words):
        return words
    if values:
        label = text
        for word in reversed(words[len(words) - values :]):
            label = label[: label.rindex(word)]
        label = label.rstrip()
        if values > 1 and len(label) <= _LONGEST_LABEL * 2 and not _SENTENCE.search(label):
            return [*_by_gaps(label), *words[-values:]]
        if values == 1 and _is_label_of(label, words[-1], lines, number):
            return [*_by_gaps(label), words[-1]]
        return [text]
    if _GAP.search(text):
        return _by_gaps(text)
    headings = len(text) <= _LONGEST_LABEL * 2 and all(map(_HEADING.fullmatch, words))
    return words if headings and not _TITLE.search(text) else [text]


def _by_gaps(text: str) -> list[str]:
    """Columns with wide gaps between them; prose and titles, which may have gaps, stay whole."""
    if _SENTENCE.search(text) or _TITLE.search(text):
        return [text]
    pieces = [piece for piece in _GAP.split(text) if piece]
    return pieces if all(len(piece) <= _LONGEST_COLUMN for piece in pieces) else [text]


def _is_label_of(label: str, value: str, lines: Sequence[str], number: int) -> bool:
    """Whether one number at the end of a line is the value of the words before it."""
    bare = _BRACKETED.sub("", label)
    if (
        len(label) > _LONGEST_COLUMN
        or _SENTENCE.search(bare)
        or _CLAUSE.search(bare)
        or _TITLE.search(bare)
        or _GOES_ON.search(bare.rstrip())
    ):
        return False
    before = next(
        (line for line in reversed(lines[max(0, number - 3) : number]) if line.strip()), ""
    )
    after = next((line for line in lines[number + 1 : number + 4] if line.strip()), "")
    if _CONTINUES.match(after):
        return False
    if _YEAR.fullmatch(value):
        return any(_VALUED_LINE.fullmatch(line) for line in (before, after))
    return True


_SPACED_WORD = re.compile(r"(?:[\u4e00-\u9fff] )+[\u4e00-\u9fff](?=\s|$)|\S+")
_STACKED = re.compile(r"[\u4e00-\u9fff]{1,4}")
_LEAST_COLUMNS = 3


def stacked_headings(lines: Sequence[str], first: int) -> tuple[int, list[tuple[int, str]]]:
    """Headings that are broken over several lines, beginning with line ``first``.

    Returns the line after them, and for every column from left to right the line on which it begins
    and its words from the top down; no columns, where there are no such headings. Words that begin
    at the same place of a line are in one column.
    """
    rows: list[tuple[int, list[tuple[int, str]]]] = []
    for number in range(first, len(lines)):
        if not lines[number].strip():
            continue
        words = [
            (match.start(), match[0].replace(" ", ""))
            for match in _SPACED_WORD.finditer(lines[number])
        ]
        if not all(_STACKED.fullmatch(word) for _, word in words):
            break
        rows.append((number, words))
    while rows and len(rows[-1][1]) == 1:
        rows.pop()
    if len(rows) < 2:
        return first, []
    columns: dict[int, tuple[int, str]] = {}
    joined = 0
    for number, words in rows:
        for start, word in words:
            column = next((at for at in (start, start - 1, start + 1) if at in columns), None)
            if column is None:
                columns[start] = number, word
            else:
                line, above = columns[column]
                columns[column] = line, above + word
                joined += 1
    if len(columns) < _LEAST_COLUMNS or not joined:
        return first, []
    return rows[-1][0] + 1, [columns[start] for start in sorted(columns)]
