"""Bodies with one fixed name: offices of central bodies, universities and the like.

上海海关 is not 上海市海关, and 浙江大学医学院附属第二医院 is not a body of 浙江省. Such names are
kept as printed. Many name the place of the body after the name of the central body that it belongs
to (国家税务总局深圳市税务局), or by a place without its 省, 市 or 县 (国家统计局宿迁调查队).
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from gongkai.ontology.places import (
    KEPT_AS_PRINTED,
    Area,
    PlaceReading,
    areas,
    find_place,
    short_name,
)

STATE = "中华人民共和国"
_CENTRAL = re.compile(
    "(?:国家税务总局|(?:中国)?人民银行|国家统计局|国家金融监督管理总局|国家金融监管总局"
    "|中国银行保险监督管理委员会|中国银行业监督管理委员会|中国保险监督管理委员会"
    "|中国证券监督管理委员会|中国(?:银保监|银监|保监|证监)会|国家外汇管理局|国家能源局"
    "|国家矿山安全监察局|国家煤矿安全监察局|国家粮食和物资储备局|国家林业和草原局|国家林业局"
    "|国家铁路局|中国铁路|国家邮政局|国家烟草专卖局|中国烟草总公司|国家移民管理局|海关总署"
    "|中国民用航空局?|中国民航|民航|国家海洋局|中国海警局|中国地震局|中国气象局"
    "|财政部|审计署|商务部|生态环境部|环境保护部|自然资源部|水利部|交通运输部|应急管理部|公安部"
    "|国家发展和改革委员会|国家档案局|国家知识产权局|国家药品监督管理局|国家电网(?:有限)?公司|国网"
    "|中国(?:石油|石化|移动|电信|联通|邮政)(?:天然气|化工|通信|集团|股份|有限|公司)*)驻?"
)
_BY_ONE_NAME_ONLY = re.compile(
    "(?P<proper>[^省市县()]{2,12}?)(?:机场|口岸)?"
    "(?:海关|海事局|出入境边防检查总?站|边防检查总?站)(?:[^海]{0,12}(?:局|处|站|分关|办事处|中心))?"
)
_UNIVERSITY = re.compile("(?P<proper>[^省市县区旗州盟镇乡()]{2,12}?)(?:大学|学院)")
_REGION = re.compile("(?:华[东北南中]|[东西][北南]|长江|黄河|淮河|海河|珠江|松辽|太湖)")
_OF_THE_STATE = re.compile("(?:中国|国家)[^省市县区]{2,}(?:公司|集团)$")
_ENDS_AS_A_BODY = re.compile(r"[局关行站队院校学司团部处室所会署办社厂园中心库](?:\([^()]*\))?$")
_SAYS_NOTHING = re.compile(
    "师范|职业|技术|科技|理工|工业|农业|林业|医科?|药科?|中医药?|财经|民族|交通|电子|广播|电视|老年|开放"
    "|行政|社会主义|干部|管理|高等|专科|体育|艺术|外国?语?|第[一二三四五六七八九十]+|城市|人民|政法|工程"
    "|建设|卫生|护理|信息|商|经济|贸易|教育|警察|公安|地方|港航|幼儿|[本我全]|应用|社区|国际|继续|高级|中等"
    "|出入境|边防|机场|口岸|港区|驻"
)
_OF_LARGE_PLACES = re.compile(
    "海关|海事局|总队|总站|总部|分行|中心支行|监管局|大学|学院|铁路|公司|集团"
)
_OF_PROVINCES = re.compile("总队")


@dataclass(frozen=True)
class OwnName:
    """What such a name says about the place of the body.

    ``place`` reads the division that it names, without any ``areas`` where the name is that of one
    body although no place of that name is known.
    """

    place: PlaceReading


def without_state(name: str) -> str:
    """``name`` without a leading 中华人民共和国: 上海海关 is the same body with it."""
    return name.removeprefix(STATE)


def own_name(name: str) -> OwnName | None:
    """The reading of ``name`` (folded) if it is one that only one body of these kinds has.

    None for other names: those that begin with a place, and those that any place may have
    (人民医院, 税务局).
    """
    bare = without_state(name)
    central = _CENTRAL.match(bare)
    rest = bare[central.end() :] if central else bare
    if _OF_THE_STATE.match(bare):
        return OwnName(PlaceReading((), bare))
    if not rest or not (central or KEPT_AS_PRINTED.search(bare)):
        return None
    if not _ENDS_AS_A_BODY.search(bare):
        return None
    place = find_place(rest)
    if central and place.areas and not place.short:
        return OwnName(place) if place.rest else None
    by_one_name = _BY_ONE_NAME_ONLY.fullmatch(rest) or _UNIVERSITY.match(rest)
    if by_one_name and not _is_proper(by_one_name["proper"]):
        return None
    if _UNIVERSITY.match(rest) or (central and _REGION.match(rest)):
        # 中山大学 is not in 中山市, nor 吉林大学 in 吉林市.
        return OwnName(PlaceReading((), rest))
    found, unit = _by_short_name(rest)
    if by_one_name and len(found) != 1:
        return OwnName(PlaceReading((), rest))
    if not found or not (central or KEPT_AS_PRINTED.search(unit)):
        return None
    return OwnName(PlaceReading(found, unit, parent_named=len(found) == 1))


def _is_proper(words: str) -> bool:
    return len(_SAYS_NOTHING.sub("", words)) >= 2


def _by_short_name(text: str) -> tuple[tuple[Area, ...], str]:
    """The divisions with which ``text`` begins, without their 省, 市, 县; and what follows."""
    for size in range(min(len(text) - 1, 8), 1, -1):
        found = _short_names().get(text[:size], ())
        unit = text[size:]
        if found and not re.match("[省市县区旗州盟镇乡]", unit):
            if _OF_PROVINCES.search(unit):
                found = tuple(area for area in found if area.code.endswith("0000"))
            elif _OF_LARGE_PLACES.search(unit):
                found = tuple(area for area in found if not area.is_county)
            return found, unit
    return (), text


@lru_cache(maxsize=1)
def _short_names() -> dict[str, tuple[Area, ...]]:
    named: dict[str, tuple[Area, ...]] = {}
    for area in areas().values():
        if area.is_town:
            continue
        short = short_name(area) or (area.name[:-1] if area.name[-1] in "县市区旗" else None)
        if short and len(short) >= 2:
            named[short] = (*named.get(short, ()), area)
    return named
