"""The definition of a wording: what a clause must say to state a figure of a kind.

A wording is matched against a whole clause in which ``#`` stands for the figure; what stands before
it must be understood as well (``who``: by whom, when). A clause that says anything more does not
match, so that a part of a figure (网上申请3件), another figure (许可申请5件) or a comparison
(增加3件) is never taken for it.
"""

import re
from dataclasses import dataclass
from enum import Enum

from gongkai.converters.cn.claims.phrases import LEAD, WHO


class Group(Enum):
    """Kinds of figure that have the same relation to what is said before."""

    INTAKE = "intake"
    APPLICANT = "applicant"
    CARRIED_IN = "carried in"
    CARRIED_OUT = "carried out"
    HANDLED = "handled"
    OUTCOME = "outcome"
    DISPUTE = "dispute"
    RESULT = "result"
    DISCLOSURE = "disclosure"


@dataclass(frozen=True)
class ClaimWording:
    """``pattern`` matches a whole clause that states ``kinds``.

    ``bare`` says that the clause alone does not say what is counted, so that what was said before
    must be about requests; ``follows`` that it has its apparent meaning only after another figure
    of requests; ``filed`` that it counts what was newly filed or dealt with in the year, which the
    table of proceedings need not do; ``zero`` that it gives the number of each kind only if none.
    """

    group: Group
    kinds: tuple[str, ...]
    pattern: re.Pattern[str]
    bare: bool = False
    follows: bool = False
    filed: bool = False
    zero: bool = False


def wordings(
    group: Group,
    kinds: str,
    *patterns: str,
    who: bool = False,
    bare: bool = False,
    follows: bool = False,
    filed: bool = False,
    zero: bool = False,
) -> list[ClaimWording]:
    """Wordings of ``kinds`` (keys, separated by spaces); ``who``: it may name a party."""
    begins = (WHO if who else "(?P<who>)") + LEAD
    return [
        ClaimWording(
            group, tuple(kinds.split()), re.compile(begins + pattern), bare, follows, filed, zero
        )
        for pattern in patterns
    ]
