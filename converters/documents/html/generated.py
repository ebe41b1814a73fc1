"""Text that browsers put before and behind an element: by style sheets, and numbers of lists."""

import re
from collections.abc import Sequence

from lxml import etree

from gongkai.converters.documents.html.matching import RuleMatch, cascaded
from gongkai.converters.documents.html.values import keyword, words
from gongkai.converters.documents.marks import has_digit

_INTEGER = re.compile(r"\s*[+-]?[0-9]{1,9}")


def content_of(
    element: etree._Element, matched: Sequence[RuleMatch], view: int, pseudo: str
) -> tuple[str, bool]:
    """The text put before or behind the content of an element (``pseudo``) in a view.

    A text, and whether it is certain that it is seen; an empty text that is not certain is a box
    that may lie over the element.
    """
    declared = cascaded(matched, (), (), view, pseudo)
    content = declared.get("content")
    if content is None or keyword(content.tokens) in ("none", "normal", "inherit", "initial"):
        return "", True
    display = declared.get("display")
    if display is not None and keyword(display.tokens) == "none":
        return "", True
    position = declared.get("position")
    placed = position is not None and bool({"absolute", "fixed"} & set(words(position.tokens)))
    text, certain = "", True
    for token in content.tokens:
        if token.type == "string":
            text += token.value
        elif token.type == "function" and token.lower_name == "attr":
            name = next((t.value for t in token.arguments if t.type == "ident"), "")
            text += element.get(name) or ""
        elif token.type in ("function", "url"):
            text, certain = text + "\ufffc", False
    if not text.strip():
        return "", not placed
    if has_digit(text) or not certain or "\ufffc" in text:
        return text, False
    kept = any(
        (character.isalpha() and ord(character) < 0xE000) or character in "-−.,%/"
        for character in text
    )
    return (text, not placed) if kept else ("", not placed)


def number_in_list(item: etree._Element, above: etree._Element) -> int:
    """The number that a browser shows before an item of the ordered list ``above``."""
    start = _integer(above.get("start"))
    number = 0 if start is None else start - 1
    for each in above.iterchildren("li"):
        stated = _integer(each.get("value"))
        number = number + 1 if stated is None else stated
        if each is item:
            break
    return number


def _integer(text: str | None) -> int | None:
    match = _INTEGER.match(text or "")
    return int(match[0]) if match else None
