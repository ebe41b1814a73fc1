"""Messages about Word documents: doubts about cells, notes on the whole."""

from gongkai.ontology.labels import Label

NUMBERED = {
    "zh": "单元格内只有自动编号",
    "en": "the cell holds nothing but an automatic number",
}
UNSETTLED = {
    "zh": "该行单元格有未接受的修订",
    "en": "cells of the row were inserted, removed or merged by changes that are not accepted yet",
}
CHANGED = {
    "zh": "有未接受的修订，修改前后不同",
    "en": "a tracked change that is not accepted: before and after differ",
}
COVERED = {
    "zh": "合并单元格遮住的部分还有文字",
    "en": "there is more text in the part that the merged cell covers",
}
UNCLOSED = {"zh": "域没有结束", "en": "a field that is not closed"}


OTHER_FORMAT = {
    "zh": "文档嵌入了另一种格式的内容，未读取",
    "en": "the document includes a piece in another format, which was not read",
}
CHANGES = {
    "zh": "文档有 {} 处未接受的修订，按全部接受读取",
    "en": "the document has {} tracked changes that are not accepted: read as if they were",
}
HIDDEN = {
    "zh": "有 {} 个段落含隐藏文字，未读取",
    "en": "hidden text in {} paragraphs was left out",
}
HIDDEN_ROWS = {"zh": "有 {} 个隐藏的表格行，未读取", "en": "{} hidden table rows were left out"}
ROWS_LEFT_OUT = {
    "zh": "有 {} 个隐藏或被修订删除的表格行，未读取",
    "en": "{} table rows that are hidden, or that tracked changes remove, were left out",
}
PICTURES = {
    "zh": "文档有 {} 幅图片，其中文字未读取",
    "en": "the document has {} pictures; text in them was not read",
}
UNKNOWN_NUMBERS = {
    "zh": "有 {} 个段落的自动编号格式“{}”未知，编号未读取",
    "en": "the automatic numbers of {} paragraphs are of an unknown format ({}) and were not read",
}


def join(doubts: list[Label]) -> Label:
    """Several doubts as one, each said once."""
    distinct = list({doubt["en"]: doubt for doubt in doubts}.values())
    return {
        "zh": "；".join(doubt["zh"] for doubt in distinct),
        "en": "; ".join(doubt["en"] for doubt in distinct),
    }
