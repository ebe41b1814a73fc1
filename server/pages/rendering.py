"""Render a page as a response; functions for all templates."""

import re
from typing import Any

from flask import Response, render_template

from gongkai.ontology.structures import code_labels, cubes
from gongkai.ontology.texts import LANGUAGES, translation
from gongkai.server.http.current import current_store
from gongkai.server.http.language import asked_language, page_language, pick
from gongkai.server.http.links import local_path
from gongkai.server.http.representation import representation
from gongkai.server.pages.charts import draw
from gongkai.server.pages.figures import note
from gongkai.server.pages.quantities import writers

_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


def page(template: str, **shown: Any) -> Response:
    """A page in the requested language."""
    response = representation(render_template(template, **shown), "text/html", "Accept-Language")
    response.headers["Content-Language"] = page_language()
    return response


def visible(value: object) -> object:
    """A value as templates write it: control characters, which HTML forbids, as pictures.

    HTML Standard, section 13.2.3.5; the pictures are Unicode's (U+2400 to U+241F).
    """
    if isinstance(value, str) and _CONTROL.search(value):
        return type(value)(_CONTROL.sub(lambda character: _picture(character[0]), value))
    return value


def _picture(character: str) -> str:
    return chr(0x2400 + ord(character)) if character < " " else "\ufffd"


def context() -> dict[str, object]:
    """Variables for all templates.

    ``kept`` are the parameters of the address that are kept when the language is changed;
    ``chosen`` are those that links to other pages include.
    """
    store = current_store()
    language = page_language()
    writing = writers(language)
    return {
        "lang": language,
        "other": next(item for item in LANGUAGES if item != language),
        "t": lambda name, **values: translation(f"pages.{name}", language, **values),
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
