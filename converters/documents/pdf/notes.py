"""Notes of the reader of PDF on what it found."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from gongkai.converters.documents.pdf.cell_reading import CellReading
from gongkai.ontology.labels import Label


@dataclass
class PageCounts:
    """What was found, by page where it matters."""

    checked: int = 0
    unsure: str = ""
    doubtful: int = 0
    scanned: list[int] = field(default_factory=list)
    layers: list[int] = field(default_factory=list)
    over_images: list[int] = field(default_factory=list)
    images: list[int] = field(default_factory=list)
    drawings: list[int] = field(default_factory=list)
    annotated: list[int] = field(default_factory=list)
    turned: list[int] = field(default_factory=list)
    slanted: dict[int, str] = field(default_factory=dict)
    invisible: list[tuple[int, str]] = field(default_factory=list)
    figures: list[tuple[int, str]] = field(default_factory=list)
    running: dict[str, tuple[int, ...]] = field(default_factory=dict)
    page_numbers: dict[int, str] = field(default_factory=dict)

    def add(self, readings: Iterable[CellReading]) -> None:
        """Add to the counts of cells that were read."""
        for reading in readings:
            self.checked += reading.checked
            self.doubtful += bool(reading.doubt)


_OF_PAGES: tuple[tuple[str, Label], ...] = (
    (
        "layers",
        {
            "zh": "第 {} 页是图像，其文字层为另一程序的识别结果，未予采用",
            "en": "page {}: an image, with text that another program recognised in it, not used",
        },
    ),
    (
        "over_images",
        {
            "zh": "第 {} 页的文字印在整页图像之上；若该页为扫描件，其文字是另一程序的识别结果",
            "en": "page {}: the text stands over an image of the whole page; if that is a scan, "
            "the text is what another program recognised in it",
        },
    ),
    (
        "images",
        {
            "zh": "第 {} 页含有图像，图像中的内容没有读取",
            "en": "page {}: holds an image; what it shows was not read",
        },
    ),
    (
        "annotated",
        {
            "zh": "第 {} 页有批注、图章或表单域，其所显示的内容按页面内容读取",
            "en": "page {}: has annotations (notes, stamps or form fields); what they show was "
            "read as part of the page",
        },
    ),
    (
        "drawings",
        {
            "zh": "第 {} 页线条过多，没有在其中查找表格",
            "en": "page {}: so many lines are drawn that no tables were looked for",
        },
    ),
    (
        "turned",
        {
            "zh": "第 {} 页横置或倒置，转正后读取",
            "en": "page {}: lies on its side or upside down; read as turned upright",
        },
    ),
)

NOT_RECOGNISED: Label = {
    "zh": "第 {} 页只有图像，没有读取：请安装 gongkai-lod[ocr] 以识别扫描件",
    "en": "page {}: only an image, not read; install gongkai-lod[ocr] to read scans",
}


def notes_of(count: PageCounts, recognised: bool) -> tuple[Label, ...]:
    """The notes; ``recognised`` says whether images of pages were read."""
    notes: list[Label] = []
    if count.checked:
        notes.append(
            {
                "zh": f"{count.checked} 个含数字的单元格经两次独立读取，"
                f"{count.checked - count.doubtful} 个一致，{count.doubtful} 个存疑",
                "en": f"{count.checked} cells with digits were read twice, independently: "
                f"{count.checked - count.doubtful} agree, {count.doubtful} are in doubt",
            }
        )
    if count.unsure:
        digits = ", ".join(count.unsure)
        notes.append(
            {
                "zh": f"数字 {digits} 印出的字形无法确认，这些数只有文字层一种依据",
                "en": f"the printed shapes of {digits} could not be recognised: numbers with "
                "these digits rest on the text of the file alone",
            }
        )
    if count.scanned and not recognised:
        notes.append(not_recognised(count))
    notes.extend(
        _filled(label, _listed(pages))
        for name, label in _OF_PAGES
        if (pages := getattr(count, name))
    )
    for page, text in count.slanted.items():
        notes.append(
            {
                "zh": f"第 {page} 页斜排的文字（水印）没有采用：“{text}”",
                "en": f"page {page}: text set aslant (a watermark) was left out: “{text}”",
            }
        )
    for page, text in count.invisible:
        notes.append(
            {
                "zh": f"第 {page} 页有印出后看不见的文字，没有采用：“{text}”",
                "en": f"page {page}: text that is not seen in print was left out: “{text}”",
            }
        )
    for page, text in count.figures:
        notes.append(
            {
                "zh": f"第 {page} 页正文中有数字被划去、遮挡或印得看不清，未与表格核对：“{text}”",
                "en": f"page {page}: figures in the text are struck out, covered or not plainly "
                f"seen, and are not compared with the tables: “{text}”",
            }
        )
    for text, pages in count.running.items():
        notes.append(
            {
                "zh": f"第 {_listed(pages)} 页的页眉或页脚没有计入正文：“{text}”",
                "en": f"page {_listed(pages)}: running head or foot left out: “{text}”",
            }
        )
    if count.page_numbers:
        notes.append(
            {
                "zh": f"页码没有计入正文：{'、'.join(count.page_numbers.values())}",
                "en": f"page numbers left out: {', '.join(count.page_numbers.values())}",
            }
        )
    return tuple(notes)


def not_recognised(count: PageCounts) -> Label:
    """The note that pages which are images were not read."""
    return _filled(NOT_RECOGNISED, _listed(count.scanned))


def _listed(pages: Iterable[int]) -> str:
    return ", ".join(str(page) for page in sorted(pages))


def _filled(label: Label, pages: str) -> Label:
    return {language: text.format(pages) for language, text in label.items()}
