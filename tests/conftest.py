"""The parts that every test may ask for; each says plainly when it has to be skipped."""

from __future__ import annotations

import gc


def pytest_configure() -> None:
    """Look for garbage a hundred times less often: what composes a platform makes little of it."""
    gc.set_threshold(70_000, 10, 10)


pytest_plugins = (
    "parts.skipping",
    "parts.figures",
    "parts.security_table",
    "parts.postgresql",
    "parts.redis_server",
    "parts.identity_provider",
    "parts.storage",
    "parts.gateway",
    "parts.browser",
    "parts.platform",
    "parts.walled",
    "parts.people",
    "parts.workplace",
    "parts.city_hall",
    "parts.old_trail",
    "parts.samples",
)
