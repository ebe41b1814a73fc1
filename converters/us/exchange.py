"""The NIEM exchange of a FOIA annual report: agency, components, and the organisation of a block.

Department of Justice, FOIA Annual Report Exchange 1.03 (namespaces ``exchange``, ``extension``): a
section holds data blocks with an id, and associations that link a block to an organisation. They
are joined by these references, never by their order.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from lxml import etree

from gongkai.converters.documents.archive import safe_parser
from gongkai.converters.documents.limits import Limits
from gongkai.converters.errors import UnreadableSource
from gongkai.converters.us.names import component_key, distinct_key
from gongkai.ontology.texts import translations

ROOT = "FoiaAnnualReport"
_STRUCTURES = "{http://niem.gov/niem/structures/2.0}"
_VERSIONS = ("1.02", "1.03")
_YEARS = range(1975, 2100)
"""Agencies have reported to Congress each year since the amendments of 1974 to the Act."""

_EXTENSION = "http://leisp.usdoj.gov/niem/FoiaAnnualReport/exchange/"


@dataclass(frozen=True)
class Organisation:
    """The agency or one of its components: its id in the file, abbreviation, name, and our key."""

    id: str
    abbreviation: str
    name: str
    key: str


@dataclass(frozen=True)
class Exchange:
    """A report in the exchange: its root, the agency, components, and both by their ids."""

    root: etree._Element
    agency: Organisation
    components: tuple[Organisation, ...]
    organisations: dict[str, Organisation]
    year: int


def name_of(element: etree._Element) -> str:
    """The name of an element without its namespace."""
    return str(etree.QName(element).localname)


def text_of(element: etree._Element) -> str:
    """The text of an element without white space around it."""
    if len(element):
        return (element.text or "").strip()
    return "".join(map(str, element.itertext())).strip()


def line_of(element: etree._Element) -> int | None:
    """The line of the file on which an element begins."""
    line = element.sourceline
    return line if isinstance(line, int) else None


def id_of(element: etree._Element) -> str:
    """The id (``s:id``) of a block or organisation; empty where it has none."""
    return str(element.get(_STRUCTURES + "id") or "")


def read_exchange(data: bytes, limits: Limits) -> Exchange:
    """The exchange in ``data``.

    Raises UnreadableSource where it is damaged, of another version, or names no agency or year.
    """
    root = _parsed(data, limits)
    namespace = str(etree.QName(root).namespace or "")
    if namespace.removeprefix(_EXTENSION) not in _VERSIONS:
        versions = {"zh": "、".join(_VERSIONS), "en": " and ".join(_VERSIONS)}
        raise UnreadableSource(
            translations("unreadable.us.version", namespace=namespace, versions=versions)
        )
    years = [e for e in root if name_of(e) in ("DocumentFiscalYearDate", "DocumentFiscalYear")]
    year = text_of(years[0]) if years else ""
    if not re.fullmatch("[0-9]{4}", year) or int(year) not in _YEARS:
        raise UnreadableSource(translations("unreadable.us.no_year", text=year))
    found = list(_organisations(root))
    if not found or not re.search("[A-Za-z0-9]", found[0].abbreviation):
        raise UnreadableSource(translations("unreadable.us.no_agency"))
    ids = Counter(one.id for one in found)
    # A reference must be unambiguous: an id that is missing, or occurs twice, identifies nobody.
    named = {one.id: one for one in found if one.id and ids[one.id] == 1}
    return Exchange(root, found[0], tuple(found[1:]), named, int(year))


def _parsed(data: bytes, limits: Limits) -> etree._Element:
    if data.count(b"<") > limits.most_cells:
        raise UnreadableSource(
            translations("unreadable.us.too_many_elements", most=limits.most_cells)
        )
    try:
        root = etree.fromstring(data, safe_parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableSource(translations("unreadable.us.damaged", error=error)) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableSource(translations("unreadable.us.document_type"))
    return root


def _organisations(root: etree._Element) -> Iterator[Organisation]:
    agency = next((e for e in root if name_of(e) == "Organization"), None)
    if agency is None:
        return
    found = [_organisation(agency, "")]
    head = found[0].key
    found += [_organisation(e, head) for e in agency if name_of(e) == "OrganizationSubUnit"]
    keys = Counter(one.key for one in found)
    for one in found:
        yield one if keys[one.key] == 1 else replace(one, key=distinct_key(one.key, one.name))


def _organisation(element: etree._Element, agency: str) -> Organisation:
    texts = {name_of(child): text_of(child) for child in element}
    abbreviation = texts.get("OrganizationAbbreviationText", "")
    name = texts.get("OrganizationName", "") or abbreviation
    key = component_key(agency, abbreviation or name)
    return Organisation(id_of(element), abbreviation, name, key)


@dataclass(frozen=True)
class Association:
    """A link from a block to an organisation, both by reference, and the numbers that it holds."""

    block: str
    organisation: str
    numbers: tuple[etree._Element, ...]


def associations(section: etree._Element) -> tuple[Association, ...]:
    """The associations of a section, in its order."""
    found = []
    for element in section:
        if not name_of(element).endswith("Association"):
            continue
        referred = {name_of(e): str(e.get(_STRUCTURES + "ref") or "") for e in element}
        numbers = tuple(e for e in element if text_of(e))
        found.append(
            Association(
                referred.get("ComponentDataReference", ""),
                referred.get("OrganizationReference", ""),
                numbers,
            )
        )
    return tuple(found)
