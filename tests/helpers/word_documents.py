"""Word documents read from the XML of their parts."""

from gongkai.converters.documents.limits import DEFAULT_LIMITS
from gongkai.converters.documents.model import Content, GridCell
from gongkai.converters.documents.word.docx import read_docx
from helpers.office_files import at, cell, docx, grids, paragraph, row, table

MERGE, GOES_ON = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"


def read(body: str, **others: str) -> Content:
    return read_docx(docx(body, **others), DEFAULT_LIMITS)


def read_cell(*inner: str, **others: str) -> GridCell:
    """The second cell of a table of two."""
    return at(grids(read(table(row("标签", cell(*inner))), **others))[0], 0, 1)


def level(number: int, format_: str, text: str, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{number}"><w:start w:val="1"/><w:numFmt w:val="{format_}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


HEADINGS = (
    '<w:abstractNum w:abstractNumId="0">'
    + level(0, "chineseCountingThousand", "%1、", '<w:suff w:val="nothing"/>')
    + level(1, "japaneseCounting", "（%2）", '<w:suff w:val="nothing"/>')
    + level(2, "decimal", "%3.", '<w:suff w:val="nothing"/>')
    + level(3, "decimal", "%1.%4", "<w:isLgl/>")
    + '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">'
    '<w:startOverride w:val="5"/></w:lvlOverride></w:num>'
)


def numbered(text: str, depth: int, number: int = 1) -> str:
    properties = f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'
    return paragraph(text, properties=properties)
