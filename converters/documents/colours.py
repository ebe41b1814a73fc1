"""Colours as office documents state them, and whether text is visible on its background."""

import colorsys
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

Colour = tuple[int, int, int]
"""Red, green and blue, each 0 to 255."""

BLACK: Colour = (0, 0, 0)
WHITE: Colour = (255, 255, 255)


class Visibility(Enum):
    """Whether a reader of the page sees a text."""

    SEEN = "seen"
    UNSEEN = "unseen"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Background:
    """The background of a text: its ``colours``; ``sure`` is false where there may be others."""

    colours: tuple[Colour, ...]
    sure: bool = True


PAPER = Background((WHITE,))

# A difference of at most this in each of red, green and blue is not noticed on paper; below the
# contrast (WCAG 2.1, 1.4.3: 1 to 21) some readers see the text and some do not.
_UNNOTICED = 20
_FAINT = 1.3


def visibility(text: Colour | None, background: Background) -> Visibility:
    """Whether text of a colour is seen on a background; None: the automatic colour, always seen."""
    if text is None:
        return Visibility.SEEN
    found = {_visibility(text, colour) for colour in background.colours}
    if found == {Visibility.SEEN}:
        return Visibility.SEEN
    return (
        Visibility.UNSEEN
        if background.sure and found == {Visibility.UNSEEN}
        else Visibility.UNDECIDED
    )


def _visibility(text: Colour, background: Colour) -> Visibility:
    if max(abs(one - other) for one, other in zip(text, background, strict=True)) <= _UNNOTICED:
        return Visibility.UNSEEN
    lighter, darker = sorted((_luminance(text), _luminance(background)), reverse=True)
    return Visibility.SEEN if (lighter + 0.05) / (darker + 0.05) >= _FAINT else Visibility.UNDECIDED


def _luminance(colour: Colour) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def from_hex(text: str | None) -> Colour | None:
    """A colour written RRGGBB, or AARRGGBB as in workbooks; None for anything else."""
    digits = (text or "").strip().lstrip("#")[-6:]
    try:
        value = int(digits, 16) if len(digits) == 6 else -1
    except ValueError:
        return None
    return None if value < 0 else (value >> 16, value >> 8 & 255, value & 255)


def lighter(colour: Colour, part: float) -> Colour:
    """The colour with its lightness moved by ``part`` (-1 to 1) of the way to white or to black."""
    hue, light, saturation = colorsys.rgb_to_hls(*(value / 255 for value in colour))
    light = light * (1 + part) if part < 0 else light + (1 - light) * part
    red, green, blue = colorsys.hls_to_rgb(hue, min(max(light, 0.0), 1.0), saturation)
    return round(red * 255), round(green * 255), round(blue * 255)


def mixed(colour: Colour, other: Colour, part: float) -> Colour:
    """``part`` (0 to 1) of the first colour mixed into the second, like a fine pattern of dots."""
    red, green, blue = (
        round(one * part + two * (1 - part)) for one, two in zip(colour, other, strict=True)
    )
    return red, green, blue


def any_of(grounds: Iterable[Background]) -> Background:
    """The background where it is one of several."""
    every = tuple(grounds)
    colours = dict.fromkeys(colour for background in every for colour in background.colours)
    return Background(tuple(colours), all(background.sure for background in every))
