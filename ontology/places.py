"""The administrative divisions of China, and the place at the beginning of a name.

Data and its source: ``areas/README.md``. Codes are GB/T 2260 (6 digits) for counties and above,
GB/T 10114 (9 digits) for towns and streets.
"""

import csv
import gzip
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

_LIST_DIGITS = (2, 4, 6, 9)

# Entries of the list that are headings over counties, not places.
_GROUPINGS = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})

# The peoples in the names of autonomous regions and prefectures; short forms leave them out.
_PEOPLES = "维吾尔|柯尔克孜|哈萨克|蒙古|朝鲜|土家|布依|哈尼|傣|白|景颇|傈僳|藏|羌|彝|苗|侗|壮|回"
_SHORTENED = re.compile(
    rf"(?P<short>.{{2,}}?)(?:(?:{_PEOPLES})族?)*(?:省|市|自治区|自治州|地区|盟)"
)
_KIND_OF_PLACE = re.compile(
    r"[本全我]?(自治区|自治州|地区|街道|[省市州盟区县旗乡镇])(?!场|政|容|民族|舶)"
)
_COMMON_DISTRICT = re.compile(
    "(?:[城市郊矿港]?[东西南北中城关]|[新老东西南北][城市]|[城市郊矿港])区"
)
_OFFICE_END = re.compile(
    r"(?:人民政府|政府|办公[厅室]|委员会|[局厅委署处部办]|管委会|总队|支队|中心)(?:\([^()]*\))?$"
)
KEPT_AS_PRINTED = re.compile(
    "海关|海事局|税务|银保监|银监|保监|证监|金融监管局|金融监管分局|监管分局|人民银行|[支分]行$|外汇管理"
    "|边防检查|边检|气象|邮政管理|烟草|调查总?队|通信管理|铁路|民航|矿山?安全监察|煤矿安全|地震局"
    "|特派员办|专员办|大学|学院|医院|卫生院|中学|小学|学校|[一二三四五六七八九十]中$|幼儿园|集团|公司"
)
"""Marks the name of a body with one fixed name, to which no 省 or 市 is added."""


@dataclass(frozen=True)
class Area:
    """A division: code (6 digits, 9 for towns and streets), name, and the code of its parent."""

    code: str
    name: str
    parent: str | None

    @property
    def is_town(self) -> bool:
        """Whether it is a town, street or the like, below the counties."""
        return len(self.code) == 9

    @property
    def is_county(self) -> bool:
        """Whether it is a county, district or the like."""
        return len(self.code) == 6 and not self.code.endswith("00")


@dataclass(frozen=True)
class PlaceReading:
    """A reading of the beginning of a name as a place.

    ``areas`` are the divisions that it can be: none where no place of that name is known, more than
    one where the name alone does not decide; ``rest`` is what follows. ``parent_named`` says that a
    higher division stands before it, ``short`` that it is named without its 省, 市, ….
    """

    areas: tuple[Area, ...]
    rest: str
    parent_named: bool = False
    short: bool = False

    @property
    def needs_parent(self) -> bool:
        """Whether many places have such a name: towns, and districts like 城区, 郊区.

        The list is of one day; another place may have had that name before, or may have been
        renamed.
        """
        return not self.parent_named and any(
            area.is_town or _COMMON_DISTRICT.fullmatch(area.name) for area in self.areas
        )

    @property
    def area(self) -> Area | None:
        """The only division that it can be; None where there is a doubt."""
        return self.areas[0] if len(self.areas) == 1 and not self.needs_parent else None


@lru_cache(maxsize=1)
def areas() -> dict[str, Area]:
    """Every division by its code."""
    data = files("gongkai.ontology").joinpath("areas", "areas.csv.gz").read_bytes()
    _, *rows = csv.reader(io.StringIO(gzip.decompress(data).decode("utf-8")))
    named = {code: name for code, name in rows if name not in _GROUPINGS}
    return {
        _padded(code): Area(_padded(code), name, _parent(code, named))
        for code, name in named.items()
    }


def _padded(code: str) -> str:
    return code if len(code) == 9 else code.ljust(6, "0")


def _parent(code: str, named: dict[str, str]) -> str | None:
    above = (code[:digits] for digits in reversed(_LIST_DIGITS) if digits < len(code))
    # 东莞, 中山 and 儋州 have no counties and stand as their own in the list.
    return next((_padded(a) for a in above if a in named and _padded(a) != _padded(code)), None)


def chain(area: Area) -> tuple[Area, ...]:
    """The division and all above it, from the province down."""
    above = chain(areas()[area.parent]) if area.parent else ()
    return (*above, area)


