"""The wordings in which reports state figures, as data: what a clause must say for each kind.

A wording is matched against a whole clause in which ``#`` stands for the figure; what stands
before it must be understood as well (``who``: by whom, when). A clause that says anything more is
no wording of ours, so that a part of a figure (网上申请3件), another figure (许可申请5件) or a
comparison (增加3件) is never taken for it.
"""

import re
from dataclasses import dataclass
from enum import Enum


class Group(Enum):
    """Kinds of figure that stand in the same relation to what is said before."""

    INTAKE = "intake"
    APPLICANT = "applicant"
    CARRIED_IN = "carried in"
    CARRIED_OUT = "carried out"
    HANDLED = "handled"
    OUTCOME = "outcome"
    DISPUTE = "dispute"
    RESULT = "result"
    DISCLOSURE = "disclosure"


@dataclass(frozen=True)
class Wording:
    """``pattern`` matches a whole clause that states ``kinds``.

    ``bare`` tells that the clause alone does not say what is counted, so that what was said before
    must be of requests; ``follows`` that it only counts what it seems to after another figure of
    requests; ``filed`` that it counts what was newly filed or dealt with in the year, which the
    table of proceedings need not do; ``zero`` that it says how many of each kind only if none.
    """

    group: Group
    kinds: tuple[str, ...]
    pattern: re.Pattern[str]
    bare: bool = False
    follows: bool = False
    filed: bool = False
    zero: bool = False


_WHO = r"(?P<who>.{0,40}?)"
_LEAD = r"(?:一?共计?|总共|合计|总计|累计|依法|依规|实际|已经?|均|分别|也|年内|全年)*"
_TAIL = r"(?:的)?(?:数量|总数|总量|数|件数|总计)?(?:一?共计|一?共有|一?共|总计|合计|计|分别为|均为|各|为|有|是)*"
_PERSONS = (
    r"(?:(?:公民、?法人(?:和|或|或者|及|、)其他组织|申请人|社会公众|群众)(?:提出|提交|递交)?的?)?"
)
_REQUESTS = (
    rf"{_PERSONS}(?:各类|书面|有效|线上线下)?"
    r"(?:依申请公开(?:类)?(?:政府)?(?:信息)?(?:的)?(?:申请|事项)?|依申请(?:政府)?信息公开(?:的)?(?:申请)?"
    r"|(?:依申请)?(?:政府|政务)?信息(?:依申请)?公开(?:类|的)?申请(?:公开)?(?:事项)?|(?:政府)?信息依申请公开"
    r"|公开(?:政府)?信息(?:的)?申请|(?:要求|申请)公开(?:政府)?信息(?:的)?(?:申请)?|政务公开申请)"
    r"(?:件|表)?"
)
_BARE = r"(?:公开)?申请(?:件|表)?"
_ANY = rf"(?:{_REQUESTS}|{_BARE})"
_VERB = r"(?:新)?(?:收到|接收到?|接到|受理|收)(?:了|的|到)?"
_OGI = (
    r"(?:(?:涉及|因|有关|针对|关于|涉|就|由)?(?:对)?(?:我|本)?(?:行政)?(?:部|局|委|办|厅|机关|省|市|县|区|单位|镇|乡)?(?:有关|相关|的)?"
    r"(?:政府|政务)?信息公开(?:工作|事务|类|方面|事项|申请|答复|行为)*"
    r"(?:所)?(?:引起|引发|产生|导致|而|被|申请|提起|发生|向.{1,8}院)*(?:的)?)"
)
_ARISES = (
    r"(?:发生|引发|引起|产生|出现|存在|涉及|被|申请人|不服|申请|提起|提出|因|有|共)*(?:了|的)?"
)
_CASES = r"(?:的)?(?:案件|案|事项|申请)?"
_FILED = r"(?:新)?(?:收到|接到|收|增|受理|立案|办理|审结|审理|处理|应对|参与|代理)(?:了|的)?"
_REVIEW = r"(?:行政)?复议"
_SUIT = r"(?:行政)?(?:诉讼|应诉)"


def _wording(
    group: Group,
    kinds: str,
    *patterns: str,
    who: bool = False,
    bare: bool = False,
    follows: bool = False,
    filed: bool = False,
    zero: bool = False,
) -> list[Wording]:
    begins = (_WHO if who else "(?P<who>)") + _LEAD
    return [
        Wording(
            group, tuple(kinds.split()), re.compile(begins + pattern), bare, follows, filed, zero
        )
        for pattern in patterns
    ]


def _outcome(kind: str, label: str) -> list[Wording]:
    said = rf"(?:{label})"
    return _wording(
        Group.OUTCOME,
        kind,
        rf"(?:作出|决定)?{said}(?:的|类|申请|答复|处理|情形|决定)*{_TAIL}#(?:{_BARE})?",
        rf"(?:有)?#(?:{_ANY})?(?:的)?(?:答复|处理结果|结果)?(?:为|属于|系|作出|被|依法)*{said}(?:的|处理|答复|决定)*",
        bare=True,
    )


