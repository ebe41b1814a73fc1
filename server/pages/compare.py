"""The comparison page: bodies and years as a table, a chart, and files of the same data."""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, request

from gongkai.ontology.texts import listed, message
from gongkai.server.downloads.sheets import as_csv, as_workbook
from gongkai.server.http.current import current_store
from gongkai.server.http.language import page_language, pick
from gongkai.server.http.policy import Caching, Policy
from gongkai.server.http.representation import representation
from gongkai.server.pages.figures import note
from gongkai.server.pages.indicator_series import (
    MOST_BODIES,
    IndicatorSeries,
    read_series,
    series_chart,
    series_query,
)
from gongkai.server.pages.indicators import (
    KEY_FIGURES,
    TOTAL,
    applicants,
    choices,
    indicator,
)
from gongkai.server.pages.rendering import page
from gongkai.server.pages.search import asked_text, find_bodies
from gongkai.server.queries.rows import once, rows
from gongkai.server.queries.texts import minted
from gongkai.server.store import Store

blueprint = Blueprint("compare", __name__)

COLUMNS = ("name", "body", "year", "value", "unit", "note", "observation")
"""The columns of the files; the shared query has all of them but the note."""

_SHOWN_AT_FIRST = 4
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class _Asked:
    """The comparison that the address requests; ``unknown`` are names in it that do not exist."""

    compared: IndicatorSeries
    unknown: tuple[str, ...]
    left_out: int
    applicant: str


@blueprint.get("/compare")
@Policy(Caching.ALL_PARAMETERS, crawled=False)
def compare_page() -> Response:
    """Choose bodies, years and an indicator; see its numbers as a table and a chart."""
    store = current_store()
    asked = _asked(store)
    shown = asked.compared
    language = page_language()
    wanted = asked_text("find")
    known = {body.key for body in shown.bodies}
    offered, searched = find_bodies(store, wanted)
    response = page(
        "compare.html",
        asked=asked,
        shown=shown,
        wanted=wanted,
        found=[one for one in offered if one.key not in known],
        searched=searched,
        more=max(searched.count - len(offered), 0),
        groups=choices(),
        applicants=applicants(),
        chart=series_chart(shown, language),
        query=urlencode({"query": series_query(store.base, shown, language)}),
        parameters=urlencode(_parameters(asked)),
        kept=[(name, value) for name, value in request.args.items(multi=True) if name != "lang"],
    )
    if wanted:
        # The matches depend on how much is indexed so far.
        response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/compare.<any(csv, xlsx):suffix>")
@Policy(Caching.ALL_PARAMETERS, crawled=False)
def compare_file(suffix: str) -> Response:
    """The numbers of a comparison as CSV or XLSX: a row for each cell of the table."""
    store = current_store()
    asked = _asked(store)
    # A file cannot say what was left out.
    if asked.unknown:
        abort(404, message("server.compare.unknown", uris=listed(asked.unknown)))
    if asked.left_out:
        said = message("server.compare.too_many", count=asked.left_out, most=MOST_BODIES)
        abort(404, said)
    texts = series_rows(store.base, asked.compared, page_language())
    if suffix == "csv":
        body, media_type = as_csv(COLUMNS, texts), "text/csv"
    else:
        body, media_type = as_workbook(COLUMNS, texts), _XLSX
    response = representation(body, media_type, "Accept-Language")
    name = f"{asked.compared.indicator.key.replace('/', '-')}.{suffix}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def series_rows(base: str, shown: IndicatorSeries, language: str) -> list[tuple[str, ...]]:
    """The cells of a comparison for which there is a report, as rows of ``COLUMNS``."""
    found: list[tuple[str, ...]] = []
    for body in shown.bodies:
        for year, figure in zip(shown.years, body.figures, strict=True):
            if figure is not None:
                found.append(
                    (
                        pick(body.name, language) or body.key,
                        body.uri,
                        year,
                        "" if figure.value is None else format(figure.value, "f"),
                        f"{base}id/code/unit/{figure.unit}" if figure.unit else "",
                        note(figure, language),
                        figure.observation or "",
                    )
                )
    return found


def _asked(store: Store) -> _Asked:
    bodies = list(dict.fromkeys(request.args.getlist("body")))
    key = request.args.get("indicator") or _fitting(store, bodies)
    applicant = request.args.get("applicant", "")
    one = indicator(key, applicant)
    if one is None:
        choices = f"{store.base}compare"
        if indicator(key) is None:
            abort(404, message("server.compare.no_indicator", key=key, page=choices))
        abort(
            404,
            message("server.compare.no_applicant", key=key, applicant=applicant, page=choices),
        )
    if not bodies and "find" not in request.args:
        bodies = _bodies_of(store).get(one.cube, [])[:_SHOWN_AT_FIRST]
    first = bodies[:MOST_BODIES]
    valid = [body for body in first if "/" not in body and minted(store.base, "id/body/" + body)]
    years = list(dict.fromkeys(request.args.getlist("year")))
    shown = read_series(store, valid, one, years)
    known = {*(body.key for body in shown.bodies), *shown.all_years}
    return _Asked(
        compared=shown,
        unknown=tuple(item for item in (*first, *years) if item not in known),
        left_out=max(len(bodies) - MOST_BODIES, 0),
        applicant=one.applicant or TOTAL,
    )


def _bodies_of(store: Store) -> dict[str, list[str]]:
    """The bodies (keys) with numbers in each cube, those with the newest first."""
    return once(store, "bodies_by_cube", lambda: _by_cube(store))


def _by_cube(store: Store) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in rows(store, "bodies-of-cubes", store.base):
        cube = row["cube"].removeprefix(store.base + "id/cube/")
        found.setdefault(cube, []).append(row["body"].removeprefix(store.base + "id/body/"))
    return found


def _fitting(store: Store, bodies: list[str]) -> str:
    """The default key figure: the first that one of these bodies, or any body, has."""
    known = _bodies_of(store)
    for key in KEY_FIGURES:
        having = known.get(key.partition("/")[0], [])
        if not set(bodies).isdisjoint(having) or (having and not bodies):
            return key
    return KEY_FIGURES[0]


def _parameters(asked: _Asked) -> list[tuple[str, str]]:
    """The parameters of the address of exactly this comparison."""
    shown = asked.compared
    return [
        *(("body", body.key) for body in shown.bodies),
        *(("year", year) for year in shown.years),
        ("indicator", shown.indicator.key),
        ("lang", page_language()),
    ]
