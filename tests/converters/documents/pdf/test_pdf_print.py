"""The text of a PDF against what is printed; ordinary print is read without a doubt."""

import pytest
from PIL import Image, ImageDraw
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics, ttfonts
from reportlab.pdfbase.pdfdoc import PDFArray
from reportlab.pdfgen.canvas import Canvas

from gongkai.converters.documents.limits import DEFAULT_LIMITS
from gongkai.converters.documents.model import Grid
from gongkai.converters.documents.pdf import cell_reading as reasons
from gongkai.converters.documents.pdf.reader import read_pdf
from helpers.pdf_ink import HEAD, WHOLE, WIDE, Draw, annotate, cell_of, content_of, grey, over
from helpers.pdf_maker import COLUMNS, LEFT, ROW, make, spot, table, write

# --- the text of the file against the print -------------------------------------------------------


def in_a_font_that_lies(
    lies: dict[str, str], monkeypatch: pytest.MonkeyPatch, printed: str = "5329"
) -> Draw:
    """A drawing of a number in a font whose table names other characters for some shapes."""
    real = ttfonts.makeToUnicodeCMap

    def wrong(name: str, subset: list[int]) -> str:
        named = [ord(lies.get(chr(code), chr(code))) for code in subset]
        return str(real(name, named))

    monkeypatch.setattr(ttfonts, "makeToUnicodeCMap", wrong)
    pdfmetrics.registerFont(ttfonts.TTFont("Lying", "Vera.ttf"))

    def draw(canvas: Canvas, x: float, y: float) -> None:
        canvas.setFont("Lying", 10)
        canvas.drawString(x, y, printed)

    return draw


