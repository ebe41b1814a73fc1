"""Data of the page of an observation: a number, its codes, the same number over the years."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from rdflib import Namespace, URIRef
from rdflib.namespace import PROV, QB

from gongkai.ontology.labels import Label
from gongkai.ontology.source_places import Place, place_of
from gongkai.ontology.structures import code_labels, cubes
from gongkai.ontology.triples.graph import Graph
from gongkai.server.http.language import page_language
from gongkai.server.pages.charts import Chart
from gongkai.server.pages.figures import ShownFigure, read_figures
from gongkai.server.pages.indicator_series import IndicatorSeries, read_series, series_chart
from gongkai.server.pages.indicators import OVERALL, Indicator
from gongkai.server.queries.rows import rows
from gongkai.server.store import Store

_PERIOD = URIRef("http://purl.org/linked-data/sdmx/2009/dimension#refPeriod")


@dataclass(frozen=True)
class CodeOf:
    """A dimension of the observation and its code there, as URIs."""

    dimension: str
    code: str


@dataclass(frozen=True)
class ShownClaim:
    """A statement in the text of a report about the observation; ``section`` is where."""

    quotation: str
    section: str


@dataclass(frozen=True)
class ShownPart:
    """A number from which the observation was derived; its last code distinguishes those of a sum.

    Without a figure it is the table, in which codes that are not printed count as nothing.
    """

    uri: str
    label: Label
    figure: ShownFigure | None


@dataclass(frozen=True)
class ObservationPage:
    """All data of the page of an observation.

    ``basis`` is the counting basis (URI) of a derived number; None for one that was read.
    """

    figure: ShownFigure
    indicator: Indicator
    body: str
    body_key: str
    year: str
    report: str
    table: str
    codes: tuple[CodeOf, ...]
    place: Place | None
    claims: tuple[ShownClaim, ...]
    basis: str | None
    parts: tuple[ShownPart, ...]
    compared: IndicatorSeries
    chart: Chart | None

    @property
    def also_named(self) -> tuple[str, ...]:
        """Entities that the page names but the document of the observation does not."""
        return tuple(found.rule for found in self.figure.findings)


def read_observation_page(
    store: Store, graph: Graph, this: str, names: Mapping[str, Label]
) -> ObservationPage | None:
    """Read the data of an observation's page; None if it is not in one of our cubes."""
    node, define = URIRef(this), Namespace(store.base + "def#")
    cube = str(graph.value(node, QB.dataSet)).rpartition("/")[2]
    figure = read_figures(store, [this]).get(this)
    if cube not in cubes() or figure is None:
        return None
    codes = tuple(
        CodeOf(str(define[item.name]), str(graph.value(node, define[item.name])))
        for item in cubes()[cube].dimensions
    )
    one = Indicator(cube, tuple(_own_or_code(graph, node, item, define) for item in codes))
    body, year = str(graph.value(node, define.body)), str(graph.value(node, _PERIOD))
    table = str(graph.value(None, QB.observation, node))
    basis = graph.value(node, define.countingBasis)
    key = body.rpartition("/")[2]
    # Quarterly counts are not shown beside whole years.
    compared = read_series(store, [] if "/quarter/" in year else [key], one, ())
    component = next((item.code for item in codes if "/id/body/" in item.code), body)
    if component != body:
        # The numbers are the component's, so the line has its name.
        compared = replace(
            compared,
            bodies=tuple(
                replace(one, name=names.get(component, one.name)) for one in compared.bodies
            ),
        )
    return ObservationPage(
        figure=figure,
        indicator=one,
        body=body,
        body_key=key,
        year=year,
        report=f"{store.base}id/report/{key}/{_year_in(this, store.base)}",
        table=table,
        codes=codes,
        place=place_of(graph, node, define),
        claims=tuple(
            ShownClaim(row["quotation"], row["section"])
            for row in rows(store, "claims-about", this)
        ),
        basis=None if basis is None else str(basis),
        parts=_parts(store, [str(part) for part in graph.objects(node, PROV.wasDerivedFrom)]),
        compared=compared,
        chart=series_chart(compared, page_language()) if len(compared.years) > 1 else None,
    )


def _parts(store: Store, uris: list[str]) -> tuple[ShownPart, ...]:
    """The numbers at these URIs, by URI."""
    figures = read_figures(store, uris)
    found = []
    for uri in sorted(uris):
        _, cube, *_, code = uri.removeprefix(f"{store.base}id/").split("/")
        label = cubes()[cube].title
        if uri in figures:
            label = code_labels().get((cubes()[cube].dimensions[-1].scheme, code), {})
        found.append(ShownPart(uri, label, figures.get(uri)))
    return tuple(found)


def _own_or_code(graph: Graph, node: URIRef, item: CodeOf, define: Namespace) -> str:
    """The code in a dimension; that of the agency as a whole if it is the body itself."""
    own = item.code == str(graph.value(node, define.body)) and item.dimension == str(
        define.component
    )
    return OVERALL if own else item.code.rpartition("/")[2]


def _year_in(observation: str, base: str) -> str:
    """The year in the URI of an observation: a quarter is in the report on its year."""
    return observation.removeprefix(f"{base}id/observation/").split("/")[2][:4]
