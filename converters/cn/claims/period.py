"""The time of a figure: the year of the report, another one, or more than one."""

import re

_COMPARED = re.compile(
    r"(?:相?较于?|比|与|同)(?:20[0-9]{2}年度?|去年|上一?年度?|往年|前年)(?:的)?(?:同期)?"
)
_TITLE = re.compile(r"《[^》]*》|〔[^〕]*〕|“[^”]*”")
_YEAR = re.compile(r"(?P<year>20[0-9]{2})年")
_REPORTED = re.compile(
    r"(?P<own>20[0-9]{2}年|本年|今年|当年|全年|年内|报告期)"
    r"|(?P<outside>去年|上一?年(?!度?(?:结转|转|延|未|顺|度结))|前年|往年|历年|同期"
    r"|以来|近[0-9一二两三四五六七八九十]+年"
    r"|[0-9一二两三四五六七八九十]年来|上半年|下半年|季度|期间累计|五年规划|“十)"
    r"|(?P<month>(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})月)"
)
_WHOLE_YEAR = re.compile(r"1月1日(?:起)?(?:至|到|—|-|－)(?:20[0-9]{2}年)?12月31日")
_YEAR_END = re.compile(r"12月(?:31日|底|末)")
_CUMULATIVE = re.compile(r"截至|截止|累计")
_TIMES = re.compile(
    r"(?:在|于|自|从|截至|截止到?|至)?"
    r"(?:20[0-9]{2}年度?(?:以来|全年|期间|底|末|内)?(?:1月1日(?:起)?(?:至|到|—|-|－)(?:20[0-9]{2}年)?12月31日|12月(?:31日|底))?(?:止|期间)?"
    r"|本年度?|今年|当年度?|全年度?|年内|年度内?|报告期内?|一年来|年底|年末|目前|以来"
    r"|去年|上一?年度?|前年|往年|同期|[上下]半年|第?[一二三四1-4]季度|近[0-9一二两三四五六七八九十]+年来?"
    r"|(?:[0-9]{1,2}月?份?(?:至|到|—|-))?[0-9]{1,2}月份?"
    r"|(?:[一二三四五六七八九十]{1,2}月?份?(?:至|到))?[一二三四五六七八九十]{1,2}月份?)"
)
_IN_EVERY_TIME = re.compile("[年期前来季月]")
"""Words without which no expression of time is one of ``_TIMES``."""
_IN_EVERY_PERIOD = re.compile("[年期来季月十截累]")
"""Words without which a clause names no time."""


def strip_times(words: str) -> str:
    """``words`` without expressions of time."""
    return _TIMES.sub("", words) if _IN_EVERY_TIME.search(words) else words


def name_neighbours(text: str, year: int) -> str:
    """``text`` with the years beside the report's own as 上年 and 下年 for carried requests."""
    before, after = f"{year - 1}年", f"{year + 1}年"
    if before in text:
        text = re.sub(rf"{before}(?=度?(?:结转|转|顺延|延))", "上年", text)
    if after in text:
        text = re.sub(rf"(?<=[转入至到延])(?:至|到|入)?{after}", "下年", text)
    return text.replace(f"结转{before}", "结转上年")


class ClaimPeriod:
    """The time that the text has been about so far."""

    def __init__(self, year: int) -> None:
        """Begin in the report of ``year``."""
        self.year = year
        self.outside = False
        self.cumulative = False

    def new_sentence(self) -> None:
        """Forget what holds for one sentence only."""
        self.cumulative = False

    def read(self, text: str) -> None:
        """Note the times that a clause names."""
        if not _IN_EVERY_PERIOD.search(text):
            return
        text = _COMPARED.sub("", _TITLE.sub("", text))
        whole = _WHOLE_YEAR.search(text)
        bare = _YEAR_END.sub("", _WHOLE_YEAR.sub("", text))
        for match in _REPORTED.finditer(bare):
            if year := _YEAR.fullmatch(match[0]):
                self.outside = int(year["year"]) != self.year
            else:
                self.outside = not match["own"]
        if _CUMULATIVE.search(bare) and not whole:
            said = re.search(rf"全年|本年|年度|{self.year}年", bare)
            self.cumulative = not (said and not re.search(r"截[至止]", bare))
