"""The wordings of proceedings and of proactive disclosure, and statements that there was none."""

from gongkai.converters.cn.claims.phrases import (
    ANY,
    ARISES,
    CASES,
    ENDING,
    FILED,
    NONE,
    OGI,
    REQUESTS,
    REVIEW,
    SUIT,
    TAIL,
)
from gongkai.converters.cn.claims.wording import ClaimWording, Group, wordings


def _result(kind: str, label: str) -> list[ClaimWording]:
    by = r"(?:结果|被|予以|决定|依法|复议机关|法院|人民法院|行政机关){0,6}"
    return wordings(
        Group.RESULT,
        kind,
        rf"(?:{CASES}){by}(?:{label})(?:的|原行政行为|原具体行政行为|原决定|结果|案件){{0,6}}{TAIL}#",
        rf"(?:有)?#{by}(?:已|获|正在){{0,6}}(?:{label})(?:的|原行政行为|原具体行政行为|原决定|结果){{0,6}}",
    )


OTHERS_STATED: tuple[ClaimWording, ...] = (
    *wordings(
        Group.DISPUTE,
        "reconsiderations litigation",
        rf"{ARISES}{OGI}?{ARISES}{REVIEW}{CASES}(?:、|和|及|与|以及){ARISES}{SUIT}{CASES}(?:数量|数)?(?:均为|各为|各有|均|各)#",
        who=True,
    ),
    *wordings(
        Group.DISPUTE,
        "reconsiderations litigation",
        rf"{ARISES}{OGI}?{ARISES}{REVIEW}{CASES}(?:、|和|及|与|以及){ARISES}{SUIT}{CASES}{TAIL}#",
        who=True,
        zero=True,
    ),
    *wordings(
        Group.DISPUTE,
        "reconsiderations",
        rf"{ARISES}{OGI}?{ARISES}{REVIEW}{CASES}{TAIL}#",
        rf"{ARISES}#{OGI}?(?:的)?{REVIEW}{CASES}",
        who=True,
    ),
    *wordings(
        Group.DISPUTE,
        "reconsiderations",
        rf"{FILED}{OGI}?{ARISES}{REVIEW}{CASES}{TAIL}#",
        rf"{FILED}#{OGI}?(?:的)?{REVIEW}{CASES}",
        who=True,
        filed=True,
    ),
    *wordings(
        Group.DISPUTE,
        "litigation",
        rf"{ARISES}{OGI}?{ARISES}{SUIT}{CASES}{TAIL}#",
        rf"{ARISES}#{OGI}?(?:的)?{SUIT}{CASES}",
        who=True,
    ),
    *wordings(
        Group.DISPUTE,
        "litigation",
        rf"{FILED}{OGI}?{ARISES}{SUIT}{CASES}{TAIL}#",
        rf"{FILED}#{OGI}?(?:的)?{SUIT}{CASES}",
        who=True,
        filed=True,
    ),
    *wordings(
        Group.RESULT,
        "litigation-direct",
        rf"未经(?:行政)?复议直接(?:起诉|提起(?:行政)?诉讼)(?:的|案件|案){{0,6}}{TAIL}#",
    ),
    *wordings(
        Group.RESULT,
        "litigation-after-reconsideration",
        rf"(?:经)?(?:行政)?复议后(?:起诉|提起(?:行政)?诉讼)(?:的|案件|案){{0,6}}{TAIL}#",
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
            *wordings(
                Group.DISCLOSURE,
                f"{key}-issued",
                rf"(?:新)?(?:制发|制作)(?:了)?{name}{TAIL}#",
                rf"(?:新)?(?:制发|制作)(?:了)?#{name}",
                rf"{name}(?:新)?(?:制发|制作){TAIL}#",
                who=True,
            ),
            *wordings(
                Group.DISCLOSURE,
                f"{key}-repealed",
                rf"废止(?:了)?{name}{TAIL}#",
                rf"废止(?:了)?#{name}",
                rf"{name}废止{TAIL}#",
                who=True,
            ),
            *wordings(
                Group.DISCLOSURE,
                f"{key}-in-force",
                rf"(?:有)?现行有效(?:的)?{name}{TAIL}#",
                rf"{name}现行有效{TAIL}#",
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
        for wording in wordings(
            Group.DISCLOSURE,
            key,
            rf"(?:作出|做出){name}(?:处理)?(?:决定)?{TAIL}#",
            rf"(?:作出|做出)#{name}(?:处理)?(?:决定)?",
            who=True,
        )
    ),
)

DENIALS: tuple[ClaimWording, ...] = (
    *wordings(
        Group.INTAKE,
        "received",
        rf"{NONE}{REQUESTS}(?:的)?(?:情况|事项)?",
        who=True,
    ),
    *wordings(
        Group.CARRIED_IN,
        "carried-in",
        rf"(?:无|没有)上年结转(?:的)?(?:{ANY})?(?:事项|情况)?",
        who=True,
        bare=True,
    ),
    *wordings(
        Group.CARRIED_OUT,
        "carried-out",
        rf"(?:无|没有)(?:{ANY})?结转下年(?:的)?(?:继续)?(?:办理|处理|答复)?(?:的)?(?:{ANY})?(?:事项|情况)?",
        who=True,
        bare=True,
    ),
    *wordings(
        Group.DISPUTE,
        "reconsiderations litigation",
        rf"{NONE}{ARISES}{OGI}?{ARISES}{REVIEW}{CASES}(?:、|和|及|与|或者?|以及|也未)?{ARISES}{SUIT}{ENDING}",
        who=True,
    ),
    *wordings(
        Group.DISPUTE,
        "reconsiderations",
        rf"{NONE}{ARISES}{OGI}?{ARISES}{REVIEW}{ENDING}",
        who=True,
    ),
    *wordings(
        Group.DISPUTE,
        "litigation",
        rf"{NONE}{ARISES}{OGI}?{ARISES}{SUIT}{ENDING}",
        who=True,
    ),
)
"""Wordings which state that there was none: the figure is 0."""
