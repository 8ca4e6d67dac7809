"""What programs look for at fixed addresses: robots.txt and security.txt."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time

from hosting.publishing.rendering import PAGE, Outcome, Page, Rendering
from hosting.runtime.areas import PageFamily
from tenants.pages.families.sitemaps import INDEX_PATH
from tenants.pages.frame import frame_of

_ROBOTS = "/robots.txt"
_SECURITY = "/.well-known/security.txt"
_TEXT = "text/plain; charset=utf-8"


def _render_robots(rendering: Rendering, _argument: str) -> Outcome:
    """RFC 9309; a sitemap is named by its full address."""
    sitemap = frame_of(rendering).absolute(INDEX_PATH)
    return _page(_ROBOTS, "User-agent: *", "Disallow: /-/", "", f"Sitemap: {sitemap}")


def _render_security(rendering: Rendering, _argument: str) -> Outcome:
    """RFC 9116; no page where the platform names no contact.

    `Expires` is the day that the operator set: a page depends on no clock, and only who answers
    the contact knows until when somebody will.
    """
    frame = frame_of(rendering)
    settings = frame.settings
    if not settings.security_contact:
        return None
    last_day = date.fromisoformat(settings.security_contact_until)
    expires = datetime.combine(last_day, time(23, 59, 59), settings.zone)
    return _page(
        _SECURITY,
        *(f"Contact: {each}" for each in settings.security_contact.split()),
        f"Expires: {expires.isoformat()}",
        "Preferred-Languages: zh, en",
        f"Canonical: {frame.absolute(_SECURITY)}",
    )


def _page(path: str, *lines: str) -> Page:
    return Page(path, "".join(f"{line}\n" for line in lines).encode(), _TEXT, PAGE)


def _only(_rendering: Rendering) -> Iterable[str]:
    return [""]


robots = PageFamily(
    "robots", _render_robots, lambda _r, path: "" if path == _ROBOTS else None, _only, PAGE
)
security_text = PageFamily(
    "security", _render_security, lambda _r, path: "" if path == _SECURITY else None, _only, PAGE
)
