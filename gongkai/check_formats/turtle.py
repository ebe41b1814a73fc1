"""The SHACL validation reports of all that was checked, as one Turtle document."""

from collections.abc import Iterator

from rdflib import Graph
from rdflib.namespace import SH

from gongkai.check_formats import Checked
from gongkai.ontology.addresses import Addresses
from gongkai.shapes.quality import DQV
from gongkai.shapes.validation_report import EARL


class TurtleFormat:
    """Writes the prefixes once, then each validation report."""

    def __init__(self, base: str) -> None:
        """Take the base address, for the prefix of the vocabulary."""
        self._terms = Addresses(base).terms

    def begin(self) -> Iterator[str]:
        """The prefixes of all that follows."""
        for prefix, namespace in self._prefixes():
            yield f"@prefix {prefix}: <{namespace}> .\n"

    def tell(self, checked: Checked) -> Iterator[str]:
        """A validation report; a file that could not be read is a comment."""
        outcome = checked.outcome
        name = str(checked.path).encode("utf-8", "backslashreplace").decode()
        yield "\n# " + name.replace("\n", " ").replace("\r", " ") + "\n"
        if outcome is None or not outcome.validation:
            return
        graph = Graph(bind_namespaces="none")
        for prefix, namespace in self._prefixes():
            graph.bind(prefix, namespace)
        graph.parse(data=outcome.validation, format="nt")
        lines = graph.serialize(format="turtle").splitlines()
        yield (
            "\n".join(line for line in lines if not line.startswith("@prefix")).lstrip("\n") + "\n"
        )

    def end(self, exit_code: int) -> Iterator[str]:
        """Nothing comes after the last report."""
        return iter(())

    def _prefixes(self) -> tuple[tuple[str, str], ...]:
        xsd = "http://www.w3.org/2001/XMLSchema#"
        named = (("sh", SH), ("earl", EARL), ("dqv", DQV), ("def", self._terms), ("xsd", xsd))
        return tuple((prefix, str(namespace)) for prefix, namespace in named)
