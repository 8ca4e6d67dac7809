"""The shell's part in the platform: it makes the console and brings the pages all others need."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hosting.console.application import create_console
from hosting.console.views import blueprint
from hosting.runtime.areas import Area
from hosting.runtime.runtime import Runtime
from hosting.runtime.secret_key import make_secret_key


def prepare(runtime: Runtime) -> Mapping[str, Any]:
    """Make the key that forms are signed with; safe to repeat."""
    return {"secret_key_made": make_secret_key(runtime.settings)}


area = Area(
    name="console",
    needs=("directory",),
    applications={"console": create_console},
    console=(blueprint,),
    prepares=(prepare,),
    translations=Path(__file__).parent / "translations",
)
