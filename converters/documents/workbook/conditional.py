"""The effect of conditional formats on the cells of a sheet (ISO/IEC 29500-1, 18.3.1.18).

Only rules that compare a cell with a number are decided here. Any other rule may hold or not: where
it would hide text, or show it differently, only the program itself can decide.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from lxml import etree

from gongkai.converters.documents.colours import Background, Colour, Visibility
from gongkai.converters.documents.workbook.looks import SheetStyle, font_visibility
from gongkai.converters.documents.workbook.references import Area, area_of, is_within
from gongkai.converters.documents.workbook.sheets import Position
from gongkai.converters.documents.workbook.xlsx_styles import (
    ON,
    StyleChange,
    StyleSheet,
    change_of,
    integer,
)

_COMPARISONS: dict[str, Callable[[Decimal, Decimal, Decimal], bool]] = {
    "equal": lambda value, one, _: value == one,
    "notEqual": lambda value, one, _: value != one,
    "lessThan": lambda value, one, _: value < one,
    "lessThanOrEqual": lambda value, one, _: value <= one,
    "greaterThan": lambda value, one, _: value > one,
    "greaterThanOrEqual": lambda value, one, _: value >= one,
    "between": lambda value, one, two: one <= value <= two,
    "notBetween": lambda value, one, two: not one <= value <= two,
}
# Rules on what a cell with a value never is.
_NEVER = {"containsBlanks", "containsErrors"}
_SHADES = {"colorScale", "dataBar", "iconSet"}


@dataclass(frozen=True)
class ConditionalFormat:
    """A rule for the cells of some areas: what it changes, and its comparison.

    ``shades`` are colours that fill a cell by its value; ``covers`` says that the value itself is
    not shown.
    """

    areas: tuple[Area, ...]
    change: StyleChange = field(default_factory=StyleChange)
    comparison: str = ""
    limits: tuple[Decimal, ...] = ()
    shades: tuple[Colour, ...] = ()
    covers: bool = False

    def holds_for(self, position: Position) -> bool:
        """Whether the rule is one for the cell at a position."""
        return any(is_within(position, area) for area in self.areas)

    def applies(self, value: Decimal | None) -> bool | None:
        """Whether the rule changes a cell of a value; None where that is not known."""
        compare = _COMPARISONS.get(self.comparison)
        if compare is None or value is None or not self.limits:
            return None
        return compare(value, self.limits[0], self.limits[-1])


def read_conditional_formats(
    root: etree._Element, styles: StyleSheet
) -> tuple[ConditionalFormat, ...]:
    """The rules of a sheet that may change what is seen of its cells."""
    rules = []
    for element in root.iter("{*}conditionalFormatting"):
        stated = element.get("sqref") or next(
            (part.text or "" for part in element if _name(part) == "sqref"), ""
        )
        areas = tuple(area for word in stated.split() if (area := area_of(word)) is not None)
        for rule in element:
            if _name(rule) == "cfRule" and rule.get("type") not in _NEVER and areas:
                rules.append(_rule(rule, areas, styles))
    return tuple(rules)


def _rule(
    element: etree._Element, areas: tuple[Area, ...], styles: StyleSheet
) -> ConditionalFormat:
    kind = element.get("type", "")
    if kind in _SHADES:
        shown = next((part for part in element if _name(part) == kind), None)
        covers = shown is not None and shown.get("showValue", "1") not in ON
        colours = () if shown is None else [part for part in shown if _name(part) == "color"]
        found = [styles.colours.of(colour) for colour in colours]
        return ConditionalFormat(
            areas, shades=tuple(c for c in found if c is not None), covers=covers
        )
    own = next((part for part in element if _name(part) == "dxf"), None)
    index = integer(element.get("dxfId"), -1, 10**6)
    change = StyleChange()
    if own is not None:
        change = change_of(own, styles.colours)
    elif 0 <= index < len(styles.changes):
        change = styles.changes[index]
    formulas = [part.text or "" for part in element if _name(part) in ("formula", "f")]
    limits = tuple(number for text in formulas if (number := _number(text)) is not None)
    compared = kind == "cellIs" and len(limits) == len(formulas)
    return ConditionalFormat(areas, change, element.get("operator", "") if compared else "", limits)


def conditional_style(
    rules: tuple[ConditionalFormat, ...],
    position: Position,
    value: Decimal | None,
    style: SheetStyle,
    sheet: Background,
) -> tuple[SheetStyle, bool]:
    """The style of a cell as changed by rules that certainly hold; whether others leave it open.

    ``value`` is the number of the cell; None for text.
    """
    open_ = False
    for rule in rules:
        if not rule.holds_for(position):
            continue
        if rule.covers:
            return style, True
        if rule.shades:
            shaded = Background(rule.shades, sure=False)
            open_ = open_ or font_visibility(style.font, shaded, sheet) is not Visibility.SEEN
            continue
        changed = rule.change.of(style)
        applies = rule.applies(value)
        if applies and not rule.change.format:
            style = changed
        elif applies is not False:
            open_ = open_ or rule.change.format or _looks_otherwise(style, changed, sheet)
    return style, open_


def _looks_otherwise(style: SheetStyle, changed: SheetStyle, sheet: Background) -> bool:
    before, after = (font_visibility(one.font, one.background, sheet) for one in (style, changed))
    return before is not after or style.font.struck is not changed.font.struck


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text.strip())
    except InvalidOperation:
        return None


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""
