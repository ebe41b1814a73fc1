"""What can be compared: every cell that an official form prints, named by its codes."""

from dataclasses import dataclass
from functools import lru_cache

from gongkai.ontology.forms import Label, cell_codes, forms
from gongkai.ontology.structures import code_labels, cubes

APPLICANT = "applicant"
TOTAL = "total"
LANGUAGES = ("zh", "en")
KEY_FIGURES = (
    "requests/total/received",
    "requests/total/handled",
    "requests/total/granted",
    "requests/total/partly-granted",
    "disputes/reconsideration/total",
    "disputes/litigation-direct/total",
    "disputes/litigation-after-reconsideration/total",
)
"""The figures that tell most of a body, by the keys of their indicators."""


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
        """Dimension, code list and code for each of its codes."""
        dimensions = cubes()[self.cube].dimensions
        return tuple(
            (dimension.name, dimension.scheme, code)
            for dimension, code in zip(dimensions, self.codes, strict=True)
        )

    def observation(self, base: str, body: str, year: str) -> str:
        """The URI that its observation has in the report of a body (key) on a year."""
        return f"{base}id/observation/{self.cube}/{body}/{year}/{'/'.join(self.codes)}"

    def label(self) -> Label:
        """What it counts; that all applicants are counted is left unsaid."""
        parts = [
            code_labels().get((scheme, code), {})
            for dimension, scheme, code in self.terms
            if (dimension, code) != (APPLICANT, TOTAL)
        ]
        return {
            language: " · ".join(part.get(language) or part.get("zh", "") for part in parts)
            for language in LANGUAGES
        }

    def of_applicant(self, applicant: str) -> "Indicator":
        """The same of another kind of applicant; itself where its cube does not tell them apart."""
        codes = tuple(
            applicant if dimension == APPLICANT else code for dimension, _, code in self.terms
        )
        return Indicator(self.cube, codes)

    @property
    def applicant(self) -> str | None:
        """The kind of applicant; None where its cube does not tell them apart."""
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
    return found


def indicator(key: str, applicant: str = "") -> Indicator | None:
    """The indicator with this key, of a kind of applicant if one is named; None where none is."""
    known = indicators().get(key)
    if known is None or not applicant:
        return known
    return indicators().get(known.of_applicant(applicant).key)


@lru_cache(maxsize=1)
def choices() -> tuple[tuple[Label, tuple[Indicator, ...]], ...]:
    """What a person chooses from, by cube: applicants are chosen apart from it."""
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
