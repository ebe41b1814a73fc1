"""Why what is read in a scan may be wrong, in the words of the report to the user."""

from gongkai.ontology.labels import Label

DIFFERENT: Label = {"zh": "两次识别的结果不同", "en": "two readings of the image differ"}
UNSURE: Label = {"zh": "图像不清晰，识别不可靠", "en": "the image is not clear enough to be sure"}
NOTHING_READ: Label = {
    "zh": "格内有印迹，无法识别",
    "en": "something is printed that cannot be read",
}
SEVERAL: Label = {
    "zh": "格内的数字分为几处，可能不是一个数",
    "en": "the figures in the cell stand apart: they may be more than one number",
}
WIDTH: Label = {
    "zh": "印迹的宽度与识别出的位数不符",
    "en": "the print is not as wide as that many digits: one may be missing or too many",
}
CUT: Label = {
    "zh": "数字与表线相接，可能不完整",
    "en": "the figures touch a line of the table: some may be hidden",
}
BROKEN_LINES: Label = {
    "zh": "表线不完整，无法确定单元格的界限",
    "en": "the lines around the cell are broken: it is not clear where it ends",
}
MERGED: Label = {
    "zh": "数字所占的列与表头不符，可能缺少表线",
    "en": "the number spans columns that its heading does not: a line may be missing",
}

STROKE: Label = {
    "zh": "印迹是一条斜线，可能是“/”而不是 1",
    "en": "the print is a slanted stroke: it may be a / and not a 1",
}

TWO_INKS: Label = {
    "zh": "数字处有两种颜色的印迹，可能被印章遮盖或经过改动",
    "en": "ink of two colours stands here: a seal or a correction may hide some of the figures",
}
LINE_THROUGH: Label = {
    "zh": "有线条穿过数字，可能已被划去",
    "en": "a line runs through the figures: some may be struck out",
}
OTHER_INK: Label = {
    "zh": "数字上有本页同样的数字所没有的印迹，可能已被划去",
    "en": "there is ink on the figures that the same digits elsewhere on the page do not have: "
    "some may be struck out",
}
BROKEN: Label = {
    "zh": "图像上笔画断缺，数字可能残缺不全",
    "en": "strokes are broken in the image: parts of the figures may be missing",
}
SEPARATOR: Label = {
    "zh": "无法确定是小数点还是千位分隔符",
    "en": "it is not clear whether a decimal point or a separator of thousands is printed",
}


def two_numbers(one: str, other: str) -> Label:
    """Why a number with a joint and more digits than the others of its column is not read."""
    return {
        "zh": f"位数多于本列其他数字，且有线条或间距不匀，可能是 {one} 和 {other} 两个数",
        "en": "it has more digits than the other numbers of its column, and a stroke or an uneven "
        f"gap: it may be two numbers, {one} and {other}",
    }
