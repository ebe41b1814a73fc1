"""Load what every file needs, once, in the process that the workers are forked from.

Importing this module does the work: the standard library's fork server takes module names.
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
    # An error here would end the server; each worker meets it again, and reports it.
    with suppress(Exception), as_file(files("gongkai.samples") / "mohrss-2019.txt") as _sample:
        import_readers()
        # Processing one report fills every cache on the way.
        pickle.loads(base64.b64decode(_task))(_sample)

# What is loaded stays for good: the garbage collector need not scan it, which would copy its pages.
gc.freeze()
