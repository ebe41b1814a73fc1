"""Notes on pictures in a document that were read, or that may be tables and were not read."""

from collections.abc import Sequence

from gongkai.converters.documents.model import Place
from gongkai.ontology.labels import Label

NOT_RECOGNISED: Label = {
    "zh": "文件中有 {count} 幅图片{where}可能是表格，没有读取：请安装 gongkai-lod[ocr] 以识别，"
    "或提供以文字编排的表格",
    "en": "{count} pictures that may be its tables{where} were not read: install "
    "gongkai-lod[ocr] to read them, or give the tables as text",
}
RECOGNISED: Label = {
    "zh": "{count} 幅图片{where}中的表格由识别得出",
    "en": "pictures read by optical recognition: {count}{where}",
}
NO_TABLE: Label = {
    "zh": "另有 {count} 幅图片{where}，其中没有识别出表格",
    "en": "no table was recognised in {count} of its pictures{where}",
}
CLOSED: dict[str, Label] = {
    "elsewhere": {
        "zh": "{count} 幅图片{where}处在表格的位置，但不在文件中：请将网页连同图片保存"
        "（MHTML 或 PDF）",
        "en": "{count} pictures stand where tables would{where} and are not in the file: save the "
        "page with its pictures (as MHTML or PDF)",
    },
    "closed": {
        "zh": "{count} 幅图片{where}可能是表格，其格式无法读取：请另存为 PDF，"
        "或提供以文字编排的表格",
        "en": "{count} pictures that may be its tables{where} are in a format that cannot be read: "
        "save the document as PDF, or give the tables as text",
    },
}


def filled(label: Label, places: Sequence[Place]) -> Label:
    """``label`` with the number of the pictures and where they stand."""
    made = {}
    for lang, text in label.items():
        described = dict.fromkeys(place.describe(lang) for place in places)
        listed = ("、" if lang == "zh" else "; ").join(place for place in described if place)
        where = (f"（{listed}）" if lang == "zh" else f" ({listed})") if listed else ""
        made[lang] = text.format(count=len(places), where=where)
    return made


def before_note(place: Place, lang: str) -> str:
    """The words before a note on the picture at ``place``."""
    said = place.describe(lang)
    if lang == "zh":
        return f"图片（{said}）：" if said else "图片："
    return f"picture ({said}): " if said else "picture: "
