"""Numbers of reports by the URIs of their observations; if there is none, the reason."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from gongkai.ontology.labels import Label
from gongkai.ontology.structures import code_labels
from gongkai.ontology.texts import translation
from gongkai.server.http.language import pick
from gongkai.server.pages.indicators import OVERALL, Indicator
from gongkai.server.queries.rows import rows_about
from gongkai.server.store import Store

_IMPUTED = "http://purl.org/linked-data/sdmx/2009/code#obsStatus-I"


@dataclass(frozen=True)
class CellFinding:
    """A rule that is broken at a cell, and its message."""

    rule: str
    warning: bool
    message: Label


@dataclass(frozen=True)
class ShownFigure:
    """A number of a report, or the reason why there is none.

    ``unit`` is a code under ``id/code/unit/``; ``text`` is the cell as printed, if that is more
    than the number. ``imputed`` is true if the source leaves the cell blank and its sums prove 0,
    or if the number was ``computed`` from its parts. ``basis`` is what a derived number counts: a
    code of ``counting-basis``.
    """

    observation: str | None = None
    value: Decimal | None = None
    unit: str = ""
    text: str = ""
    imputed: bool = False
    basis: str = ""
    reason: Label = field(default_factory=dict)
    findings: tuple[CellFinding, ...] = ()

    @property
    def computed(self) -> bool:
        """Whether the source prints another number, and this one is the sum of its parts."""
        return self.imputed and bool(self.value)


def read_figures(store: Store, observations: Iterable[str]) -> dict[str, ShownFigure]:
    """The numbers at these URIs; URIs that are not observations are left out."""
    wanted = sorted(set(observations))
    findings: dict[str, list[CellFinding]] = {}
    for row in rows_about(store, "findings-at", wanted):
        found = CellFinding(
            row["rule"],
            row["severity"].endswith("#Warning"),
            {"zh": row["zh"], "en": row["en"]},
        )
        findings.setdefault(row["observation"], []).append(found)
    return {
        row["observation"]: ShownFigure(
            observation=row["observation"],
            value=Decimal(row["value"]),
            unit=row["unit"].rpartition("/")[2],
            text=row.get("text", ""),
            imputed=row.get("status") == _IMPUTED,
            basis=row.get("basis", "").rpartition("/")[2],
            findings=tuple(findings.get(row["observation"], ())),
        )
        for row in rows_about(store, "figures", wanted)
    }


def figures_at(
    store: Store,
    one: Indicator,
    places: Iterable[tuple[str, str]],
    found: Mapping[str, ShownFigure],
) -> dict[tuple[str, str], ShownFigure]:
    """The figure of an indicator for each body (key) and year: found, or with the reason."""
    observations = {at: one.observation(store.base, *at) for at in places}
    tables = {
        at: slice_of(store.base, one, *at)
        for at, observation in observations.items()
        if observation not in found
    }
    reasons = missing_reasons(store, tables.values(), one) if tables else {}
    return {
        at: found.get(observation) or ShownFigure(reason=reasons.get(tables.get(at, ""), {}))
        for at, observation in observations.items()
    }


def missing_reasons(store: Store, slices: Iterable[str], one: Indicator) -> dict[str, Label]:
    """Why the cell of an indicator has no number in some tables, by the table's URI."""
    return {
        row["slice"]: {"zh": row["zh"], "en": row["en"]}
        for row in rows_about(store, "missing-cells", sorted(set(slices)), codes_of(one, "?own"))
    }


def codes_of(one: Indicator, own: str) -> str:
    """The dimensions and codes of an indicator, as SPARQL predicates and objects of a subject.

    ``own`` is the variable that holds the reporting body.
    """
    return " ; ".join(
        f"<def#{name}> {_value_of(scheme, code, own)}" for name, scheme, code in one.terms
    )


def _value_of(scheme: str, code: str, own: str) -> str:
    if scheme != "body":
        return f"<id/code/{scheme}/{code}>"
    return own if code == OVERALL else f"<id/body/{code}>"


def slice_of(base: str, one: Indicator, body: str, year: str) -> str:
    """The URI of the table with an indicator in the report of a body (key) on a year."""
    return f"{base}id/slice/{one.cube}/{body}/{year}"


def note(figure: ShownFigure, language: str) -> str:
    """A remark on a number: how it was read, which rules it breaks."""
    parts = []
    if figure.value is None:
        reason = pick(figure.reason, language) or translation("pages.not_in_table", language)
        parts.append(f"{translation('pages.unread', language)}: {reason}")
    if figure.basis:
        basis = pick(code_labels()["counting-basis", figure.basis], language)
        parts.append(translation("pages.derived_number", language, basis=basis))
    elif figure.computed:
        parts.append(translation("pages.computed", language, text=figure.text))
    elif figure.imputed:
        parts.append(translation("pages.imputed", language))
    elif figure.text:
        parts.append(translation("pages.printed_as", language, text=figure.text))
    parts += [pick(found.message, language) for found in figure.findings]
    return " ".join(parts)
