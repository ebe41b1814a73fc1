"""The style sheets of a page: their rules, and where each of them holds."""

import base64
import binascii
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_to_bytes, urljoin

import tinycss2
from lxml import etree

from gongkai.converters.documents.html.conditions import (
    MOST_NESTED,
    PERHAPS,
    split_at_commas,
    supported,
    views_of_media,
    views_where,
)
from gongkai.converters.documents.html.properties import (
    Declaration,
    declarations,
    matters,
)
from gongkai.converters.documents.html.values import (
    MOST_TEXT,
    faces,
    trimmed,
)

Fetch = Callable[[str], str | None]
"""Returns the text of the style sheet at an address; None where it is not available."""

MOST_RULES = 20_000
"""Number of rules that are examined for one page."""

_LONGEST_SELECTOR = 4_000
_SKIPPED_IN = frozenset(("noscript", "template"))


@dataclass(frozen=True, eq=False)
class StyleRule:
    """A style rule: its selectors (tokens), what it declares, in which views it holds (bits).

    ``layer`` is the number of its cascade layer, -1 for none; ``order`` its place in the page.
    """

    selectors: tuple[Any, ...]
    declared: tuple[Declaration, ...]
    views: int
    layer: int
    order: int


@dataclass
class Sheets:
    """All rules of a page; whether sheets are missing, and whether some were too large to read.

    ``own_faces`` are the typefaces that the page brings along, whose glyphs may be anything;
    ``moving`` are the animations that change what is seen.
    """

    quirks: bool
    fetch: Fetch
    rules: list[StyleRule] = field(default_factory=list)
    own_faces: set[str] = field(default_factory=set)
    moving: set[str] = field(default_factory=set)
    missing: bool = False
    cut: bool = False
    _layers: dict[str, int] = field(default_factory=dict)
    _text: int = 0
    _imported: int = 0

    def read(self, root: etree._Element) -> None:
        """Read the style sheets that the page holds and refers to, in their order."""
        for element in root.iter("style", "link"):
            if any(above.tag in _SKIPPED_IN for above in element.iterancestors()):
                continue
            views = views_of_media(element.get("media") or "")
            if element.tag == "style":
                if (element.get("type") or "text/css").strip().lower() == "text/css":
                    self.add("".join(map(str, element.itertext())), views)
                continue
            kinds = (element.get("rel") or "").lower().split()
            used = "stylesheet" in kinds and "alternate" not in kinds
            if used and views and element.get("disabled") is None:
                self._add_from(element.get("href") or "", views)

    def add(self, text: str, views: int) -> None:
        """Read the text of a sheet that holds in ``views``."""
        self._text += len(text)
        if self._text > MOST_TEXT:
            self.cut = True
            return
        if not views:
            return
        try:
            nodes = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
            self._add_nodes(nodes, views, "", None, 0)
        except RecursionError:
            self.cut = True

    def _add_from(self, address: str, views: int) -> None:
        self._imported += 1
        text = data_of(address) if address.lower().startswith("data:") else self.fetch(address)
        if text is None or self._imported > 100:
            self.missing = True
        else:
            self.add(text, views)

    def _add_nodes(
        self,
        nodes: Iterable[Any],
        views: int,
        layer: str,
        outer: tuple[Any, ...] | None,
        depth: int,
    ) -> None:
        """Read rules in ``layer``, nested in rules with the selectors ``outer`` if any."""
        if depth > MOST_NESTED:
            self.cut = True
            return
        own: list[Any] = []
        for node in nodes:
            if len(self.rules) >= MOST_RULES:
                self.cut = True
                return
            if node.type == "qualified-rule":
                self._add_rule(node, views, layer, outer, depth)
            elif node.type == "at-rule":
                self._add_at_rule(node, views, layer, outer, depth)
            elif node.type == "declaration":
                own.append(node)
        if own and outer is not None:
            self._append(outer, declarations(own, self.quirks), views, layer)

    def _add_rule(
        self, node: Any, views: int, layer: str, outer: tuple[Any, ...] | None, depth: int
    ) -> None:
        selectors = trimmed(node.prelude)
        if outer is not None:
            selectors = _within(selectors, outer)
        if len(selectors) > _LONGEST_SELECTOR:
            self.cut = True
            return
        content = tinycss2.parse_blocks_contents(node.content, skip_comments=True)
        self._append(selectors, declarations(content, self.quirks), views, layer)
        nested = [each for each in content if each.type in ("qualified-rule", "at-rule")]
        if nested:
            self._add_nodes(nested, views, layer, selectors, depth + 1)

    def _append(
        self, selectors: tuple[Any, ...], declared: tuple[Declaration, ...], views: int, layer: str
    ) -> None:
        if declared and views:
            if self.quirks:
                _lower_names(selectors)
            number = self._layers[layer] if layer else -1
            self.rules.append(StyleRule(selectors, declared, views, number, len(self.rules)))

    def _add_at_rule(
        self, node: Any, views: int, layer: str, outer: tuple[Any, ...] | None, depth: int
    ) -> None:
        name, prelude = node.lower_at_keyword, trimmed(node.prelude)
        if name == "import":
            self._import(prelude, views)
            return
        if name == "layer":
            names = [part.strip() for part in tinycss2.serialize(prelude).split(",")]
            for each in names:
                inner = f"{layer}.{each}" if layer else each or f"?{len(self._layers)}"
                self._layers.setdefault(inner, len(self._layers))
            layer = inner
        elif name == "media":
            views &= views_of_media(tinycss2.serialize(prelude))
        elif name == "supports":
            views &= views_where(supported(prelude))
        elif name == "font-face":
            self._add_face(node.content or ())
            return
        elif name in ("keyframes", "-webkit-keyframes"):
            self._add_animation(tinycss2.serialize(prelude).strip("\"'"), node.content or ())
            return
        elif name in ("container", "scope", "starting-style"):
            views &= PERHAPS
        else:
            return
        if node.content is not None:
            content = tinycss2.parse_blocks_contents(node.content, skip_comments=True)
            self._add_nodes(content, views, layer, outer, depth + 1)

    def _add_face(self, content: Iterable[Any]) -> None:
        said = {
            each.lower_name: each.value
            for each in tinycss2.parse_blocks_contents(content)
            if each.type == "declaration"
        }
        if "data:" in tinycss2.serialize(said.get("src", ())):
            self.own_faces.update(faces(tuple(said.get("font-family", ()))))

    def _add_animation(self, name: str, content: Iterable[Any]) -> None:
        for step in tinycss2.parse_rule_list(content, skip_comments=True, skip_whitespace=True):
            if step.type == "qualified-rule":
                said = declarations(tinycss2.parse_blocks_contents(step.content), self.quirks)
                if any(map(matters, said)):
                    self.moving.add(name.lower())

    def _import(self, prelude: tuple[Any, ...], views: int) -> None:
        first, *rest = prelude or (None,)
        if first is None:
            return
        address = first.value if first.type in ("string", "url") else ""
        if first.type == "function" and first.arguments:
            address = str(getattr(first.arguments[0], "value", ""))
        media = [t for t in rest if not (t.type == "function" and t.lower_name in ("layer",))]
        if views & views_of_media(tinycss2.serialize(media)):
            self._add_from(address, views & views_of_media(tinycss2.serialize(media)))


