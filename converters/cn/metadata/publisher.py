"""The reporting body: from a name, and other evidence of its place, to a body with a key.

Two bodies under one key would be a wrong number, one body under two keys only a loss. So a name
that fits several bodies, or that does not name its place, is refused unless there is evidence.
"""

import re

from gongkai.converters.cn.metadata.body_notes import (
    as_notes,
    code_not_used,
    not_registered,
    unregistered_notes,
)
from gongkai.converters.cn.metadata.evidence import OFFICE, Evidence
from gongkai.converters.documents.model import Place
from gongkai.converters.errors import UnreadableSource, unreadable_at
from gongkai.converters.labels import fold_text
from gongkai.converters.report import Note
from gongkai.ontology.bodies import Body, Origin, Register
from gongkai.ontology.credit_code import division_digits, is_credit_code
from gongkai.ontology.keys import PROVISIONAL, office_name, provisional_key
from gongkai.ontology.own_names import OwnName, own_name, without_state
from gongkai.ontology.places import (
    KEPT_AS_PRINTED,
    Area,
    PlaceReading,
    areas,
    chain,
    division,
    find_place,
    full_name,
    leaves_out_its_place,
    lies_in,
    split_kind,
)
from gongkai.ontology.texts import translations

# Hardly any two counties have the same name; districts (城东区), towns and zones often do.
_UNKNOWN_COUNTY = re.compile(
    r"(?!国家|中国|中华|全国)[^省市县区旗州盟镇乡]{2,6}[县旗市州盟](?!场|政|容|民|监)"
)
_ZONE = re.compile(
    r"([^省市县区旗州盟镇乡]{2,4}?)(?:国家级|省级)?(?:经济|高新|工业|产业|技术|开发|现代|综合|循环)+\w*?区"
)

ENDS_AS_A_BODY = re.compile(
    r"[省市县区旗州盟镇乡村场道府局委办厅署处部院会关站队校学司团室所社厂园心库行台馆段组协联线地户民师](?:\([^()]*\)|〔[^〔〕]*〕)*$"
)
_FULL_NAME = re.compile(r"(?=.*[一-鿿]{2})[一-鿿0-9][一-鿿0-9A-Za-z()〔〕《》·、]{3,}")
ASK = translations("unreadable.cn.ask")


def identify(
    name: str, evidence: Evidence, register: Register, where: Place, declared: bool = False
) -> tuple[Body, tuple[Note, ...]]:
    """The body called ``name``, and the messages on how it was found.

    ``declared`` is a name that the operator gave: it is taken as complete. Raises UnreadableSource
    where the name is not that of one body only.
    """
    folded = fold_text(name)
    registered = register.by_name.get(folded)
    if registered is not None:
        if not declared:
            _refuse_elsewhere(name, registered, evidence, where)
        return registered, ()
    place = find_place(folded)
    own = None if place.areas else own_name(folded)
    if own is not None:
        return _by_own_name(name, folded, own, evidence, register, where)
    if not declared and place.rest and not ENDS_AS_A_BODY.search(place.rest):
        raise unreadable_at(
            where, translations("unreadable.cn.name_ends_otherwise", name=name, ask=ASK)
        )
    if any(_begins_with_place(folded[cut.end() :]) for cut in re.finditer("[、和及与]", folded)):
        raise unreadable_at(where, translations("unreadable.cn.several_bodies", name=name, ask=ASK))
    area, office, doubts = _locate(folded, place, evidence)
    if area is not None:
        if not declared:
            _refuse_contradiction(name, area, place, evidence, where)
        office = office_name(office, area.name)
        registered = register.by_place.get((area.code, office))
        if registered is not None:
            return registered, ()
    code = _own_code(folded, area, office, evidence)
    if code is not None and code in register.by_key:
        return register.by_key[code], ()
    if area is None and code is None and not (declared and _may_be_whole(folded, place)):
        _refuse_unclear(name, folded, place, where)
    body = _unregistered(folded, area, office, code)
    return body, unregistered_notes(body, name, area, code, evidence, doubts, where)


def says_whose(text: str, register: Register) -> bool:
    """Whether ``text`` is, as a whole, a body's name that identifies it, if only with its place.

    Stricter than ``looks_like_body``: 政府 alone is no such name, nor 四、政府.
    """
    folded = fold_text(text)
    place = find_place(folded)
    if folded in register.by_name or (place.areas and not place.rest):
        return True
    known = place.areas or leaves_out_its_place(folded) or _UNKNOWN_COUNTY.match(folded)
    return bool(known and OFFICE.fullmatch(folded)) or own_name(folded) is not None


