"""The body and the year of a report: title, body, period, date of issue, contact particulars."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gongkai.converters.cn.metadata.contact import read_contact
from gongkai.converters.cn.metadata.dates import date_alone, first_date, with_digits
from gongkai.converters.cn.metadata.evidence import (
    Evidence,
    is_governments_office,
    looks_like_body,
    read_evidence,
)
from gongkai.converters.cn.metadata.particulars import Particular, read_particulars
from gongkai.converters.cn.metadata.publisher import (
    ASK,
    declared_body,
    identify,
)
from gongkai.converters.cn.metadata.title import (
    HEAD,
    Title,
    choose_title,
    find_short_title,
    find_titles,
    head_length,
)
from gongkai.converters.cn.metadata.years import declared_titles, find_period, find_year
from gongkai.converters.documents.model import Document, Place, TextBlock
from gongkai.converters.errors import UnreadableSource, unreadable_at
from gongkai.converters.labels import fold_text
from gongkai.converters.report import Contact, Note
from gongkai.ontology.bodies import Body, Register, load_register
from gongkai.ontology.labels import Label
from gongkai.ontology.own_names import own_name
from gongkai.ontology.texts import translations

_TAIL = 10
"""The number of last blocks in which signature and date are looked for."""

_UNDER_TITLE = 3
"""The number of lines under the title in which body and date may stand."""

_COMPILED = re.compile(r"本(?:年度)?报告由(.{4,40}?)(?:根据|按照|依据|依照|编制)")


@dataclass(frozen=True)
class Metadata:
    """What the text around the tables says of the report as a whole.

    ``title_blocks`` are the lines of the title, none where the source only declares it.
    """

    body: Body
    year: int
    title: str
    title_place: Place
    period: tuple[date, date] | None
    issued: date | None
    issued_block: TextBlock | None
    contact: Contact | None
    notes: tuple[Note, ...]
    title_blocks: tuple[TextBlock, ...] = ()


def read_metadata(
    document: Document, blocks: Sequence[TextBlock], register: Register | None = None
) -> Metadata:
    """Read the particulars of a report in ``document`` whose own text is ``blocks``.

    ``document.declared`` may hold, beside the source's own declarations, ``body`` (a key, a credit
    code or a full name) and ``year``, which the operator sets and which decide; and ``site``, the
    site's identification code (网站标识码).

    Raises UnreadableSource where title, year or body is not known, or is ambiguous: nothing else
    can replace them, since every URI of the report is made of body and year.
    """
    register = register or load_register()
    head = blocks[: head_length(blocks)]
    particulars = read_particulars(document, head)
    notes: list[Note] = []
    title = _find_title(blocks, particulars, register)
    period = find_period(blocks, len(head))
    year = find_year(title, period, particulars, head, notes)
    contact = read_contact(blocks)
    body = _find_body(title, blocks, particulars, contact, register, notes)
    issued_block, issued = _find_issued(title, blocks, particulars, notes)
    return Metadata(
        body=body,
        year=year,
        title=title.text or _made_title(body, year, notes),
        title_place=title.place,
        period=(period.begin, period.end) if period else None,
        issued=issued,
        issued_block=issued_block,
        contact=contact,
        notes=tuple(notes),
        title_blocks=title.lines,
    )


def _find_title(
    blocks: Sequence[TextBlock],
    particulars: dict[str, tuple[Particular, ...]],
    register: Register,
) -> Title:
    """The title that is printed, or declared; where there is none, one made of the overrides.

    ``body`` and ``year`` set by the operator are enough.
    """
    declared = next(iter(declared_titles(particulars)), None)

    def is_body(text: str) -> bool:
        return looks_like_body(text, register) or own_name(fold_text(text)) is not None

    titles = list(find_titles(blocks, is_body))
    chosen = choose_title(titles, blocks, declared) or declared
    chosen = chosen or find_short_title(blocks, is_body)
    if chosen is not None and not (chosen.years and "year" not in particulars):
        return chosen
    if chosen is None and ("body" in particulars or "year" in particulars):
        return Title("", (), None, "", None)
    named: Label | str = ""
    if chosen is not None:
        texts = [str(year) for year in chosen.years]
        years = {"zh": "、".join(texts), "en": " and ".join(texts)}
        named = translations("unreadable.cn.title_of_years", title=chosen.text, years=years)
    raise UnreadableSource(translations("unreadable.cn.no_title", lines=HEAD, named=named, ask=ASK))


def _made_title(body: Body, year: int, notes: list[Note]) -> str:
    """A title for a report that has none: its body and its year."""
    title = f"{body.name}{year}年政府信息公开工作年度报告"
    notes.append(Note(translations("metadata.title_made", title=title)))
    return title


def _find_body(
    title: Title,
    blocks: Sequence[TextBlock],
    particulars: dict[str, tuple[Particular, ...]],
    contact: Contact | None,
    register: Register,
    notes: list[Note],
) -> Body:
    signatures = _signatures(title, blocks, register)
    publishers = [item.text for item in particulars.get("publisher", ())]
    compiled = _COMPILED.search(with_digits("".join(b.text for b in blocks[:HEAD])))
    publisher = publishers[0] if publishers else ""
    others = [*signatures, *publishers, *([compiled[1]] if compiled else [])]
    address = contact.address if contact else None
    evidence = read_evidence(particulars, publisher, others, address)
    declared = particulars["body"][0].text if "body" in particulars else None
    if declared is not None:
        named = declared_body(declared, title.name, register, title.place)
        body, said = named or identify(declared, evidence, register, title.place, declared=True)
        notes.extend(said)
        notes.extend(_contradicted(body, title, evidence, register))
        return body
    if title.name:
        body, said = identify(title.name, evidence, register, title.place)
        notes.extend(said)
        return body
    if title.issuer:
        signatures = [title.issuer, *signatures]
    found_in, name = _name_elsewhere(title, signatures, publisher, register)
    body, said = identify(name, evidence, register, title.place)
    notes.append(
        Note(
            translations("metadata.body_from", name=name, source=found_in),
            title.place,
            printed=title.text,
        )
    )
    notes.extend(said)
    return body


def _contradicted(
    body: Body, title: Title, evidence: Evidence, register: Register
) -> tuple[Note, ...]:
    """A note where the title names a body other than the one that the operator set."""
    if not title.name or fold_text(title.name) in map(fold_text, body.names):
        return ()
    try:
        other, _ = identify(title.name, evidence, register, title.place)
    except UnreadableSource:
        # For a name that several bodies have (区统计局), the operator is asked to set the body.
        return ()
    if other.key == body.key:
        return ()
    message = translations("metadata.body_overruled", body=body.name, title=title.text)
    return (Note(message, title.place, printed=title.text),)


def _name_elsewhere(
    title: Title, signatures: Sequence[str], publisher: str, register: Register
) -> tuple[Label, str]:
    """The body's name where the title has none, and where it was found."""
    registered = {
        register.by_name[fold_text(name)].key: name
        for name in signatures
        if fold_text(name) in register.by_name
    }
    names = list(registered.values()) or list(dict.fromkeys(map(fold_text, signatures)))
    found_in = translations("metadata.source.signature")
    if not names and publisher:
        names, found_in = [publisher], translations("metadata.source.publisher")
    if len(names) != 1:
        raise unreadable_at(title.place, translations("unreadable.cn.no_body", ask=ASK))
    if is_governments_office(names[0]):
        why = translations("unreadable.cn.governments_office", name=names[0], ask=ASK)
        raise unreadable_at(title.place, why)
    return found_in, names[0]


def _signatures(title: Title, blocks: Sequence[TextBlock], register: Register) -> list[str]:
    """Names of bodies that stand in lines of their own: under the title, and at the end."""
    under = [] if title.last is None else blocks[title.last + 1 :][:_UNDER_TITLE]
    tail = [block for block in blocks[-_TAIL:] if block not in title.lines]
    return [
        block.text
        for block in dict.fromkeys((*under, *tail))
        if looks_like_body(block.text, register)
    ]


def _find_issued(
    title: Title,
    blocks: Sequence[TextBlock],
    particulars: dict[str, tuple[Particular, ...]],
    notes: list[Note],
) -> tuple[TextBlock | None, date | None]:
    """The date of issue, and the block that consists of it.

    The date of the signature takes precedence over that under the title, and that over the page's.
    """
    under = [] if title.last is None else blocks[title.last + 1 :][:_UNDER_TITLE]
    for block in (*reversed(blocks[-_TAIL:]), *under):
        issued = date_alone(block.text)
        if issued is not None:
            return block, issued
    for item in particulars.get("issued", ()):
        issued = first_date(item.text)
        if issued is not None:
            return None, issued
    notes.append(Note(translations("metadata.no_date_of_issue")))
    return None, None
