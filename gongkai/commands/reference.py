"""The pages docs/cli.md and docs/settings.md (``make reference``), from commands and settings."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping

import click
from msgspec import structs

from gongkai.commands.cli import main
from gongkai.ontology.texts import message, read_in
from gongkai.server.settings import Settings
from gongkai.server.settings_sources import environment_variable, kind_of

_COMMANDS_HEAD = """\
# The command line

Made from the commands themselves by `make reference`; a test holds it true.
"""
_WIDTH = 90

_SETTINGS_HEAD = """\
# Settings of the server

Made from the settings themselves by `make reference`; a test holds it true.

`gongkai serve --config gongkai.toml` reads them from a TOML file; what is not in it has its
default. A setting that does not exist, or a value that cannot be, is named with its place, and the
server does not start. `kill -HUP` of the server's process brings new processes with the settings as
they are then; where they cannot be used, the old ones stay. Those of `[server]`, and where the
store is, stay until a restart: the log says which.

Bounds and limits count in each process of the server: with `workers = 2`, a client may send twice
`queries_per_minute`.

```toml
[server]
host = "127.0.0.1"
port = 8000
workers = 2
threads = 40

[store]
location = "/srv/gongkai/store"

[catalog]
publisher = "Example Institute"
email = "data@example.org"
license = "http://creativecommons.org/licenses/by/4.0/"
```
"""


def commands_page() -> str:
    """docs/cli.md: Markdown, with a section for the help of each command."""
    return _COMMANDS_HEAD + "".join(
        _commands(main, click.Context(main, info_name="gongkai", **main.context_settings))
    )


def _commands(command: click.Command, context: click.Context) -> Iterator[str]:
    context.max_content_width = context.terminal_width = _WIDTH
    yield f"\n## {context.command_path}\n\n```text\n{command.get_help(context)}\n```\n"
    if isinstance(command, click.Group):
        for name, below in sorted(command.commands.items()):
            yield from _commands(below, click.Context(below, info_name=name, parent=context))


def settings_page() -> str:
    """docs/settings.md: Markdown, with a table for each section."""
    with read_in("en"):
        return _SETTINGS_HEAD + "".join(map(_section, structs.fields(Settings)))


def _section(section: structs.FieldInfo) -> str:
    rows = (_row(section.name, key) for key in structs.fields(section.type))
    return (
        f"\n## [{section.name}]\n\n{message(f'settings.section.{section.name}')}\n\n"
        "| setting | default | value | meaning |\n|---|---|---|---|\n" + "".join(rows)
    )


def _row(section: str, key: structs.FieldInfo) -> str:
    meaning, variable = message(f"settings.key.{section}.{key.name}"), environment_variable(key)
    if variable:
        values = " (1 or 0)" if key.default is False else ""
        meaning = f"{meaning}; `{variable}`{values} overrides it"
    default = json.dumps(key.default, ensure_ascii=False)
    return f"| `{key.name}` | `{default}` | {kind_of(key.type)} | {meaning} |\n"


PAGES: Mapping[str, Callable[[], str]] = {
    "docs/cli.md": commands_page,
    "docs/settings.md": settings_page,
}
"""What makes each page, by its path in the project."""

if __name__ == "__main__":
    click.echo(PAGES[sys.argv[1]](), nl=False)
