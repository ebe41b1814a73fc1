"""``gongkai demo``: publish and serve the sample report."""

import sys
import tempfile
from contextlib import ExitStack
from importlib.resources import as_file, files
from pathlib import Path

import click

from gongkai.commands.batch import report_problems
from gongkai.commands.messages import summary
from gongkai.commands.parts import fail, store_base
from gongkai.commands.serve import serve_store
from gongkai.ontology.texts import message
from gongkai.pipeline import process
from gongkai.publishing.publication import publish
from gongkai.publishing.reference_data import publish_reference_data
from gongkai.server.settings import LogSettings, ServerSettings, Settings, StoreSettings
from gongkai.server.store import StoreError
from gongkai.server.store_location import writing


@click.command(help=message("help.demo.command"))
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=8000,
    show_default=True,
    help=message("help.demo.port"),
)
@click.option(
    "--store",
    "folder",
    type=click.Path(path_type=Path),
    help=message("help.demo.store"),
)
def demo(port: int, folder: Path | None) -> None:
    """Convert, check, store and serve the sample report."""
    base = f"http://localhost:{port}/"
    with ExitStack() as stack:
        if folder is None:
            temporary = tempfile.TemporaryDirectory(prefix="gongkai-", ignore_cleanup_errors=True)
            folder = Path(stack.enter_context(temporary))
        sample = stack.enter_context(as_file(files("gongkai.samples").joinpath("mohrss-2019.txt")))
        try:
            base = store_base(folder, None, base)
            (outcome,) = process(sample, base)
            report_problems(outcome)
            if outcome.report is None or not outcome.publishable:
                sys.exit(outcome.exit_code)
            with writing(folder, base) as writer:
                publish_reference_data(writer)
                publish(writer, outcome)
            said = message("commands.publish.sample", summary=summary(outcome.report))
            click.echo(f"{sample.name}: {said}")
            settings = Settings(
                server=ServerSettings(port=port, workers=1),
                store=StoreSettings(location=str(folder)),
                log=LogSettings(requests=False),
            )
            serve_store(settings, opening=f"doc/report/{outcome.report.key}")
        except StoreError as error:
            fail(str(error))
