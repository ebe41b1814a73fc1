"""Indicators that can be compared: every cell of an official form, named by its codes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from gongkai.ontology.forms import cell_codes, forms
from gongkai.ontology.keys import is_key
from gongkai.ontology.labels import Label
from gongkai.ontology.structures import code_labels, codes_in, cubes

APPLICANT = "applicant"
TOTAL = "total"
OVERALL = "overall"
"""Code for the component that is the reporting body itself: the agency as a whole."""

_BODY = "body"
_MOST_LISTS = 2
_LISTED = "us-position"
LANGUAGES = ("zh", "en")
KEY_FIGURES = (
    "requests/total/received",
    "requests/total/handled",
    "requests/total/granted",
    "requests/total/partly-granted",
    "disputes/reconsideration/total",
    "disputes/litigation-direct/total",
    "disputes/litigation-after-reconsideration/total",
    "us-requests/overall/received",
    "us-requests/overall/processed",
    "us-requests/overall/full-grant",
    "us-requests/overall/pending-end",
    "us-appeals/overall/received",
    "uk-requests/received",
    "uk-requests/resolvable",
    "uk-requests/granted",
    "uk-reviews/internal/received",
)
"""The most informative figures of a body, by the keys of their indicators."""


@dataclass(frozen=True)
class Indicator:
    """A cell of a form in any report: its cube, and a code for each dimension of the cube."""

    cube: str
    codes: tuple[str, ...]

    @property
    def key(self) -> str:
        """Its name in addresses, as in the URIs of observations: ``requests/total/received``."""
        return "/".join((self.cube, *self.codes))

    @property
    def terms(self) -> tuple[tuple[str, str, str], ...]:
        """Dimension, code list (``body`` for a component) and code, for each of its codes."""
        dimensions = cubes()[self.cube].dimensions
        return tuple(
            (dimension.name, dimension.scheme, code)
            for dimension, code in zip(dimensions, self.codes, strict=True)
        )

    def observation(self, base: str, body: str, year: str) -> str:
        """The URI of its observation in the report of a body (key) on a year."""
        codes = (
            body if (scheme, code) == (_BODY, OVERALL) else code for _, scheme, code in self.terms
        )
        return f"{base}id/observation/{self.cube}/{body}/{year}/{'/'.join(codes)}"

    def label(self) -> Label:
        """Its label; that it counts all applicants is not stated."""
        parts = [
            code_labels().get((scheme, code), {"en": code})
            for dimension, scheme, code in self.terms
            if (dimension, code) != (APPLICANT, TOTAL) and scheme != _BODY
        ]
        return {
            language: " · ".join(
                part.get(language) or next(iter(part.values()), "") for part in parts
            )
            for language in LANGUAGES
        }

    def of_applicant(self, applicant: str) -> "Indicator":
        """The same for another kind of applicant; itself if its cube does not distinguish them."""
        codes = tuple(
            applicant if dimension == APPLICANT else code for dimension, _, code in self.terms
        )
        return Indicator(self.cube, codes)

    @property
    def applicant(self) -> str | None:
        """The kind of applicant; None if its cube does not distinguish them."""
        return next((code for name, _, code in self.terms if name == APPLICANT), None)


@lru_cache(maxsize=1)
def indicators() -> dict[str, Indicator]:
    """Every cell of every form, once, in the order of the forms, by key."""
    found: dict[str, Indicator] = {}
    for form in sorted(forms(), key=lambda form: form.key, reverse=True):
        for table in form.tables:
            dimensions = [dimension.name for dimension in cubes()[table.cube].dimensions]
            for block in table.blocks:
                for row, column in block.cells():
                    codes = cell_codes(row, column)
                    one = Indicator(table.cube, tuple(codes[name] for name in dimensions))
                    found.setdefault(one.key, one)
    for one in _of_other_sources(found.values()):
        found.setdefault(one.key, one)
    return found


def _of_other_sources(known: Iterable[Indicator]) -> Iterator[Indicator]:
    """Indicators of a body as a whole in cubes that no official form fills.

    Cubes with more than two code lists, and lists of entries, are left out: the list to choose from
    would be too long.
    """
    printed = {one.cube for one in known}
    for cube in cubes().values():
        schemes = [dimension.scheme for dimension in cube.dimensions]
        coded = [scheme for scheme in schemes if scheme != _BODY]
        if cube.key in printed or len(coded) > _MOST_LISTS or _LISTED in coded:
            continue
        codes = [(OVERALL,) if scheme == _BODY else codes_in(scheme) for scheme in schemes]
        for chosen in product(*codes):
            yield Indicator(cube.key, chosen)


def _parsed(key: str) -> Indicator | None:
    """A valid indicator that is not among the choices: a component's, or one of many codes."""
    name, *codes = key.split("/")
    cube = cubes().get(name)
    if cube is None or len(codes) != len(cube.dimensions):
        return None
    for dimension, code in zip(cube.dimensions, codes, strict=True):
        known = (
            is_key(code)
            if dimension.scheme == _BODY
            else ((dimension.scheme, code) in code_labels())
        )
        if not known:
            return None
    return Indicator(name, tuple(codes))


def indicator(key: str, applicant: str = "") -> Indicator | None:
    """The indicator with this key, for a kind of applicant if one is named; None if unknown."""
    known = indicators().get(key) or _parsed(key)
    if known is None or not applicant:
        return known
    return indicators().get(known.of_applicant(applicant).key)


@lru_cache(maxsize=1)
def choices() -> tuple[tuple[Label, tuple[Indicator, ...]], ...]:
    """The choices for users, by cube: the applicant is chosen separately."""
    groups: dict[str, list[Indicator]] = {}
    for one in indicators().values():
        if one.applicant in (None, TOTAL):
            groups.setdefault(one.cube, []).append(one)
    return tuple((cubes()[cube].title, tuple(members)) for cube, members in groups.items())


@lru_cache(maxsize=1)
def applicants() -> tuple[tuple[str, Label], ...]:
    """The kinds of applicants, the total first."""
    keys = {one.applicant: None for one in indicators().values() if one.applicant}
    ordered = sorted(keys, key=lambda key: key != TOTAL)
    return tuple((key, code_labels()[APPLICANT, key]) for key in ordered)
