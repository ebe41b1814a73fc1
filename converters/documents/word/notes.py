"""Messages about Word documents: doubts about cells, notes on the whole."""

from gongkai.ontology.labels import Label
from gongkai.ontology.texts import translations

NUMBERED = translations("documents.word.numbered")
UNSETTLED = translations("documents.word.unsettled")
CHANGED = translations("documents.word.changed")
COVERED = translations("documents.word.covered")
UNCLOSED = translations("documents.word.unclosed")
OTHER_FORMAT = translations("documents.word.other_format")
IN_MARGIN = translations("documents.word.in_margin")


def join(doubts: list[Label]) -> Label:
    """Several doubts as one, each said once."""
    distinct = list({doubt["en"]: doubt for doubt in doubts}.values())
    return {
        "zh": "；".join(doubt["zh"] for doubt in distinct),
        "en": "; ".join(doubt["en"] for doubt in distinct),
    }
