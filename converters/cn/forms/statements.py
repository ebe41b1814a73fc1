"""What a line, a heading or a label states about a table: its years, its units, whose it is."""

import re
from collections.abc import Sequence
from functools import lru_cache

from gongkai.converters.cn.metadata.dates import with_digits
from gongkai.converters.cn.metadata.title import parse_title
from gongkai.converters.labels import fold_text
from gongkai.converters.numbers import COUNT_WORDS
from gongkai.ontology.structures import value_type

_LONGEST = 60
_SENTENCE = re.compile("[。;!?,]")
_SEVERAL = re.compile(r"(?<![0-9])(20[0-9]{2})年?度?[-—–―~/、,和及与至到]+(20[0-9]{2})(?![0-9])")
_YEAR = re.compile(
    r"(?<![0-9〔\[])(20[0-9]{2})(?:年度|年12月31日|年(?![0-9]{1,2}月|版|修订|修正|式|以来|起|前))"
)
_YEAR_ALONE = re.compile(r"[(\[]?(20[0-9]{2})[)\]]?")
_WITH_UNIT = re.compile(r"[,;]?\(?(?:计量|金额)?单位[:为].*")
_COMPARED = re.compile(
    r"(?:比|较|与|同|相对)(?:20[0-9]{2})年度?(?!度|至|、)|20[0-9]{2}年度?(?:相比|同期|同比|比较|对比)"
)

_COUNTED = "|".join(COUNT_WORDS)
_UNIT = rf"[十百千万亿]*(?:元|{_COUNTED})|[十百千万亿]+"
_UNIT_SAID = re.compile(r"单位(?:均|都)?[为是:]*\(?")
_ONE_UNIT = re.compile(
    rf"(?:人民币)?(?P<unit>{_UNIT})(?:人民币)?(?=[、,/;和及与或)。.]|填|统计|制|20|$)[、,/;和及与或]*"
)
_IN_BRACKETS = re.compile(
    rf"\((?:单位[:为]?)?(?P<unit>[十百千万亿]+(?:{_COUNTED})|[百千万亿]+)\)"
    rf"|以(?P<counted>[十百千万亿]+(?:{_COUNTED}))(?:计|为单位)"
)
_NEAR = re.compile(rf"\((?:单位[:为]?)?(?:人民币)?(?P<unit>{_UNIT})(?:人民币)?\)")
_NUMBERING = re.compile(r"^\([一二三四五六七八九十]+\)")
_MONEY = {"元": "yuan", "万元": "ten-thousand-yuan"}

_WHOSE = re.compile(
    r"(?:填报|填表|报送|上报|编报|制表)(?:单位|部门|机关|机构)(?:名称)?(?:\([^()]*\))?[:为]*(?P<name>.+)"
)
_AFTER_NAME = re.compile(
    r"(?:\((?:盖?章|公章|签章)\)|填报|填表|报送|制表|日期|时间|负责人|审核|20[0-9]{2}|单位:).*"
)
_WIDE_GAP = re.compile(r"[ \u3000\xa0]{2,}|[\t\n]+")


@lru_cache(maxsize=4096)
def years_stated(text: str) -> frozenset[int]:
    """The years that ``text`` refers to, without days and years of comparison.

    Years in prose and in titles do not count: which report a title begins is another question.
    """
    folded = _WITH_UNIT.sub("", with_digits(text))
    if "20" not in folded or len(text) > _LONGEST or _SENTENCE.search(folded):
        return frozenset()
    if parse_title(text) is not None:
        return frozenset()
    alone = _YEAR_ALONE.fullmatch(folded)
    if alone is not None and not folded.isdecimal():
        return frozenset({int(alone[1])})
    found = {
        year
        for first, last in _SEVERAL.findall(folded)
        for year in range(int(first), int(last) + 1)
    }
    found |= {int(year) for year in _YEAR.findall(_COMPARED.sub("", folded))}
    return frozenset(found)


def years_meant(label: str, year: int) -> frozenset[int]:
    """The years that a label of the form may be printed with in a report on ``year``.

    上年结转 may name the year before as well, 结转下年度 the one after.
    """
    found = {year}
    if "上年" in label or "上一年" in label:
        found.add(year - 1)
    if "下年" in label or "下一年" in label:
        found.add(year + 1)
    return frozenset(found)


@lru_cache(maxsize=4096)
def units_stated(text: str, near: bool = False) -> tuple[str, ...]:
    """The units that ``text`` states, as printed: 单位：件、千元, （百件）.

    In words ``near`` the value, a label or a heading, one in brackets is enough, as in （元）.
    """
    found: list[str] = []
    for piece in _WIDE_GAP.split(text):
        folded = _NUMBERING.sub("", fold_text(piece))
        for said in _UNIT_SAID.finditer(folded):
            position = said.end()
            while (one := _ONE_UNIT.match(folded, position)) is not None:
                found.append(one["unit"])
                position = one.end()
        found += [match["unit"] or match["counted"] for match in _IN_BRACKETS.finditer(folded)]
        if near:
            found += [match["unit"] for match in _NEAR.finditer(folded)]
    return tuple(dict.fromkeys(found))


def contradicts_unit(stated: Sequence[str], unit: str, apart: bool) -> bool:
    """Whether one of the units ``stated`` is not ``unit``, a key of the code list.

    Money and counts may stand in one table, and a unit of the one does not affect the other;
    ``apart`` says that there is only one kind where these are stated.
    """
    money = [word for word in stated if word.endswith("元")]
    counts = [word for word in stated if not word.endswith("元")]
    if value_type(unit) == "decimal":
        if money:
            return any(_MONEY.get(word) != unit for word in money)
        return apart and bool(counts)
    if counts:
        return any(word[0] in "十百千万亿" for word in counts)
    return apart and bool(money)


def body_stated(text: str) -> str:
    """The body by which ``text`` says that the table was filled in (填报单位：…); else empty."""
    for piece in _WIDE_GAP.split(text):
        said = _WHOSE.search(fold_text(piece))
        if said is not None:
            return _AFTER_NAME.sub("", said["name"]).strip("():")
    return ""
