"""The response headers of public pages: one set of rules that both servers print.

Rules are (pattern, value) pairs, tried in order on the path; the patterns are written so that
Python and PCRE read them alike.
"""

from __future__ import annotations

import re

from hosting.publishing.media_types import media_type
from hosting.publishing.notices import style_source

CACHE_CONTROL = "Cache-Control"

IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATED = "no-cache"
"""Kept by browsers, but asked for again each time: a withdrawn page is gone at the next click."""
NOT_KEPT = "no-store"

KEPT_PREFIXES = ("/m/", "/assets/")
"""Names under them carry a digest of what they hold."""

CACHE_RULES: tuple[tuple[str, str], ...] = (
    *((f"^{prefix}", IMMUTABLE) for prefix in KEPT_PREFIXES),
    # Greyscale and banners are switched here and must be seen within a minute: half of it may go by
    # in caches, the other half is for those who make the file.
    (r"^/site\.css$", "public, max-age=30"),
    (r"\.(?:rss|atom|jsonfeed|xml|txt)$", "public, max-age=300"),
)


def page_policy(path: str = "/", *, ancestors: str = "'self'") -> str:
    """The Content-Security-Policy of what stands at a path of a site; `ancestors` may frame it.

    Style attributes are allowed because official documents carry their indents and tables in them;
    style elements are not, save that of the platform's own notices. Browsers from before CSP 3 know
    only `style-src`, and must not lose the indents.
    """
    return _first(_POLICY, path, "") or (
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        f"style-src-elem 'self' {style_source()}; style-src-attr 'unsafe-inline'; "
        "img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
        f"frame-ancestors {ancestors}"
    )


UPLOAD_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"

POLICY_RULES: tuple[tuple[str, str], ...] = (
    # An uploaded drawing or data file must not run as a page of the site.
    (r"^/m/.*\.(?:svg|xml|html|txt|json)$", UPLOAD_POLICY),
)

SECURITY_HEADERS: tuple[tuple[str, str], ...] = (
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "SAMEORIGIN"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
)

VARY = ("Vary", "Accept-Encoding")
"""Sent with all that may have a compressed copy, whether it has one or not."""

ALLOWED_METHODS = ("GET", "HEAD")
RETRY_AFTER_SECONDS = 120

_CACHE = [(re.compile(pattern), value) for pattern, value in CACHE_RULES]
_POLICY = [(re.compile(pattern), value) for pattern, value in POLICY_RULES]


def page_headers(path: str) -> list[tuple[str, str]]:
    """The headers of a page that was found at this path."""
    kind = media_type(path)
    return [
        (CACHE_CONTROL, _first(_CACHE, path, REVALIDATED)),
        ("Content-Security-Policy", page_policy(path)),
        *SECURITY_HEADERS,
        *([VARY] if kind is not None and kind.compressible else []),
    ]


def error_headers(*, kept: bool = True) -> list[tuple[str, str]]:
    """The headers of an answer that is no page; `kept` ones may be kept if asked for again."""
    return [
        (CACHE_CONTROL, REVALIDATED if kept else NOT_KEPT),
        ("Content-Security-Policy", PAGE_POLICY),
        *SECURITY_HEADERS,
        VARY,
    ]


def _first(rules: list[tuple[re.Pattern[str], str]], path: str, default: str) -> str:
    for pattern, value in rules:
        if pattern.search(path):
            return value
    return default


PAGE_POLICY = page_policy()
