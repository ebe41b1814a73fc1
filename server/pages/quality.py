"""The rules broken most often: in the store, and report by report for one rule."""

import re
from dataclasses import dataclass, field

from flask import Blueprint, Response, abort, request

from gongkai.ontology.texts import message, translation
from gongkai.server.http.current import current_store
from gongkai.server.http.language import page_language, pick
from gongkai.server.http.policy import Caching, Policy
from gongkai.server.pages.charts import Chart, bar_chart
from gongkai.server.pages.rendering import page
from gongkai.server.queries.graphs import labels
from gongkai.server.queries.rows import listed, rows_of
from gongkai.server.queries.texts import fill
from gongkai.server.store import Store

blueprint = Blueprint("quality", __name__)

_MOST_FINDINGS = 500
_DRAWN = 12


@dataclass
class RuleCounts:
    """How many reports break a rule, by year and in total; for how many it is not assessable."""

    rule: str
    broken: dict[str, int] = field(default_factory=dict)
    not_assessable: int = 0

    @property
    def total(self) -> int:
        """Reports of all years that break it."""
        return sum(self.broken.values())

    @property
    def name(self) -> str:
        """Its name in addresses."""
        return self.rule.partition("#")[2]


@blueprint.get("/quality")
@Policy(Caching.ALL_PARAMETERS)
def quality() -> Response:
    """The rules broken most often, by year and by body; or the reports that break one rule."""
    store = current_store()
    if request.args.get("rule"):
        return _of_rule(store, request.args["rule"], request.args.get("year", ""))
    counts = _counts(store)
    years = listed(store, "quality-years")
    bodies = listed(store, "quality-bodies")
    names = labels(store, [*(one.rule for one in counts), *(row["body"] for row in bodies)])
    language = page_language()
    broken = [one for one in counts if one.total]
    return page(
        "quality.html",
        counts=broken,
        unassessed=[one for one in counts if not one.total],
        years=years,
        bodies=bodies,
        names=names,
        chart=_chart(broken, {rule: pick(label, language) for rule, label in names.items()}),
    )


def _counts(store: Store) -> list[RuleCounts]:
    """The rules broken or not assessable in some report, the most often broken first."""
    found: dict[str, RuleCounts] = {}
    for row in listed(store, "quality-rules"):
        one = found.setdefault(row["rule"], RuleCounts(row["rule"]))
        if row["outcome"].endswith("#failed"):
            one.broken[row["year"]] = int(row["reports"])
        else:
            one.not_assessable += int(row["reports"])
    return sorted(found.values(), key=lambda one: (-one.total, one.rule))


def _chart(broken: list[RuleCounts], names: dict[str, str]) -> Chart | None:
    language = page_language()
    shown = broken[:_DRAWN]
    return bar_chart(
        translation("pages.rules_broken_chart", language),
        translation("pages.rules_broken_summary", language, count=len(shown)),
        [names.get(one.rule) or one.name for one in shown],
        [one.total for one in shown],
    )


def _of_rule(store: Store, name: str, year: str) -> Response:
    rule = f"{store.base}shapes#{name}"
    names = labels(store, [rule]) if re.fullmatch(r"[a-z0-9-]+", name) else {}
    if rule not in names:
        abort(404, message("server.quality.no_rule", name=name, page=f"{store.base}quality"))
    if not re.fullmatch(r"(?:[0-9]{4})?", year):
        abort(404, message("server.quality.no_year", year=year))
    found = _asked(store, "quality-findings", rule, year)
    (counted,) = _asked(store, "quality-findings-count", rule, year)
    shown = found[:_MOST_FINDINGS]
    parts = {row["part"] for row in shown}
    return page(
        "quality_rule.html",
        rule=rule,
        name=name,
        year=year,
        names=names | labels(store, sorted(parts)),
        reports=_by_report(shown),
        shown=len(shown),
        counted=counted,
        more=len(found) > _MOST_FINDINGS,
        kept=[(key, request.args[key]) for key in ("rule", "year") if key in request.args],
    )


def _asked(store: Store, query: str, rule: str, year: str) -> list[dict[str, str]]:
    """The rows of a query about a rule, on one year or (if it is empty) on all."""
    text = fill(query, store.base, rule).replace("?all", str(not year).lower())
    return rows_of(store, text.replace("?wanted", f'"{year}"'))


def _by_report(found: list[dict[str, str]]) -> list[list[dict[str, str]]]:
    """Findings report by report; violations before warnings."""
    reports: dict[str, list[dict[str, str]]] = {}
    for row in found:
        reports.setdefault(row["report"], []).append(row)
    for rows in reports.values():
        rows.sort(key=lambda row: row["severity"].endswith("#Warning"))
    return list(reports.values())
