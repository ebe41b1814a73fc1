"""The wordings in which reports state figures of their tables, by kind of claim.

A claim is made only where the words leave no doubt of what is counted: false alarms are worse than
a figure that is not compared. Sentences are looked at without spaces and parentheses.
"""

import re
from dataclasses import dataclass

_NUMBER = (
    r"(?P<number>[0-9]{1,3}(?:,[0-9]{3})+(?![0-9,])|(?<![0-9.,])[0-9]+(?:\.[0-9]+)?|(?<![一二两三四五六七八九十百千])[一二两三四五六七八九十])"
    r"(?P<rounded>[余多万千百亿]*)(?P<unit>件次|件|起|宗|份|例|条|人次|次|个)"
)
_FILLER = (
    r"(?:的|共计|总计|合计|共|计|为|有|各|是|:|数量|总数|总量|数|量|达|案件|事项|申请|答复|信息|类|"
    r"情形|情况|政府信息公开|答复申请){0,4}"
)
_NO_NUMBER = r"[^,。;:!?0-9]"
_BOTH_PROCEEDINGS = r"行政复议(?:案件|申请)?(?:、|和|及|与|或|或者|以及)(?:行政)?诉讼"
_AND = r"[、和及与或者]"
_NO_MORE = r"(?:案件|情况|情形|事项|的|申请|发生|现象)*(?=[,。;!]|$)"


@dataclass(frozen=True)
class Wording:
    """A pattern that states a figure of one or several kinds; ``zero`` where it states none.

    ``of_received`` tells that it is a part of the requests received and means nothing alone;
    ``on_information`` that the sentence must say that it speaks of open government information.
    """

    kinds: tuple[str, ...]
    pattern: re.Pattern[str]
    zero: bool = False
    of_received: bool = False
    on_information: bool = False


def _wording(kinds: str, pattern: str, **more: bool) -> Wording:
    return Wording(tuple(kinds.split()), re.compile(pattern), **more)


