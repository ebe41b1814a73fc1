"""What a wording is: what a clause must say to state a figure of a kind.

A wording is matched against a whole clause in which ``#`` stands for the figure; what stands
before it must be understood as well (``who``: by whom, when). A clause that says anything more is
no wording of ours, so that a part of a figure (网上申请3件), another figure (许可申请5件) or a
comparison (增加3件) is never taken for it.
"""

import re
from dataclasses import dataclass
from enum import Enum

from gongkai.converters.cn.claims.phrases import LEAD, WHO


class Group(Enum):
    """Kinds of figure that stand in the same relation to what is said before."""

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
class Wording:
    """``pattern`` matches a whole clause that states ``kinds``.

    ``bare`` tells that the clause alone does not say what is counted, so that what was said before
    must be of requests; ``follows`` that it only counts what it seems to after another figure of
    requests; ``filed`` that it counts what was newly filed or dealt with in the year, which the
    table of proceedings need not do; ``zero`` that it says how many of each kind only if none.
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
) -> list[Wording]:
    """Wordings of ``kinds`` (keys, by spaces); ``who``: it may say of whom it speaks."""
    begins = (WHO if who else "(?P<who>)") + LEAD
    return [
        Wording(
            group, tuple(kinds.split()), re.compile(begins + pattern), bare, follows, filed, zero
        )
        for pattern in patterns
    ]
