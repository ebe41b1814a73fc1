"""The register of public bodies: the packaged one, and the operator's additions."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from rdflib import RDF, BNode, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, SKOS
from rdflib.term import Node

from gongkai.ontology import DEFAULT_BASE
from gongkai.ontology.credit_code import LENGTH, is_credit_code
from gongkai.ontology.keys import TO_BE_EDITED, fold_name, is_key, office_name, provisional_key
from gongkai.ontology.places import areas, find_place, leaves_out_its_place
from gongkai.ontology.texts import translations
from gongkai.ontology.texts.errors import TranslatedError
from gongkai.ontology.texts.system import system_error
from gongkai.ontology.triples.graph import Graph
from gongkai.ontology.turtle import load_turtle

_DEFINE = Namespace(DEFAULT_BASE + "def#")
_BODY = DEFAULT_BASE + "id/body/"
_AREA = DEFAULT_BASE + "id/area/"

_Key = TypeVar("_Key", str, tuple[str, str])


class BadRegister(TranslatedError, ValueError):
    """A register of the operator's that cannot be used; the message says where and why."""


class Origin(StrEnum):
    """The source of a body: which register or report names it."""

    PACKAGED = "packaged"
    OPERATOR = "operator"
    REPORT = "report"


@dataclass(frozen=True)
class Body:
    """A public body: its stable key, its names, and all its Chinese names.

    ``spatial`` is the IRI of the area it governs, where the register gives an external one;
    ``area`` the code of a division of China. ``credit_codes`` are its unified social credit codes.
    ``former_keys`` are the keys under which its reports may have been published before it was
    registered. ``abbreviation`` is its short name, ``part_of`` the key of the body that it is a
    part of; a body known only from a foreign report has no Chinese names. ``description`` is what
    the operator's register states about it, as N-Triples under the default base.
    """

    key: str
    name: str
    english_name: str
    names: tuple[str, ...]
    spatial: str | None
    area: str | None = None
    origin: Origin = Origin.PACKAGED
    credit_codes: tuple[str, ...] = ()
    former_keys: tuple[str, ...] = ()
    description: str = field(default="", repr=False)
    abbreviation: str = ""
    part_of: str | None = None


@dataclass(frozen=True)
class Register:
    """Bodies by each of their Chinese names, by key or credit code, by area and office there."""

    by_name: Mapping[str, Body]
    by_key: Mapping[str, Body]
    by_place: Mapping[tuple[str, str], Body]


@lru_cache(maxsize=1)
def bodies() -> dict[str, Body]:
    """Every body of the packaged register by each of its Chinese names."""
    graph = load_turtle()
    register: dict[str, Body] = {}
    for node in graph.subjects(RDF.type, _DEFINE.PublicBody):
        body = _body(graph, node, Origin.PACKAGED)
        for name in body.names:
            register[name] = body
    return register


@lru_cache(maxsize=8)
def foreign_bodies(country: str) -> dict[str, Body]:
    """The bodies of the packaged register in ``country`` (IRI), by each English name."""
    graph = load_turtle()
    found: dict[str, Body] = {}
    for node in graph.subjects(DCTERMS.spatial, URIRef(country)):
        if (node, RDF.type, _DEFINE.PublicBody) in graph:
            body = _body(graph, node, Origin.PACKAGED)
            for link in (SKOS.prefLabel, SKOS.altLabel):
                for name in _in("en", graph.objects(node, link)):
                    found[name] = body
    return found


def load_register(paths: Iterable[Path] = ()) -> Register:
    """The packaged register and the operator's: Turtle files, or folders of them.

    Raises BadRegister where one cannot be read, or states what a register must not state.
    """
    files = tuple(file for path in paths for file in _turtle_files(path))
    try:
        stamps = tuple((str(f), f.stat().st_mtime_ns, f.stat().st_size) for f in files)
    except OSError as error:
        raise BadRegister(
            translations("registers.not_read", file=error.filename, reason=system_error(error))
        ) from None
    return _load(stamps)


def _turtle_files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(path.glob("*.ttl"))
    if not path.exists():
        raise BadRegister(translations("registers.missing", file=path))
    return [path]


@lru_cache(maxsize=4)
def _load(files: tuple[tuple[str, int, int], ...]) -> Register:
    by_name = dict(bodies())
    by_key = {body.key: body for body in by_name.values()}
    by_place: dict[tuple[str, str], Body] = {}
    graph = Graph()
    for name, _, _ in files:
        graph += _parsed(Path(name))
    for body in _checked(graph):
        _enter(by_key, body.key, body)
        for code in {*body.credit_codes} - {body.key}:
            _enter(by_key, code, body)
        for name in body.names:
            _enter(by_name, fold_name(name), body)
        for place in _places(body.names):
            _enter(by_place, place, body)
    for body in by_key.values():
        for former in body.former_keys:
            # What is published under a former key is removed when the body's reports are
            # published.
            if by_key.get(former, body).key != body.key:
                raise BadRegister(translations("registers.former_key", key=body.key, former=former))
    return Register(by_name, by_key, by_place)


