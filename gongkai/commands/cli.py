"""The command line."""

import sys
from io import TextIOWrapper

import click

from gongkai.commands.bodies import bodies
from gongkai.commands.check import check
from gongkai.commands.click_texts import help_in_chinese, translate_click
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
from gongkai.commands.sync import sync
from gongkai.commands.withdraw import withdraw
from gongkai.ontology.texts import message
from gongkai.version import __version__

translate_click()


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, help=message("help.gongkai"))
@click.version_option(__version__, prog_name="gongkai")
def main() -> None:
    """The command ``gongkai``."""
    if isinstance(sys.stdout, TextIOWrapper):
        # A file may have a name that is no valid Unicode; errors are shown in this way as well.
        sys.stdout.reconfigure(errors="backslashreplace")


for command in (
    bodies,
    fetch,
    convert,
    check,
    explain,
    publish,
    sync,
    recheck,
    history,
    withdraw,
    link,
    dump,
    serve,
    demo,
):
    main.add_command(command)

help_in_chinese(main)
