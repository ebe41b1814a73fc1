"""What the operating system says went wrong, in the language of the reader."""

import errno

from gongkai.ontology.texts import area, message


def system_error(error: OSError) -> str:
    """Why a call of the system failed: in words of the catalogue, else as the system says it."""
    name = errno.errorcode.get(error.errno or 0, "")
    if f"system.{name}" in area("system"):
        return message(f"system.{name}")
    return error.strerror or str(error)
