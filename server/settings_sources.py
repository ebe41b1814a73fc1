"""Read the settings: a TOML file, overridden by the environment and the command line.

Every source is checked by the types of ``settings``; a mistake is reported with its source and key.
"""

import json
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import msgspec
from msgspec import inspect, structs

from gongkai.ontology.texts import listed, message
from gongkai.ontology.texts.system import system_error
from gongkai.server.settings import BadSettings, Settings, StoreSettings


def read_settings(path: Path) -> Settings:
    """The settings in a TOML file; raises BadSettings if one is unknown or invalid."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadSettings(
            message("settings.cannot_read", path=path, reason=system_error(error))
        ) from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadSettings(message("settings.no_toml", path=path, reason=error)) from None
    sections = {section.name: section.type for section in structs.fields(Settings)}
    for name, values in content.items():
        if name not in sections:
            known = listed(f"[{section}]" for section in sections)
            raise BadSettings(message("settings.no_section", path=path, name=name, known=known))
        if not isinstance(values, dict):
            raise BadSettings(
                message("settings.not_a_section", path=path, name=name, value=_shown(values))
            )
        _check(message("settings.place", path=path, section=name), sections[name], values)
    return msgspec.convert(content, Settings)


def with_options(settings: Settings, **sections: Mapping[str, object]) -> Settings:
    """The settings, overridden by options of the command line; an empty option is none."""
    chosen = {
        name: structs.replace(
            getattr(settings, name), **{key: value for key, value in options.items() if value}
        )
        for name, options in sections.items()
    }
    return structs.replace(settings, **chosen)


def with_environment(settings: StoreSettings) -> StoreSettings:
    """The settings of a store, overridden by variables of the environment.

    An empty variable counts as none. Raises BadSettings if the value of one is invalid.
    """
    found = {}
    for key in structs.fields(StoreSettings):
        variable = environment_variable(key)
        value = os.environ.get(variable) if variable else None
        if value:
            try:
                found[key.name] = msgspec.convert(value, key.type, strict=False)
            except msgspec.ValidationError:
                truth = isinstance(key.default, bool)
                kind = message("settings.kind.bit") if truth else kind_of(key.type)
                raise BadSettings(
                    message("settings.wrong_variable", variable=variable, kind=kind, value=value)
                ) from None
    return structs.replace(settings, **found)


def environment_variable(key: structs.FieldInfo) -> str:
    """The variable that overrides a setting of the file; empty if there is none."""
    info = inspect.type_info(key.type)
    extra = info.extra if isinstance(info, inspect.Metadata) else None
    return str((extra or {}).get("environment", ""))


def kind_of(annotation: Any) -> str:
    """What a value must be, in words, such as ``a whole number, at least 1 and at most 256``."""
    info = inspect.type_info(annotation)
    match info.type if isinstance(info, inspect.Metadata) else info:
        case inspect.IntType(ge=least, le=most):
            return message("settings.kind.whole", least=least, most=most)
        case inspect.FloatType(ge=least, le=most):
            return message("settings.kind.number", least=least, most=most)
        case inspect.BoolType():
            return message("settings.kind.truth")
        case inspect.VarTupleType():
            return message("settings.kind.texts")
        case inspect.LiteralType():
            return message(
                "settings.kind.one_of", values=listed(filter(None, get_args(annotation)))
            )
        case _:
            return message("settings.kind.text")


def _check(where: str, section: type[msgspec.Struct], values: Mapping[str, Any]) -> None:
    """Raise BadSettings for the first mistake in a section, with its key and what it must be."""
    kinds = {key.name: key.type for key in structs.fields(section)}
    for key, value in values.items():
        if key not in kinds:
            raise BadSettings(
                message("settings.no_setting", where=where, key=key, known=listed(kinds))
            )
        try:
            msgspec.convert(value, kinds[key])
        except msgspec.ValidationError:
            kind = kind_of(kinds[key])
            raise BadSettings(
                message("settings.wrong", where=where, key=key, kind=kind, value=_shown(value))
            ) from None
    try:
        msgspec.convert(values, section)
    except msgspec.ValidationError as error:
        # Only what a section itself checks is left: its message begins with the key.
        raise BadSettings(f"{where} {error}") from None


def _shown(value: object) -> str:
    """A value of the file nearly as it is written there."""
    return json.dumps(value, ensure_ascii=False, default=str)
