"""Lines between the tables of a document after which another body's tables may stand.

Such a line is no title: it is one with which a report begins, one that names another body or
mentions bodies below, or the signature at the end of a report.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from gongkai.converters.cn.forms.traces import SourceLine
from gongkai.converters.cn.metadata.dates import DATE, with_digits
from gongkai.converters.cn.metadata.title import begins_first_part
from gongkai.converters.labels import fold_text
from gongkai.converters.numbers import looks_like_cell

IsBody = Callable[[str], bool]
SameBody = Callable[[str, str], bool]

_PREAMBLE = re.compile("(?:根据|按照|依据|依照|遵照).{0,60}信息公开条例.{0,300}报告")
_CAPTION = re.compile(
    r"(?:附?[表件][0-9一二三四五六]*[:、.]?)?(.{3,30}?)"
    r"(?:[0-9]{4}年度?)?(?:主动公开|收到和处理|政府信息公开|信息公开|年度|年报|依申请公开|行政复议"
    "|行政诉讼|情况|统计|附表).*"
)
LONGEST_CAPTION = 50
_SENTENCE = re.compile("[。;!?,]")
_BEFORE_NAME = re.compile(
    r"[:《(\[【】\])、.“]|20[0-9]{2}年?度?|附[件表]?[0-9一二三四五六]*|[件表][0-9一二三四五六]+|关于"
)
_ENDS_NAME = re.compile("[局委办厅署处部院会关站队校司团所社园心台馆联府行](?![长员])")
_SHORTEST_NAME = 4
_BELOW = re.compile(
    "(?:下属|所属|下辖|直属|二级)各?(?:(?:预算|事业|行政|企业)?单位|部门|机构|乡镇)"
)
_SIGNED = re.compile(rf"(?P<name>[^。;:!?,]{{0,40}}?)[(]?{DATE}[)]?")
_LONGEST_NAME = 40
_ANNEX = re.compile(
    r"[(\[【]?附(?:[件表]|(?=:))(?P<number>[0-9]+|[一二三四五六七八九]?)(?![0-9年])[^。;!?]*"
)
_OF_MANY = re.compile("各级?(?:单位|部门|机构|乡|镇|街道|县|区|市|委办局|科室|处室|学校|分局)")
_COUNTED = " 一二三四五六七八九"


def begins_text(text: str) -> bool:
    """Whether a line after tables is one of those with which a report begins."""
    return begins_first_part(text) or _PREAMBLE.search(fold_text(text)) is not None


def names_other(text: str, name: str, says_whose: IsBody, same_body: SameBody) -> bool:
    """Whether a line between tables names a body other than ``name``, or bodies below it."""
    if len(text) > LONGEST_CAPTION or looks_like_cell(text):
        return False
    folded = fold_text(text)
    caption = _CAPTION.fullmatch(folded)
    alone = folded.strip("()[]:")
    # 填报单位：… is a caption as well.
    names = (alone, alone.rpartition(":")[2], caption[1] if caption else "")
    for called in dict.fromkeys(names):
        if called and says_whose(called):
            return not (name and same_body(name, called))
    if _SENTENCE.search(folded):
        return False
    if _BELOW.search(folded):
        return True
    return any(not (name and same_body(name, called)) for called in _within(folded, says_whose))


def _within(folded: str, says_whose: IsBody) -> Iterator[str]:
    """The names with which a caption begins, or continues after a year, a bracket, a colon."""
    for start in (0, *(match.end() for match in _BEFORE_NAME.finditer(folded))):
        ends = [match.end() for match in _ENDS_NAME.finditer(folded, start)]
        for end in reversed(ends):
            if end - start >= _SHORTEST_NAME and says_whose(folded[start:end]):
                yield folded[start:end]
                break


def signature(lines: Sequence[SourceLine], i: int) -> str:
    """The signature that ends in line ``i``: a name and a date, in one line or two; else empty."""
    text = lines[i].block.text
    if not text or len(text) > LONGEST_CAPTION:
        return ""
    signed = _SIGNED.fullmatch(with_digits(text))
    if signed is None:
        return ""
    if signed["name"]:
        return text if _ends_as_name(signed["name"]) else ""
    above = next((line.block.text for line in reversed(lines[:i]) if line.block.text), "")
    return f"{above} {text}" if _ends_as_name(fold_text(above)) else ""


def _ends_as_name(folded: str) -> bool:
    if len(folded) > _LONGEST_NAME or _SENTENCE.search(folded):
        return False
    ends = [match.end() for match in _ENDS_NAME.finditer(folded)]
    return bool(ends) and not folded[ends[-1] :].strip("()")


def is_annexed(lines: Sequence[SourceLine], start: int) -> bool:
    """Whether what stands from line ``start`` to the next table is the heading of an annex (附件).

    A report's own annexes are counted from 1; one with a higher number, where none before it is in
    the document, may be another's. Whether it names a body is another question.
    """
    for i, line in enumerate(lines[start:], start):
        for text in (line.block.text, *line.words):
            number = _annex(text)
            if number is not None:
                met = {_annex(other.block.text) for other in lines[:i]}
                of_many = _OF_MANY.search(fold_text(text)) is not None
                return not of_many and (number <= 1 or number - 1 in met)
        if line.traces:
            break
    return False


def _annex(text: str) -> int | None:
    """The number of the annex whose heading a line is, 0 if it has none; None for other lines."""
    found = _ANNEX.fullmatch(fold_text(text)) if len(text) <= LONGEST_CAPTION else None
    if found is None:
        return None
    number = found["number"]
    return int(number) if number.isdecimal() else _COUNTED.index(number or " ")


def are_claimed(lines: Sequence[SourceLine], start: int, name: str) -> bool:
    """Whether a line from ``start`` to the next table's says that this is of the body ``name``."""
    own = fold_text(name)
    for line in lines[start:]:
        if own and any(own in fold_text(text) for text in (line.block.text, *line.words)):
            return True
        if line.traces:
            break
    return False
