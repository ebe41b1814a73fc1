"""Ways to disturb one cell of a text or a Markdown table, with what is then seen there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from helpers.drawn_reports import AFTER, HEADINGS, Drawn, Seen
from helpers.official_grids import Key


@dataclass
class Written:
    """The cell to be changed: the number, and what is to be written for it."""

    value: str
    random: Random

    @property
    def more(self) -> str:
        """A digit that is not part of the number."""
        return self.random.choice("123456789")

    @property
    def old(self) -> str:
        """Another number."""
        return str(self.random.randint(1, 999))


InText = Callable[[Written], tuple[str, Seen]]
LAYOUTS = ("line by line", "bars", "markdown", "tabs")


def text_document(
    drawn: Drawn, layout: str, random: Random, changes: Mapping[Key, InText]
) -> tuple[bytes, dict[Key, Seen]]:
    """The text in a layout, and what is seen of the cells that were changed."""
    seen: dict[Key, Seen] = {}
    lines = list(drawn.before)
    for cube, boxes in drawn.tables.items():
        lines.append(HEADINGS[cube])
        rows: list[list[str]] = []
        covered: dict[int, tuple[int, int]] = {}
        for row in boxes:
            texts: list[str] = []
            for box in row:
                _skip(texts, covered)
                text = box.text
                if box.key in changes:
                    assert box.key is not None
                    text, seen[box.key] = changes[box.key](Written(box.text, random))
                if box.height > 1:
                    covered[len(texts)] = (box.height, box.width)
                texts += [text, *[""] * (box.width - 1)]
            _skip(texts, covered)
            covered = {at: (left - 1, wide) for at, (left, wide) in covered.items() if left > 1}
            rows.append(texts)
        lines += _laid_out(rows, layout)
    lines += AFTER
    return "\n".join(lines).encode(), seen


def _skip(texts: list[str], covered: dict[int, tuple[int, int]]) -> None:
    """Leave blank what a cell above covers."""
    while len(texts) in covered:
        texts += [""] * covered[len(texts)][1]


def _laid_out(rows: list[list[str]], layout: str) -> list[str]:
    if layout == "line by line":
        return [text for row in rows for text in row if text]
    if layout == "tabs":
        return ["\t".join(row) for row in rows]
    width = max(map(len, rows))
    barred = ["| " + " | ".join(row + [""] * (width - len(row))) + " |" for row in rows]
    if layout == "markdown":
        barred.insert(1, "|" + "---|" * width)
    return barred


def before_or_behind(template: str) -> InText:
    """A digit in marks that set it apart from the number."""

    def change(written: Written) -> tuple[str, Seen]:
        mark = template.format(written.more)
        text = written.random.choice((mark + written.value, written.value + mark))
        return text, Seen((written.value,))

    return change


def old_before(template: str) -> InText:
    """An old number in marks that strike it."""

    def change(written: Written) -> tuple[str, Seen]:
        text = template.format(written.old) + written.value
        return text, Seen((written.value,))

    return change


def instead(template: str) -> InText:
    """The number in other marks."""

    def change(written: Written) -> tuple[str, Seen]:
        return template.format(written.value), Seen((written.value,))

    return change


def struck_by_signs(written: Written) -> tuple[str, Seen]:
    """Each digit of the old number followed by a combining stroke."""
    old = "".join(f"{digit}\u0336" for digit in written.old)
    return old + written.value, Seen((written.value,))


def all_struck(written: Written) -> tuple[str, Seen]:
    """The only number, struck."""
    return f"~~{written.value}~~", Seen()


def all_struck_by_signs(written: Written) -> tuple[str, Seen]:
    """The only number, struck by combining strokes."""
    return "".join(f"{digit}\u0336" for digit in written.value), Seen()


def right_to_left(written: Written) -> tuple[str, Seen]:
    """Digits turned by a sign of direction."""
    return f"\u202e{written.value[::-1]}\u202c", Seen((written.value,))


TEXT: dict[str, InText] = {
    "struck by tildes": old_before("~~{}~~"),
    "struck by one tilde": old_before("~{}~"),
    "struck by s": old_before("<s>{}</s>"),
    "struck by del": old_before("<del>{}</del>"),
    "struck by signs": struck_by_signs,
    "all struck": all_struck,
    "all struck by signs": all_struck_by_signs,
    "sup": before_or_behind("<sup>{}</sup>"),
    "caret": before_or_behind("^{}^"),
    "footnote": before_or_behind("[^{}]"),
    "bracketed": before_or_behind("[{}]"),
    "comment": before_or_behind("<!-- {} -->"),
    "raised sign": before_or_behind("\u00b9"),
    "circled sign": before_or_behind("\u2460"),
    "lowered sign": before_or_behind("\u2082"),
    "starred": instead("{}*"),
    "bold": instead("**{}**"),
    "code": instead("`{}`"),
    "entity": instead("&#8203;{}"),
    "no width": instead("\u200b{}\u200b"),
    "full stop": instead("{}。"),
    "pieces": instead("{}件"),
    "right to left": right_to_left,
}
