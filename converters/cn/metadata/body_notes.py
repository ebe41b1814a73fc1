"""Messages on a body that no register holds: its key, its place, a code not used."""

from collections.abc import Sequence

from gongkai.converters.cn.metadata.evidence import Evidence
from gongkai.converters.documents.model import Place
from gongkai.converters.report import Note
from gongkai.ontology.bodies import Body
from gongkai.ontology.places import Area

NOT_REGISTERED: tuple[str, str] = (
    "机构“BODY”未登记，暂以 KEY 为标识，英文名称暂同中文",
    "the body “BODY” is not registered; for now its key is KEY, and its English name is the "
    "Chinese one",
)
"""The message on every such body, in Chinese and English; BODY and KEY are filled in."""


def unregistered_notes(
    body: Body,
    name: str,
    area: Area | None,
    code: str | None,
    evidence: Evidence,
    doubts: Sequence[str],
    where: Place,
) -> tuple[Note, ...]:
    """The messages on ``body``, depending on how it was found by ``name`` and the evidence."""
    messages = [NOT_REGISTERED]
    if area is None:
        messages.append(
            (
                f"区划表中没有“{name}”所称的地方，或者不能确定是哪一处",
                f"the place in “{name}” is not known, or may be one of several: compare the "
                "source, the name may be misspelt",
            )
        )
    if doubts:
        messages.append(
            (
                f"“{name}”所称的地方不在区划表中，按来源所示归于{body.name}",
                f"the place in “{name}” is not in the list of divisions; the county is known from "
                "other parts of the source",
            )
        )
    if evidence.credit_code and code is None:
        messages.append(code_not_used(evidence.credit_code))
    return as_notes(messages, body, name, where)


def code_not_used(code: str) -> tuple[str, str]:
    """The message that a credit code in the source was not made the key, in Chinese and English."""
    return (
        f"来源中的统一社会信用代码 {code} 可能属于其他机构，未用作标识",
        f"the unified social credit code {code} in the source may be another body's and was not "
        "made the key",
    )


def as_notes(
    messages: Sequence[tuple[str, str]], body: Body, printed: str, where: Place
) -> tuple[Note, ...]:
    """The messages as notes, with the name and key of ``body`` filled in."""
    filled = [
        [text.replace("BODY", body.name).replace("KEY", body.key) for text in pair]
        for pair in messages
    ]
    return tuple(Note({"zh": zh, "en": en}, where, printed=printed) for zh, en in filled)
