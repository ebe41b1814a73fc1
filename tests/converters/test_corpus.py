"""Real reports and a report in every format, against values typed by hand or known by making."""

import importlib
import shutil
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from helpers.commands import ROOT

CORPUS = ROOT.parent / "shared" / "corpus"
NEEDS_LIBREOFFICE = (".doc", ".wps")


def fidelity() -> ModuleType:
    """The measure of ``make fidelity``, which is no module of the package."""
    folder = str(ROOT / "bench")
    if folder not in sys.path:
        sys.path.append(folder)
    return importlib.import_module("fidelity")


def sources() -> list[Any]:
    if not CORPUS.exists():
        return []
    return [
        pytest.param(*source, id=source[0].name)
        for source in fidelity().sources(CORPUS)
        if "_scan" not in source[0].name
    ]


def test_the_corpus_is_there() -> None:
    if not CORPUS.exists():
        pytest.skip(f"the corpus is not at {CORPUS}: real reports are not read")
    assert len(sources()) > 40


@pytest.mark.parametrize(("path", "expected", "form"), sources())
def test_no_cell_is_wrong_and_none_of_a_whole_text_unread(
    path: Path, expected: dict[Any, Any], form: str
) -> None:
    office = path.suffix in NEEDS_LIBREOFFICE or "no_cached" in path.name
    if office and not shutil.which("soffice"):
        pytest.skip("LibreOffice is not installed: Word 97 files, uncomputed sheets not read")
    score = fidelity().score(path, expected, form)
    assert score.wrong == 0, score.messages
    assert score.right + score.unread == len(expected)
    if score.text_bearing:
        assert score.unread == 0, score.messages


def test_a_text_whose_repeated_lines_are_gone_gives_no_zeros() -> None:
    """An extractor removed every repeated line: all values but one are lost."""
    from gongkai.converters.cn.forms.tables import read_tables
    from gongkai.converters.documents import read_document
    from gongkai.converters.report import CellState

    path = CORPUS / "cn" / "reports" / "part-he-xiongxian-town-2019.txt"
    if not path.exists():
        pytest.skip(f"the corpus is not at {CORPUS}: real reports are not read")
    cells = [
        cell for table in read_tables(read_document(path).items).tables for cell in table.cells
    ]
    assert cells and all(c.state in (CellState.UNREAD, CellState.ABSENT) for c in cells)


SAME_REPORT = [
    "report.txt",
    "report_gbk.txt",
    "report.html",
    "report_gbk_wrongmeta.html",
    "report_nested.html",
    "report.docx",
    "report.pdf",
    "report_chromium.pdf",
]


@pytest.mark.parametrize("name", SAME_REPORT)
def test_text_and_particulars_are_the_same_in_every_format(name: str) -> None:
    from gongkai.converters.cn.reader import recognise
    from gongkai.converters.documents import read_document

    folder = CORPUS / "formats"
    if not folder.exists():
        pytest.skip(f"the corpus is not at {CORPUS}: formats are not compared")
    wanted = recognise(read_document(folder / "report.txt"))
    found = recognise(read_document(folder / name))
    assert (found.body, found.year, found.title) == (wanted.body, wanted.year, wanted.title)
    assert (found.issued, found.period) == (wanted.issued, wanted.period)
    assert (found.signature, found.contact) == (wanted.signature, wanted.contact)
    assert [(s.level, s.heading) for s in found.sections] == [
        (s.level, s.heading) for s in wanted.sections
    ]
    for one, other in zip(found.sections, wanted.sections, strict=True):
        # White space alone may differ: lines end elsewhere.
        assert "".join("".join(one.paragraphs).split()) == "".join(
            "".join(other.paragraphs).split()
        )


def unspaced(paragraphs: tuple[str, ...]) -> str:
    return "".join("".join(paragraphs).split())
