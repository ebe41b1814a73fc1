"""Click's own words (“Usage:”, “Options:”, “Error:”) in Chinese, and help wrapped by its width.

Click asks gettext for them, in the text domain of the program. Their translations are in ``locale``
beside this module; ``make messages`` compiles them.
"""

import gettext
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
from click.formatting import measure_table
from rich.cells import cell_len

DOMAIN = "click"
LOCALE = Path(__file__).parent / "locale"

_PIECE = re.compile(
    r"\s+"
    r"|\[[^\[\]]{,40}\]"
    r"|\[[^\[\]]{,40}\]"
    r"|[“‘（《[]*(?:[^\s“‘（《[\u2e80-\uffef]+|[\u2e80-\uffef])[，。、；：？！）》”’…]*"
    r"|[“‘（《[]+"
)
"""Between two of these a line may be broken: a word of another script, or one Chinese character,
with what is never first or last in a line.
"""


def translate_click() -> None:
    """Let Click speak the language of the locale, in this process, from now on."""
    gettext.bindtextdomain(DOMAIN, str(LOCALE))
    gettext.textdomain(DOMAIN)


class HelpFormatter(click.HelpFormatter):
    """Wraps Chinese by its width in the terminal: a character has two columns, and no spaces."""

    def write_text(self, text: str) -> None:
        """Write paragraphs, indented."""
        super().write_text(_wrapped(text, self.width - self.current_indent))

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Write names, such as those of options, each with its description."""
        known = list(rows)
        names = min(measure_table(known)[0], col_max) + col_spacing
        width = max(self.width - names - 2, 10)
        super().write_dl(
            [(name, _wrapped(text, width)) for name, text in known], col_max, col_spacing
        )


class HelpContext(click.Context):
    """The context of commands whose help may be in Chinese."""

    formatter_class = HelpFormatter


def help_in_chinese(command: click.Command, parent: click.Context | None = None) -> None:
    """Wrap the help of a command, and of those below it, with ``HelpFormatter``."""
    command.context_class = HelpContext
    context = HelpContext(command, parent, **command.context_settings)
    # Click makes this option when it is first needed; all other help is made on import.
    command.get_help_option(context)
    if isinstance(command, click.Group):
        for below in command.commands.values():
            help_in_chinese(below, context)


def _wrapped(text: str, width: int) -> str:
    """Paragraphs with their lines broken; as they are if Click can wrap them itself."""
    if cell_len(text) == len(text):
        return text
    # Click leaves paragraphs that begin so as they are.
    return "\n\n".join(
        "\b\n" + "\n".join(_lines(paragraph, width)) for paragraph in text.split("\n\n")
    )


def _lines(paragraph: str, width: int) -> Iterator[str]:
    line, space = "", ""
    for piece in _PIECE.findall(paragraph):
        if piece.isspace():
            space = " " if line else ""
        elif line and cell_len(line + space + piece) > width:
            yield line
            line, space = piece, ""
        else:
            line, space = line + space + piece, ""
    yield line