def _enter(register: dict[_Key, Body], key: _Key, body: Body) -> None:
    other = register.setdefault(key, body)
    if other.key != body.key:
        said = "".join(key) if isinstance(key, tuple) else key
        raise BadRegister(
            translations("registers.given_twice", said=said, one=other.key, other=body.key)
        )


def _parsed(path: Path) -> Graph:
    try:
        text = path.read_text(encoding="utf-8")
        return Graph().read_turtle(text.encode(), DEFAULT_BASE)
    except OSError as error:
        raise BadRegister(
            translations("registers.not_read", file=path, reason=system_error(error))
        ) from None
    except UnicodeDecodeError:
        raise BadRegister(translations("registers.not_utf8", file=path)) from None
    except SyntaxError as error:
        raise BadRegister(
            translations("registers.not_turtle", file=path, line=error.lineno, reason=error.msg)
        ) from None


def _checked(graph: Graph) -> Iterator[Body]:
    """The bodies of an operator's register; raises BadRegister for anything else that it states."""
    ontology = load_turtle()
    for node in sorted(set(graph.subjects()), key=str):
        if str(node).startswith(_AREA):
            continue
        if isinstance(node, BNode) or not str(node).startswith(_BODY):
            raise BadRegister(translations("registers.other_subject", node=node))
        if (node, RDF.type, _DEFINE.PublicBody) not in graph:
            raise BadRegister(translations("registers.no_type", node=node))
        if (node, None, None) in ontology:
            raise BadRegister(translations("registers.packaged", node=node))
        yield _body(graph, node, Origin.OPERATOR)
    for subject, _, value in graph:
        if str(value).startswith(DEFAULT_BASE) and isinstance(value, URIRef):
            known = (value, None, None) in graph or (value, None, None) in ontology
            if not known and str(value).removeprefix(_AREA) not in areas():
                raise BadRegister(
                    translations("registers.not_described", node=subject, value=value)
                )


def _body(graph: Graph, node: Node, origin: Origin) -> Body:
    key = str(node).removeprefix(_BODY)
    chinese = _in("zh", graph.objects(node, SKOS.prefLabel))
    english = _in("en", graph.objects(node, SKOS.prefLabel))
    if len(chinese) != 1 or len(english) != 1:
        raise BadRegister(translations("registers.labels", key=key))
    names = (*chinese, *sorted(_in("zh", graph.objects(node, SKOS.altLabel))))
    if origin is Origin.PACKAGED:
        spatial = graph.value(node, DCTERMS.spatial)
        outside = None if spatial is None else str(spatial)
        return Body(key, chinese[0], english[0], names, outside)
    identifiers = (str(value) for value in graph.objects(node, DCTERMS.identifier))
    codes = tuple(sorted(text for text in {key, *identifiers} if len(text) == LENGTH))
    for code in codes:
        if not is_credit_code(code):
            raise BadRegister(translations("registers.no_credit_code", key=key, code=code))
    if not is_key(key):
        raise BadRegister(translations("registers.no_key", key=key))
    for name in map(fold_name, names):
        place = find_place(name)
        if leaves_out_its_place(name) or (place.areas and place.area is None):
            raise BadRegister(translations("registers.name_without_place", key=key, name=name))
    if english[0].startswith(TO_BE_EDITED):
        raise BadRegister(translations("registers.no_english_name", key=key, text=english[0]))
    spatial_areas = [
        str(value).removeprefix(_AREA)
        for value in graph.objects(node, DCTERMS.spatial)
        if str(value).startswith(_AREA)
    ]
    if len(spatial_areas) > 1:
        raise BadRegister(translations("registers.several_areas", key=key))
    area = spatial_areas[0] if spatial_areas else None
    former = {str(value) for value in graph.objects(node, _DEFINE.formerKey)}
    for text in former:
        if re.fullmatch("[A-Za-z0-9-]+", text) is None:
            raise BadRegister(translations("registers.never_a_key", key=key, text=text))
    former |= {provisional_key(*place) for place in _places(names)}
    former |= {provisional_key(None, name) for name in names}
    former |= {code for code in codes if code != key}
    return Body(
        key=key,
        name=chinese[0],
        english_name=english[0],
        names=names,
        spatial=None,
        area=area,
        origin=origin,
        credit_codes=codes,
        former_keys=tuple(sorted(former)),
        description=_description(graph, node),
    )


def _places(names: Iterable[str]) -> set[tuple[str, str]]:
    """Area and office of each name that names a place, as in the keys of unregistered bodies."""
    found = set()
    for name in names:
        place = find_place(fold_name(name))
        if place.area is not None:
            found.add((place.area.code, office_name(place.rest, place.area.name)))
    return found


def _description(graph: Graph, node: Node) -> str:
    """The register's description of a body, and of the nodes it refers to, as sorted N-Triples."""
    part = Graph()
    waiting, seen = [node], set()
    while waiting:
        subject = waiting.pop()
        seen.add(subject)
        for triple in graph.triples((subject, None, None)):
            part.add(triple)
            if triple[2] not in seen and str(triple[2]).startswith(DEFAULT_BASE):
                waiting.append(triple[2])
    return part.n_triples().decode()


def _in(language: str, labels: Iterable[Node]) -> list[str]:
    return [
        str(label) for label in labels if isinstance(label, Literal) and label.language == language
    ]
