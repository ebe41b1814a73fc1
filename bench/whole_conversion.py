"""The whole conversion of a file, by the code of whatever checkout is on the path.

Run by bench/conversion.py: converts each file named on standard input, and prints the processor
time that it took, in seconds.
"""

import importlib
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gongkai.converters.documents import read_document
from gongkai.converters.errors import UnreadableSource

STOOD_AT = {
    "read_tables": ("gongkai.converters.cn.forms.tables", "gongkai.converters.forms.tables"),
    "recognise_all": ("gongkai.converters.cn.reader", "gongkai.converters.forms.recognise"),
}
"""The modules where a function has stood, the newest first: another checkout may be older."""


def found(name: str) -> Callable[..., Any]:
    """The function ``name`` of the checkout that this process runs."""
    for module in STOOD_AT[name]:
        try:
            function: Callable[..., Any] = getattr(importlib.import_module(module), name)
        except ModuleNotFoundError as error:
            # A library that is missing is another matter.
            if error.name is None or not module.startswith(error.name):
                raise
        else:
            return function
    raise SystemExit(f"{name} stands at none of: {', '.join(STOOD_AT[name])}")


recognise_all, read_tables = found("recognise_all"), found("read_tables")


def whole(path: Path) -> object:
    """The whole conversion; of a document that does not say whose report it is, all its tables."""
    document = read_document(path)
    try:
        return recognise_all(document)
    except UnreadableSource:
        return read_tables(document.items)


def main() -> None:
    """Convert each file named on standard input."""
    for line in sys.stdin:
        path = Path(line.rstrip("\n"))
        started = time.process_time()
        whole(path)
        print(time.process_time() - started, flush=True)


if __name__ == "__main__":
    main()
