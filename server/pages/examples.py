"""Example queries, from the files in ``examples/``."""

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from gongkai.ontology import DEFAULT_BASE
from gongkai.ontology.labels import Label


@dataclass(frozen=True)
class Example:
    """A query with the question that it answers; ``key`` is its file name."""

    key: str
    title: Label
    text: str


@lru_cache
def examples(base: str, language: str) -> tuple[Example, ...]:
    """All examples in the order of their files, for the base address of a store and a language.

    A file begins with a comment for each language: ``# en: question``. Its addresses are under the
    default base and its labels are Chinese, so that it can be run unchanged.
    """
    folder = files("gongkai.server").joinpath("examples")
    found = []
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        text = file.read_text(encoding="utf-8")
        title = dict(re.findall(r"^# (zh|en): (.+)$", text, re.MULTILINE))
        query = re.sub(r"^# (?:zh|en): .+\n", "", text, flags=re.MULTILINE)
        key = file.name.removesuffix(".rq").partition("-")[2]
        query = query.replace(DEFAULT_BASE, base).replace('= "zh"', f'= "{language}"')
        found.append(Example(key, title, query))
    return tuple(found)
