"""What a source says of its publisher beside the name in the title."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gongkai.converters.cn.metadata.particulars import Particular
from gongkai.converters.labels import fold_text
from gongkai.ontology.bodies import Register
from gongkai.ontology.credit_code import credit_codes, division_digits
from gongkai.ontology.places import Area, division, find_place

OFFICE = re.compile(
    r"[一-鿿()、·]{2,40}(?:人民政府|政府|办公[厅室]|委员会|[局厅委署部院]|办事处|管委会|管理处"
    r"|服务处|海关|总队|支队|中心|大学|学院|医院|中学|小学|学校|[支分]行|检查总?站)(?:\([^()]+\))?"
)
"""The shape of the name of a public body."""

_OF_A_GOVERNMENT = re.compile(r"(?:人民)?政府办公?[厅室]?$")
_SITE_CODE = re.compile("[0-9]{10}")


@dataclass(frozen=True)
class Evidence:
    """Divisions that the source names, by the way they are named, and its stated publisher.

    ``official`` are given by codes (of the site, of a body's registration), ``named`` by other
    names of bodies, ``address`` by the postal address: an office may stand in a district that it
    does not govern. ``credit_code`` is the one valid unified social credit code in the source;
    ``publisher`` is the body that is said to have published it.
    """

    official: tuple[Area, ...] = ()
    named: tuple[Area, ...] = ()
    address: tuple[Area, ...] = ()
    credit_code: str | None = None
    publisher: str = ""


def read_evidence(
    particulars: Mapping[str, Sequence[Particular]],
    publisher: str,
    names: Sequence[str],
    address: str | None,
) -> Evidence:
    """The evidence in the particulars of a source, other names of bodies, and the address."""
    stated = [item.text for name in ("identifier", "address") for item in particulars.get(name, ())]
    codes = tuple(dict.fromkeys(code for text in stated for code in credit_codes(text)))
    sites = [item.text for item in particulars.get("site", ()) if _SITE_CODE.fullmatch(item.text)]
    official = [division(digits) for digits in (*map(division_digits, codes), *sites)]
    return Evidence(
        official=tuple(dict.fromkeys(area for area in official if area is not None)),
        named=places_in(names),
        address=places_in([address] if address else []),
        credit_code=codes[0] if len(codes) == 1 else None,
        publisher=publisher,
    )


def looks_like_body(text: str, register: Register) -> bool:
    """Whether ``text`` is, as a whole, the name of a body."""
    folded = fold_text(text)
    if folded in register.by_name or OFFICE.fullmatch(folded):
        return True
    place = find_place(folded)
    return bool(place.areas) and not place.rest and not place.short


def places_in(texts: Iterable[str]) -> tuple[Area, ...]:
    """The division with which each text begins, where it is a single one beyond doubt."""
    found = []
    for text in texts:
        place = find_place(fold_text(text))
        if place.area is not None and not place.short:
            found.append(place.area)
    return tuple(dict.fromkeys(found))


def is_governments_office(name: str) -> bool:
    """Whether ``name`` is the office of a government, which reports for it and for itself."""
    return _OF_A_GOVERNMENT.search(fold_text(name)) is not None
