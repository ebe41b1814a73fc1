"""Messages on a body that no register holds: its key, its place, a code not used."""

from collections.abc import Sequence

from gongkai.converters.cn.metadata.evidence import Evidence
from gongkai.converters.documents.model import Place
from gongkai.converters.report import Note
from gongkai.ontology.bodies import Body
from gongkai.ontology.labels import Label
from gongkai.ontology.places import Area
from gongkai.ontology.texts import translations


def not_registered(body: Body) -> Label:
    """The message on every such body."""
    return translations("metadata.not_registered", body=body.name, key=body.key)


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
    messages = [not_registered(body)]
    if area is None:
        messages.append(translations("metadata.no_such_area", name=name))
    if doubts:
        messages.append(translations("metadata.area_by_source", name=name, body=body.name))
    if evidence.credit_code and code is None:
        messages.append(code_not_used(evidence.credit_code))
    return as_notes(messages, name, where)


def code_not_used(code: str) -> Label:
    """The message that a credit code in the source was not made the key."""
    return translations("metadata.code_not_used", code=code)


def as_notes(messages: Sequence[Label], printed: str, where: Place) -> tuple[Note, ...]:
    """The messages as notes."""
    return tuple(Note(message, where, printed=printed) for message in messages)
