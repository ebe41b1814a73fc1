"""The command line."""

import click

from gongkai.commands.bodies import bodies
from gongkai.commands.check import check
from gongkai.commands.convert import convert
from gongkai.commands.demo import demo
from gongkai.commands.dump import dump
from gongkai.commands.explain import explain
from gongkai.commands.fetch import fetch
from gongkai.commands.history import history
from gongkai.commands.link import link
from gongkai.commands.publish import publish
from gongkai.commands.recheck import recheck
from gongkai.commands.serve import serve
from gongkai.commands.withdraw import withdraw
from gongkai.version import __version__


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="gongkai")
def main() -> None:
    """Turn annual reports on open government information into linked open data.

    FILE may be a folder: all files below it are taken.

    Exit codes: 0 good; 1 rules broken or cells missing; 2 input unreadable, or wrong usage.
    """


for command in (
    bodies,
    fetch,
    convert,
    check,
    explain,
    publish,
    recheck,
    history,
    withdraw,
    link,
    dump,
    serve,
    demo,
):
    main.add_command(command)
