"""Why a figure of the text cannot be compared with the tables, in each language."""

from gongkai.converters.cn.claims.numerals import Exactness
from gongkai.ontology.labels import Label

OTHER_SCOPE: Label = {
    "zh": "所述范围与表不同（本机关与全辖区，或者其他机关），不作比较",
    "en": "of another scope than the tables (own office against whole area, or another body)",
}
OTHER_PERIOD: Label = {
    "zh": "所述期间不是报告年度，不作比较",
    "en": "of another period than the year of the report",
}
CUMULATIVE: Label = {
    "zh": "可能是累计数，不作比较",
    "en": "may be cumulative, over more than the year of the report",
}
FILED: Label = {
    "zh": "所述为本年新收或者办理的案件，表中可能另计以前年度的案件，不作比较",
    "en": "counts cases filed or dealt with in the year; the table may count older ones as well",
}
CONTINUES: Label = {
    "zh": "接续关于备案、上报等的说法，或者接续不能理解的说法，可能不是表中的案件，不作比较",
    "en": "continues a statement on cases put on file or the like, or has words that are not "
    "understood",
}
OTHER_MATTERS: Label = {
    "zh": "所述案件不限于政府信息公开，不作比较",
    "en": "also counts cases about other matters than open government information",
}
NOT_ALL_HANDLED: Label = {
    "zh": "正文另述撤回、终止等未答复的申请，所述不是全部办理结果，不作比较",
    "en": "the text counts requests that were withdrawn or ended separately; the table counts "
    "them as handled",
}
MAY_INCLUDE_CARRIED_IN: Label = {
    "zh": "不清楚是否含上年结转的申请，不作比较",
    "en": "it is not clear whether requests carried over from last year are included",
}
SEVERAL: Label = {
    "zh": "正文就此说了几个不同的数，可能范围不同，不作比较",
    "en": "the text states different figures for this, which may be of different scope",
}
NO_CELL: Label = {
    "zh": "报告的表中没有与之对应的单元格",
    "en": "no table of the report has cells for this",
}
INEXACT: dict[Exactness, Label] = {
    Exactness.ROUNDED: {
        "zh": "所述为约数（以万计），不作比较",
        "en": "rounded to ten thousands or the like",
    },
    Exactness.APPROXIMATE: {
        "zh": "所述为概数，不作比较",
        "en": "approximate, as the text itself says",
    },
}
