"""Words that say what figures are about, and how figures are related, as data."""

import re

_PREVIOUS = re.compile(
    r"(?:上一?|前一?)年(?:度)?(?:未办结)?(?:并)?(?:结转|转结|转入|延续|顺延|结余)(?:下来|过来|而来)?(?:至|到|入)?"
)
_NEXT = re.compile(
    r"(?:结转|转结|转入|转至|转到|顺延|延续|延至|留待|转)(?:至|到|入|于)?(?:下|次)(?:一)?(?:个)?年(?:度)?"
)


def canonical(text: str) -> str:
    """``text`` with the many expressions for 上年结转 and 结转下年 unified."""
    if "年" not in text:
        return text
    text = _PREVIOUS.sub("上年结转", text)
    text = re.sub(r"结转(?:的)?上一?年(?:度)?(?:的)?", "上年结转", text)
    return _NEXT.sub("结转下年", text)


TOPICS = re.compile(
    r"(?P<reconsideration>复议)|(?P<litigation>诉讼|起诉|应诉)"
    r"|(?P<requests>信息公开(?:类|的)?申请|依申请|申请公开|公开申请|类申请|公开(?:政府)?信息的?申请)"
    r"|(?P<other>建议|提案|留言|来信|信件|咨询|热线|工单|信访|投诉|举报|公文|稿|主动公开|发布|许可|处罚|强制|规范性"
    r"|规章|会议|培训|办件|议案|舆情|问政|网民)"
)
"""The topic of a clause; its last topic word decides."""

COMPARED = re.compile(
    r"^(?:数量|总数|总量)?(?:相?较|比|同比|环比|与.{1,12}(?:相比|比较)|增[加长]|减少|下降|上升)"
)
"""Words that begin a comparison with another year: the figure counts a difference."""

ALL_DONE = re.compile(r"(?:均|全部).{0,10}(?:办结|答复|办理|回复)")
"""Words which say that all requests were handled."""

EXCEPTED = re.compile(r"除.{1,40}(?:之外|以外|外)$")
"""Words that exclude something from the figures of their sentence."""

UNANSWERED = re.compile(r"撤销|撤回|撤件|撤诉|终止|退回|不再处理|放弃|补正|不予受理|未受理")
"""Outcomes of requests that are not answered, and that the table counts as handled."""

NOT_BROUGHT = re.compile(
    "备案|报备|登记|上报|报送|汇总|抄报|抄告|通报|统计(?!期限|时限|周期|区间|数据)|指导|协调|审查(?!机关)|审核|代理|督办|移送"
    "|作为.{0,10}复议机[关构]|复议职[责能]|(?:各类|各种|所有)(?:行政)?(?:复议|诉讼|应诉|案)"
)
"""Words which say that cases were put on file, passed on or decided, not that they were brought."""

PUT_ON_FILE = re.compile("备案|报备|上报|报送")
"""The same, of the cases that were named just before."""

PROCEEDINGS = re.compile("复议|诉讼|应诉|案件")
"""Proceedings, or cases of any kind."""

BROUGHT = re.compile("涉及|发生|引发|引起|产生|导致|被(?:申请|提起|诉)|信息公开|依申请")
"""Words of a clause on proceedings that decide it whatever its sentence began with."""

WITHIN = re.compile(r"^(?:(?:在)?其中|(?:包括|包含|含|内含)(?!.{0,2}$))(?:[有含]|包括)?")
"""Words that make a figure a part of the one before it."""

ENDS_OPEN = re.compile(r"(?:包括|包含|其中|如下)$")
"""Words at the end of a clause after which parts are listed."""

ASIDE = re.compile(
    r"^(?:按照?申请人?(?:主体|类型|类别|身份|性质)?(?:分|划分|看)?|从(?:申请主体|申请人|办理结果|办理情况|答复情况|结果).{0,4}?看|所有.{0,12}?中|已?办结的?.{0,10}?中)"
)
"""Words that only describe the arrangement of the figures that follow."""

NOT_OF_THE_YEAR = re.compile(
    r"存在.{0,6}问题|问题.{0,6}改进|不足|整改|改进措施|下一步|工作打算|工作计划"
)
"""Headings of parts on problems and plans, not on what was done."""

DENYING = re.compile(r"未|无|没|零|不")
"""Characters without which no clause states that there was none."""
