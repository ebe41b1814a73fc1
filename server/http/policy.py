"""Policies of views: how the server treats their answers, stated beside each view.

A policy is a decorator, below that of the route::

    @blueprint.get("/search")
    @Policy(Caching.NEVER, crawled=False)
    def search() -> Response: ...

What acts before routing (the response cache, codings, response headers) looks it up by address.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Flask, current_app, request
from werkzeug.exceptions import HTTPException

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

FindPolicy = Callable[["WSGIEnvironment"], "Policy"]
View = TypeVar("View", bound=Callable[..., Any])

_STATED = "gongkai.policy"
"""Attribute of a view, and key in the WSGI environment, of a policy."""


class Caching(Enum):
    """Which parameters of its address distinguish the answers of a view in the response cache."""

    KNOWN_PARAMETERS = auto()
    """Those that documents know; others have no effect."""

    ALL_PARAMETERS = auto()
    """All of them: the view has parameters of its own."""

    NEVER = auto()
    """Answers are not kept."""


class Security(Enum):
    """What a browser may do with a page."""

    PLAIN = auto()
    """No scripts, and no frame around it."""

    SCRIPTS = auto()
    """Run the scripts of this server, which send requests to it alone."""

    FRAMES = auto()
    """Show it in frames of other sites."""


@dataclass(frozen=True)
class Policy:
    """How the server treats the answers of a view."""

    caching: Caching
    security: Security = Security.PLAIN

    crawled: bool = True
    """Whether crawlers may fetch it, by robots.txt."""

    sent_as_listed: bool = False
    """Whether it is sent without a coding: the catalog lists the size and checksum of the file."""

    client_query: bool = False
    """Whether it answers with one query that the client wrote.

    Such an answer is always of one version of the store, and its errors are the client's.
    """

    liveness: bool = False
    """Whether it must be answered while everything else waits: it sends no query to a store."""

    reads_store: bool = True
    """Whether its answer is made of what the server's own queries find in the store."""

    @property
    def several_queries(self) -> bool:
        """Whether several queries make an answer: then it might be of two versions of the store."""
        return self.reads_store and not self.client_query and not self.liveness

    def __call__(self, view: View) -> View:
        """State this policy for a view."""
        vars(view)[_STATED] = self
        return view


UNROUTED = Policy(Caching.NEVER, reads_store=False)
"""The policy of errors at addresses of no view."""


class NoPolicy(Exception):
    """A view states no policy; the message names it."""


def stated_policy(app: Flask, endpoint: str) -> Policy:
    """The policy of a view; raises NoPolicy if it states none."""
    stated = vars(app.view_functions[endpoint]).get(_STATED)
    if not isinstance(stated, Policy):
        raise NoPolicy(f"the view {endpoint} has no policy: decorate it with one")
    return stated


def stated_policies(app: Flask) -> Iterator[tuple[str, Policy]]:
    """The rule of each address, such as ``/doc/<path:path>``, with the policy of its view."""
    for rule in app.url_map.iter_rules():
        yield rule.rule, stated_policy(app, rule.endpoint)


def current_policy() -> Policy:
    """The policy of the view that answers this request."""
    endpoint = request.endpoint
    return UNROUTED if endpoint is None else stated_policy(current_app, endpoint)


def finding_policies(app: Flask) -> FindPolicy:
    """A function that finds the policy for a request, by its address alone.

    Raises NoPolicy at once if a view of the application states none.
    """
    policies = {
        rule.endpoint: stated_policy(app, rule.endpoint) for rule in app.url_map.iter_rules()
    }
    addresses = app.url_map.bind("")

    def find(environ: "WSGIEnvironment") -> Policy:
        found: Policy | None = environ.get(_STATED)
        if found is None:
            path = environ.get("PATH_INFO", "").encode("latin-1").decode("utf-8", "replace")
            try:
                # Every view answers GET; other methods do not change the policy.
                endpoint, _ = addresses.match(path, "GET")
                found = policies[endpoint]
            except (HTTPException, ValueError):  # The latter of a number too long to be one.
                found = UNROUTED
            environ[_STATED] = found
        return found

    return find
