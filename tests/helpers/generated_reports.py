"""Small reports made at random, right and wrong in every way that the rules speak of, as N-Triples.

Written without the converter: what it never makes must be there too.
"""

from dataclasses import dataclass, field
from random import Random

from gongkai.ontology.forms import cell_codes, forms
from gongkai.ontology.structures import code_labels, cubes

BASE = "http://localhost:8000/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"
QB = "http://purl.org/linked-data/cube#"
SDMX = "http://purl.org/linked-data/sdmx/2009/"
DCTERMS = "http://purl.org/dc/terms/"

Triple = tuple[str, str, str]
Codes = tuple[str, ...]


def iri(path: str) -> str:
    return f"<{path}>"


def own(path: str) -> str:
    return f"<{BASE}{path}>"


def term(name: str) -> str:
    return own(f"def#{name}")


def integer(number: int | str) -> str:
    return f'"{number}"^^<{XSD}integer>'


A = iri(RDF + "type")
VALUE, STATUS = iri(SDMX + "measure#obsValue"), iri(SDMX + "attribute#obsStatus")
UNIT, PERIOD = iri(SDMX + "attribute#unitMeasure"), iri(SDMX + "dimension#refPeriod")
OBSERVATION, SLICE, DATASET = iri(QB + "observation"), iri(QB + "slice"), iri(QB + "dataSet")

STRANGE_VALUES = (
    '"2"',
    f'"2.0"^^<{XSD}double>',
    f'"3.5"^^<{XSD}decimal>',
    '"much"@en',
    integer(-3),
    own("id/code/stage/granted"),
)


