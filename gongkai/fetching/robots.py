"""What robots.txt of a host allows (RFC 9309, The Robots Exclusion Protocol, 2022)."""

from dataclasses import dataclass
from typing import Self

from protego import Protego

from gongkai.fetching.settings import PRODUCT
from gongkai.ontology.labels import Label


@dataclass(frozen=True)
class Robots:
    """The rules of one origin; ``unreachable`` says in each language why they
    could not be read.
    """

    rules: Protego | None = None
    unreachable: Label | None = None

    @classmethod
    def parsed(cls, data: bytes, whole: bool) -> Self:
        """The rules in a robots.txt file; if it was truncated, those in its complete lines."""
        if not whole:
            data = data[: data.rfind(b"\n") + 1]
        return cls(Protego.parse(data.decode("utf-8-sig", errors="replace")))

    def allow(self, url: str) -> bool:
        """Whether gongkai may fetch ``url``."""
        if self.unreachable is not None:
            return False
        return self.rules is None or self.rules.can_fetch(url, PRODUCT)

    @property
    def pause(self) -> float:
        """Seconds that the host wants between two requests (Crawl-delay, Request-rate)."""
        if self.rules is None:
            return 0.0
        rate = self.rules.request_rate(PRODUCT)
        paced = rate.seconds / rate.requests if rate else 0.0
        return max(paced, self.rules.crawl_delay(PRODUCT) or 0.0)
