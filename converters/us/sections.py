"""The sections of a FOIA annual report: every number in them as a cell, every footnote as text."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from gongkai.converters.cell_table import meanings
from gongkai.converters.documents.model import Place
from gongkai.converters.report import CellState, Section
from gongkai.converters.us.blocks import ExchangeBlock, ExchangeFigure, stray
from gongkai.converters.us.exchange import (
    Association,
    Exchange,
    associations,
    id_of,
    line_of,
    name_of,
    text_of,
)
from gongkai.ontology.texts import listed, translations


def read_section(
    exchange: Exchange, section: etree._Element, counted: Counter[tuple[str, str]]
) -> Iterator[ExchangeFigure]:
    """Every number in a section; ``counted`` are the entries of lists found so far."""
    known = {
        meaning.where[1]: meaning
        for meaning in meanings("gongkai.converters.us", "elements.csv")
        if meaning.where[0] == name_of(section)
    }
    ties = associations(section)
    owners: dict[str, list[Association]] = defaultdict(list)
    for tie in ties:
        owners[tie.block].append(tie)
    blocks = set()
    if text_of(section):
        place = Place(line=line_of(section))
        yield ExchangeFigure("", stray(section, name_of(section), text_of(section), place), "")
    for block in section:
        if name_of(block).endswith("Association") or name_of(block) == "FootnoteText":
            continue
        blocks.add(id_of(block))
        tied = owners.get(id_of(block), [])
        if any(tie.numbers for tie in tied):
            for tie in tied:
                reader = ExchangeBlock(exchange, known, counted, block, [tie])
                for number in tie.numbers:
                    yield from reader.number(number, name_of(number), block)
            # The numbers stand in the associations, the words in the block; or they should.
            yield from ExchangeBlock(exchange, known, counted, block, tied).numbers()
            continue
        yield from ExchangeBlock(exchange, known, counted, block, tied).numbers()
    for tie in ties:
        if tie.block not in blocks:
            reader = ExchangeBlock(exchange, known, counted, section, [tie])
            for number in tie.numbers:
                yield from reader.number(number, name_of(number), section)


def footnotes(section: etree._Element) -> Section | None:
    """The footnotes of a section as a section of the report's text; None where it has none."""
    notes = [e for e in section if name_of(e) == "FootnoteText" and text_of(e)]
    if not notes:
        return None
    places = tuple(Place(line=line_of(note)) for note in notes)
    return Section(name_of(section), 1, tuple(map(text_of, notes)), places[0], places)


def one_per_cell(figures: list[ExchangeFigure]) -> list[ExchangeFigure]:
    """The figures with one for each cell: a cell stated twice with different numbers is unread."""
    groups: dict[object, list[ExchangeFigure]] = {}
    for number, figure in enumerate(figures):
        named = figure.cell.codes and figure.cell.state is not CellState.UNATTRIBUTED
        cell = (figure.cube, *figure.cell.codes.items()) if named else number
        groups.setdefault(cell, []).append(figure)
    return [group[0] if len(group) == 1 else _one_of(group) for group in groups.values()]


def _one_of(group: list[ExchangeFigure]) -> ExchangeFigure:
    first = group[0]
    stated = [figure for figure in group if figure.cell.state is not CellState.NOT_STATED] or group
    said = {
        (cell.state, cell.value, cell.statement, cell.received_on)
        for cell in (figure.cell for figure in stated)
    }
    if len(said) == 1:
        return stated[0]
    texts = tuple(
        "".join(cell.readings) if cell.value is None else cell.text or str(cell.value)
        for cell in (figure.cell for figure in stated)
    )
    cell = replace(
        first.cell,
        state=CellState.UNREAD,
        value=None,
        text=None,
        reason=translations("us.different_numbers", numbers=listed(texts)),
        readings=texts,
    )
    return replace(first, cell=cell)
