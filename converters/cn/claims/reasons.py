"""Why a figure of the text cannot be compared with the tables, in each language."""

from gongkai.converters.cn.claims.numerals import Exactness
from gongkai.ontology.labels import Label
from gongkai.ontology.texts import translations

OTHER_SCOPE: Label = translations("claims.other_scope")
OTHER_PERIOD: Label = translations("claims.other_period")
CUMULATIVE: Label = translations("claims.cumulative")
FILED: Label = translations("claims.filed")
CONTINUES: Label = translations("claims.continues")
OTHER_MATTERS: Label = translations("claims.other_matters")
NOT_ALL_HANDLED: Label = translations("claims.not_all_handled")
MAY_INCLUDE_CARRIED_IN: Label = translations("claims.may_include_carried_in")
SEVERAL: Label = translations("claims.several")
NO_CELL: Label = translations("claims.no_cell")
INEXACT: dict[Exactness, Label] = {
    Exactness.ROUNDED: translations("claims.rounded"),
    Exactness.APPROXIMATE: translations("claims.approximate"),
}
