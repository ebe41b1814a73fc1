"""Send a document in the negotiated format, with its headers: RFC 9110, section 12."""

from flask import Response, abort, request

from gongkai.ontology.texts import listed, message
from gongkai.server.http import formats
from gongkai.server.http.language import page_language
from gongkai.server.http.representation import cacheable, representation

VARY = "Accept, Accept-Language, Accept-Profile"


def negotiated(
    body: bytes | str, chosen: str | None, by_header: bool, path: str, query: str = ""
) -> Response:
    """A document at ``path`` in the format ``chosen``; None: 406, with a list of formats.

    ``by_header`` is true if the client did not name the format in the address.
    """
    if chosen is None:
        return not_acceptable(path, query)
    media_type = formats.DOCUMENT_TYPES[chosen][0]
    response = Response(body, content_type=formats.content_type(media_type))
    if by_header:
        # Without it the header decides the language, also at the other address.
        asked = chosen == "html" and "lang" in request.args
        named = f"lang={page_language()}" if asked else ""
        joined = f"{query}&{named}" if query and named else query or (named and f"?{named}")
        response.headers["Content-Location"] = f"{request.script_root}/{path}.{chosen}{joined}"
    if chosen == "html":
        response.headers["Content-Language"] = page_language()
    response.headers["Vary"] = VARY
    for other, types in formats.DOCUMENT_TYPES.items():
        if other != chosen:
            address = f"{request.script_root}/{path}.{other}{query}"
            response.headers.add("Link", f'<{address}>; rel="alternate"; type="{types[0]}"')
    return cacheable(response)


def data_document(triples: bytes, base: str) -> Response:
    """Triples (N-Triples, sorted) for programs, in the requested format; 406 if there is none."""
    chosen = formats.best_data(request.args.get("_mediatype") or request.headers.get("Accept"))
    if chosen is None:
        types = listed(kinds[0] for kinds in formats.DATA_TYPES.values())
        abort(406, message("server.no_type", types=types))
    body = formats.serialize(triples, chosen, base)
    return representation(body, formats.DATA_TYPES[chosen][0], VARY)


def not_acceptable(path: str, query: str = "") -> Response:
    """406 with the addresses of all formats."""
    lines = [
        f"{request.script_root}/{path}.{suffix}{query}  {types[0]}"
        for suffix, types in formats.DOCUMENT_TYPES.items()
    ]
    said = message("server.no_type_of_document", addresses="\n".join(lines))
    response = Response(f"406: {said}\n", 406, content_type="text/plain; charset=utf-8")
    response.headers["Vary"] = VARY
    return response
