"""What every file needs, loaded once in the process that the workers are forked from.

Importing this module does the work: the standard library's fork server takes names of modules.
"""

import gc
import os
from contextlib import suppress
from importlib.resources import as_file, files

from gongkai.pipeline import process
from gongkai.workers import WARM_UP

_task, _, _base = os.environ.get(WARM_UP, "").partition(" ")
if _base:
    # An error here would end the server; each worker meets it again, where it is told of.
    with suppress(Exception), as_file(files("gongkai.samples") / "mohrss-2019.txt") as _sample:
        # One report through all of it fills every cache on the way.
        process(_sample, _base, checked=_task == "check")

# What is loaded stays for good: the collector need not look at it, nor copy its pages by that.
gc.freeze()
