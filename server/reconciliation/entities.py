"""Read bodies, areas and codes from a store for the index: names and properties."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations

from rdflib import RDF
from rdflib.namespace import DCTERMS, ORG, SKOS

from gongkai.ontology.credit_code import is_credit_code
from gongkai.ontology.keys import fold_name
from gongkai.ontology.labels import Label
from gongkai.server.queries.graphs import labels
from gongkai.server.queries.rows import rows, rows_about
from gongkai.server.reconciliation.schema import CONCEPT, KINDS
from gongkai.server.search.words import folded
from gongkai.server.store import Store

_PROPERTIES = {
    str(DCTERMS.spatial): "area",
    str(ORG.classification): "kind",
    str(SKOS.broader): "broader",
}
_PARTS = {"body": 1, "area": 1, "code": 2}
"""The number of parts in the id of an entity of each kind."""


@dataclass
class Entity:
    """A body, an area or a code.

    ``id`` is its URI without the identifier space, ``types`` are URIs; ``facts`` are values by
    property: ids of entities, or texts. ``lies_in`` are the areas that it is in, the widest first.
    """

    id: str
    kind: str
    types: list[str]
    name: Label = field(default_factory=dict)
    aliases: list[tuple[str, str]] = field(default_factory=list)
    facts: dict[str, list[str]] = field(default_factory=dict)
    lies_in: list[str] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        """Every name, in any language."""
        return list(dict.fromkeys([*self.name.values(), *(name for name, _ in self.aliases)]))

    @property
    def code(self) -> str:
        """Its code or key."""
        return self.id.rpartition("/")[2]


def fold(text: str) -> str:
    """A name without variations of spelling: width, case, white space, quotation marks."""
    return fold_name(folded(text))


def read_entities(store: Store) -> tuple[dict[str, Entity], dict[str, Label]]:
    """All bodies, areas and codes by id, and the names of the code lists by URI."""
    names = rows(store, "reconcile-names", store.base)
    found = _entities(store.base, names, rows(store, "reconcile-facts", store.base))
    lists = {kind for entity in found.values() if entity.kind == "code" for kind in entity.types}
    return found, labels(store, sorted(lists - {CONCEPT}))


def read_some(store: Store, ids: Collection[str]) -> dict[str, Entity]:
    """Some bodies and areas, as far as they are in the store, and the areas that they lie in."""
    space = store.base + "id/"
    names: list[dict[str, str]] = []
    facts: list[dict[str, str]] = []
    missing, read = set(ids), set[str]()
    while missing:
        these = [space + id for id in sorted(missing)]
        names += rows_about(store, "reconcile-names-of", these)
        more = rows_about(store, "reconcile-facts-of", these)
        facts += more
        read |= missing
        near = (str(DCTERMS.spatial), str(DCTERMS.isPartOf))
        missing = {row["value"].removeprefix(space) for row in more if row["link"] in near} - read
        missing = {id for id in missing if id.startswith("area/")}
    return _entities(store.base, names, facts)


def _entities(
    base: str, names: Iterable[dict[str, str]], facts: Iterable[dict[str, str]]
) -> dict[str, Entity]:
    """The entities of the rows of names and of facts."""
    space, found, wholes = base + "id/", dict[str, Entity](), dict[str, str]()
    for row in names:
        entity = _entered(found, space, row["entity"])
        if entity is None:
            continue
        language = row.get("name@language", "")
        if row["link"] == str(SKOS.prefLabel):
            entity.name[language] = row["name"]
        else:
            entity.aliases.append((row["name"], language))
    for row in facts:
        entity = found.get(row["entity"].removeprefix(space))
        value, link = row["value"], row["link"]
        if entity is None:
            continue
        if link == str(DCTERMS.isPartOf):
            wholes[entity.id] = value.removeprefix(space)
        elif link in (str(RDF.type), str(SKOS.inScheme)):
            entity.types.append(value)
        elif link == str(DCTERMS.identifier):
            if is_credit_code(value):
                entity.facts.setdefault("credit-code", []).append(value)
        else:
            short = value.removeprefix(space)
            entity.facts.setdefault(_PROPERTIES[link], []).append(short)
    for entity in found.values():
        entity.lies_in = _above(wholes, entity.id)
    for entity in found.values():
        own = [one for one in entity.facts.get("area", ()) if one in found]
        if entity.kind == "body" and own:
            entity.lies_in = [*found[own[0]].lies_in, own[0]]
    return found


def _entered(found: dict[str, Entity], space: str, uri: str) -> Entity | None:
    """The entity of that URI, added if new; None if it is not ours, or no body, area or code."""
    name = uri.removeprefix(space)
    kind, *rest = name.split("/")
    if name == uri or len(rest) != _PARTS.get(kind):
        return None
    if name not in found:
        base = space.removesuffix("id/")
        types = [base + KINDS[kind]] if kind in KINDS else [CONCEPT]
        found[name] = Entity(name, kind, types)
    return found[name]


def _above(wholes: dict[str, str], area: str) -> list[str]:
    found: list[str] = []
    while area in wholes and wholes[area] not in found:
        area = wholes[area]
        found.insert(0, area)
    return found


def full_names(entity: Entity, known: dict[str, Entity]) -> Iterator[str]:
    """The names of an area preceded by some or all areas that it lies in: 北京市朝阳区."""
    if entity.kind == "area":
        above = [known[one].name.get("zh", "") for one in entity.lies_in if one in known]
        for size in range(1, len(above) + 1):
            for chosen in combinations(above, size):
                yield "".join(chosen) + entity.name.get("zh", "")
