"""Which rules of the style sheets hold for which elements of a page.

Selectors are compiled and tested by cssselect2, and only for elements that they can match.
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import Any, NamedTuple

import tinycss2
from cssselect2 import ElementWrapper, SelectorError, compile_selector_list
from lxml import etree

from gongkai.converters.documents.html.conditions import (
    PERHAPS,
)
from gongkai.converters.documents.html.properties import (
    Declaration,
)
from gongkai.converters.documents.html.sheets import (
    Sheets,
    StyleRule,
)
from gongkai.converters.documents.html.values import (
    named,
)

MOST_STEPS = 1_000_000
"""Number of elements of one page that may be visited to test selectors."""

MOST_COMPILED = 3_000
"""Number of selectors that are compiled for one page."""

_AMONG_SIBLINGS = ("~", "of-type", "last-", "only-", " of ")
_CLASSES_AND_IDS = etree.XPath("//@class|//@id")


_NO_LAYER = 1 << 30


class RuleMatch(NamedTuple):
    """A rule that holds for an element, or for what is put before or behind its content."""

    weight: tuple[int, tuple[int, int, int], int]
    rule: StyleRule
    views: int
    pseudo: str | None


class Elements:
    """The elements of a page, found by tag, class and id, and wrapped for tests when needed."""

    def __init__(self, root: etree._Element) -> None:
        """Take the root of the page; its elements are kept, so that they stay the same objects."""
        self.all = list(root.iter(etree.Element))
        self._root = root
        self._wrapped: dict[etree._Element, ElementWrapper] = {}
        self.names: set[str] = set()
        for value in _CLASSES_AND_IDS(root):  # type: ignore[union-attr]
            self.names.update(str(value).split())
        self.by_tag: dict[str, list[etree._Element]] = defaultdict(list)
        self.by_name: dict[str, list[etree._Element]] = defaultdict(list)
        for element in self.all:
            self.by_tag[str(element.tag)].append(element)
            if self.names:
                for name in (element.get("class") or "").split():
                    self.by_name["." + name].append(element)
                if element.get("id"):
                    self.by_name["#" + (element.get("id") or "")].append(element)

    @cached_property
    def most_siblings(self) -> int:
        """The largest number of children of one element."""
        return max((len(element) for element in self.all), default=0) or 1

    def wrapped(self, element: etree._Element) -> ElementWrapper:
        """The element as cssselect2 represents it."""
        found = self._wrapped.get(element)
        if found is None:
            parent = element.getparent()
            if parent is None:
                found = self._wrapped[element] = ElementWrapper.from_html_root(element)
            else:
                for child in self.wrapped(parent).iter_children():
                    self._wrapped[child.etree_element] = child
                found = self._wrapped[element]
        return found


def matches(sheets: Sheets, elements: Elements) -> dict[etree._Element, list[RuleMatch]]:
    """The rules that hold for each element, the weakest first; sets ``sheets.cut`` at a limit."""
    found: dict[etree._Element, list[RuleMatch]] = defaultdict(list)
    steps = compiled = 0
    for rule in sheets.rules:
        if not _may_match(rule.selectors, elements):
            continue
        compiled += 1
        if compiled > MOST_COMPILED:
            sheets.cut = True
            break
        try:
            selectors, views = _compiled(rule)
            cost = _cost(rule.selectors, elements)
            for selector in selectors:
                if selector.never_matches:
                    continue
                layer = rule.layer if rule.layer >= 0 else _NO_LAYER
                weight = layer, selector.specificity, rule.order
                match = RuleMatch(weight, rule, views, selector.pseudo_element)
                candidates = _candidates(selector, elements)
                steps += len(candidates) * cost
                if steps > MOST_STEPS:
                    sheets.cut = True
                    steps -= len(candidates) * cost
                    continue
                for element in candidates:
                    if selector.test(elements.wrapped(element)):
                        found[element].append(match)
        except RecursionError:
            sheets.cut = True
    for each in found.values():
        each.sort(key=lambda match: match.weight)
    return found


def _asks_within(tokens: Iterable[Any], inside: bool = False) -> bool:
    """Whether ``:has()`` is nested in ``:has()``, which no browser accepts (Selectors 4)."""
    for token in tokens:
        if token.type == "function":
            asks = token.lower_name == "has"
            if (asks and inside) or _asks_within(token.arguments, inside or asks):
                return True
    return False


def _compiled(rule: StyleRule) -> tuple[list[Any], int]:
    """The selectors of a rule, and the views in which they hold."""
    if _asks_within(rule.selectors):
        return [], 0
    try:
        return compile_selector_list(list(rule.selectors)), rule.views
    except SelectorError:
        pass
    except (ValueError, SyntaxError, MemoryError, TypeError, AttributeError, IndexError):
        return [], 0
    # A state that only a browser knows: whether the rule holds is not decided.
    known = _without_unknown_states(rule.selectors)
    if known is None:
        return [], 0
    try:
        return compile_selector_list(list(known)), rule.views & PERHAPS
    except (SelectorError, ValueError, SyntaxError, MemoryError, TypeError, AttributeError):
        return [], 0


_STATES = named(
    "open modal fullscreen popover-open defined autofill placeholder-shown default valid "
    "invalid in-range out-of-range required optional read-only read-write indeterminate dir "
    "-webkit-any-link any-link host current playing paused"
)


def _without_unknown_states(tokens: tuple[Any, ...]) -> tuple[Any, ...] | None:
    """Selectors without the states that only browsers know; None: there are no such states."""
    kept: list[Any] = []
    position, dropped = 0, False
    while position < len(tokens):
        token = tokens[position]
        after = tokens[position + 1] if position + 1 < len(tokens) else None
        name = getattr(after, "lower_value", None) or getattr(after, "lower_name", "")
        if token.type == "literal" and token.value == ":" and name in _STATES:
            position += 2
            dropped = True
            continue
        kept.append(token)
        position += 1
    return tuple(kept) if dropped else None


def _may_match(tokens: Iterable[Any], elements: Elements) -> bool:
    """Whether the page has the classes and ids that one of the selectors asks for."""
    possible = True
    before = None
    for token in tokens:
        if token.type == "literal" and token.value == ",":
            if possible:
                return True
            possible = True
        elif token.type == "hash" or (
            token.type == "ident"
            and before is not None
            and before.type == "literal"
            and before.value == "."
        ):
            possible = possible and token.value in elements.names
        before = token
    return possible


def _cost(tokens: Iterable[Any], elements: Elements) -> int:
    """The largest number of elements that may have to be visited to test one element."""
    text = tinycss2.serialize(tokens).lower()
    cost = int(len(elements.all) ** min(text.count(":has("), 4))
    return cost * (elements.most_siblings if any(s in text for s in _AMONG_SIBLINGS) else 1)


def _candidates(selector: Any, elements: Elements) -> list[etree._Element]:
    if selector.id is not None:
        return elements.by_name.get("#" + selector.id, [])
    if selector.class_name is not None:
        return elements.by_name.get("." + selector.class_name, [])
    if selector.local_name is not None:
        return elements.by_tag.get(selector.lower_local_name, [])
    return elements.all


def cascaded(
    matched: Iterable[RuleMatch],
    hints: Iterable[Declaration],
    inline: Iterable[Declaration],
    view: int,
    pseudo: str | None = None,
) -> dict[str, Declaration]:
    """The winning declaration of each property in a view: CSS Cascading and Inheritance 5."""
    won: dict[str, Declaration] = {each.name: each for each in hints}
    important: list[tuple[int, Declaration]] = []
    for match in matched:
        if not match.views & view or match.pseudo != pseudo:
            continue
        for each in match.rule.declared:
            if each.important:
                important.append((match.rule.layer, each))
            else:
                won[each.name] = each
    last = []
    for each in inline:
        if each.important:
            last.append(each)
        else:
            won[each.name] = each
    if important:
        # Among important declarations, those of an earlier layer win, and those without a layer
        # lose.
        important.sort(key=lambda one: -(one[0] if one[0] >= 0 else _NO_LAYER))
        won.update((each.name, each) for _, each in important)
    won.update((each.name, each) for each in last)
    return won
