"""What the page of an observation shows: a number, where it stands, the same over the years."""

from collections.abc import Mapping
from dataclasses import dataclass

from rdflib import Graph, Namespace, URIRef
from rdflib.namespace import QB

from gongkai.ontology.forms import Label
from gongkai.ontology.source_places import Place, place_of
from gongkai.ontology.structures import cubes
from gongkai.server.descriptions import rows
from gongkai.server.page_text import page_language
from gongkai.server.pages.charts import Chart
from gongkai.server.pages.comparison import Comparison, compare, comparison_chart
from gongkai.server.pages.figures import Figure, read_figures
from gongkai.server.pages.indicators import Indicator
from gongkai.server.store import Store

_PERIOD = URIRef("http://purl.org/linked-data/sdmx/2009/dimension#refPeriod")


@dataclass(frozen=True)
class CodeOf:
    """A dimension of the observation and the code that it has there, as URIs."""

    dimension: str
    code: str


@dataclass(frozen=True)
class Claim:
    """What the text of a report says that speaks of the observation; ``section`` is where."""

    quotation: str
    section: str


@dataclass(frozen=True)
class ObservationPage:
    """Everything that the page of an observation shows."""

    figure: Figure
    indicator: Indicator
    body: str
    body_key: str
    year: str
    report: str
    table: str
    codes: tuple[CodeOf, ...]
    place: Place | None
    claims: tuple[Claim, ...]
    comparison: Comparison
    chart: Chart | None

    @property
    def also_named(self) -> tuple[str, ...]:
        """What the page names that the document of the observation does not."""
        return tuple(found.rule for found in self.figure.findings)


def read_observation_page(
    store: Store, graph: Graph, this: str, names: Mapping[str, Label]
) -> ObservationPage | None:
    """Gather the page of the observation ``this``; None where it is not one of our cubes."""
    node, define = URIRef(this), Namespace(store.base + "def#")
    cube = str(graph.value(node, QB.dataSet)).rpartition("/")[2]
    figure = read_figures(store, [this]).get(this)
    if cube not in cubes() or figure is None:
        return None
    codes = tuple(
        CodeOf(str(define[item.name]), str(graph.value(node, define[item.name])))
        for item in cubes()[cube].dimensions
    )
    one = Indicator(cube, tuple(item.code.rpartition("/")[2] for item in codes))
    body, year = str(graph.value(node, define.body)), str(graph.value(node, _PERIOD))
    key = body.rpartition("/")[2]
    comparison = compare(store, [key], one, ())
    return ObservationPage(
        figure=figure,
        indicator=one,
        body=body,
        body_key=key,
        year=year,
        report=f"{store.base}id/report/{key}/{year.rpartition('/')[2]}",
        table=str(graph.value(None, QB.observation, node)),
        codes=codes,
        place=place_of(graph, node, define),
        claims=tuple(
            Claim(row["quotation"], row["section"]) for row in rows(store, "claims-about", this)
        ),
        comparison=comparison,
        chart=comparison_chart(comparison, page_language()) if len(comparison.years) > 1 else None,
    )