@pytest.mark.parametrize(
    ("lies", "named"),
    [
        ({"3": "8"}, "5829"),
        ({"5": "3", "3": "5"}, "3529"),
        ({"5": "2", "2": "9", "9": "5", "3": "7"}, "2795"),
        ({"9": "0"}, "5320"),
    ],
)
def test_digits_printed_in_shapes_of_other_digits_are_not_believed(
    lies: dict[str, str], named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cell = cell_of(in_a_font_that_lies(lies, monkeypatch))
    assert cell.doubt == reasons.OTHER_PRINT and cell.readings == (named, "5329")


def test_letter_spaced_digits_are_compared_with_their_print(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    in_a_font_that_lies({"3": "8"}, monkeypatch)

    def draw(canvas: Canvas, x: float, y: float) -> None:
        canvas.setFont("Lying", 10)
        canvas.drawString(x, y, "5329", charSpace=4)

    assert cell_of(draw).doubt == reasons.OTHER_PRINT


@pytest.mark.parametrize(
    ("lies", "printed"),
    [
        ({"5": "/"}, "5"),
        ({"8": "-"}, "8"),
        ({"5": "-"}, "529"),
        ({"3": "."}, "5329"),
        ({".": "1"}, "53.29"),
        ({"9": " "}, "5329"),
    ],
)
def test_digits_are_not_named_as_other_signs_nor_those_as_digits(
    lies: dict[str, str], printed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cell_of(in_a_font_that_lies(lies, monkeypatch, printed)).doubt


def test_a_font_that_tells_the_truth_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = in_a_font_that_lies({}, monkeypatch)
    assert (cell_of(draw).text, cell_of(draw).doubt) == ("5329", {})
    assert not content_of(draw).read_once


def stretched(canvas: Canvas, x: float, y: float) -> None:
    text = canvas.beginText(x, y)
    text.setFont("Helvetica", 10)
    text.setHorizScale(250)
    text.textOut("532")
    canvas.drawText(text)


def test_shapes_that_are_no_known_digits_are_read_once_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gongkai.converters.documents.pdf.reader.find_spec", lambda name: None)
    content = content_of(stretched)
    assert cell_of(stretched).text == "532" and content.read_once
    assert any("could not be recognised" in note["en"] for note in content.notes)


@pytest.mark.ocr
def test_shapes_that_are_no_known_digits_are_recognised_where_that_is_installed() -> None:
    pytest.importorskip("rapidocr")
    content = content_of(stretched)
    assert (cell_of(stretched).text, cell_of(stretched).doubt) == ("532", {})
    assert not content.read_once
    assert not any("could not be recognised" in note["en"] for note in content.notes)


@pytest.mark.ocr
def test_unknown_shapes_of_another_digit_than_is_named_are_in_doubt(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("rapidocr")
    lying = in_a_font_that_lies({"3": "8"}, monkeypatch)

    def draw(canvas: Canvas, x: float, y: float) -> None:
        canvas.saveState()
        canvas.transform(2.5, 0, 0, 1, x, y)
        lying(canvas, 0, 0)
        canvas.restoreState()

    cell = cell_of(draw)
    assert cell.doubt == reasons.OTHER_PRINT and cell.readings == ("5829", "5329")


def test_nothing_is_recognised_where_all_shapes_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str) -> None:
        raise AssertionError(name)

    monkeypatch.setattr("gongkai.converters.documents.pdf.reader.import_module", refuse)
    assert not content_of(grey).read_once


# --- ordinary print -------------------------------------------------------------------------------


def underlined(canvas: Canvas, x: float, y: float) -> None:
    write(canvas, x, y, WHOLE)
    canvas.setLineWidth(0.5)
    canvas.line(x, y - 1.2, x + 22, y - 1.2)


def filled_in(canvas: Canvas, x: float, y: float) -> None:
    write(canvas, x + 10, y, WHOLE)
    canvas.setLineWidth(0.5)
    canvas.line(x, y - 1.5, x + 60, y - 1.5)


def highlighted(canvas: Canvas, x: float, y: float) -> None:
    write(canvas, x, y, WHOLE)
    annotate(canvas, "Highlight", (x, y - 2, WIDE, 10), **(over(x, y) | {"C": PDFArray([1, 1, 0])}))


def on_green(canvas: Canvas, x: float, y: float) -> None:
    canvas.setFillColorRGB(0.3, 1, 0.3)
    canvas.rect(x, y - 2, WIDE, 10, stroke=0, fill=1)
    canvas.setFillGray(0)
    write(canvas, x, y, WHOLE)


def on_dark(canvas: Canvas, x: float, y: float) -> None:
    canvas.setFillGray(0.2)
    canvas.rect(x - 5, y - 6, COLUMNS[1], ROW, stroke=1, fill=1)
    canvas.setFillGray(1)
    write(canvas, x, y, WHOLE)


def twice(canvas: Canvas, x: float, y: float) -> None:
    write(canvas, x, y, WHOLE)
    write(canvas, x + 0.3, y, WHOLE)


def outlined(canvas: Canvas, x: float, y: float) -> None:
    text = canvas.beginText(x, y)
    text.setFont("Helvetica", 10)
    text.setTextRenderMode(2)
    text.textOut(WHOLE)
    canvas.setLineWidth(0.4)
    canvas.drawText(text)


def near_the_rule(canvas: Canvas, x: float, y: float) -> None:
    write(canvas, x - 4.5, y, WHOLE)


def outlined_by_another_font(canvas: Canvas, x: float, y: float) -> None:
    """As browsers print ``-webkit-text-stroke``: its inside is one text, its outlines another."""
    for name, size, mode in (("Inside", 10, 0), ("Outlines", 10.3, 1)):
        pdfmetrics.registerFont(ttfonts.TTFont(name, "Vera.ttf"))
        canvas.setFont(name, size)
        canvas.setLineWidth(0.3)
        thicker = size - 10
        space = -0.636 * thicker  # So that every digit stands where it stood.
        canvas.drawString(x - thicker / 3, y - thicker / 3, WHOLE, mode=mode, charSpace=space)
        # Else the library itself takes the two for one.
        write(canvas, 72, 400, "以上为统计情况。")


def under_a_watermark(canvas: Canvas, x: float, y: float) -> None:
    canvas.saveState()
    canvas.translate(x, y - 8)
    canvas.rotate(30)
    canvas.setFillGray(0.85)
    write(canvas, 0, 0, "机密", 40)
    canvas.restoreState()
    write(canvas, x, y, WHOLE)


def beside_a_white_rule(canvas: Canvas, x: float, y: float) -> None:
    """On a shade, the 4 touching the rule at its left."""
    canvas.setFillGray(0.6)
    canvas.rect(x - 5, y - 6, COLUMNS[1], ROW, stroke=0, fill=1)
    canvas.setFillGray(0)
    write(canvas, x - 4.4, y, WHOLE.replace("17", "47"))
    canvas.setFillGray(1)
    canvas.rect(x - 5.6, y - 6, 1.5, ROW, stroke=0, fill=1)
    canvas.setFillGray(0)


@pytest.mark.parametrize(
    "draw",
    [
        underlined,
        filled_in,
        highlighted,
        on_green,
        on_dark,
        grey,
        twice,
        outlined,
        outlined_by_another_font,
        near_the_rule,
        under_a_watermark,
    ],
)
def test_what_is_plainly_seen_is_read(draw: Draw) -> None:
    cell = cell_of(draw)
    assert (cell.text, cell.doubt) == (WHOLE, {})


def test_a_rule_beside_a_digit_is_not_drawn_over_it() -> None:
    cell = cell_of(beside_a_white_rule)
    assert (cell.text, cell.doubt) == ("4725", {})


def test_a_blank_cell_of_which_only_a_part_is_shaded_is_blank() -> None:
    def draw(canvas: Canvas, x: float, y: float) -> None:
        canvas.setFillGray(0.5)
        canvas.rect(x - 5, y - 6, COLUMNS[1], ROW / 3, stroke=0, fill=1)
        canvas.setFillGray(0)

    assert (cell_of(draw).text, cell_of(draw).doubt) == ("", {})


def test_a_number_in_a_picture_that_is_as_wide_as_its_cell_is_not_overlooked() -> None:
    def draw(canvas: Canvas, x: float, y: float) -> None:
        image = Image.new("L", (160, 12), 150)
        ImageDraw.Draw(image).text((20, 0), "17", fill=0)
        canvas.drawImage(ImageReader(image), x - 5, y - 1, COLUMNS[1], 7)

    assert cell_of(draw).doubt


def test_numbers_that_fill_their_cells_from_rule_to_rule_are_no_one_number() -> None:
    columns = (100, 29.8, 29.8, 29.8)

    def draw(canvas: Canvas) -> None:
        table(canvas, (("信息", *"甲乙丙"), ("规章", "", "", "")), columns=columns)
        for i in range(3):
            x = LEFT + sum(columns[: 1 + i]) + 1
            write(canvas, x, spot(1, 0)[1], f"8{i}309")

    (grid,) = (i for i in read_pdf(make(draw), DEFAULT_LIMITS).items if isinstance(i, Grid))
    found = [(cell.text, cell.doubt) for cell in grid.rows[1] if cell]
    assert found == [("规章", {}), ("80309", {}), ("81309", {}), ("82309", {})]


@pytest.mark.parametrize(
    "font",
    ["Helvetica", "Helvetica-BoldOblique", "Times-Roman", "Times-BoldItalic", "Courier-Bold"],
)
@pytest.mark.parametrize("size", [6, 14])
def test_digits_of_ordinary_fonts_are_confirmed_by_their_print(font: str, size: float) -> None:
    def draw(canvas: Canvas) -> None:
        table(canvas, (HEAD, *(("规章", "", "", ""),) * 2))
        for i, number in enumerate(("10325", "46798")):
            canvas.setFont(font, size)
            canvas.drawString(*spot(1 + i, 1), number)

    content = read_pdf(make(draw), DEFAULT_LIMITS)
    (grid,) = (item for item in content.items if isinstance(item, Grid))
    found = [row[1] for row in grid.rows[1:]]
    assert [(cell.text, cell.doubt) for cell in found if cell] == [("10325", {}), ("46798", {})]
    assert not content.read_once
