"""The shell's part in the platform: it makes the console and brings the pages all others need."""

from __future__ import annotations

from pathlib import Path

from hosting.console.application import create_console
from hosting.console.views import blueprint
from hosting.runtime.areas import Area

area = Area(
    name="console",
    needs=("directory",),
    applications={"console": create_console},
    console=(blueprint,),
    translations=Path(__file__).resolve().parents[1] / "translations",
)
