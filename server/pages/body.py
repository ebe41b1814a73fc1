"""Data of the page of a body: its reports over the years, key figures, its place."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rdflib import RDF, Namespace, URIRef
from rdflib.namespace import DCTERMS, SKOS

from gongkai.ontology.labels import Label
from gongkai.ontology.texts import translation
from gongkai.ontology.triples.graph import Graph
from gongkai.server.http.language import page_language, pick
from gongkai.server.pages.charts import Chart, Series, every_year, line_chart
from gongkai.server.pages.figures import ShownFigure, figures_at, read_figures
from gongkai.server.pages.indicators import KEY_FIGURES, Indicator, indicators
from gongkai.server.pages.links_out import LinkOut, links_out
from gongkai.server.pages.resource import subjects_of
from gongkai.server.queries.rows import rows_about
from gongkai.server.store import Store

_ORG = Namespace("http://www.w3.org/ns/org#")
_DRAWN = 3


@dataclass(frozen=True)
class KeyFigure:
    """An indicator with the body's figure for each year with a report."""

    indicator: Indicator
    figures: tuple[ShownFigure, ...]


@dataclass(frozen=True)
class BodyPage:
    """All data of the page of a body; ``reports`` are rows, the oldest first."""

    key: str
    aliases: tuple[str, ...]
    kinds: tuple[str, ...]
    areas: tuple[str, ...]
    parents: tuple[str, ...]
    links: tuple[LinkOut, ...]
    reports: tuple[dict[str, str], ...]
    years: tuple[str, ...]
    figures: tuple[KeyFigure, ...]
    chart: Chart | None
    series: str
    subjects: list[dict[str, Any]]
    part: bool = False


def read_body_page(store: Store, graph: Graph, this: str, names: Mapping[str, Label]) -> BodyPage:
    """Read the data of the page of the body ``this``."""
    node, key = URIRef(this), this.rpartition("/")[2]
    reports = rows_about(store, "reports-of-bodies", [this])
    years = tuple(sorted({row["year"] for row in reports}))
    wanted = [indicators()[name] for name in KEY_FIGURES]
    found = read_figures(
        store, [one.observation(store.base, key, year) for one in wanted for year in years]
    )
    places = [(key, year) for year in years]
    figures = tuple(
        KeyFigure(one, tuple(figures_at(store, one, places, found).values())) for one in wanted
    )
    # Forms without the indicator are left out.
    shown = tuple(
        item for item in figures if any(f.value is not None or f.reason for f in item.figures)
    )
    preferred = {str(value) for value in graph.objects(node, SKOS.prefLabel)}
    return BodyPage(
        key=key,
        aliases=tuple(
            sorted({str(value) for value in graph.objects(node, SKOS.altLabel)} - preferred)
        ),
        kinds=_uris(graph, node, _ORG.classification),
        areas=_uris(graph, node, DCTERMS.spatial),
        parents=_uris(graph, node, _ORG.subOrganizationOf),
        links=links_out(graph, this, store.base),
        reports=tuple(reports),
        years=years,
        figures=shown,
        chart=_chart(shown, years, pick(names.get(this, {}), page_language()) or key),
        series=f"{store.base}id/series/{key}",
        subjects=subjects_of(graph, this, dict(names), store.base),
        part=(node, RDF.type, _ORG.OrganizationalUnit) in graph,
    )


def _uris(graph: Graph, node: URIRef, link: URIRef) -> tuple[str, ...]:
    return tuple(sorted(str(value) for value in graph.objects(node, link)))


def _chart(figures: tuple[KeyFigure, ...], years: tuple[str, ...], name: str) -> Chart | None:
    """The first key figures as lines; years without a report are gaps."""
    if len(years) < 2:
        return None
    language = page_language()
    every = every_year(years)
    place = {year: number for number, year in enumerate(years)}
    series = []
    for item in figures[:_DRAWN]:
        shown = [item.figures[place[year]] if year in place else None for year in every]
        values = tuple(figure.value if figure else None for figure in shown)
        series.append(Series(pick(item.indicator.label(), language), values))
    title = translation("pages.chart_of_body", language, name=name)
    summary = translation(
        "pages.chart_summary",
        language,
        title=title,
        bodies=len(series),
        first=every[0],
        last=every[-1],
    )
    return line_chart(title, summary, every, series)
