"""Metrics of the server, for Prometheus.

Several processes serve together: ``serving`` names a folder in the environment
(``PROMETHEUS_MULTIPROC_DIR``) through which their counts are added up.
"""

import os

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """Counts of requests and queries in this process, and the text for all processes."""

    content_type = CONTENT_TYPE_LATEST

    def __init__(self) -> None:
        """Start all counts at 0."""
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "gongkai_requests", "Requests answered.", ("method", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "gongkai_request_seconds",
            "Seconds until a request was answered.",
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._from_cache = Counter(
            "gongkai_remembered", "Requests answered from memory.", registry=self._registry
        )
        self._queries = Counter(
            "gongkai_queries", "Queries, by how they ended.", ("outcome",), registry=self._registry
        )

    def answered(self, method: str, status: int, seconds: float) -> None:
        """Count a request."""
        known = method if method in ("GET", "HEAD", "POST", "OPTIONS") else "other"
        self._requests.labels(known, str(status)).inc()
        self._seconds.observe(seconds)

    def answered_from_cache(self) -> None:
        """Count an answer from the response cache."""
        self._from_cache.inc()

    def queried(self, outcome: str) -> None:
        """Count a query: ``answered``, or the name of the error."""
        self._queries.labels(outcome).inc()

    def text(self) -> bytes:
        """All counts, in the text format of Prometheus."""
        registry = self._registry
        if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)
