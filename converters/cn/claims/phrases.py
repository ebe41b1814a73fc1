"""Pieces of the wordings: the expressions of reports for one thing, as regular expressions."""

WHO = r"(?P<who>.{0,40}?)"
"""By whom: interpreted by ``scope``."""
LEAD = r"(?:一?共计?|总共|合计|总计|累计|依法|依规|实际|已经?|均|分别|也|年内|全年){0,6}"
"""Adverbs before the words that count."""
TAIL = (
    r"(?:的)?(?:数量|总数|总量|数|件数|总计)?"
    r"(?:一?共计|一?共有|一?共|总计|合计|计|分别为|均为|各|为|有|是){0,6}"
)
"""Words between what is counted and its figure."""
PERSONS = (
    r"(?:(?:公民、?法人(?:和|或|或者|及|、)其他组织|申请人|社会公众|群众)(?:提出|提交|递交)?的?)?"
)
"""Words for all who make requests."""
REQUESTS = (
    rf"{PERSONS}(?:各类|书面|有效|线上线下)?"
    r"(?:依申请公开(?:类)?(?:政府)?(?:信息)?(?:的)?(?:申请|事项)?|依申请(?:政府)?信息公开(?:的)?(?:申请)?"
    r"|(?:依申请)?(?:政府|政务)?信息(?:依申请)?公开(?:类|的)?申请(?:公开)?(?:事项)?|(?:政府)?信息依申请公开"
    r"|公开(?:政府)?信息(?:的)?申请|(?:要求|申请)公开(?:政府)?信息(?:的)?(?:申请)?|政务公开申请)"
    r"(?:件|表)?"
)
"""Requests for government information, named in full."""
BARE = r"(?:公开)?申请(?:件|表)?"
"""Requests, where what was said before shows of what kind."""
ANY = rf"(?:{REQUESTS}|{BARE})"
"""Either."""
VERB = r"(?:新)?(?:收到|接收到?|接到|受理|收)(?:了|的|到)?"
"""To receive."""
OGI = (
    r"(?:(?:涉及|因|有关|针对|关于|涉|就|由)?(?:对)?(?:我|本)?(?:行政)?(?:部|局|委|办|厅|机关|省|市|县|区|单位|镇|乡)?(?:有关|相关|的)?"
    r"(?:政府|政务)?信息公开(?:工作|事务|类|方面|事项|申请|答复|行为){0,6}"
    r"(?:所)?(?:引起|引发|产生|导致|而|被|申请|提起|发生|向.{1,8}院){0,6}(?:的)?)"
)
"""Over open government information."""
ARISES = (
    r"(?:发生|引发|引起|产生|出现|存在|涉及|被|申请人|不服|申请|提起|提出|因|有|共){0,6}(?:了|的)?"
)
"""Of proceedings: to arise, to be brought."""
CASES = r"(?:的)?(?:案件|案|事项|申请)?"
"""Words for a case."""
FILED = r"(?:新)?(?:收到|接到|收|增|受理|立案|办理|审结|审理|处理|应对|参与|代理)(?:了|的)?"
"""To file, accept or deal with a case."""
REVIEW = r"(?:行政)?复议"
"""Reconsideration."""
SUIT = r"(?:行政)?(?:诉讼|应诉)"
"""Litigation."""
REPLIED = r"(?:答复|办结|办理完毕|办理完成|回复)(?:了|的)?"
"""To answer or conclude requests."""
NONE = (
    r"(?:未|没有|未曾|无|尚未)"
    r"(?:收到|接到|受理|发生|出现|产生|引发|引起|存在|涉及|有)?(?:过)?(?:任何|一起|一件)?"
)
"""Statements that there was none."""
ENDING = r"(?:的)?(?:案件|案|情况|情形|现象|事项|申请|案例){0,6}(?:发生|产生)?"
"""Words that end such a clause."""
