"""The text of a validation that a person approves, and the command that writes it anew.

    .venv/bin/python tests/helpers/approval.py

writes what the rules now find in the examples; look at the difference before it is committed.
"""

from pathlib import Path

from rdflib import Graph

from gongkai.ontology.triples.graph import n_triples
from gongkai.shapes.checker import RuleEngine, Verdict, check

BASE = "http://localhost:8000/"
EXAMPLES = Path(__file__).parent.parent / "examples"


def verdict_of(example: Path, engine: RuleEngine = RuleEngine.SETWISE) -> Verdict:
    """What the rules find in an example, beside its ``last-year.ttl`` where there is one."""
    last_year = example.with_name("last-year.ttl")
    earlier = triples(last_year) if last_year.exists() else None
    return check(triples(example), BASE, earlier, engine)


def triples(path: Path) -> bytes:
    return n_triples(Graph().parse(path, format="turtle", publicID=BASE))


def approved_text(verdict: Verdict) -> str:
    """Every finding with all that it says, in both languages."""
    if verdict.conforms:
        return "conforms\n"
    paragraphs = []
    for finding in verdict.findings:
        lines = [f"{finding.severity}: {finding.rule}", f"  cell: {short(finding.cell)}"]
        if finding.expected is not None:
            lines.append(f"  expected: {finding.expected}, found: {finding.found}")
        lines += [f"  involves: {short(cell)}" for cell in finding.cells]
        lines += [f"  {language}: {text}" for language, text in sorted(finding.message.items())]
        paragraphs.append("\n".join(lines) + "\n")
    return "\n".join(paragraphs)


def short(iri: str) -> str:
    return iri.removeprefix(BASE)


def write_anew() -> None:
    for invalid in sorted(EXAMPLES.glob("*/invalid.ttl")):
        text = approved_text(verdict_of(invalid))
        invalid.with_name("approved.txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write_anew()