def _begins_with_place(words: str) -> bool:
    place = find_place(words)
    return bool(place.areas) and not place.short


def same_body(one: str, other: str, register: Register) -> bool:
    """Whether two names may be those of one body, so that neither contradicts the other."""
    first, second = fold_text(one), fold_text(other)
    if first.endswith(second) or second.endswith(first):
        return True
    if first in register.by_name and second in register.by_name:
        return register.by_name[first].key == register.by_name[second].key
    places = find_place(first), find_place(second)
    offices = [
        {(area.code, office_name(place.rest, area.name)) for area in place.areas}
        for place in places
    ]
    return bool(offices[0] & offices[1])


def _by_own_name(
    name: str,
    folded: str,
    own: OwnName,
    evidence: Evidence,
    register: Register,
    where: Place,
) -> tuple[Body, tuple[Note, ...]]:
    """The only body with this name, which is kept as printed."""
    bare = without_state(folded)
    if bare in register.by_name:
        return register.by_name[bare], ()
    found = list(own.place.areas)
    if found and own.place.area is None:
        found = _fitting(own.place, evidence)
        if len(found) != 1:
            _refuse_unclear(name, folded, own.place, where)
    code = _own_code(folded, None, "", evidence)
    if code is not None and code in register.by_key:
        return register.by_key[code], ()
    area = found[0].code if found else None
    # The name alone does not distinguish two bodies of several places.
    doubtful = bool(found) and own.place.area is None
    key = provisional_key(area if doubtful else None, bare)
    body = _new_body(_as_printed(folded), folded, area, key, code)
    messages = [not_registered(body)]
    if evidence.credit_code and code is None:
        messages.append(code_not_used(evidence.credit_code))
    return body, as_notes(messages, name, where)


def _locate(
    folded: str, place: PlaceReading, evidence: Evidence
) -> tuple[Area | None, str, list[str]]:
    """The division that the body belongs to, if it is certain, and its name there."""
    hints = (*evidence.official, *evidence.named)
    if place.areas:
        fitting = _fitting(place, evidence)
        return (fitting[0], place.rest, []) if len(fitting) == 1 else (None, folded, [])
    kind, office = split_kind(folded)
    if kind and OFFICE.fullmatch(office):
        above = {
            area.code: area
            for hint in (evidence.official or evidence.named)
            for area in chain(hint)
            if area.name.endswith(kind) and not area.is_town
        }
        if len(above) == 1:
            return next(iter(above.values())), office, []
        return None, folded, []
    counties = {hint.code: hint for hint in hints if not _UNKNOWN_COUNTY.match(folded)}
    if len(counties) == 1 and re.match(r"[^省市县]{2,5}?(?:街道|[镇乡区])", folded):
        (hint,) = counties.values()
        if hint.is_county:
            # A town or a zone that is not in the list, in a county that is named.
            return hint, folded, ["place"]
    return None, folded, []


def _fitting(place: PlaceReading, evidence: Evidence) -> list[Area]:
    """The divisions of that name that all other evidence in the source allows."""
    found = list(place.areas)
    if place.area is not None:
        return found
    for hints in (evidence.official, evidence.named, evidence.address):
        kept = [area for area in found if any(_may_meet(area, hint) for hint in hints)]
        if kept:
            found = kept
            if len(found) == 1:
                return found
    return [] if len(found) == 1 else found


def _may_meet(one: Area, other: Area) -> bool:
    return lies_in(one, other) or lies_in(other, one)


def _same_prefecture(one: Area, other: Area) -> bool:
    return one.code[:4] == other.code[:4] or _may_meet(one, other)


def _refuse_elsewhere(name: str, body: Body, evidence: Evidence, where: Place) -> None:
    """A name such as 发改委 is that of the central body, and also of every county's office."""
    elsewhere = evidence.official or (
        evidence.named if body.origin is Origin.PACKAGED and body.area is None else ()
    )
    if not elsewhere:
        return
    home = areas().get(body.area or "")
    if home is not None and any(_same_prefecture(home, area) for area in elsewhere):
        return
    if home is None and body.origin is Origin.OPERATOR:
        return
    why = translations(
        "unreadable.cn.body_of_elsewhere",
        name=name,
        body=body.name,
        key=body.key,
        place=full_name(elsewhere[0]),
        ask=ASK,
    )
    raise unreadable_at(where, why)


