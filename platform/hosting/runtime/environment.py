"""The process environment and the env file: read here, and nowhere else."""

from __future__ import annotations

import os
from dataclasses import fields
from pathlib import Path

from hosting.runtime.errors import Invalid, Problem
from hosting.runtime.language import LOCALES, N_, SOURCE_LOCALE
from hosting.runtime.settings import Settings


def read_settings() -> Settings:
    """The settings from the environment, over those of the env file JIYUE_ENV_FILE (jiyue.env)."""
    environ = dict(os.environ)
    named = environ.get("JIYUE_ENV_FILE")
    path = Path(named or "jiyue.env")
    if named and not path.is_file():
        raise Invalid("no_env_file", N_("找不到环境文件 {path}"), path=str(path))
    if path.is_file():
        environ = {**_env_file(path), **environ}
    return Settings.from_environment(environ)


def _env_file(path: Path) -> dict[str, str]:
    values: dict[str, str] = {}
    problems: list[Problem] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, equals, value = line.partition("=")
        if not equals:
            problems.append(Problem(f"{path}:{number}", "not_an_assignment", N_("应为“名称=值”")))
        values[name.strip()] = value.strip().strip("\"'")
    if problems:
        raise Invalid("wrong_env_file", N_("环境文件有误："), problems=problems)
    return values


def environment_with(**settings: str) -> dict[str, str]:
    """Our own environment with some settings changed, for a process that we start."""
    return {**os.environ, **{f"JIYUE_{name.upper()}": value for name, value in settings.items()}}


def environment_of(settings: Settings) -> dict[str, str]:
    """Our own environment with these very settings, for a process that is to have the same."""
    told = {field.name: str(getattr(settings, field.name)) for field in fields(settings)}
    return environment_with(**told)


def spoken_locale() -> str:
    """The language of the command line, also while the settings are what is wrong."""
    locale = os.environ.get("JIYUE_LOCALE", SOURCE_LOCALE)
    return locale if locale in LOCALES else SOURCE_LOCALE
