"""What every file needs, loaded once in the process that the workers are forked from.

Importing this module does the work: the standard library's fork server takes names of modules.
"""

import base64
import gc
import os
import pickle
from contextlib import suppress
from importlib import import_module
from importlib.resources import as_file, files

import gongkai.pipeline  # noqa: F401
from gongkai.workers import WARM_UP

_task = os.environ.get(WARM_UP)
if _task:
    # Readers are imported when they are needed, which here is once for all files. Not those of
    # scans: their libraries start threads, which are lost in a fork.
    for _name in ("html.reader", "pdf.reader", "word.docx", "word.word97", "workbook.reader"):
        with suppress(ImportError):
            import_module(f"gongkai.converters.documents.{_name}")
    # An error here would end the server; each worker meets it again, where it is told of.
    with suppress(Exception), as_file(files("gongkai.samples") / "mohrss-2019.txt") as _sample:
        # One report through all of it fills every cache on the way.
        pickle.loads(base64.b64decode(_task))(_sample)

# What is loaded stays for good: the collector need not look at it, nor copy its pages by that.
gc.freeze()
