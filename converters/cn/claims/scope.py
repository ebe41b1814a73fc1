"""The scope of a figure: the reporting body's, its whole area's, or somebody else's.

The tables of a government's report count its whole area; those of a department or an office count
that body alone. A figure of another scope is right although the table differs from it.
"""

import re
from enum import Enum

from gongkai.ontology.bodies import Body

_LEVELS = "省市县区旗州盟镇乡"
_STREETS = re.compile(r"街道(?:办事处)?$")
_GOVERNMENT = re.compile(r"(?:人民政府|管理委员会|管委会)$")
_OFFICES = "部委局办厅署行院会站所队处社"
_OWN = re.compile(
    rf"(?:我|本)(?:[{_OFFICES}]|行政机关|机关|单位|部门|公司|中心|集团|大队)|机关"
    r"|全(?:局|委|厅|办|署|院|中心)"
)
_TOWNSHIP_OWN = re.compile(
    r"(?:我|本|全)(?:镇|乡|街道|办事处|街|处)|(?:镇|乡)(?:人民)?政府|街道办事处|街道"
)
_GOVERNMENT_OWN = re.compile(
    rf"[{_LEVELS}]?(?:人民)?政府(?:本级|办公[厅室]|办)?|[{_LEVELS}]?本级|[{_LEVELS}]级"
)
_WHOLE = (
    r"(?:(?:的|内|辖区|范围内|各级|各|所有|行政机关|政府|部门|单位|系统|乡镇|镇|乡|街道|县|市|区|直属|直"
    r"|有关|相关|和|及|与|、)*)"
)
_ORGAN = (
    r"(?:局|委员会|委(?!托|派|员)|厅|署|办公室|办公厅|管委会|人民政府|法院|检察院|公司|中心|系统|部门|单位"
    r"|政府(?!信息|网站|网|公报|信息公开)|街道|乡镇|镇|乡|本级|市级|县级|区级|省级|各地|全国|各科室)"
)
_OTHER = re.compile(
    rf".{{0,24}}{_ORGAN}(?:等)?|(?:我|本|全)[{_LEVELS}].{{0,12}}|各.{{1,12}}|全(?:系统|国|行业).{{0,8}}"
)
_OTHER_AT_START = re.compile(
    rf"[^，。]{{0,16}}?{_ORGAN}|(?:我|本|全)[{_LEVELS}]|各[级地县市区乡镇部单]"
)
_ON_BEHALF = re.compile(r"(?:代表|代(?!理)).{1,12}$")


class Party(Enum):
    """The party that a clause is about."""

    UNSAID = "unsaid"
    OWN = "own"
    AREA = "area"
    OTHER = "other"


class Speaker:
    """The words for the reporting body, and for others, in the report of ``body``."""

    def __init__(self, body: Body) -> None:
        """Take the names of ``body``, and whether its tables count a whole area."""
        names = {body.name, *body.names}
        governs = any(_GOVERNMENT.search(name) or name[-1:] in _LEVELS for name in names)
        streets = any(_STREETS.search(name) for name in names)
        places = [_GOVERNMENT.sub("", name)[-1:] for name in names]
        self.level = next((place for place in places if place in _LEVELS), "")
        self.township = streets or (governs and self.level in "镇乡" and self.level != "")
        self.governs = governs and not self.township
        own = {short for name in names for short in _short_names(name)}
        # Names that are only a word for a kind of office identify nobody.
        self.names = sorted((name for name in own if len(name) > 2), key=len, reverse=True)
        self.places = {
            place
            for name in own | names
            if self.governs and len(place := _GOVERNMENT.sub("", name)) > 1 and place != name
        }
        self._area = re.compile(rf"(?:全|我|本)(?:{self.level or '域'}){_WHOLE}")

    def party(self, words: str) -> Party | None:
        """The party of ``words``, all that stands before a statement; None if not understood."""
        words = _ON_BEHALF.sub("", words)
        if not words:
            return Party.UNSAID
        if words in self.places or (self.governs and self._area.fullmatch(words)):
            return Party.AREA
        if words in self.names or _OWN.fullmatch(words):
            return Party.OWN
        if self.township and _TOWNSHIP_OWN.fullmatch(words):
            return Party.OWN
        if self.governs and _GOVERNMENT_OWN.fullmatch(words):
            return Party.OWN
        return Party.OTHER if _OTHER.fullmatch(words) else None

    def subject(self, clause: str) -> Party | None:
        """The party of a clause by its beginning; None where it begins with none."""
        for name in self.names:
            if clause.startswith(name):
                return Party.OWN
        if self.governs and self._area.match(clause):
            rest = clause[len(self._match(self._area, clause)) :]
            return Party.OTHER if re.match(rf".{{0,8}}{_ORGAN}", rest) else Party.AREA
        patterns = [_OWN, *([_TOWNSHIP_OWN] if self.township else [])]
        patterns += [_GOVERNMENT_OWN] if self.governs else []
        for pattern in patterns:
            # 政府信息, 政府网站 are no subject.
            if self._match(pattern, clause) and not re.match(
                r"(?:信息|网站|网|公报)", clause[len(self._match(pattern, clause)) :]
            ):
                return Party.OWN
        return Party.OTHER if _OTHER_AT_START.match(clause) else None

    def comparable(self, party: Party) -> bool:
        """Whether the report's tables count what a figure of ``party`` counts."""
        if party is Party.UNSAID:
            return True
        return party is (Party.AREA if self.governs else Party.OWN)

    @staticmethod
    def _match(pattern: re.Pattern[str], text: str) -> str:
        match = pattern.match(text)
        return match[0] if match else ""


def _short_names(name: str) -> set[str]:
    """The names of a body in its own text: without the place, without 人民, without 和."""
    whole = {name, name.removeprefix("中华人民共和国")}
    cut = {
        name[start:]
        for i, character in enumerate(name)
        if character in _LEVELS
        for start in (i, i + 1)
        if 0 < start < len(name) - 1
    }
    spoken = {item.replace("人民政府", "政府") for item in whole | cut}
    return {
        form
        for item in whole | cut | spoken
        for form in (item, re.sub("(?<=.)[和与](?=.)", "", item))
    }
