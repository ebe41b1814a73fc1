"""The cells of a report that a kind of claim speaks of."""

from collections.abc import Sequence

from gongkai.converters.report import ReportTable
from gongkai.ontology.claims import claim_kinds


def cells_spoken_of(
    kind: str, tables: Sequence[ReportTable]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Cube and codes of the cells whose sum a claim of ``kind`` speaks of; none if it has none."""
    for group in claim_kinds()[kind]:
        for table in tables:
            if table.cube == group.cube:
                keys = group.printed_in(table.form.table(table.cube))
                if keys:
                    return tuple((table.cube, key) for key in keys)
    return ()
