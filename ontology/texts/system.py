"""What the operating system says went wrong."""

import errno

from gongkai.ontology.labels import Label
from gongkai.ontology.texts import LANGUAGES, area, translations


def system_error(error: OSError) -> Label:
    """Why a call of the system failed: in words of the catalogue, else as the system says it."""
    name = errno.errorcode.get(error.errno or 0, "")
    if f"system.{name}" in area("system"):
        return translations(f"system.{name}")
    return dict.fromkeys(LANGUAGES, error.strerror or str(error))
