"""Choose the representation to send: RFC 9110, section 12, independent of any web framework.

Werkzeug's own matching is not used: it finds nothing for media types with parameters, and breaks
ties in the server's order although RDF clients mean theirs.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from werkzeug.http import parse_list_header, parse_options_header


@dataclass(frozen=True)
class _Range:
    kind: str
    quality: float
    position: int

    def fits(self, media_type: str) -> int:
        """How specifically the range matches ``media_type``: 0 not at all, 3 exactly."""
        if self.kind == media_type:
            return 3
        if self.kind == media_type.partition("/")[0] + "/*":
            return 2
        return 1 if self.kind == "*/*" else 0


def best_format(accept: str | None, offered: Mapping[str, Sequence[str]]) -> str | None:
    """The format to send for an Accept header; None if none is acceptable.

    ``offered`` are formats with their media types, the preferred first. The highest quality wins;
    among equals the range that the client names first, then the server's order.
    """
    ranges = _parse(accept)
    if not ranges:
        return next(iter(offered))
    best: tuple[float, int] | None = None
    chosen = None
    for name, media_types in offered.items():
        for number, media_type in enumerate(media_types):
            # Wildcards match only the type that would be sent, not its other names.
            least = 1 if number == 0 else 3
            fitting = [item for item in ranges if item.fits(media_type) >= least]
            if not fitting:
                continue
            decisive = max(fitting, key=lambda item: item.fits(media_type))
            rank = (decisive.quality, -decisive.position)
            if decisive.quality > 0 and (best is None or rank > best):
                best, chosen = rank, name
    return chosen


def negotiator(offered: Mapping[str, Sequence[str]]) -> Callable[[str | None], str | None]:
    """``best_format`` for one offer, cached: clients send few different Accept headers."""

    @lru_cache(maxsize=512)
    def best(accept: str | None) -> str | None:
        return best_format(accept, offered)

    return best


def best_language(accept: str | None, offered: Sequence[str]) -> str:
    """The language for an Accept-Language header; by default the first offered."""
    wanted = []
    for position, item in enumerate(parse_list_header(accept or "")):
        tag, options = parse_options_header(item)
        wanted.append((-_quality(options.get("q")), position, tag.lower().partition("-")[0]))
    for quality, _, tag in sorted(wanted):
        if tag in offered and quality < 0:
            return tag
    return offered[0]


def _parse(accept: str | None) -> list[_Range]:
    ranges = []
    for position, item in enumerate(parse_list_header(accept or "")):
        kind, options = parse_options_header(item)
        if "/" in kind:
            ranges.append(_Range(kind.lower(), _quality(options.get("q")), position))
    return ranges


def _quality(text: str | None) -> float:
    try:
        return min(max(float(text), 0.0), 1.0) if text is not None else 1.0
    except ValueError:
        return 0.0