def lies_in(area: Area, whole: Area) -> bool:
    """Whether ``area`` is ``whole`` or a part of it."""
    return whole in chain(area)


def division(code: str) -> Area | None:
    """The division with these six digits, or the nearest above it in the list.

    For codes from other sources, which may be older than the list. None for codes of no province.
    """
    known = areas()
    candidates = (code[:6], code[:4] + "00", code[:2] + "0000")
    return next((known[item] for item in candidates if item in known), None)


def full_name(area: Area) -> str:
    """The name as in official papers: a district with its city, a town with its county."""
    names = [area.name]
    while area.parent and (area.is_town or (area.is_county and area.name[-1] not in "县市旗")):
        above = areas()[area.parent]
        #: 苏州工业园区 already names its place; 黄山区, which has the name of its city, does not.
        if area.name.startswith(above.name[:2]) and area.name[:-1] != above.name[:-1]:
            break
        area = above
        names.insert(0, area.name)
    return "".join(names)


def short_name(area: Area) -> str | None:
    """The name of a province or prefecture without 省, 市, …: 河北; None for other divisions."""
    match = _SHORTENED.fullmatch(area.name)
    return match["short"] if match and not area.is_county and not area.is_town else None


def leaves_out_its_place(name: str) -> bool:
    """Whether a name begins with the bare kind of its place, like 区统计局."""
    return _KIND_OF_PLACE.match(name) is not None


def split_kind(name: str) -> tuple[str, str]:
    """The kind of place with which such a name begins, and the rest; an empty kind if none."""
    match = _KIND_OF_PLACE.match(name)
    return (match[1], name[match.end() :]) if match else ("", name)


def find_place(text: str) -> PlaceReading:
    """The longest reading of the beginning of ``text`` (without white space) as a place.

    Several divisions may be named one after the other, each within the one before. Provinces and
    prefectures may also stand without their 省, 市, … where something like an office follows.
    """
    readings = list(_readings(text))
    if not readings:
        return PlaceReading((), text)
    length, short = max((length, not short) for _, length, _, short in readings)
    best = [
        (area, parent_named)
        for area, size, parent_named, is_short in readings
        if size == length and is_short is not short
    ]
    found = {area.code: area for area, _ in best}
    return PlaceReading(
        tuple(found[code] for code in sorted(found)),
        text[length:],
        parent_named=all(named for _, named in best),
        short=not short,
    )


def _readings(text: str) -> Iterator[tuple[Area, int, bool, bool]]:
    """Each reading: the last division, its length, whether a parent is named, whether short."""
    if text[:2] not in _beginnings():
        return
    for size in range(min(len(text), _longest_name()), 1, -1):
        for area in _by_name().get(text[:size], ()):
            yield area, size, False, False
            yield from _below(area, text, size)
        for area in _by_short_name().get(text[:size], ()):
            if _OFFICE_END.search(text[size:]) and not KEPT_AS_PRINTED.search(text[size:]):
                yield area, size, False, True
            yield from _below(area, text, size)


def _below(whole: Area, text: str, start: int) -> Iterator[tuple[Area, int, bool, bool]]:
    for size in range(min(len(text) - start, _longest_name()), 1, -1):
        for area in _by_name().get(text[start : start + size], ()):
            if area != whole and lies_in(area, whole):
                yield area, start + size, True, False
                yield from _below(area, text, start + size)


@lru_cache(maxsize=1)
def _by_name() -> dict[str, list[Area]]:
    named: dict[str, list[Area]] = {}
    for area in areas().values():
        name = area.name.replace("（", "(").replace("）", ")")
        named.setdefault(name, []).append(area)
        match = _SHORTENED.fullmatch(name)
        if name.endswith("园"):
            named.setdefault(name + "区", []).append(area)
        elif name.endswith("自治州") and match:
            named.setdefault(match["short"] + "州", []).append(area)
    return named


@lru_cache(maxsize=1)
def _by_short_name() -> dict[str, list[Area]]:
    named: dict[str, list[Area]] = {}
    for area in areas().values():
        short = short_name(area)
        if short:
            named.setdefault(short, []).append(area)
    return named


@lru_cache(maxsize=1)
def _beginnings() -> frozenset[str]:
    """The first two characters of every name: a quick check, since most texts begin otherwise."""
    return frozenset(name[:2] for name in (*_by_name(), *_by_short_name()))


@lru_cache(maxsize=1)
def _longest_name() -> int:
    return max(map(len, _by_name()))
