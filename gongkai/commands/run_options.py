"""The argument and the options of every command that converts files."""

import functools
from collections.abc import Callable
from typing import Any

from gongkai.commands.batch import RunSettings
from gongkai.commands.options import (
    base_option,
    debug_option,
    jobs_option,
    limits_options,
    paths_argument,
)
from gongkai.commands.override_options import override_options

Command = Callable[..., None]
Option = Callable[[Command], Command]


def run_options(*others: Option) -> Option:
    """A decorator that gives a command FILE..., ``--base`` and the options of a run.

    The command gets them as ``paths``, ``base`` and ``settings`` (``RunSettings``, with no rules to
    run). ``others`` are further options of the command, passed on as they are.
    """

    def composed(command: Command) -> Command:
        @functools.wraps(command)
        def run(**arguments: Any) -> None:
            settings = RunSettings(
                jobs=arguments.pop("jobs"),
                limits=arguments.pop("limits"),
                overrides=arguments.pop("overrides"),
                debug=arguments.pop("debug"),
                engine=None,
            )
            command(settings=settings, **arguments)

        before: list[Option] = [paths_argument, base_option]
        after: list[Option] = [jobs_option, limits_options, debug_option, override_options]
        decorated: Command = run
        for option in reversed([*before, *others, *after]):
            decorated = option(decorated)
        return decorated

    return composed
