"""The two engines that read text from images: independent models, both shipped in their packages.

Nothing is downloaded: each engine is given the path of the model in its package.
"""

import importlib.util
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gongkai.converters.errors import UnreadableSource
from gongkai.ontology.texts import translations

if TYPE_CHECKING:
    from numpy import ndarray as Picture

_THREADS = 1
"""For each engine: two engines at once make better use of two cores than either with two threads
(measured for lines; the processes of bulk work divide the rest).
"""

_SHAPE = [3, 48, 96]
"""Channels, height and least width to which a line is scaled. Engines use 320 by default, which is
three times the work for a number, and none of the measured lines is read better.
"""

_NEEDED = ("cv2", "numpy", "PIL", "onnxruntime", "rapidocr_onnxruntime", "rapidocr")


@dataclass(frozen=True)
class Heard:
    """What an engine reads in the picture of a line: its text and its confidence, 0 to 1."""

    text: str
    score: float


Reader = Callable[[Sequence["Picture"]], list[Heard]]
"""From pictures of lines, in colour, to their texts, in the same order."""

Finder = Callable[["Picture"], list[tuple[int, int, int, int]]]
"""From the picture of a page, in colour, to the lines in it: left, top, right, bottom."""


@dataclass(frozen=True)
class RecognitionEngines:
    """``find`` finds lines of text; ``first`` and ``second`` read them independently."""

    find: Finder
    first: Reader
    second: Reader


def coloured(grey: "Picture") -> "Picture":
    """A grey picture with the three channels that engines expect."""
    import cv2

    return cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR)


def require_extra() -> None:
    """Raise UnreadableSource where the libraries of the extra ``ocr`` are not installed."""
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise UnreadableSource(
            translations("unreadable.scan.no_software", missing=", ".join(missing))
        )


@lru_cache(maxsize=1)
def load_engines() -> RecognitionEngines:
    """Both engines; loading them takes about a second, so they are kept.

    Raises UnreadableSource where they are not installed or cannot be started.
    """
    require_extra()
    try:
        find, first = _first_engine()
        return RecognitionEngines(find, first, _second_engine())
    except ImportError as error:  # The libraries are installed, but one that they link to is not.
        raise UnreadableSource(translations("unreadable.scan.not_started", error=error)) from None


def _first_engine() -> tuple[Finder, Reader]:
    """PP-OCRv4, from rapidocr-onnxruntime."""
    from rapidocr_onnxruntime import RapidOCR

    engine = RapidOCR(intra_op_num_threads=_THREADS, rec_img_shape=_SHAPE)

    def find(picture: "Picture") -> list[tuple[int, int, int, int]]:
        corners, _ = engine.text_det(picture)
        return [_box(points) for points in ([] if corners is None else corners)]

    def read(pictures: Sequence["Picture"]) -> list[Heard]:
        return [Heard(text, float(score)) for text, score in engine.text_rec(list(pictures))[0]]

    return find, read


def _second_engine() -> Reader:
    """PP-OCRv6, from rapidocr."""
    import rapidocr

    models = Path(rapidocr.__file__).parent / "models"
    engine = rapidocr.RapidOCR(
        params={
            "Global.log_level": "critical",
            "Rec.model_path": str(models / "PP-OCRv6_rec_small.onnx"),
            "Rec.rec_img_shape": _SHAPE,
            "EngineConfig.onnxruntime.intra_op_num_threads": _THREADS,
        }
    )

    def read(pictures: Sequence["Picture"]) -> list[Heard]:
        if not pictures:
            return []
        heard = engine.recognize_txt(list(pictures))
        return [
            Heard(text, float(score)) for text, score in zip(heard.txts, heard.scores, strict=True)
        ]

    return read


def _box(points: Any) -> tuple[int, int, int, int]:
    left, top = points.min(axis=0)
    right, bottom = points.max(axis=0)
    return int(left), int(top), int(right) + 1, int(bottom) + 1
