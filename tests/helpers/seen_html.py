"""Ways to disturb one cell of a page, each with what a reader of the page then sees there."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from helpers.drawn_reports import AFTER, HEADINGS, Drawn, Seen
from helpers.official_grids import Key


@dataclass
class Page:
    """A page with a drawn report, of which one cell is to be changed."""

    drawn: Drawn
    key: Key
    random: Random
    style: str = ""
    content: str = ""
    attributes: str = ""
    row_attributes: str = ""
    before: str = ""
    """Cells before the changed one."""
    row_before: str = ""

    def __post_init__(self) -> None:
        self.content = self.value

    @property
    def value(self) -> str:
        """The number in the cell as drawn."""
        return self.drawn.values[self.key]

    @property
    def more(self) -> str:
        """A digit that is not part of the number."""
        return self.random.choice("123456789")

    def put(self, digits: str) -> None:
        """Set digits (in markup) before, behind or within the number."""
        at = self.random.choice((0, len(self.value), self.random.randint(0, len(self.value))))
        self.content = self.value[:at] + digits + self.value[at:]

    def bytes(self) -> bytes:
        """The whole page."""
        title, *before = self.drawn.before
        parts = [f"<!DOCTYPE html><html><head><meta charset=utf-8><title>{title}</title>"]
        parts.append(f"<style>td{{border:1px solid #000}}\n{self.style}</style></head><body>")
        parts.append(f"<h1>{title}</h1>" + "".join(f"<p>{text}</p>" for text in before))
        for cube, rows in self.drawn.tables.items():
            parts.append(f"<p>{HEADINGS[cube]}</p><table>")
            for row in rows:
                mine = any(box.key == self.key for box in row)
                parts.append(f"{self.row_before}<tr {self.row_attributes}>" if mine else "<tr>")
                for box in row:
                    spans = f"colspan={box.width} rowspan={box.height}"
                    if box.key == self.key:
                        parts.append(f"{self.before}<td {self.attributes}>{self.content}</td>")
                    else:
                        parts.append(f"<td {spans}>{box.text}</td>")
                parts.append("</tr>")
            parts.append("</table>")
        parts.append("".join(f"<p>{text}</p>" for text in AFTER) + "</body></html>")
        return "".join(parts).encode()


Disturbance = Callable[[Page], Seen]

UNSEEN = {
    "display": "display:none",
    "visibility": "visibility:hidden",
    "collapsed": "visibility:collapse",
    "opacity": "opacity:0",
    "almost clear": "opacity:0.01",
    "size nought": "font-size:0",
    "white": "color:#fff",
    "white by name": "color:White",
    "white by function": "color:rgb(255, 255, 255)",
    "white by shares": "color:hsl(0 0% 100%)",
    "nearly white": "color:#fefefe",
    "clear colour": "color:transparent",
    "clear by alpha": "color:rgba(0,0,0,0)",
    "off the page": "position:absolute;left:-9999px",
    "above the page": "position:absolute;top:-500em",
    "indented away": "display:inline-block;text-indent:-9999px;overflow:hidden;width:1px",
    "clipped": "position:absolute;clip:rect(0,0,0,0)",
    "clipped by path": "clip-path:inset(100%);position:absolute",
    "no width": "display:inline-block;width:0;overflow:hidden",
    "no height": "display:inline-block;height:0;overflow:hidden",
    "scaled away": "display:inline-block;transform:scale(0)",
}
"""Declarations by which a browser shows nothing."""

STRUCK = {
    "line": "text-decoration:line-through",
    "line of its own": "text-decoration-line:line-through",
    "both lines": "text-decoration:underline line-through red",
}


def inline(declaration: str) -> Disturbance:
    """Digits not shown by a style attribute."""

    def change(page: Page) -> Seen:
        page.put(f'<span style="{declaration}">{page.more}</span>')
        return Seen((page.value,))

    return change


def by_class(declaration: str) -> Disturbance:
    """Digits not shown by the page's own style sheet."""

    def change(page: Page) -> Seen:
        selector, markup = page.random.choice(
            (
                (".h", '<span class="h">{}</span>'),
                ("span.a.h", '<span class="a b h">{}</span>'),
                ("#one", '<b id="one">{}</b>'),
                ("td > u", "<u>{}</u>"),
                ("table td em i", "<em><i>{}</i></em>"),
                ("[data-x]", "<span data-x>{}</span>"),
                ('i[class^="pad"]', '<i class="padding">{}</i>'),
                ("tr :first-child", "<b>{}</b>"),
                (":is(.x, .y)", '<span class="y">{}</span>'),
            )
        )
        important = "".join(f"{part} !important;" for part in declaration.split(";"))
        body = page.random.choice((declaration, important))
        if selector == "tr :first-child":
            selector = "td b:first-child"
        page.style = f"{selector}{{{body}}}"
        page.put(markup.format(page.more))
        return Seen((page.value,))

    return change


