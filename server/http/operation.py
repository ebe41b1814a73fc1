"""Endpoints for operators: liveness, readiness, metrics."""

from flask import Blueprint, Response, abort, current_app, request

from gongkai.ontology.texts import message
from gongkai.ontology.texts.errors import operator_text
from gongkai.server.http.current import current_clients, current_metrics, current_store
from gongkai.server.http.policy import Caching, Policy
from gongkai.server.store import QueryCrashed, QueryTimedOut, StoreBusy, StoreError

blueprint = Blueprint("operation", __name__)

_PATIENCE = 2.0
"""Seconds within which a store must answer to count as ready."""


@blueprint.get("/healthz")
@Policy(Caching.NEVER, liveness=True)
def alive() -> Response:
    """Whether the process answers."""
    return _line("alive", 200)


@blueprint.get("/readyz")
@Policy(Caching.NEVER, reads_store=False)
def ready() -> Response:
    """Whether the store answers too."""
    store = current_store()
    try:
        store.query("ASK {}", seconds=_PATIENCE)
    except (QueryCrashed, QueryTimedOut, StoreBusy, StoreError) as error:
        current_app.logger.error("not ready: %s", operator_text(error))
        return _line(message("server.not_ready"), 503)
    return _line("ready", 200)


@blueprint.get("/metrics")
@Policy(Caching.NEVER, reads_store=False)
def counted() -> Response:
    """The metrics, only for clients without limits: they reveal the requests of others."""
    clients = current_clients()
    metrics = current_metrics()
    if not clients.is_exempt(clients.address(request.environ)):
        abort(403, message("server.metrics"))
    return Response(metrics.text(), content_type=metrics.content_type, headers=_NOT_KEPT)


_NOT_KEPT = {"Cache-Control": "no-store"}


def _line(text: str, status: int) -> Response:
    return Response(
        text + "\n", status, content_type="text/plain; charset=utf-8", headers=_NOT_KEPT
    )
