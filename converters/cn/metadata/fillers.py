"""Who fills in the tables of a body: the body itself, its office, or the office of a government."""

from gongkai.converters.cn.metadata.evidence import OFFICE
from gongkai.converters.cn.metadata.publisher import same_body, says_whose
from gongkai.converters.labels import fold_text
from gongkai.ontology.bodies import Body, Register
from gongkai.ontology.places import find_place

_OFFICES = ("办公室", "办公厅", "办公", "办")


def is_of_another(name: str, body: Body, register: Register) -> bool:
    """Whether ``name`` is certainly that of a body that is not ``body`` and does not report for it.

    A name without its place (财政局) is, where it is no short form of a name of ``body``: that has
    the same characters in the same order (人社局 for 人力资源和社会保障局).
    """
    if reports_for(name, body, register):
        return False
    if says_whose(name, register):
        return True
    folded = fold_text(name)
    if OFFICE.fullmatch(folded) is None or folded.endswith(_OFFICES):
        return False
    return not any(_is_short_for(folded, fold_text(one)) for one in (body.name, *body.names))


def _is_short_for(short: str, name: str) -> bool:
    characters = iter(name)
    return all(character in characters for character in short)


def reports_for(name: str, body: Body, register: Register) -> bool:
    """Whether the body called ``name`` may fill in a table of ``body``.

    It may if it is the body, a part of it named after it, or, for a government, any office of its
    place.
    """
    folded = fold_text(name)
    own = [fold_text(one) for one in (body.name, *body.names)]
    if any(folded.startswith(one) or same_body(folded, one, register) for one in own):
        return True
    if not folded.endswith(_OFFICES):
        return False
    places = {area.code for area in find_place(folded).areas}
    return any(
        _is_government(one) and places & {area.code for area in find_place(one).areas}
        for one in own
    )


def _is_government(name: str) -> bool:
    place = find_place(name)
    return name.endswith("政府") or (bool(place.areas) and not place.rest)