def _lower_names(tokens: Iterable[Any], depth: int = 0) -> None:
    """Make classes and ids lower case: without a document type, browsers ignore case."""
    before = None
    for token in tokens:
        if token.type == "hash" or (
            token.type == "ident"
            and before is not None
            and before.type == "literal"
            and before.value == "."
        ):
            token.value = token.value.lower()
        elif token.type == "function" and depth < MOST_NESTED:
            _lower_names(token.arguments, depth + 1)
        before = token


def _within(selectors: tuple[Any, ...], outer: tuple[Any, ...]) -> tuple[Any, ...]:
    """The selectors of a rule that is nested in another one (CSS Nesting)."""
    about = tinycss2.parse_component_value_list(f":is({tinycss2.serialize(outer)})")
    made: list[Any] = []
    for number, part in enumerate(split_at_commas(selectors)):
        if number:
            made += tinycss2.parse_component_value_list(",")
        if not any(token.type == "literal" and token.value == "&" for token in part):
            made += [*about, *tinycss2.parse_component_value_list(" "), *part]
            continue
        for token in part:
            made += about if token.type == "literal" and token.value == "&" else [token]
    return tuple(made)


def sheet_of(files: Mapping[str, bytes], page: str, address: str) -> str | None:
    """The text of the style sheet at ``address`` among the files saved with a page, else None.

    ``page`` is the address of the page itself.
    """
    address = address.strip()
    data = files.get(address)
    if data is None and page:
        try:
            data = files.get(urljoin(page, address))
        except ValueError:
            return None
    return None if data is None else data.decode("utf-8", errors="replace")


def data_of(address: str) -> str | None:
    """The text that a ``data:`` address holds."""
    head, comma, body = address[5:].partition(",")
    if not comma:
        return None
    raw = unquote_to_bytes(body)
    if "base64" in head.lower():
        try:
            raw = base64.b64decode(raw)
        except (binascii.Error, ValueError):
            return None
    return raw.decode("utf-8", errors="replace")