def markup(template: str, style: str = "") -> Disturbance:
    """Digits in markup that shows them not as part of the number."""

    def change(page: Page) -> Seen:
        page.style = style
        page.put(template.format(page.more))
        return Seen((page.value,))

    return change


def instead(template: str, style: str = "") -> Disturbance:
    """The number shown by something else than plain text: read, or unread, never blank."""

    def change(page: Page) -> Seen:
        page.style = style
        page.content = template.format(page.value)
        return Seen((page.value,))

    return change


def struck_before(template: str, style: str = "") -> Disturbance:
    """An old number struck out, the new one before or behind it."""

    def change(page: Page) -> Seen:
        page.style = style
        old = template.format(page.random.randint(1, 9999))
        new = page.random.choice((page.value, f"<ins>{page.value}</ins>", f" {page.value}"))
        page.content = page.random.choice((old + new, new + old))
        return Seen((page.value,))

    return change


def all_struck(attributes: str, style: str = "") -> Disturbance:
    """The only number of the cell is struck out: no number is left."""

    def change(page: Page) -> Seen:
        page.style, page.attributes = style, attributes
        return Seen()

    return change


def all_unseen(attributes: str, style: str = "") -> Disturbance:
    """The whole number is not shown: the cell looks blank."""

    def change(page: Page) -> Seen:
        page.style, page.attributes = style, attributes
        return Seen(blank=True)

    return change


def shown_after_all(style: str, template: str) -> Disturbance:
    """Digits that one rule hides and a stronger one shows: they are part of the number."""

    def change(page: Page) -> Seen:
        page.style = style
        digit = page.more
        page.content = template.format(digit) + page.value
        return Seen((digit + page.value,))

    return change


def generated(style: str) -> Disturbance:
    """A digit that only the style sheet holds stands before the number."""

    def change(page: Page) -> Seen:
        digit = page.more
        page.style, page.attributes = style.format(digit), 'class="g"'
        return Seen((digit + page.value,))

    return change


def other_order(template: str, style: str = "") -> Disturbance:
    """Digits that are shown in another order than they are written in."""

    def change(page: Page) -> Seen:
        page.style = style
        digit = page.more
        page.content = template.format(digit, page.value)
        return Seen((page.value + digit,))

    return change


def reversed_text(page: Page) -> Seen:
    """The number written from right to left."""
    page.content = f'<bdo dir="rtl">{page.value[::-1]}</bdo>'
    return Seen((page.value,))


def hidden_cell(attribute: str, style: str = "") -> Disturbance:
    """A cell more in the row, which a browser leaves out: the others do not move."""

    def change(page: Page) -> Seen:
        page.style = style
        page.before = f"<td {attribute}>{page.more}</td>"
        return Seen((page.value,))

    return change


def hidden_row(attribute: str, style: str = "") -> Disturbance:
    """A row more, which a browser leaves out."""

    def change(page: Page) -> Seen:
        page.style = style
        cells = f"<td>{page.more}</td>" * page.random.randint(1, 10)
        page.row_before = f"<tr {attribute}>{cells}</tr>"
        return Seen((page.value,))

    return change


def dark_cell(page: Page) -> Seen:
    """White on black, as shown: a number like any other."""
    page.attributes = 'bgcolor="black" style="color:white"'
    return Seen((page.value,))


def same_as_cell(page: Page) -> Seen:
    """A digit in the colour of its cell."""
    page.attributes = 'style="background:#ffe0a0"'
    page.put(f'<font color="#FFE0A0">{page.more}</font>')
    return Seen((page.value,))


