"""Build only a whole package; what is in it stands in pyproject.toml."""

import runpy
import sys
from pathlib import Path

from setuptools import setup

checkout = runpy.run_path(str(Path(__file__).with_name("gongkai") / "checkout.py"))
try:
    checkout["require_links"]()
except ImportError as error:
    sys.exit(str(error))

setup()
