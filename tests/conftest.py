"""The parts that every test may ask for; each says plainly when it has to be skipped."""

from __future__ import annotations

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
