"""The themes' part in the platform: their words in English."""

from __future__ import annotations

from pathlib import Path

from hosting.runtime.areas import Area

area = Area(name="themes", translations=Path(__file__).parent / "translations")