def _applicant(kind: str, label: str) -> list[Wording]:
    return _wording(
        Group.APPLICANT,
        kind,
        rf"(?:来自|由)?(?:{label})(?:提交|提出|递交|申请|(?:政府)?信息公开|类|的)*{_TAIL}#(?:{_ANY})?",
        rf"#(?:{_BARE})?(?:为|由|系|来自|是)(?:{label})(?:提交|提出|递交|申请|的)*",
    )


def _result(kind: str, label: str) -> list[Wording]:
    by = r"(?:结果|被|予以|决定|依法|复议机关|法院|人民法院|行政机关)*"
    return _wording(
        Group.RESULT,
        kind,
        rf"(?:{_CASES}){by}(?:{label})(?:的|原行政行为|原具体行政行为|原决定|结果|案件)*{_TAIL}#",
        rf"(?:有)?#{by}(?:已|获|正在)*(?:{label})(?:的|原行政行为|原具体行政行为|原决定|结果)*",
    )


_REPLIED = r"(?:答复|办结|办理完毕|办理完成|回复)(?:了|的)?"

WORDINGS: tuple[Wording, ...] = (
    *_wording(
        Group.INTAKE,
        "received",
        rf"{_VERB}{_REQUESTS}{_TAIL}#(?:{_BARE})?",
        rf"{_VERB}#(?:的)?{_REQUESTS}",
        rf"{_REQUESTS}(?:的)?{_VERB}{_TAIL}#",
        rf"{_REQUESTS}(?:的)?(?:总数|总量|数量){_TAIL}#",
        who=True,
    ),
    *_wording(
        Group.INTAKE,
        "received",
        rf"{_VERB}(?:{_BARE})?{_TAIL}#(?:{_BARE})?",
        who=True,
        bare=True,
    ),
    *_applicant("received-natural-person", r"自然人|公民个人|公民"),
    *_applicant(
        "received-organisations",
        r"(?:各类)?(?:企业)?法人(?:和|或者?|及|与|以及|、)其他(?:社会)?组织",
    ),
    *_applicant("received-business", r"商业企业"),
    *_applicant("received-research", r"科研机构"),
    *_applicant("received-social-welfare", r"社会公益组织"),
    *_applicant("received-legal-service", r"法律服务机构"),
    *_wording(
        Group.CARRIED_IN,
        "carried-in",
        rf"(?:有|含)?(?:{_REQUESTS})?(?:上年结转|结转上年)(?:至?本年度?|今年)?(?:继续)?(?:办理|处理|答复)?(?:的)?(?:{_ANY})?{_TAIL}#(?:{_BARE})?",
        who=True,
        bare=True,
    ),
    *_wording(
        Group.CARRIED_OUT,
        "carried-out",
        rf"(?:另有|尚有|还有|剩余|其余|有|将)?(?:{_ANY})?结转下年(?:继续)?(?:办理|处理|答复|的)*(?:{_ANY})?{_TAIL}#(?:{_BARE})?",
        rf"(?:另有|尚有|还有|剩余|其余|另|有)?#(?:{_ANY}|未办结|未答复|的|因.{{1,12}})*(?:按照?《条例》|按规定|依法|需|将|已|于)*结转下年(?:继续)?(?:办理|处理|答复)*",
        who=True,
        bare=True,
    ),
    *_wording(
        Group.HANDLED,
        "handled",
        rf"{_REPLIED}{_REQUESTS}{_TAIL}#(?:{_BARE})?",
        rf"{_REPLIED}#(?:的)?{_REQUESTS}",
        r"办理结果(?:总数|合计)*(?:总计|合计|共计|共|为)*#",
        who=True,
    ),
    *_wording(
        Group.HANDLED,
        "handled",
        rf"{_REPLIED}(?:{_BARE})?{_TAIL}#(?:{_BARE})?",
        who=True,
        bare=True,
    ),
    *_wording(
        Group.HANDLED,
        "handled",
        rf"办理(?:了|{_ANY})*{_TAIL}#(?:{_BARE})?",
        who=True,
        bare=True,
        follows=True,
    ),
    *_outcome(
        "granted-or-partly",
        r"(?:予以|同意)公开(?:及|和|与|或|、)(?:予以|同意)?部分(?:予以|同意)?公开",
    ),
    *_outcome("granted", r"(?:予以|同意|给予)(?:全部|全文)?公开|全部(?:予以)?公开"),
    *_outcome("partly-granted", r"(?:予以|同意)?部分(?:予以|同意)?公开"),
    *_outcome("withheld", r"不予公开|不同意公开"),
    *_outcome(
        "unavailable",
        r"(?:因.{1,24}?等(?:原因|情形|情况)?)?无法提供(?:相关|所需|有关)?(?:政府)?(?:信息)?",
    ),
    *_outcome(
        "not-processed", r"(?:按照?|依照|依据|根据)?(?:有关|相关|《条例》)?(?:规定)?不予处理"
    ),
    *_outcome("other", r"其他处理"),
    *_wording(
        Group.DISPUTE,
        "reconsiderations litigation",
        rf"{_ARISES}{_OGI}?{_ARISES}{_REVIEW}{_CASES}(?:、|和|及|与|以及){_ARISES}{_SUIT}{_CASES}(?:数量|数)?(?:均为|各为|各有|均|各)#",
        who=True,
    ),
    *_wording(
        Group.DISPUTE,
        "reconsiderations litigation",
        rf"{_ARISES}{_OGI}?{_ARISES}{_REVIEW}{_CASES}(?:、|和|及|与|以及){_ARISES}{_SUIT}{_CASES}{_TAIL}#",
        who=True,
        zero=True,
    ),
    *_wording(
        Group.DISPUTE,
        "reconsiderations",
        rf"{_ARISES}{_OGI}?{_ARISES}{_REVIEW}{_CASES}{_TAIL}#",
        rf"{_ARISES}#{_OGI}?(?:的)?{_REVIEW}{_CASES}",
        who=True,
    ),
    *_wording(
        Group.DISPUTE,
        "reconsiderations",
        rf"{_FILED}{_OGI}?{_ARISES}{_REVIEW}{_CASES}{_TAIL}#",
        rf"{_FILED}#{_OGI}?(?:的)?{_REVIEW}{_CASES}",
        who=True,
        filed=True,
    ),
    *_wording(
        Group.DISPUTE,
        "litigation",
        rf"{_ARISES}{_OGI}?{_ARISES}{_SUIT}{_CASES}{_TAIL}#",
        rf"{_ARISES}#{_OGI}?(?:的)?{_SUIT}{_CASES}",
        who=True,
    ),
    *_wording(
        Group.DISPUTE,
        "litigation",
        rf"{_FILED}{_OGI}?{_ARISES}{_SUIT}{_CASES}{_TAIL}#",
        rf"{_FILED}#{_OGI}?(?:的)?{_SUIT}{_CASES}",
        who=True,
        filed=True,
    ),
    *_wording(
        Group.RESULT,
        "litigation-direct",
        rf"未经(?:行政)?复议直接(?:起诉|提起(?:行政)?诉讼)(?:的|案件|案)*{_TAIL}#",
    ),
    *_wording(
        Group.RESULT,
        "litigation-after-reconsideration",
        rf"(?:经)?(?:行政)?复议后(?:起诉|提起(?:行政)?诉讼)(?:的|案件|案)*{_TAIL}#",
    ),
    *_result("upheld", r"维持"),
    *_result("corrected", r"纠正|纠错"),
    *_result("other", r"其他结果"),
    *_result("pending", r"(?:尚)?未审结|(?:尚)?未办结|正在审理|(?:尚)?在审理中"),
    *(
        wording
        for key, name in (
            ("normative-documents", r"(?:行政)?规范性文件"),
            ("regulations", r"(?:政府|部门)?规章"),
        )
        for wording in (
            *_wording(
                Group.DISCLOSURE,
                f"{key}-issued",
                rf"(?:新)?(?:制发|制定|制作)(?:了)?{name}{_TAIL}#",
                rf"(?:新)?(?:制发|制定|制作)(?:了)?#{name}",
                rf"{name}(?:新)?(?:制发|制定|制作){_TAIL}#",
                who=True,
            ),
            *_wording(
                Group.DISCLOSURE,
                f"{key}-repealed",
                rf"废止(?:了)?{name}{_TAIL}#",
                rf"废止(?:了)?#{name}",
                rf"{name}废止{_TAIL}#",
                who=True,
            ),
            *_wording(
                Group.DISCLOSURE,
                f"{key}-in-force",
                rf"(?:有)?现行有效(?:的)?{name}{_TAIL}#",
                rf"{name}现行有效{_TAIL}#",
                rf"(?:有)?#现行有效(?:的)?{name}",
                who=True,
            ),
        )
    ),
    *(
        wording
        for key, name in (
            ("licensing-decisions", r"行政许可"),
            ("penalties", r"行政处罚"),
            ("coercive-measures", r"行政强制(?:措施)?"),
        )
        for wording in _wording(
            Group.DISCLOSURE,
            key,
            rf"(?:作出|做出){name}(?:处理)?(?:决定)?{_TAIL}#",
            rf"(?:作出|做出)#{name}(?:处理)?(?:决定)?",
            rf"{name}(?:处理)?决定{_TAIL}#",
            who=True,
        )
    ),
)