def _refuse_contradiction(
    name: str, area: Area, place: PlaceReading, evidence: Evidence, where: Place
) -> None:
    if place.parent_named or not evidence.official:
        return
    if not any(_same_prefecture(area, other) for other in evidence.official):
        why = translations(
            "unreadable.cn.name_of_elsewhere",
            name=name,
            area=full_name(area),
            place=full_name(evidence.official[0]),
            ask=ASK,
        )
        raise unreadable_at(where, why)


def _may_be_whole(folded: str, place: PlaceReading) -> bool:
    """Whether a name that the operator gave can be taken as complete."""
    return not place.areas and not leaves_out_its_place(folded)


def _refuse_unclear(name: str, folded: str, place: PlaceReading, where: Place) -> None:
    if not place.areas and _is_specific(folded):
        return
    known = [full_name(area) + place.rest for area in place.areas[:6]]
    if len(known) > 1:
        why = translations(
            "unreadable.cn.body_ambiguous", name=name, names="、".join(known), ask=ASK
        )
    elif known:
        why = translations(
            "unreadable.cn.place_ambiguous",
            name=name,
            place=place.areas[0].name,
            known=known[0],
            ask=ASK,
        )
    else:
        why = translations("unreadable.cn.body_without_place", name=name, ask=ASK)
    raise unreadable_at(where, why)


def _is_specific(folded: str) -> bool:
    """Whether a name without a known place is nevertheless hardly that of two bodies."""
    zone = _ZONE.match(folded)
    if zone:
        counties = [area for area in areas().values() if area.name[:-1] == zone[1]]
        return len({area.code for area in counties if not area.is_town}) == 1
    return bool(_UNKNOWN_COUNTY.match(folded)) and bool(OFFICE.fullmatch(folded))


def _own_code(folded: str, area: Area | None, office: str, evidence: Evidence) -> str | None:
    """The credit code in the source, if the body of that name is said to have published it.

    Otherwise it may be the code of the office whose page it is, which publishes the reports of its
    government, or of every bureau.
    """
    code, publisher = evidence.credit_code, fold_text(evidence.publisher)
    if code is None or not publisher:
        return None
    if area is None:
        return code if publisher == folded else None
    other = find_place(publisher)
    registered_in = division(division_digits(code))
    if registered_in is None or not _same_prefecture(area, registered_in):
        return None
    same = area in other.areas and office_name(other.rest, area.name) == office
    return code if same or publisher == folded else None


def _unregistered(folded: str, area: Area | None, office: str, code: str | None) -> Body:
    kept = area is None or KEPT_AS_PRINTED.search(office)
    name = folded if kept or area is None else full_name(area) + office
    place = area.code if area else None
    key = provisional_key(place, office if area else folded)
    return _new_body(_as_printed(name), folded, place, key, code)


def _as_printed(folded: str) -> str:
    """A name with full-width brackets, as usual in Chinese, which folding makes half as wide."""
    return folded.replace("(", "（").replace(")", "）")


def _new_body(name: str, folded: str, area: str | None, key: str, code: str | None) -> Body:
    return Body(
        key=code or key,
        name=name,
        english_name=name,
        names=tuple(dict.fromkeys((name, folded))),
        spatial=None,
        area=area,
        origin=Origin.REPORT,
        credit_codes=(code,) if code else (),
        former_keys=(key,) if code else (),
    )


def declared_body(
    declared: str, name: str, register: Register, where: Place
) -> tuple[Body, tuple[Note, ...]] | None:
    """The body that the operator means by a key or a credit code; None where it is a name."""
    if declared in register.by_key:
        return register.by_key[declared], ()
    if declared.startswith(PROVISIONAL):
        raise UnreadableSource(translations("unreadable.cn.provisional_key", key=declared))
    if not is_credit_code(declared) and not _FULL_NAME.fullmatch(fold_text(declared)):
        raise UnreadableSource(translations("unreadable.cn.no_key", text=declared))
    if is_credit_code(declared):
        place = find_place(fold_text(name))
        office = office_name(place.rest, place.area.name) if place.area else fold_text(name)
        body = _unregistered(fold_text(name) or declared, place.area, office, declared)
        return body, as_notes([not_registered(body)], declared, where)
    return None
