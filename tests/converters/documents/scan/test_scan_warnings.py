"""What a poor copy may hide is told wherever a report is: by the commands, the record, the RDF."""

from pathlib import Path
from random import Random

import pypdfium2
import pytest
from PIL import Image

from gongkai.converters.documents.scan.engines import require_extra
from gongkai.converters.errors import UnreadableSource
from helpers.commands import gongkai
from helpers.drawn_reports import Drawn, draw
from helpers.seen_pdf import Sheet

try:
    require_extra()
except UnreadableSource as error:
    pytest.skip(f"scans are not tested: {error}", allow_module_level=True)

WARNED = ("--body", "mohrss", "--year", "2022")
NOTE = "page 1: the image is black and white or full of specks"


def table_four() -> Image.Image:
    """A page with table four alone, in grey."""
    random = Random(4)
    whole = draw(random, "2021")
    values = {key: value for key, value in whole.values.items() if key[0] == "disputes"}
    data = Sheet(Drawn("2021", values, {"disputes": whole.tables["disputes"]}), random).bytes({})
    page = pypdfium2.PdfDocument(data)[0]
    crop = (0, page.get_height() - 320, 0, 0)
    image: Image.Image = page.render(scale=2.5, crop=crop).to_pil()
    return image.convert("L")


@pytest.mark.ocr
def test_that_pale_strokes_may_be_lost_is_told_everywhere(tmp_path: Path) -> None:
    grey, black = tmp_path / "grey.png", tmp_path / "black.png"
    page = table_four()
    page.save(grey)
    page.point(lambda level: 255 * (level > 128)).convert("1").save(black)

    records, output = tmp_path / "records", tmp_path / "output"
    checked = gongkai("check", black, *WARNED, "--records", records)
    assert NOTE in checked.stderr and "15 cells read" in checked.stdout
    assert NOTE in (records / "mohrss-2022.record.json").read_text(encoding="utf-8")
    assert NOTE in gongkai("convert", black, *WARNED, "--output", output).stderr
    assert NOTE in (output / "mohrss-2022.ttl").read_text(encoding="utf-8")
    assert "black and white" not in gongkai("check", grey, *WARNED).output
