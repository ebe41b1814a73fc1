"""Completion data for the editor of the query page: our prefixes, terms and codes."""

import json
from functools import lru_cache

from flask import Blueprint, Response

from gongkai.ontology.structures import code_labels
from gongkai.server.http.current import current_store
from gongkai.server.http.formats import PREFIXES
from gongkai.server.http.language import page_language
from gongkai.server.http.policy import Caching, Policy
from gongkai.server.http.representation import representation
from gongkai.server.queries.rows import listed

blueprint = Blueprint("query_terms", __name__)

_OWN = ("body", "code", "cube", "year", "area", "form")


@blueprint.get("/query-terms.json")
@Policy(Caching.KNOWN_PARAMETERS)
def query_terms() -> Response:
    """Prefixes with their namespaces; terms as ``prefix:name`` with their labels."""
    store = current_store()
    language = page_language()
    spaces = prefixes(store.base)
    found: dict[str, str] = {}
    for row in listed(store, "terms"):
        name = short_name(row["term"], store.base)
        # The endpoint refuses queries with a name that contains this word (see query_text).
        answered = "service" not in name.lower()
        if name and answered and (name not in found or row.get("label@language") == language):
            found[name] = row["label"]
    content = {"prefixes": spaces, "terms": sorted(found.items())}
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return representation(body, "application/json", "Accept-Language")


@lru_cache
def prefixes(base: str) -> dict[str, str]:
    """Every prefix that the query page knows: those of documents, and one for each code list."""
    lists = sorted({scheme for scheme, _ in code_labels()})
    return {
        **PREFIXES,
        "def": base + "def#",
        "shapes": base + "shapes#",
        **{name: f"{base}id/{name}/" for name in _OWN},
        **{name: f"{base}id/code/{name}/" for name in lists},
    }


def short_name(uri: str, base: str) -> str:
    """The term as ``prefix:name``; "" if no prefix fits, or the name would need an escape."""
    for prefix, space in prefixes(base).items():
        name = uri.removeprefix(space)
        if (
            name
            and name != uri
            and all(character.isalnum() or character in "-_" for character in name)
        ):
            return f"{prefix}:{name}"
    return ""
