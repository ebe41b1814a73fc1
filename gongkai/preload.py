"""What every file needs, loaded once in the process that the workers are forked from.

Importing this module does the work: the standard library's fork server takes names of modules.
"""

import base64
import gc
import os
import pickle
from contextlib import suppress
from importlib.resources import as_file, files

import gongkai.pipeline  # noqa: F401
from gongkai.converters.documents import import_readers
from gongkai.processes.workers import WARM_UP

_task = os.environ.get(WARM_UP)
if _task:
    # An error here would end the server; each worker meets it again, where it is told of.
    with suppress(Exception), as_file(files("gongkai.samples") / "mohrss-2019.txt") as _sample:
        import_readers()
        # One report through all of it fills every cache on the way.
        pickle.loads(base64.b64decode(_task))(_sample)

# What is loaded stays for good: the collector need not look at it, nor copy its pages by that.
gc.freeze()
