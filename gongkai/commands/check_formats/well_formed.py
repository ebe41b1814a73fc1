"""Output on the integrity constraints IC-0 to IC-21: lines of text, or JSON."""

import json
from collections.abc import Iterator
from dataclasses import asdict

from gongkai.checking.years import NextYear
from gongkai.commands.check_formats import path_text, written_path
from gongkai.converters.record import failure_members
from gongkai.ontology.texts import message
from gongkai.pipeline import Outcome

VERSION = 1
"""Version of the layout of the JSON document."""


class WellFormedLines:
    """One line for each graph, and one for each constraint that it breaks."""

    def begin(self) -> Iterator[str]:
        """Nothing comes first."""
        return iter(())

    def entry(self, outcome: Outcome) -> Iterator[str]:
        """The constraints that a graph breaks, with their texts."""
        if outcome.error is not None:
            return
        name = written_path(outcome.path) + (f" <{outcome.uri}>" if outcome.uri else "")
        verdict = message("check.not_well_formed" if outcome.constraints else "check.well_formed")
        yield f"{name}: {verdict}\n"
        for constraint in outcome.constraints:
            yield f"  {constraint.id} {constraint.name}: {constraint.text}\n"

    def later_entry(self, later: NextYear) -> Iterator[str]:
        """Constraints do not compare years."""
        return iter(())

    def end(self, exit_code: int) -> Iterator[str]:
        """Nothing comes last."""
        return iter(())


class WellFormedJson(WellFormedLines):
    """One JSON document (docs/check.md), written as the graphs come."""

    def __init__(self) -> None:
        """Begin a document without graphs."""
        self._before = ""

    def begin(self) -> Iterator[str]:
        """The head of the document, and the beginning of its list."""
        yield f'{{"document": "gongkai check --well-formed", "version": {VERSION}, "graphs": ['

    def entry(self, outcome: Outcome) -> Iterator[str]:
        """One member of the list: the constraints that a graph breaks, or why there is no graph."""
        entry = {
            "file": path_text(outcome.path),
            "graph": outcome.uri or None,
            **(failure_members(outcome.failure) if outcome.failure else {"error": None}),
            "well_formed": None if outcome.failure else not outcome.constraints,
            "broken": [asdict(constraint) for constraint in outcome.constraints],
        }
        yield self._before + "\n" + json.dumps(entry, ensure_ascii=False)
        self._before = ","

    def end(self, exit_code: int) -> Iterator[str]:
        """The end of the list, and the exit code."""
        yield f'\n], "exit_code": {exit_code}}}\n'
