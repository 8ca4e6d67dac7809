"""Making a HOME: folders, key, database, and what each area prepares. Safe to repeat."""

from __future__ import annotations

from typing import Any

from hosting.runtime.areas import load_areas
from hosting.runtime.runtime import Runtime
from hosting.runtime.schema import upgrade
from hosting.runtime.secret_key import make_secret_key
from hosting.runtime.settings import Settings

_FOLDERS = ("public", "run")
"""`run` last: that it is there says that the rest is."""


def install(settings: Settings) -> dict[str, Any]:
    """Make or complete a HOME; what was made, by the names of the areas that made it."""
    areas = load_areas()
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o750)
    made_key = make_secret_key(settings)
    upgrade(settings)
    for folder in _FOLDERS:
        (settings.home / folder).mkdir(exist_ok=True)
    runtime = Runtime.open(settings, areas)
    try:
        prepared: dict[str, Any] = {"home": str(settings.home), "key_made": made_key}
        for area in runtime.areas:
            for prepare in area.prepares:
                prepared |= prepare(runtime)
    finally:
        runtime.close()
    return prepared
