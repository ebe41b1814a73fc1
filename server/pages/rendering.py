"""A page as a response, and what every template may use."""

from typing import Any

from flask import Response, current_app, render_template

from gongkai.ontology.structures import code_labels, cubes
from gongkai.server.links import local_path
from gongkai.server.page_text import LANGUAGES, asked_language, page_language, pick, translator
from gongkai.server.pages.charts import draw
from gongkai.server.pages.figures import note
from gongkai.server.pages.quantities import writers
from gongkai.server.representation import representation
from gongkai.server.store import Store


def page(template: str, **shown: Any) -> Response:
    """A page in the language asked for."""
    response = representation(render_template(template, **shown), "text/html", "Accept-Language")
    response.headers["Content-Language"] = page_language()
    return response


def context() -> dict[str, object]:
    """What every template may use.

    ``kept`` are the parameters of the address that stay when the language is changed; ``chosen``
    those that links to other pages take along.
    """
    store: Store = current_app.extensions["gongkai.store"]
    language = page_language()
    writing = writers(language)
    return {
        "lang": language,
        "other": next(item for item in LANGUAGES if item != language),
        "t": translator(language),
        "pick": lambda label: pick(label, language),
        "link": local_path(store.base),
        "draw": lambda chart: draw(chart, writing["number_text"]),
        "unit_label": lambda unit: code_labels().get(("unit", unit), {}),
        "cube_title": lambda cube: cubes()[cube].title,
        "note": lambda figure: note(figure, language),
        "kept": [],
        "chosen": {"lang": language} if asked_language() is not None else {},
        **writing,
    }
