"""Constraints on the sums of one table: totals and their parts, inflow and outflow."""

from collections.abc import Iterable
from decimal import Decimal

from gongkai.ontology.triples.numbers_by_value import number_text
from gongkai.shapes.results import Detail
from gongkai.shapes.setwise.context import (
    OBSERVED,
    Context,
    Line,
    ReferenceData,
    TableOfCells,
    formula,
    number,
)
from gongkai.shapes.setwise.judgement import Broken, Judgement, in_languages
from gongkai.shapes.shape_graph import Shape


def total_is_sum_of_parts(context: Context, shape: Shape, focus: str) -> Judgement:
    """``shapes#total-is-sum-of-parts``: each total is the sum of the nearest codes below it."""
    (along,), (across,) = shape.parameters["sumsAlong"], shape.parameters["sumsAcross"]
    totals = shape.parameters["total"]
    table, judged = context.table(focus), Judgement()
    lines, lost = table.lines(across, along), _Lost(table, along, across)
    for key in [*lines, *(key for key in lost.lines if key not in lines)]:
        line, missing = lines.get(key, {}), lost.of(key)
        printed = frozenset(line)
        for total in totals:
            parts = context.reference_data.parts(total, printed)
            unknown = _needed(context.reference_data, total, missing, printed)
            if total not in printed:
                judged.not_assessable += total in missing and bool(parts or unknown)
            elif unknown:
                judged.not_assessable += 1
            elif parts:
                _judge_total(context, table, judged, key, total, line, parts)
    return judged


def _needed(
    reference_data: ReferenceData, total: str, missing: set[str], printed: frozenset[str]
) -> list[str]:
    """The missing codes without which ``total`` cannot be summed: none above them is printed."""
    return [
        code
        for code in missing
        if total in reference_data.ancestors(code)
        and not any(
            total in reference_data.ancestors(above)
            for above in reference_data.ancestors(code) & printed
        )
    ]


def _judge_total(
    context: Context,
    table: TableOfCells,
    judged: Judgement,
    key: str,
    total: str,
    line: Line,
    parts: Iterable[str],
) -> None:
    cells = [cell for part in parts for cell in line[part]]
    numbers = numbers_in(table, cells)
    if not numbers:
        return
    for cell in line[total]:
        judge_sum(context, table, judged, cell, cells, numbers, key=key, total=total)


def judge_sum(
    context: Context,
    table: TableOfCells,
    judged: Judgement,
    cell: str,
    parts: Iterable[str],
    numbers: list[Decimal],
    **named: str,
) -> None:
    """Judge whether the number of ``cell`` is the sum of ``numbers``, those of ``parts``.

    ``named`` are the nodes named in the message, by variable.
    """
    expected = sum(numbers, Decimal(0))
    for term in table.facts.values(cell, OBSERVED):
        found = number(term)
        if found is None:
            continue
        if found == expected:
            judged.held += 1
            continue
        names = {called: context.names(node) for called, node in named.items()}
        judged.broken.append(
            Broken(
                cell,
                sides(expected, found) | in_languages(table=context.titles(table), **names),
                Detail(number_text(expected), number_text(found), (cell, *parts), formula(numbers)),
            )
        )


def received_is_handled(context: Context, shape: Shape, focus: str) -> Judgement:
    """``shapes#received-is-handled``: received + carried in = handled + carried out."""
    reference_data = context.reference_data
    across, along = reference_data.term("applicant"), reference_data.term("stage")
    stated = reference_data.facts.of(reference_data.term("balanceSide"))
    balance = {code: number(stated[code][0]) for code in sorted(stated, key=reference_data.order)}
    handled = f"<{reference_data.base}id/code/stage/handled>"
    table, judged = context.table(focus), Judgement()
    for key, line in table.lines(across, along).items():
        into = [cell for code, side in balance.items() if side == 1 for cell in line.get(code, ())]
        out = [cell for code, side in balance.items() if side == -1 for cell in line.get(code, ())]
        counts = [
            sum(len(table.facts.values(cell, OBSERVED)) for cell in line.get(code, ()))
            for code in balance
        ]
        numbers = numbers_in(table, into), numbers_in(table, out)
        if any(count != 1 for count in counts) or numbers[0] is None or numbers[1] is None:
            judged.not_assessable += 1
            continue
        expected, found = sum(numbers[0], Decimal(0)), sum(numbers[1], Decimal(0))
        if expected == found:
            judged.held += 1
            continue
        both = "; ".join(formula(side) for side in (numbers[0], numbers[1]))
        judged.broken += [
            Broken(
                cell,
                sides(expected, found)
                | in_languages(table=context.titles(table), key=context.names(key)),
                Detail(number_text(expected), number_text(found), (*into, *out), both),
            )
            for cell in line.get(handled, ())
        ]
    return judged


def sides(expected: Decimal, found: Decimal) -> dict[str, str]:
    """The numbers that a message names: both sides and by how much they differ."""
    return {
        "expected": number_text(expected),
        "found": number_text(found),
        "difference": number_text(found - expected),
    }


def numbers_in(table: TableOfCells, cells: Iterable[str]) -> list[Decimal] | None:
    """The numbers of cells; None if one of them is not a number."""
    found = []
    observed = table.facts.of(OBSERVED)
    for cell in cells:
        for term in observed.get(cell, ()):
            value = number(term)
            if value is None:
                return None
            found.append(value)
    return found


class _Lost:
    """The missing cells of a table by line; a cell without a line counts for every line."""

    def __init__(self, table: TableOfCells, along: str, across: str) -> None:
        self.lines: dict[str, set[str]] = {}
        self._everywhere: set[str] = set()
        for cell in table.missing:
            codes = set(table.facts.values(cell, along))
            keys = table.facts.values(cell, across)
            if len(keys) == 1:
                self.lines.setdefault(keys[0], set()).update(codes)
            elif not keys:
                self._everywhere |= codes

    def of(self, key: str) -> set[str]:
        return self.lines.get(key, set()) | self._everywhere
