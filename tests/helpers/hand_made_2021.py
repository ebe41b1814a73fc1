"""A report in the form of 2021, typed by hand, every number different."""

from decimal import Decimal

DISCLOSURE = """第二十条第（一）项
信息内容
本年制发件数
本年废止件数
现行有效件数
规章
1
2
3
行政规范性文件
4
5
6
第二十条第（五）项
信息内容
本年处理决定数量
行政许可
7
第二十条第（六）项
信息内容
本年处理决定数量
行政处罚
8
行政强制
9
第二十条第（八）项
信息内容
本年收费金额（单位：万元）
行政事业性收费
4068.208""".splitlines()
HEAD = """（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）
申请人情况
自然人
法人或其他组织
总计
商业企业
科研机构
社会公益组织
法律服务机构
其他""".splitlines()
ROWS = [
    ("received", "一、本年新收政府信息公开申请数量"),
    ("carried-in", "二、上年结转政府信息公开申请数量"),
    (None, "三、本年度办理结果"),
    ("granted", "（一）予以公开"),
    ("partly-granted", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）"),
    (None, "（三）不予公开"),
    ("withheld-state-secret", "1.属于国家秘密"),
    ("withheld-prohibited-by-law", "2.其他法律行政法规禁止公开"),
    ("withheld-security-stability", "3.危及“三安全一稳定”"),
    ("withheld-third-party", "4.保护第三方合法权益"),
    ("withheld-internal-affairs", "5.属于三类内部事务信息"),
    ("withheld-process", "6.属于四类过程性信息"),
    ("withheld-enforcement-file", "7.属于行政执法案卷"),
    ("withheld-administrative-query", "8.属于行政查询事项"),
    (None, "（四）无法提供"),
    ("unavailable-not-held", "1.本机关不掌握相关政府信息"),
    ("unavailable-to-be-created", "2.没有现成信息需要另行制作"),
    ("unavailable-unclear", "3.补正后申请内容仍不明确"),
    (None, "（五）不予处理"),
    ("not-processed-petition", "1.信访举报投诉类申请"),
    ("not-processed-repeated", "2.重复申请"),
    ("not-processed-publication", "3.要求提供公开出版物"),
    ("not-processed-excessive", "4.无正当理由大量反复申请"),
    ("not-processed-confirmation", "5.要求行政机关确认或重新出具已获取信息"),
    (None, "（六）其他处理"),
    ("other-not-corrected", "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"),
    (
        "other-fee-unpaid",
        "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
    ),
    ("other-remaining", "3.其他"),
    ("handled", "（七）总计"),
    ("carried-out", "四、结转下年度继续办理"),
]
APPLICANTS = [
    "natural-person",
    "business",
    "research",
    "social-welfare",
    "legal-service",
    "other-organisation",
    "total",
]
DISPUTES_HEAD = [
    "行政复议",
    "行政诉讼",
    "结果维持",
    "结果纠正",
    "其他结果",
    "尚未审结",
    "总计",
    "未经复议直接起诉",
    "复议后起诉",
    "结果维持",
    "结果纠正",
    "其他结果",
    "尚未审结",
    "总计",
    "结果维持",
    "结果纠正",
    "其他结果",
    "尚未审结",
    "总计",
]


def written(rows: list[tuple[str | None, str]]) -> tuple[list[str], dict[tuple[str, ...], Decimal]]:
    """The lines of a report, and the values that they hold by cube and codes."""
    lines = ["民政部2023年政府信息公开工作年度报告", "一、总体情况", "一段文字。"]
    lines += ["二、主动公开政府信息情况", *DISCLOSURE]
    values: dict[tuple[str, ...], Decimal] = {
        ("disclosure", item, indicator): Decimal(number)
        for item, indicator, number in (
            ("regulations", "issued", "1"),
            ("regulations", "repealed", "2"),
            ("regulations", "in-force", "3"),
            ("normative-documents", "issued", "4"),
            ("normative-documents", "repealed", "5"),
            ("normative-documents", "in-force", "6"),
            ("licensing", "decisions", "7"),
            ("penalties", "decisions", "8"),
            ("coercive-measures", "decisions", "9"),
            ("charges", "charge-amount", "4068.208"),
        )
    }
    lines += ["三、收到和处理政府信息公开申请情况", *HEAD]
    number = 1000
    for key, label in rows:
        lines.append(label)
        if key is not None:
            for applicant in APPLICANTS:
                values["requests", applicant, key] = Decimal(number)
                lines.append(str(number))
                number += 1
    lines += ["四、政府信息公开行政复议、行政诉讼情况", *DISPUTES_HEAD]
    for proceeding in ("reconsideration", "litigation-direct", "litigation-after-reconsideration"):
        for result in ("upheld", "corrected", "other", "pending", "total"):
            values["disputes", proceeding, result] = Decimal(number)
            lines.append(str(number))
            number += 1
    lines += ["五、存在的主要问题及改进情况", "一段文字。", "六、其他需要报告的事项", "无。"]
    return [*lines, "民政部", "2024年1月15日"], values
