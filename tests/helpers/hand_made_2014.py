"""A report in the statistics form of 2014, made by hand."""

from decimal import Decimal

from gongkai.converters.cn.reader import WORDING
from gongkai.converters.documents.model import Place, SourceFile
from gongkai.converters.report import Cell, CellState, Report, ReportTable
from gongkai.ontology.bodies import bodies
from gongkai.ontology.forms import Form, Header, forms

# (depth, code, unit as printed, value, label as printed); heads without a number have no code.
ROWS: list[tuple[int, str, str, str, str]] = [
    (0, "", "", "", "一、主动公开情况"),
    (
        1,
        "information-disclosed",
        "条",
        "5000",
        "（一）主动公开政府信息数（不同渠道和方式公开相同信息计1条）",
    ),
    (2, "normative-documents-disclosed", "条", "301", "其中：主动公开规范性文件数"),
    (2, "normative-documents-issued", "件", "302", "制发规范性文件总数"),
    (1, "", "", "", "（二）通过不同渠道和方式公开政府信息的情况"),
    (2, "disclosed-by-gazette", "条", "303", "1.政府公报公开政府信息数"),
    (2, "disclosed-by-website", "条", "3004", "2.政府网站公开政府信息数"),
    (2, "disclosed-by-microblog", "条", "305", "3.政务微博公开政府信息数"),
    (2, "disclosed-by-wechat", "条", "306", "4.政务微信公开政府信息数"),
    (2, "disclosed-by-other-channels", "条", "307", "5.其他方式公开政府信息数"),
    (0, "", "", "", "二、回应解读情况"),
    (
        1,
        "concerns-answered",
        "次",
        "21",
        "（一）回应公众关注热点或重大舆情数（不同方式回应同一热点或舆情计1次）",
    ),
    (1, "", "", "", "（二）通过不同渠道和方式回应解读的情况"),
    (2, "press-conferences", "次", "22", "1.参加或举办新闻发布会总次数"),
    (3, "press-conferences-by-principal", "次", "5", "其中：主要负责同志参加新闻发布会次数"),
    (2, "online-interviews", "次", "23", "2.政府网站在线访谈次数"),
    (3, "online-interviews-by-principal", "次", "6", "其中：主要负责同志参加政府网站在线访谈次数"),
    (2, "policy-explanations", "篇", "24", "3.政策解读稿件发布数"),
    (2, "microblog-wechat-responses", "次", "25", "4.微博微信回应事件数"),
    (2, "other-responses", "次", "26", "5.其他方式回应事件数"),
    (0, "", "", "", "三、依申请公开情况"),
    (1, "requests-received", "件", "710", "（一）收到申请数"),
    (2, "requests-in-person", "件", "101", "1.当面申请数"),
    (2, "requests-by-fax", "件", "102", "2.传真申请数"),
    (2, "requests-online", "件", "203", "3.网络申请数"),
    (2, "requests-by-letter", "件", "304", "4.信函申请数"),
    (1, "requests-concluded", "件", "628", "（二）申请办结数"),
    (2, "concluded-in-time", "件", "601", "1.按时办结数"),
    (2, "concluded-after-extension", "件", "27", "2.延期办结数"),
    (1, "requests-answered", "件", "607", "（三）申请答复数"),
    (2, "answered-already-public", "件", "111", "1.属于已主动公开范围数"),
    (2, "answered-disclosed", "件", "112", "2.同意公开答复数"),
    (2, "answered-partly-disclosed", "件", "13", "3.同意部分公开答复数"),
    (2, "answered-refused", "件", "201", "4.不同意公开答复数"),
    (3, "refused-state-secret", "件", "31", "其中：涉及国家秘密"),
    (3, "refused-trade-secret", "件", "32", "涉及商业秘密"),
    (3, "refused-privacy", "件", "33", "涉及个人隐私"),
    (
        3,
        "refused-security-stability",
        "件",
        "34",
        "危及国家安全、公共安全、经济安全和社会稳定",
    ),
    (3, "refused-not-government-information", "件", "35", "不是《条例》所指政府信息"),
    (3, "refused-other-ground-in-law", "件", "36", "法律法规规定的其他情形"),
    (2, "answered-not-this-organ", "件", "41", "5.不属于本行政机关公开数"),
    (2, "answered-not-existing", "件", "42", "6.申请信息不存在数"),
    (2, "answered-correction-asked", "件", "43", "7.告知作出更改补充数"),
    (2, "answered-other-channel", "件", "44", "8.告知通过其他途径办理数"),
    (0, "reconsiderations", "件", "156", "四、行政复议数量"),
    (1, "reconsiderations-upheld", "件", "51", "（一）维持具体行政行为数"),
    (1, "reconsiderations-corrected", "件", "52", "（二）被依法纠错数"),
    (1, "reconsiderations-other", "件", "53", "（三）其他情形数"),
    (0, "lawsuits", "件", "186", "五、行政诉讼数量"),
    (1, "lawsuits-upheld", "件", "61", "（一）维持具体行政行为或者驳回原告诉讼请求数"),
    (1, "lawsuits-corrected", "件", "62", "（二）被依法纠错数"),
    (1, "lawsuits-other", "件", "63", "（三）其他情形数"),
    (0, "complaints", "件", "64", "六、举报投诉数量"),
    (0, "fees-collected", "万元", "0.65", "七、依申请公开信息收取的费用"),
    (0, "", "", "", "八、机构建设和保障经费情况"),
    (1, "dedicated-bodies", "个", "66", "（一）政府信息公开工作专门机构数"),
    (1, "consultation-points", "个", "67", "（二）设置政府信息公开查阅点数"),
    (1, "staff", "人", "210", "（三）从事政府信息公开工作人员数"),
    (2, "staff-full-time", "人", "70", "1.专职人员数（不包括政府公报及政府网站工作人员数）"),
    (2, "staff-part-time", "人", "71", "2.兼职人员数"),
    (
        1,
        "special-funds",
        "万元",
        "72.5",
        "（四）政府信息公开专项经费（不包括用于政府公报编辑管理及政府网站建设维护等方面的经费）",
    ),
    (0, "", "", "", "九、政府信息公开会议和培训情况"),
    (1, "meetings", "次", "73", "（一）召开政府信息公开工作会议或专题会议数"),
    (1, "training-courses", "次", "74", "（二）举办各类培训班数"),
    (1, "persons-trained", "人次", "875", "（三）接受培训人员数"),
]
VALUES = {code: Decimal(value) for _, code, _, value, _ in ROWS if code}


def form_2014() -> Form:
    return next(form for form in forms() if form.key == "2014")


def printed_rows() -> tuple[Header, ...]:
    (block,) = form_2014().table("statistics").blocks
    return block.rows


def hand_made(form: Form | None = None) -> Report:
    """A report whose only table is that of 2014, every number different."""
    units = {row.codes[0][1]: row.unit for row in printed_rows() if row.leaf}
    cells = tuple(
        Cell(
            codes={"indicator": code},
            row={"zh": label, "en": label},
            column={"zh": "统计数", "en": "Number"},
            state=CellState.READ,
            place=Place(table=1, row=number, column=3),
            value=VALUES[code],
            unit=units[code],
        )
        for number, (_, code, _, _, label) in enumerate(ROWS, start=2)
        if code
    )
    return Report(
        body=bodies()["人力资源和社会保障部"],
        year=2017,
        title="人力资源社会保障部2017年政府信息公开工作年度报告",
        period=None,
        issued=None,
        signature=(),
        contact=None,
        sections=(),
        form=form or form_2014(),
        tables=(ReportTable("statistics", form_2014(), cells),),
        notes=(),
        source_file=SourceFile("report.html", "text/html", 1, "0" * 64),
        wording=WORDING,
    )