_NONE = r"(?:未|没有|未曾|无|尚未)(?:收到|接到|受理|发生|出现|产生|引发|引起|存在|涉及|有)?(?:过)?(?:任何|一起|一件)?"
_ENDING = r"(?:的)?(?:案件|案|情况|情形|现象|事项|申请|案例)*(?:发生|产生)?"

DENIALS: tuple[Wording, ...] = (
    *_wording(
        Group.INTAKE,
        "received",
        rf"{_NONE}{_REQUESTS}(?:的)?(?:情况|事项)?",
        who=True,
    ),
    *_wording(
        Group.CARRIED_IN,
        "carried-in",
        rf"(?:无|没有)上年结转(?:的)?(?:{_ANY})?(?:事项|情况)?",
        who=True,
        bare=True,
    ),
    *_wording(
        Group.CARRIED_OUT,
        "carried-out",
        rf"(?:无|没有)(?:{_ANY})?结转下年(?:的)?(?:继续)?(?:办理|处理|答复)?(?:的)?(?:{_ANY})?(?:事项|情况)?",
        who=True,
        bare=True,
    ),
    *_wording(
        Group.DISPUTE,
        "reconsiderations litigation",
        rf"{_NONE}{_ARISES}{_OGI}?{_ARISES}{_REVIEW}{_CASES}(?:、|和|及|与|或者?|以及|也未)?{_ARISES}{_SUIT}{_ENDING}",
        who=True,
    ),
    *_wording(
        Group.DISPUTE,
        "reconsiderations",
        rf"{_NONE}{_ARISES}{_OGI}?{_ARISES}{_REVIEW}{_ENDING}",
        who=True,
    ),
    *_wording(
        Group.DISPUTE,
        "litigation",
        rf"{_NONE}{_ARISES}{_OGI}?{_ARISES}{_SUIT}{_ENDING}",
        who=True,
    ),
)
"""What says that there was none: the figure is 0."""