HTML: dict[str, Disturbance] = {
    **{f"inline {name}": inline(declaration) for name, declaration in UNSEEN.items()},
    **{f"class {name}": by_class(declaration) for name, declaration in UNSEEN.items()},
    **{f"struck {n}": struck_before(f'<b style="{d}">{{}}</b>') for n, d in STRUCK.items()},
    **{
        f"struck by class {n}": struck_before('<b class="o">{}</b>', f".o{{{d}}}")
        for n, d in STRUCK.items()
    },
    "s": struck_before("<s>{}</s>"),
    "del": struck_before("<del>{}</del>"),
    "strike": struck_before("<strike><font size=2>{}</font></strike>"),
    "cell struck": all_struck('style="text-decoration:line-through"'),
    "row struck": all_struck('class="old"', "td.old{text-decoration:line-through}"),
    "cell unseen": all_unseen('style="visibility:hidden"'),
    "cell white": all_unseen('class="w"', ".w{color:#ffffff}"),
    "sup": markup("<sup>{}</sup>"),
    "sub": markup("<sub>{}</sub>"),
    "linked sup": markup('<a href="#n"><sup>[{}]</sup></a>'),
    "raised": markup('<span style="vertical-align:super;font-size:60%">{}</span>'),
    "raised by class": markup('<a class="fn">{}</a>', "a.fn{vertical-align:super}"),
    "raised by length": markup('<b style="vertical-align:4px;font-size:8px">{}</b>'),
    "raised by position": markup('<i style="position:relative;top:-.5em;font-size:.6em">{}</i>'),
    "ruby": markup("<ruby>&#8203;<rt>{}</rt></ruby>"),
    "comment": markup("<!--{}-->"),
    "template": markup("<template>{}</template>"),
    "script": markup("<script>{}</script>"),
    "noscript": markup("<noscript>{}</noscript>"),
    "hidden attribute": markup("<span hidden>{}</span>"),
    "popover": markup("<span popover>{}</span>"),
    "hidden input": markup("<input type=hidden value={0}>"),
    "details": markup("<details style='display:inline'><summary></summary>{}</details>"),
    "media screen": markup('<i class="m">{}</i>', "@media screen{.m{display:none}}"),
    "media all": markup('<i class="m">{}</i>', "@media all and (min-width:1px){.m{display:none}}"),
    "supports": markup('<i class="m">{}</i>', "@supports (display:grid){.m{display:none}}"),
    "later rule": markup('<i class="m">{}</i>', ".m{display:inline} .m{display:none}"),
    "stronger": markup('<i id="k" class="m">{}</i>', "#k{display:none} .m{display:inline}"),
    "inherited": markup('<i class="m"><b>{}</b></i>', ".m{visibility:hidden}"),
    "variable": markup('<i class="m">{}</i>', ":root{--c:none}.m{display:var(--c)}"),
    "nested rule": markup('<i class="m">{}</i>', "td{& .m{display:none}}"),
    "same as cell": same_as_cell,
    "dark cell": dark_cell,
    "overruled": shown_after_all(
        ".m{display:none} #k{display:inline}", '<i id="k" class="m">{}</i>'
    ),
    "important": shown_after_all(
        ".m{display:inline !important}", '<i class="m" style="display:none">{}</i>'
    ),
    "shown within hidden": shown_after_all(
        ".m{visibility:hidden} .n{visibility:visible}", '<i class="m"><b class="n">{}</b></i>'
    ),
    "other medium": shown_after_all("@media speech{.m{display:none}}", '<i class="m">{}</i>'),
    "spoilt rule": shown_after_all("p{color:red;} ;; .m{display:none}", '<i class="m">{}</i>'),
    "content": generated('.g::before{{content:"{}"}}'),
    "content by counter": generated(".g{{counter-reset:z {}}} .g::before{{content:counter(z)}}"),
    "select": instead("<select><option>1</option><option selected>{}</option></select>"),
    "input": instead('<input type="text" value="{}">'),
    "disabled input": instead('<input value="{}" disabled>'),
    "textarea": instead("<textarea>{}</textarea>"),
    "picture": instead('<img src="n.png" alt="{}">'),
    "drawing": instead("<svg width=60 height=20><text x=0 y=15>{}</text></svg>"),
    "button": instead("<button>{}</button>"),
    "placeholder": instead('<input placeholder="{}">'),
    "frame": instead('<iframe srcdoc="{}"></iframe>'),
    "object": instead("<object>{}</object>"),
    "meter": instead("<math><mn>{}</mn></math>"),
    "right to left": reversed_text,
    "row reversed": other_order(
        '<div style="display:flex;flex-direction:row-reverse"><i>{}</i><b>{}</b></div>'
    ),
    "floated": other_order('<b style="float:right">{}</b><b style="float:left">{}</b>'),
    "ordered": other_order('<p class="f"><b>{}</b><i>{}</i></p>', ".f{display:flex} .f b{order:2}"),
    "hidden cell": hidden_cell("hidden"),
    "hidden cell by style": hidden_cell('style="display: none"'),
    "hidden cell by class": hidden_cell('class="h"', "td.h{display:none}"),
    "hidden row": hidden_row("hidden"),
    "hidden row by style": hidden_row('style="display:none;"'),
    "hidden row by class": hidden_row('class="h"', ".h{display:none}"),
}
