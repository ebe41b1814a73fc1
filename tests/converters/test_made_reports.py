"""A whole report in each official form, as a file of each format: every number is in its cell.

The reports are made here: each layout is tested without the corpus too. Those of other countries
are in the folder ``samples``, and tested beside their readers.
"""

from collections.abc import Callable
from itertools import product
from pathlib import Path
from random import Random

import pytest

from gongkai.converters.cn.reader import recognise
from gongkai.converters.documents import read_document
from gongkai.converters.documents.libreoffice import convert
from gongkai.converters.documents.limits import DEFAULT_LIMITS
from helpers.drawn_reports import Drawn, complaints, draw
from helpers.office_files import for_programs, needs_libreoffice
from helpers.profiles import some_of
from helpers.seen_html import Page
from helpers.seen_office import word_document, workbook
from helpers.seen_pdf import Sheet
from helpers.seen_text import LAYOUTS, text_document

FORMS = ("2014", "2019", "2021")
CHANCE = Random(5)


def web_page(drawn: Drawn) -> bytes:
    return Page(drawn, next(iter(drawn.values)), CHANCE).bytes()


def word(drawn: Drawn) -> bytes:
    return word_document(drawn, CHANCE, {})[0]


def word_for_programs(drawn: Drawn) -> bytes:
    return for_programs(word(drawn))


def sheets(drawn: Drawn) -> bytes:
    return workbook(drawn, CHANCE, {})[0]


def printed(drawn: Drawn) -> bytes:
    return Sheet(drawn, CHANCE).bytes({})


def text(layout: str) -> "Writer":
    return lambda drawn: text_document(drawn, layout, CHANCE, {})[0]


Writer = Callable[[Drawn], bytes]
MADE: dict[str, tuple[str, Writer]] = {
    "HTML": ("html", web_page),
    "Word": ("docx", word),
    "workbook": ("xlsx", sheets),
    "PDF": ("pdf", printed),
    **{f"text, {layout}": ("txt", text(layout)) for layout in LAYOUTS},
}
CONVERTED: dict[str, tuple[str, Writer]] = {
    "odt": ("docx", word_for_programs),
    "doc": ("docx", word_for_programs),
    "ods": ("xlsx", sheets),
    "xls": ("xlsx", sheets),
}
"""What LibreOffice writes, and what it is given."""


def assert_read(drawn: Drawn, data: bytes, path: Path) -> None:
    path.write_bytes(data)
    report = recognise(read_document(path))
    assert not complaints(drawn, report, {})
    assert report.complete and report.title == drawn.before[0]
    assert report.form is not None and report.form.key == drawn.form


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("made", MADE)
def test_every_number_is_in_its_cell(made: str, form: str, tmp_path: Path) -> None:
    suffix, write = MADE[made]
    drawn = draw(Random(form), form)
    assert_read(drawn, write(drawn), tmp_path / f"report.{suffix}")


@needs_libreoffice
@pytest.mark.parametrize(("suffix", "form"), some_of(product(CONVERTED, FORMS), len(FORMS)))
def test_every_number_is_in_its_cell_as_libreoffice_writes_it(
    suffix: str, form: str, tmp_path: Path
) -> None:
    given, write = CONVERTED[suffix]
    drawn = draw(Random(form), form)
    data = convert(write(drawn), given, suffix, DEFAULT_LIMITS)
    assert_read(drawn, data, tmp_path / f"report.{suffix}")
