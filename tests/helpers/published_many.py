"""A published store of many reports: the triples of one report with other keys."""

import re
from pathlib import Path

from gongkai.pipeline import process
from gongkai.publishing.content import content_of
from gongkai.publishing.publication import publish
from gongkai.publishing.reference_data import publish_reference_data
from gongkai.server.store.embedded_writer import writing
from helpers.commands import BASE
from helpers.served import sample_of


def publish_many(store: Path, reports: int) -> None:
    """Make a store of a published report, and of copies that other bodies might have made."""
    (outcome,) = process(sample_of(store.parent, "洪泽区司法局", 2019), BASE)
    assert outcome.report is not None
    key, content = outcome.report.key, content_of(outcome, BASE)
    body = outcome.report.body.key
    graphs = {
        f"{BASE}id/report/{key}": content.own,
        f"{BASE}id/validation/{key}": outcome.validation,
        f"{BASE}id/slice/comparison/{key}": content.comparison,
        **content.entities,
    }
    with writing(store, BASE) as writer:
        publish_reference_data(writer)
        publish(writer, outcome)
        for number in range(reports - 1):
            own = f"{body}-{number:04d}"
            writer.replace(
                {
                    re.sub(body, own, name): re.sub(body.encode(), own.encode(), triples)
                    for name, triples in graphs.items()
                    if body in name
                }
            )
