"""Keys of bodies: which keys are valid, and the provisional key of a body in no register.

See docs/decisions/12-bodies-and-keys.md.
"""

import hashlib
import re
import unicodedata

PROVISIONAL = "unregistered-"
"""The prefix of every provisional key, which no registered key may have."""

TO_BE_EDITED = "EDIT-ME"
"""The prefix of keys and names that a person has yet to provide; no register may hold any."""

_DIGITS = 16
_KEY = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?")
_SAYS_NOTHING = re.compile("[\\s\u200b-\u200f\u2060\ufeff\u00ad“”‘’\"'「」『』]+")
_OFFICES = (
    ("街道$", "办事处"),
    ("(?:开发|园|管理|度假|风景|保税|示范|试验)区$|园$", "管理委员会"),
    ("[省市县区旗州盟镇乡]$", "人民政府"),
)
_GOVERNMENT = re.compile("政府(?=$|办公[厅室]$)")


def is_key(text: str) -> bool:
    """Whether ``text`` can be the key of a registered body: ASCII, safe in a path of a URI."""
    return _KEY.fullmatch(text) is not None and not text.startswith((PROVISIONAL, TO_BE_EDITED))


def fold_name(name: str) -> str:
    """A name without variations of spelling: white space, quotation marks, full width."""
    return _SAYS_NOTHING.sub("", unicodedata.normalize("NFKC", name))


def office_name(rest: str, place: str) -> str:
    """The part of a body's name after the name of its place, in full.

    政府 is 人民政府. Where nothing follows, the place's own government is meant: for a street its
    office (办事处), for a zone its committee (管理委员会); empty where the place has none of these.
    """
    if rest.startswith("政府"):
        return _GOVERNMENT.sub("人民政府", rest)
    if rest:
        return rest
    return next((office for end, office in _OFFICES if re.search(end, place)), "")


def provisional_key(area: str | None, name: str) -> str:
    """The key of a body that no register knows: the same on every machine, at every time.

    ``name`` is what follows the place in its name where ``area`` (a code) is given, else its whole
    name. A digest, not a transliteration: homophones are different bodies.
    """
    key = f"{area or ''}/{fold_name(name)}"
    return PROVISIONAL + hashlib.sha256(key.encode("utf-8")).hexdigest()[:_DIGITS]
