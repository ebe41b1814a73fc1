"""The wordings in which reports state figures of requests, as data."""

from gongkai.converters.cn.claims.phrases import (
    ANY,
    BARE,
    REPLIED,
    REQUESTS,
    TAIL,
    VERB,
)
from gongkai.converters.cn.claims.wording import ClaimWording, Group, wordings


def _outcome(kind: str, label: str) -> list[ClaimWording]:
    said = rf"(?:{label})"
    return wordings(
        Group.OUTCOME,
        kind,
        rf"(?:作出|作|决定)?{said}(?:的|类|申请|答复|处理|情形|决定){{0,6}}{TAIL}#(?:{BARE})?",
        rf"(?:有)?#(?:{ANY})?(?:的)?(?:答复|处理结果|结果)?(?:为|属于|系|作出|被|依法){{0,6}}{said}(?:的|处理|答复|决定){{0,6}}",
        bare=True,
    )


def _applicant(kind: str, label: str) -> list[ClaimWording]:
    return wordings(
        Group.APPLICANT,
        kind,
        rf"(?:来自|由)?(?:{label})(?:提交|提出|递交|申请|(?:政府)?信息公开|类|的){{0,6}}{TAIL}#(?:{ANY})?",
        rf"#(?:{BARE})?(?:为|由|系|来自|是)(?:{label})(?:提交|提出|递交|申请|的){{0,6}}",
    )


REQUESTS_STATED: tuple[ClaimWording, ...] = (
    *wordings(
        Group.INTAKE,
        "received",
        rf"{VERB}{REQUESTS}{TAIL}#(?:{BARE})?",
        rf"{VERB}#(?:的)?{REQUESTS}",
        rf"{REQUESTS}(?:的)?{VERB}{TAIL}#",
        rf"{REQUESTS}(?:的)?(?:总数|总量|数量){TAIL}#",
        who=True,
    ),
    *wordings(
        Group.INTAKE,
        "received",
        rf"{VERB}(?:{BARE})?{TAIL}#(?:{BARE})?",
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
    *wordings(
        Group.CARRIED_IN,
        "carried-in",
        rf"(?:有|含)?(?:{REQUESTS})?(?:上年结转|结转上年)(?:至?本年度?|今年)?(?:继续)?(?:办理|处理|答复)?(?:的)?(?:{ANY})?{TAIL}#(?:{BARE})?",
        who=True,
        bare=True,
    ),
    *wordings(
        Group.CARRIED_OUT,
        "carried-out",
        rf"(?:另有|尚有|还有|剩余|其余|有|将)?(?:{ANY})?结转下年(?:继续)?(?:办理|处理|答复|的){{0,6}}(?:{ANY})?{TAIL}#(?:{BARE})?",
        rf"(?:另有|尚有|还有|剩余|其余|另|有)?#(?:{ANY}|未办结|未答复|的|因.{{1,12}}){{0,6}}(?:按照?《条例》|按规定|依法|需|将|已|于){{0,6}}结转下年(?:继续)?(?:办理|处理|答复){{0,6}}",
        who=True,
        bare=True,
    ),
    *wordings(
        Group.HANDLED,
        "handled",
        rf"{REPLIED}{REQUESTS}{TAIL}#(?:{BARE})?",
        rf"{REPLIED}#(?:的)?{REQUESTS}",
        r"办理结果(?:总数|合计){0,6}(?:总计|合计|共计|共|为){0,6}#",
        who=True,
    ),
    *wordings(
        Group.HANDLED,
        "handled",
        rf"{REPLIED}(?:{BARE})?{TAIL}#(?:{BARE})?",
        who=True,
        bare=True,
    ),
    *wordings(
        Group.HANDLED,
        "handled",
        rf"办理(?:了|{ANY}){{0,6}}{TAIL}#(?:{BARE})?",
        who=True,
        bare=True,
        follows=True,
    ),
    *_outcome(
        "disclosed",
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
)
