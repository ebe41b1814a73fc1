"""Whether this process has let a library in native code take a document apart.

A file made with intent, or broken in an odd way, may damage the memory of such a library without an
error. A process in which that may have happened reads no other file (``gongkai.processes``).
"""

_used = False


def note_native_code() -> None:
    """Note that a document is about to be read by native code, as PDF and pictures are."""
    global _used
    _used = True


def native_code_used() -> bool:
    """Whether that has happened in this process."""
    return _used