WORDINGS = (
    _wording(
        "received",
        rf"(?:收到|接到|受理|接收|新收|收悉)了?(?P<object>{_NO_NUMBER}{{0,30}}?申请"
        rf"{_NO_NUMBER}{{0,8}}?)(?:共计|总计|合计|共|计|为)?{_NUMBER}",
    ),
    _wording(
        "received",
        rf"(?:收到|接到|受理|接收|新收|收悉)了?(?P<object>{_NO_NUMBER}{{0,6}}?){_NUMBER}的?"
        r"(?:(?:关于|要求|申请)?政府)?(?:信息)?(?:依申请)?公开(?:信息)?的?申请",
    ),
    _wording("carried-in", rf"(?:上一?年度?|去年)结转的?{_NO_NUMBER}{{0,20}}?{_NUMBER}"),
    _wording(
        "carried-out",
        rf"结转(?:至|到|为|入)?(?:下一?年度?|次年度?|明年度?)(?:继续)?(?:办理|答复)?"
        rf"{_NO_NUMBER}{{0,12}}?{_NUMBER}",
    ),
    _wording(
        "handled",
        rf"(?:^|(?<=[,;])|共|已|全年|年度|本年|均已|全部)(?:答复|办结|办理答复|答复办结|办理完毕)了?"
        rf"(?:(?:政府信息公开|信息公开|依申请公开|公开)?(?:申请)?(?:总数)?(?:共计|共|计)?){_NUMBER}",
    ),
    _wording(
        "disclosed",
        rf"(?:予以公开|同意公开)(?:及|和|或|与|、)(?:同意|予以)?部分(?:予以)?公开{_FILLER}{_NUMBER}",
    ),
    _wording("granted", rf"(?<!不)(?<!分)(?:予以公开|同意公开|全部公开){_FILLER}{_NUMBER}"),
    _wording(
        "partly-granted",
        rf"(?<![及和或与、])(?<![及和或与、]同意)(?<![及和或与、]予以)(?:部分予以公开|部分公开)"
        rf"{_FILLER}{_NUMBER}",
    ),
    _wording("withheld", rf"不(?:予以?|同意)公开{_FILLER}{_NUMBER}"),
    _wording("unavailable", rf"无法提供(?:相关)?(?:政府)?(?:信息)?{_FILLER}{_NUMBER}"),
    _wording("not-processed", rf"不予处理{_FILLER}{_NUMBER}"),
    _wording("other", rf"(?<!作出)(?:其他|其它)(?:方式)?处理{_FILLER}{_NUMBER}"),
    _wording(
        "received-natural-person",
        rf"自然人(?:提交|提出|申请|的)*{_FILLER}{_NUMBER}",
        of_received=True,
    ),
    _wording(
        "received-organisations",
        rf"法人(?:或者|或|和|及|与|、)?(?:其他|其它)组织(?:提交|提出|申请|的)*{_FILLER}{_NUMBER}",
        of_received=True,
    ),
    _wording(
        "reconsiderations",
        rf"(?:(?<!{_AND})行政|(?<!行政)(?<!{_AND}))复议(?:案件|申请)?{_FILLER}{_NUMBER}",
        on_information=True,
    ),
    _wording(
        "litigation",
        rf"(?:(?<!{_AND})行政|(?<!行政)(?<!{_AND}))诉讼(?:案件)?{_FILLER}{_NUMBER}",
        on_information=True,
    ),
    _wording(
        "reconsiderations litigation",
        rf"(?:未|没有)(?:发生|收到|产生|出现)过?{_NO_NUMBER}{{0,24}}?{_BOTH_PROCEEDINGS}{_NO_MORE}",
        zero=True,
        on_information=True,
    ),
    _wording(
        "received",
        r"(?:未|没有)(?:收到|接到)过?[^,。;:!?0-9]{0,24}?"
        r"(?:政府信息公开申请|信息公开申请|依申请公开(?:政府信息)?申请)" + _NO_MORE,
        zero=True,
    ),
)
"""Where one wording holds another, the longer stands first: what it took is not looked at again."""

NOT_THE_WHOLE = re.compile(
    r"同比|环比|比上年|较上年|比去年|较去年|比同期|增加|减少|增长|下降|上升|回落|累计|历年|平均|占|"
    r"以来|截至|上半年|下半年|季度|其余|约|近|超过|左右"
)
"""Words between the last comma and a figure that make it another figure."""

_CHANNELS = (
    r"网络|网上|网站|线上|在线|当面|当场|现场|窗口|信函|信件|邮件|邮寄|邮箱|传真|平台|电子|渠道"
)
CHANNEL = re.compile(_CHANNELS)
"""Words before a figure of requests received that make it that of one channel."""

PART_OF_RECEIVED = re.compile(
    rf"{_CHANNELS}|复议|诉讼|上年|去年|结转|补正|撤回|撤销|变更|更正|重复|自然人|企业|个人|公民|关于|涉及|"
    r"通过|符合|有效|部门|转办"
)
"""Words in what was received that make it a part of the requests."""

INCLUDES_CARRIED = re.compile(r"(?:含|包括|其中)[^。;]{0,12}结转")
"""The figure of requests received includes, or may include, those carried over."""

ON_INFORMATION = re.compile(r"信息公开|政务公开|依申请公开")
CONCLUDED = re.compile(r"审结|办结|结案|审理|代理|纠错|败诉|胜诉|撤诉")
"""Words that make a figure of proceedings one of some of them only."""

WHOLE_AREA = re.compile(
    r"全(?:国|省|市|县|区|州|盟|旗|镇|乡|街道|域|系统)|各(?:级|地|区县|县区|区|县|市|镇|乡)"
)
OWN_OFFICE = re.compile(
    r"办公室|政府办|府办|本机关|本级|部门|(?<![结格布大全])局|委员会|委办|单位|街道办|[县市区](?:人民)?政府(?!信息|网|门户)"
)
"""Words that make a figure one of the whole area, or of an office in it."""
