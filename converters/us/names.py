"""Keys of the agencies of the United States and of their components.

foia.gov itself identifies an agency by its abbreviation, in addresses too; components are named
within their agency.
"""

import hashlib
import re

_DIGITS = 6
_PLAIN = re.compile(r"[A-Za-z0-9 &./,'()_-]{1,60}")


def component_key(agency: str, abbreviation: str) -> str:
    """The key of a component of ``agency`` (its key), or of an agency where that is empty.

    No key of an agency has two hyphens in a row: those separate it from its components'.
    """
    short = re.sub("[^a-z0-9]+", "-", abbreviation.lower()).strip("-")
    key = f"{agency}--{short}" if agency else f"us-{short}"
    # Abbreviations that differ in more than their separators are not taken as one.
    return key if short and _PLAIN.fullmatch(abbreviation) else distinct_key(key, abbreviation)


def distinct_key(key: str, name: str) -> str:
    """A key for one of several organisations that share ``key``, distinguished by its name."""
    return f"{key.rstrip('-')[:80]}-{hashlib.sha256(name.encode('utf-8')).hexdigest()[:_DIGITS]}"
