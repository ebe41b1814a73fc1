"""Compound files, as office programs wrote them before 2007: their content, and encryption."""

import io

import olefile

from gongkai.converters.documents.archive import damaged, encrypted
from gongkai.converters.errors import UnreadableSource
from gongkai.ontology.labels import Label
from gongkai.ontology.texts import translations


def stream_head(
    data: bytes, names: tuple[str, ...], wanted: Label, length: int, whole: bool = False
) -> bytes:
    """The first ``length`` bytes of the first of the streams ``names`` that the file has.

    With ``whole``, all of it. ``wanted`` is the name of the kind of file.

    Raises UnreadableSource for a file that is damaged, encrypted as a whole, or without these
    streams.
    """
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as file:
            if file.exists("EncryptedPackage"):
                raise encrypted()
            name = next((name for name in names if file.exists(name)), None)
            if name is None:
                raise UnreadableSource(translations("unreadable.compound.no_stream", wanted=wanted))
            head: bytes = file.openstream(name).read(-1 if whole else length)
    except UnreadableSource:
        raise
    except Exception as error:  # olefile raises errors of every kind on damaged files
        raise damaged(str(error)) from None
    if len(head) < length:
        raise damaged(translations("unreadable.compound.stream_cut", wanted=wanted))
    return head