_PREVIOUS = re.compile(
    r"(?:上一?|前一?)年(?:度)?(?:未办结)?(?:并)?(?:结转|转结|转入|延续|顺延|结余)(?:下来|过来|而来)?(?:至|到|入)?"
)
_NEXT = re.compile(
    r"(?:结转|转结|转入|转至|转到|顺延|延续|延至|留待|转)(?:至|到|入|于)?(?:下|次)(?:一)?(?:个)?年(?:度)?"
)


def canonical(text: str) -> str:
    """``text`` with the many ways of saying 上年结转 and 结转下年 made one."""
    text = _PREVIOUS.sub("上年结转", text)
    text = re.sub(r"结转(?:的)?上一?年(?:度)?(?:的)?", "上年结转", text)
    return _NEXT.sub("结转下年", text)


TOPICS = re.compile(
    r"(?P<reconsideration>复议)|(?P<litigation>诉讼|起诉|应诉)"
    r"|(?P<requests>信息公开(?:类|的)?申请|依申请|申请公开|公开申请|类申请|公开(?:政府)?信息的?申请)"
    r"|(?P<other>建议|提案|留言|来信|信件|咨询|热线|工单|信访|投诉|举报|公文|稿|主动公开|发布|许可|处罚|强制|规范性"
    r"|规章|会议|培训|办件|议案|舆情|问政|网民)"
)
"""What a clause is about; the last word of it decides."""

COMPARED = re.compile(
    r"^(?:数量|总数|总量)?(?:相?较|比|同比|环比|与.{1,12}(?:相比|比较)|增[加长]|减少|下降|上升)"
)
"""What begins a comparison with another year: its figure counts a difference."""

UNANSWERED = re.compile(r"撤销|撤回|撤件|撤诉|终止|退回|不再处理|放弃|补正|不予受理|未受理")
"""What becomes of requests that are not answered, and that the table counts as handled."""

WITHIN = re.compile(r"^(?:(?:在)?其中|(?:包括|包含|含|内含)(?!.{0,2}$))(?:[有含]|包括)?")
"""What makes a figure a part of the one before it."""

ASIDE = re.compile(
    r"^(?:按照?申请人?(?:主体|类型|类别|身份|性质)?(?:分|划分|看)?|从(?:申请主体|申请人|办理结果|办理情况|答复情况|结果).{0,4}?看|所有.{0,12}?中|已?办结的?.{0,10}?中)"
)
"""What only says how the figures that follow are arranged."""

NOT_OF_THE_YEAR = re.compile(
    r"存在.{0,6}问题|问题.{0,6}改进|不足|整改|改进措施|下一步|工作打算|工作计划"
)
"""Headings of parts that tell of problems and plans, not of what was done."""
