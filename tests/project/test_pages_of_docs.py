"""The pages on design and data say what the vocabulary, the rules and the queries say."""

import re
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Store
from rdflib import RDF, Graph, Namespace, URIRef

from gongkai.ontology import load_ontology
from gongkai.shapes.shape_graph import rules_of_shapes
from helpers.commands import BASE, ROOT

QB = Namespace("http://purl.org/linked-data/cube#")
DESIGN = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
DATA_MODEL = (ROOT / "docs" / "data-model.md").read_text(encoding="utf-8")
EXAMPLES = {path.name: path for path in (ROOT / "server" / "examples").glob("*.rq")}
PREFIXES, *QUERIES = re.findall(r"```sparql\n(.*?)```", DATA_MODEL, re.DOTALL)
RECIPES = re.findall(r"^### (\S+\.rq)\n\n(.+)\n", DATA_MODEL, re.MULTILINE)
IRIS = dict(re.findall(r"^PREFIX (\S+): <(.+)>$", PREFIXES, re.MULTILINE))
PAGES = sorted(
    str(path.relative_to(ROOT))
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob(".github/*.md")]
)


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return load_ontology(BASE).as_rdflib()


# --- the cookbook -----------------------------------------------------------------------------


def test_ten_queries_are_told_with_what_they_answer() -> None:
    assert len(RECIPES) == len(QUERIES) == len(set(RECIPES)) == 10
    for name, question in RECIPES:
        assert f"# en: {question}\n" in EXAMPLES[name].read_text(encoding="utf-8")
        assert re.search(
            rf"^\| \[{re.escape(name)}\]\(#\S+\) \| {re.escape(question)} \|$", DATA_MODEL, re.M
        )


@pytest.mark.parametrize(("recipe", "query"), list(zip(RECIPES, QUERIES, strict=True)))
def test_a_query_of_the_page_is_that_of_the_file(recipe: tuple[str, str], query: str) -> None:
    file = EXAMPLES[recipe[0]].read_text(encoding="utf-8")
    assert (
        re.sub(r"^(# (zh|en): .+|PREFIX .+)\n", "", file, flags=re.MULTILINE).strip()
        == query.strip()
    )
    Store().query(PREFIXES + query)
    wanted = dict(re.findall(r"^PREFIX (\S+): <(.+)>$", file, re.MULTILINE))
    assert wanted.items() <= IRIS.items()


@pytest.mark.parametrize("page", [DESIGN, DATA_MODEL])
def test_a_page_names_only_terms_that_exist(page: str, ontology: Graph) -> None:
    own = {prefix: iri for prefix, iri in IRIS.items() if iri.startswith(BASE)}
    # What these name is told by reports.
    del own["year"]
    names = set(re.findall(rf"(?<![\w:/-])({'|'.join(own)}):([A-Za-z][\w-]*)", page))
    assert len(names) > 5
    unknown = {
        f"{prefix}:{name}"
        for prefix, name in names
        if (URIRef(own[prefix] + name), None, None) not in ontology
    }
    assert unknown == set()


# --- cubes and rules --------------------------------------------------------------------------


def dimensions(cube: URIRef, ontology: Graph) -> list[str]:
    """The dimensions of a cube but body and period, in the order of its structure."""
    structure = ontology.value(cube, QB.structure)
    found = [
        (int(str(ontology.value(component, QB.order))), dimension)
        for component in ontology.objects(structure, QB.component)
        if (dimension := ontology.value(component, QB.dimension))
    ]
    return ["def:" + str(dimension).rpartition("#")[2] for _, dimension in sorted(found)[2:]]


def rows_of_cubes(page: str) -> dict[str, list[str]]:
    return {
        cube: re.findall(r"`(.+?)`", last)
        for cube, last in re.findall(
            r"^\| `([\w-]+)` \| [^|]+ \| ((?:`def:\w+`(?:, )?)+) \|$", page, re.M
        )
    }


def test_the_pages_have_the_cubes_as_they_are(ontology: Graph) -> None:
    cubes = {
        str(cube).rpartition("/")[2]: dimensions(URIRef(str(cube)), ontology)
        for cube in ontology.subjects(RDF.type, QB.DataSet)
    }
    assert rows_of_cubes(DATA_MODEL) == cubes
    chinese = {"requests", "disputes", "disclosure", "statistics"}
    assert rows_of_cubes(DESIGN) == {cube: cubes[cube] for cube in chinese}


def test_the_rules_of_the_design_are_those_of_the_shapes() -> None:
    section = DESIGN.partition("## 5. Rules")[2]
    named = re.findall(r"`([\w*-]+)`", "".join(re.findall(r"^\| (`.+?) \|", section, re.MULTILINE)))
    rules = set(rules_of_shapes().values())
    kinds = tuple(name.removesuffix("*") for name in named if name.endswith("*"))
    assert {name for name in named if not name.endswith("*")} == {
        rule for rule in rules if not rule.startswith(kinds)
    }
    assert all(any(rule.startswith(kind) for rule in rules) for kind in kinds)


# --- the picture ------------------------------------------------------------------------------


def test_the_picture_is_of_the_sample(client: FlaskClient) -> None:
    """Every arrow is a triple of the sample's report, every node has the class written in it."""
    nodes = dict(re.findall(r'^    (\w+)[\[(]+"(.+?)"[\])]+$', DATA_MODEL, re.MULTILINE))
    arrows = re.findall(r"^    (\w+) -->\|(\S+)\| (\w+)$", DATA_MODEL, re.MULTILINE)
    assert {name for source, _, target in arrows for name in (source, target)} == set(nodes)

    def written(node: str) -> str:
        path = nodes[node].partition("<br>")[2]
        return f"<{BASE}{path}>" if path else nodes[node] if nodes[node].isdigit() else f"?{node}"

    patterns = [f"{written(source)} {link} {written(target)} ." for source, link, target in arrows]
    for node, label in nodes.items():
        kind = label.partition("<br>")[0]
        if ":" in kind:
            patterns.append(f"{written(node)} a {kind} .")
    # The sample has a number in every cell, so nothing is missing from its tables.
    sure = [pattern for pattern in patterns if "?missing" not in pattern]
    assert len(patterns) - len(sure) == 2
    for pattern in sure:
        query = f"{PREFIXES}\nASK {{ {pattern} }}"
        answer = client.get("/sparql", query_string={"query": query})
        assert answer.json == {"head": {}, "boolean": True}, pattern


# --- links ------------------------------------------------------------------------------------


def anchors(text: str) -> set[str]:
    """The names that the headings of a page get on the web."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    prose = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    for link in re.findall(r"\]\(([^()\s]+)\)", prose):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (ROOT / name).parent / unquote(path) if path else ROOT / name
        assert target.exists(), link
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target.read_text(encoding="utf-8")), link
