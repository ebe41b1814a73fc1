"""Why what is read in a scan may be wrong, in the words of the report to the user."""

from gongkai.ontology.labels import Label
from gongkai.ontology.texts import translations

DIFFERENT: Label = translations("documents.scan.different")
UNSURE: Label = translations("documents.scan.unsure")
NOTHING_READ: Label = translations("documents.scan.nothing_read")
SEVERAL: Label = translations("documents.scan.several")
WIDTH: Label = translations("documents.scan.width")
CUT: Label = translations("documents.scan.cut")
BROKEN_LINES: Label = translations("documents.scan.broken_lines")
MERGED: Label = translations("documents.scan.merged")

STROKE: Label = translations("documents.scan.stroke")

TWO_INKS: Label = translations("documents.scan.two_inks")
LINE_THROUGH: Label = translations("documents.scan.line_through")
OTHER_INK: Label = translations("documents.scan.other_ink")
BROKEN: Label = translations("documents.scan.broken")
SEPARATOR: Label = translations("documents.scan.separator")


def two_numbers(one: str, other: str) -> Label:
    """Why a number with a joint and more digits than the others of its column is not read."""
    return translations("documents.scan.two_numbers", one=one, other=other)
