"""The page docs/cli.md: the help texts of all commands (``make reference``)."""

from collections.abc import Iterator

import click

from gongkai.commands.cli import main

_HEAD = """\
# The command line

Made from the commands themselves by `make reference`; a test holds it true.
"""
_WIDTH = 90


def reference() -> str:
    """The page: Markdown, with a section for the help of each command."""
    return _HEAD + "".join(
        _sections(main, click.Context(main, info_name="gongkai", **main.context_settings))
    )


def _sections(command: click.Command, context: click.Context) -> Iterator[str]:
    context.max_content_width = context.terminal_width = _WIDTH
    yield f"\n## {context.command_path}\n\n```text\n{command.get_help(context)}\n```\n"
    if isinstance(command, click.Group):
        for name, below in sorted(command.commands.items()):
            yield from _sections(below, click.Context(below, info_name=name, parent=context))


if __name__ == "__main__":
    click.echo(reference(), nl=False)
