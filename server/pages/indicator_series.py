"""One indicator of several bodies over the years, for the page, the files and the query."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from gongkai.ontology.labels import Label
from gongkai.ontology.texts import translation
from gongkai.server.http.language import pick
from gongkai.server.pages.charts import MOST_SERIES, Chart, Series, every_year, line_chart
from gongkai.server.pages.figures import ShownFigure, codes_of, figures_at, read_figures
from gongkai.server.pages.indicators import Indicator
from gongkai.server.queries.graphs import labels
from gongkai.server.queries.rows import rows_about
from gongkai.server.queries.texts import query_text
from gongkai.server.store import Store

MOST_BODIES = 20
"""Bodies that are compared at once."""


@dataclass(frozen=True)
class BodySeries:
    """A body with its figure for each year shown; None if it has no report on that year."""

    uri: str
    key: str
    name: Label
    figures: tuple[ShownFigure | None, ...]


@dataclass(frozen=True)
class IndicatorSeries:
    """One indicator of some bodies in some years; ``chosen`` is true if years were selected.

    ``periods`` are the URIs of the years shown: fiscal years differ from calendar years.
    """

    indicator: Indicator
    bodies: tuple[BodySeries, ...]
    years: tuple[str, ...]
    all_years: tuple[str, ...]
    chosen: bool
    periods: tuple[str, ...] = ()

    @property
    def units(self) -> tuple[str, ...]:
        """The units of the numbers shown."""
        met = {one.unit for body in self.bodies for one in body.figures if one and one.unit}
        return tuple(sorted(met))


def read_series(
    store: Store, keys: Sequence[str], indicator: Indicator, years: Sequence[str]
) -> IndicatorSeries:
    """Compare bodies by their keys; without ``years``, in all years with a report.

    Keys of bodies without a report are left out.
    """
    prefix = store.base + "id/body/"
    reports = rows_about(store, "reports-of-bodies", [prefix + key for key in keys])
    reported = {(row["body"], row["year"]) for row in reports}
    all_years = tuple(sorted({year for _, year in reported}))
    shown = tuple(year for year in all_years if not years or year in years)
    bodies = [prefix + key for key in keys if any(body == prefix + key for body, _ in reported)]
    names = labels(store, bodies)
    wanted = [(body.removeprefix(prefix), year) for body, year in reported if year in shown]
    found = read_figures(store, [indicator.observation(store.base, *at) for at in wanted])
    figures = figures_at(store, indicator, wanted, found)
    return IndicatorSeries(
        indicator,
        tuple(
            BodySeries(
                body,
                body.removeprefix(prefix),
                names.get(body, {}),
                tuple(figures.get((body.removeprefix(prefix), year)) for year in shown),
            )
            for body in bodies
        ),
        shown,
        all_years,
        chosen=bool(years),
        periods=tuple(sorted({row["period"] for row in reports if row["year"] in shown})),
    )


def series_query(base: str, compared: IndicatorSeries, language: str) -> str:
    """The SPARQL query for the data of a comparison, with the rows of its files."""
    text = query_text("compare")
    numbered = enumerate(compared.bodies)
    bodies = " ".join(f"(<{body.uri}> {number})" for number, body in numbered)
    years = " ".join(f"<{period}>" for period in compared.periods).replace(f"<{base}", "<")
    text = text.replace("?cube", f"<id/cube/{compared.indicator.cube}>")
    text = text.replace("?codes", codes_of(compared.indicator, "?body"))
    text = text.replace("?bodies", bodies.replace(f"<{base}", "<")).replace("?years", years)
    return f"BASE <{base}>\n" + text.replace("?language", f'"{language}"')


def series_chart(compared: IndicatorSeries, language: str) -> Chart | None:
    """A line chart of a comparison over its years.

    Years without a report, or without the number, are gaps. None if the numbers have several units:
    they are not drawn on one scale.
    """
    if len(compared.units) != 1 or not compared.years:
        return None
    years = every_year(compared.years, set(compared.all_years) - set(compared.years))
    place = {year: number for number, year in enumerate(compared.years)}

    def value(body: BodySeries, year: str) -> Decimal | None:
        figure = body.figures[place[year]] if year in place else None
        return figure.value if figure else None

    series = [
        Series(
            pick(body.name, language) or body.key,
            tuple(value(body, year) for year in years),
        )
        for body in compared.bodies
    ]
    title = pick(compared.indicator.label(), language)
    summary = translation(
        "pages.chart_summary",
        language,
        title=title,
        bodies=min(len(series), MOST_SERIES),
        first=years[0],
        last=years[-1],
    )
    return line_chart(title, summary, years, series)