@dataclass
class Draft:
    """A report in the making: its triples, and the nodes that mistakes are planted at."""

    body: str
    year: int
    triples: set[Triple] = field(default_factory=set)
    cells: dict[tuple[str, Codes], str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"{self.body}/{self.year}"

    def say(self, subject: str, link: str, *values: str) -> None:
        self.triples |= {(subject, link, value) for value in values}

    def forget(self, subject: str | None, link: str | None, value: str | None = None) -> None:
        self.triples = {
            (s, p, o)
            for s, p, o in self.triples
            if not (subject in (None, s) and link in (None, p) and value in (None, o))
        }

    def n_triples(self) -> bytes:
        return "".join(f"{s} {p} {o} .\n" for s, p, o in sorted(self.triples)).encode()


def report_and_last_year(random: Random, body: str) -> tuple[Draft, Draft | None]:
    """A report and, at times, the one before; each with none to many mistakes."""
    year = random.choice((2020, 2021, 2022, 2023))
    form = random.choice(("2014", "2019", "2021", "2021"))
    draft = sound_report(random, body, year, form)
    last = None
    if random.random() < 0.5:
        last_form = form if random.random() < 0.8 else "2019"
        last = sound_report(random, body, year - (1 if random.random() < 0.9 else 2), last_form)
        if random.random() < 0.5:
            follow(draft, last)
    for spoiled in (draft, last):
        for _ in range(random.choice((0, 0, 1, 2, 5)) if spoiled else 0):
            assert spoiled is not None
            spoil(random, spoiled)
    return draft, last


def sound_report(random: Random, body: str, year: int, form: str) -> Draft:
    """A report with some of the tables of a form, all of whose sums hold."""
    draft = Draft(body, year)
    describe_report(draft)
    tables = list(next(f for f in forms() if f.key == form).cubes)
    for cube in random.sample(tables, random.randint(1, min(2, len(tables)))):
        add_table(random, draft, form, cube)
    add_claims(random, draft)
    return draft


def describe_report(draft: Draft) -> None:
    report, body = own(f"id/report/{draft.key}"), own(f"id/body/{draft.body}")
    period, series = own(f"id/year/{draft.year}"), own(f"id/series/{draft.body}-{draft.year}")
    agent = "http://xmlns.com/foaf/0.1/Agent"
    draft.say(report, A, term("Report"))
    draft.say(report, iri(DCTERMS + "title"), '"报告"@zh')
    draft.say(report, iri(DCTERMS + "description"), '"说明"@zh')
    draft.say(report, iri(DCTERMS + "publisher"), body)
    draft.say(report, iri(DCTERMS + "temporal"), period)
    draft.say(report, iri(DCTERMS + "language"), iri("http://example.org/zh"))
    draft.say(report, iri(DCTERMS + "issued"), f'"2022-01-31"^^<{XSD}date>')
    draft.say(report, iri("http://www.w3.org/ns/dcat#inSeries"), series)
    draft.say(report, iri("http://www.w3.org/ns/prov#wasDerivedFrom"), report[:-1] + "#source>")
    draft.say(report[:-1] + "#source>", A, iri("http://www.w3.org/ns/prov#Entity"))
    draft.say(series, A, iri("http://www.w3.org/ns/dcat#DatasetSeries"))
    draft.say(series, iri(DCTERMS + "title"), '"系列"@zh')
    draft.say(series, iri(DCTERMS + "description"), '"说明"@zh')
    draft.say(body, A, term("PublicBody"), iri(agent))
    draft.say(body, iri("http://www.w3.org/2004/02/skos/core#prefLabel"), '"局"@zh', '"Bureau"@en')
    draft.say(period, A, iri("http://www.w3.org/2006/time#ProperInterval"))
    draft.say(period, A, iri(DCTERMS + "PeriodOfTime"))
    notation = iri("http://www.w3.org/2004/02/skos/core#notation")
    draft.say(period, notation, f'"{draft.year}"^^<{XSD}gYear>')


def add_table(random: Random, draft: Draft, form: str, cube: str) -> None:
    """A table of the form; of the large one only some columns, and then it names no form."""
    table = own(f"id/slice/{cube}/{draft.key}")
    draft.say(table, A, iri(QB + "Slice"))
    draft.say(own(f"id/cube/{cube}"), SLICE, table)
    draft.say(table, term("body"), own(f"id/body/{draft.body}"))
    draft.say(table, PERIOD, own(f"id/year/{draft.year}"))
    draft.say(table, iri(DCTERMS + "isPartOf"), own(f"id/report/{draft.key}"))
    dimensions = cubes()[cube].dimensions
    printed = next(f for f in forms() if f.key == form).table(cube)
    pairs = [pair for block in printed.blocks for pair in block.cells()]
    coded = {
        tuple(cell_codes(row, column)[d.scheme] for d in dimensions): row.unit or column.unit
        for row, column in pairs
    }
    if cube in ("requests", "statistics"):
        kept = some_codes(random, cube, set(coded))
        coded = {codes: unit for codes, unit in coded.items() if codes in kept}
    else:
        draft.say(table, term("form"), own(f"id/form/{form}"))
    values = sound_values(random, cube, set(coded))
    for codes, unit in coded.items():
        add_cell(draft, cube, codes, values[codes], unit or "request")


def some_codes(random: Random, cube: str, cells: set[Codes]) -> set[Codes]:
    """A few rows and columns of a large table: enough for every rule, and soon checked."""
    if cube == "statistics":
        totals = random.sample(sorted(STATISTICS), 2)
        parts = {(part,) for total in totals for part in STATISTICS[total]}
        return {(total,) for total in totals} | parts | set(random.sample(sorted(cells), 2))
    applicants = ("total", "natural-person", random.choice(("business", "research")))
    ends = {"received", "carried-in", "handled", "carried-out"}
    outcomes = random.sample(sorted({stage for _, stage in cells} - ends), 4)
    return {(applicant, stage) for applicant in applicants for stage in (*ends, *outcomes)}


def add_cell(draft: Draft, cube: str, codes: Codes, value: int, unit: str) -> None:
    node = own(f"id/observation/{cube}/{draft.key}/{'/'.join(codes)}")
    draft.cells[cube, codes] = node
    draft.say(node, A, iri(QB + "Observation"))
    for dimension, code in zip(cubes()[cube].dimensions, codes, strict=True):
        draft.say(node, term(dimension.name), own(f"id/code/{dimension.scheme}/{code}"))
    money = unit in ("yuan", "ten-thousand-yuan", "money")
    datatype = "decimal" if money else "integer"
    draft.say(node, VALUE, f'"{value}"^^<{XSD}{datatype}>')
    draft.say(node, UNIT, own(f"id/code/unit/{unit}"))
    draft.say(node, STATUS, iri(SDMX + "code#obsStatus-A"))
    draft.say(node, DATASET, own(f"id/cube/{cube}"))
    draft.say(node, term("body"), own(f"id/body/{draft.body}"))
    draft.say(node, PERIOD, own(f"id/year/{draft.year}"))
    draft.say(own(f"id/slice/{cube}/{draft.key}"), OBSERVATION, node)


def sound_values(random: Random, cube: str, cells: set[Codes]) -> dict[Codes, int]:
    """Small numbers whose totals hold, written from the forms' own words, not from the shapes."""
    values = {codes: random.choice((0, 0, 1, 2)) for codes in sorted(cells)}
    if cube == "requests":
        outcomes = {s for _, s in cells} - {"received", "carried-in", "handled", "carried-out"}
        people = sorted({a for a, _ in cells} - {"total"})
        for person in people:
            handled = sum(values[person, outcome] for outcome in outcomes)
            values[person, "handled"] = handled
            values[person, "received"] = handled
            values[person, "carried-in"] = values[person, "carried-out"]
        for _, stage in cells:
            values["total", stage] = sum(values[person, stage] for person in people)
    elif cube == "disputes":
        for proceeding in {p for p, _ in cells}:
            values[proceeding, "total"] = sum(
                values[p, r] for p, r in cells if p == proceeding and r != "total"
            )
    elif cube == "statistics":
        for total, parts in STATISTICS.items():
            if (total,) in cells:
                values[total,] = sum(values.get((part,), 0) for part in parts)
    else:
        for item, indicator in sorted(cells):
            if indicator in ("in-force", "public-total", "items-last-year"):
                values[item, indicator] += 4
    return values


STATISTICS = {
    "requests-received": (
        "requests-in-person",
        "requests-by-fax",
        "requests-online",
        "requests-by-letter",
    ),
    "requests-concluded": ("concluded-in-time", "concluded-after-extension"),
    "reconsiderations": (
        "reconsiderations-upheld",
        "reconsiderations-corrected",
        "reconsiderations-other",
    ),
}
"""Some of the totals of the table of statistics; the others are wrong as often as not."""


CLAIM_KINDS = sorted(code for scheme, code in code_labels() if scheme == "claim")


def add_claims(random: Random, draft: Draft) -> None:
    for number in range(random.choice((0, 0, 1, 3))):
        claim = own(f"id/report/{draft.key}#claim-{number}")
        kind = random.choice((*CLAIM_KINDS, "no-such-kind"))
        cells = random.sample(sorted(draft.cells.values()), random.choice((0, 1, 1, 2)))
        draft.say(claim, A, term("Claim"), own(f"id/code/claim/{kind}"))
        draft.say(claim, term("claimKind"), own(f"id/code/claim/{kind}"))
        draft.say(claim, term("statedValue"), integer(random.choice((0, 1, 2, 3))))
        draft.say(claim, term("quotation"), '"共收到“申请”3件"@zh')
        draft.say(claim, term("concerns"), *cells)


def follow(draft: Draft, last: Draft) -> None:
    """Make the report carry in what last year's carried out."""
    for (cube, codes), node in draft.cells.items():
        before = last.cells.get((cube, (codes[0], "carried-out")))
        if cube == "requests" and codes[-1] == "carried-in" and before is not None:
            number = min(o for s, p, o in last.triples if s == before and p == VALUE)
            draft.forget(node, VALUE)
            draft.say(node, VALUE, number)


def spoil(random: Random, draft: Draft) -> None:
    """Plant one mistake."""
    (cube, codes), node = random.choice(sorted(draft.cells.items()))
    table = own(f"id/slice/{cube}/{draft.key}")
    dimension = term(random.choice(cubes()[cube].dimensions).name)
    kind = random.choice(MISTAKES)
    if kind == "number":
        draft.forget(node, VALUE)
        draft.say(node, VALUE, integer(random.choice((0, 1, 2, 3, 7))))
    elif kind == "strange":
        draft.forget(node, VALUE)
        draft.say(node, VALUE, random.choice(STRANGE_VALUES))
    elif kind == "two-numbers":
        draft.say(node, VALUE, integer(random.choice((0, 1, 5))))
    elif kind == "gone":
        draft.forget(node, None)
        draft.forget(None, None, node)
    elif kind == "missing":
        spoil_into_missing(random, draft, cube, codes, node)
    elif kind == "no-property":
        link = random.choice((VALUE, UNIT, STATUS, DATASET, PERIOD, term("body"), dimension, A))
        draft.forget(node, link)
    elif kind == "wrong-code":
        draft.forget(node, dimension)
        code = random.choice(("stage/granted", "result/total", "applicant/total", "none/such"))
        draft.say(node, dimension, own(f"id/code/{code}"))
    elif kind == "two-codes":
        other = random.choice(sorted(draft.cells))[1]
        scheme = next(d.scheme for d in cubes()[cube].dimensions if term(d.name) == dimension)
        draft.say(node, dimension, own(f"id/code/{scheme}/{random.choice(other)}"))
    elif kind == "wrong-link":
        link, value = random.choice(
            (
                (term("body"), own("id/body/nobody")),
                (PERIOD, own("id/year/1999")),
                (DATASET, own("id/cube/disputes")),
                (UNIT, own("id/code/unit/yuan")),
                (UNIT, '"件"'),
                (STATUS, '"A"'),
                (DATASET, own("id/cube/none")),
            )
        )
        if random.random() < 0.5:
            draft.forget(node, link)
        draft.say(node, link, value)
    elif kind == "copy":
        copy = node[:-1] + f"-{random.randint(1, 3)}>"
        draft.triples |= {(copy, p, o) for s, p, o in draft.triples if s == node}
        if random.random() < 0.7:
            draft.say(table, OBSERVATION, copy)
    elif kind == "outside":
        if random.random() < 0.5:
            draft.forget(table, OBSERVATION, node)
        else:
            tables = sorted({s for s, p, _ in draft.triples if p == OBSERVATION})
            draft.say(random.choice(tables), OBSERVATION, node)
    elif kind == "table":
        link = random.choice((term("body"), PERIOD, term("form"), A))
        draft.forget(table, link)
    elif kind == "stock":
        indicators = ("in-force", "public-total", "items-last-year", "items-change")
        for (_, codes), cell in sorted(draft.cells.items()):
            if codes[-1] in indicators and random.random() < 0.5:
                draft.forget(cell, VALUE)
                draft.say(cell, VALUE, integer(random.choice((-6, 0, 0, 1))))
    elif kind == "catalog":
        subject, link, value = random.choice(
            (
                ("report", "issued", '"2022"'),
                ("report", "issued", f'"2022-02-01"^^<{XSD}date>'),
                ("report", "publisher", own("id/body/nobody")),
                ("report", "temporal", own("id/year/1999")),
                ("report", "language", '"zh"'),
                ("report", "title", own("no-text")),
                ("report", "description", own("no-text")),
                ("series", "title", own("no-text")),
                ("series", "description", own("no-text")),
            )
        )
        key = draft.key if subject == "report" else f"{draft.body}-{draft.year}"
        draft.say(own(f"id/{subject}/{key}"), iri(DCTERMS + link), value)
    else:
        series = f"id/series/{draft.body}-{draft.year}"
        subject = own(random.choice((f"id/report/{draft.key}", series)))
        links = sorted({p for s, p, _ in draft.triples if s == subject and p != A})
        if not links:
            return
        draft.forget(subject, random.choice(links))
        if random.random() < 0.5:
            nobody = iri("http://example.org/nobody")
            draft.say(subject, random.choice(links), nobody)


MISTAKES = (
    *("number",) * 6,
    *("missing",) * 3,
    *("gone",) * 2,
    "strange",
    "two-numbers",
    "no-property",
    "wrong-code",
    "two-codes",
    "wrong-link",
    "copy",
    "outside",
    "table",
    "report",
    "catalog",
    *("stock",) * 2,
)


def spoil_into_missing(random: Random, draft: Draft, cube: str, codes: Codes, node: str) -> None:
    """List a cell as missing, with its claims pointing to what is listed."""
    missing = own(f"id/report/{draft.key}#missing-{cube}-{'-'.join(codes)}")
    draft.triples = {
        (s, p, missing if o == node and p == term("concerns") else o)
        for s, p, o in draft.triples
        if s != node and not (p == OBSERVATION and o == node)
    }
    draft.say(missing, A, term("MissingCell"))
    draft.say(missing, term("missingFrom"), own(f"id/slice/{cube}/{draft.key}"))
    state = random.choice(("unread", "not-stated", "absent"))
    draft.say(missing, term("cellState"), own(f"id/code/cell-state/{state}"))
    for dimension, code in zip(cubes()[cube].dimensions, codes, strict=True):
        if random.random() < 0.95:
            draft.say(missing, term(dimension.name), own(f"id/code/{dimension.scheme}/{code}"))
    draft.say(missing, term("reason"), '"读不出"@zh', '"unreadable"@en')
