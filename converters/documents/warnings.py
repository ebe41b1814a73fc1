"""Notes of readers that the commands report as warnings: what may silently make a number wrong."""

from gongkai.ontology.labels import Label

STROKES_LOST: Label = {
    "zh": "图像为黑白二值或噪点较多，穿过数字的细线与噪点无法区分："
    "用细线划去的数字可能仍按原样读取",
    "en": "the image is black and white or full of specks: a thin stroke through a digit cannot "
    "be distinguished from these, so a number that is struck out with one may be read as it "
    "stands",
}

_WARNINGS: tuple[Label, ...] = (STROKES_LOST,)


def is_warning(note: Label) -> bool:
    """Whether a note, possibly after naming a page or picture, is one of these."""
    return any(note["en"].endswith(warning["en"]) for warning in _WARNINGS)
