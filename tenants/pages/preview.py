"""The preview: a site as it would be, by the renderer that publishes, for who has its token.

Served under `<token>.` + the preview host, where no console cookie reaches; the token says which
site it opens and until when, and is sealed with the platform's key.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Flask, Response, request

from hosting.directory.application import PREVIEW_KEY
from hosting.directory.models import Site
from hosting.publishing.headers import page_policy
from hosting.publishing.media_types import media_type
from hosting.publishing.paths import INDEX, UnsafePath, checked_path
from hosting.publishing.rendering import Gone, Outcome, Page, render_path
from hosting.publishing.tree import PublicFolder
from hosting.runtime.clock import now
from hosting.runtime.guards import open_to_all
from hosting.runtime.runtime import Runtime
from hosting.runtime.secret_key import secret_key
from hosting.runtime.session import WalledSession
from hosting.runtime.web import current_runtime
from tenants.content.queries import edition, matter
from tenants.sites.queries import column

_LIFE = timedelta(hours=8)
_FACTS = struct.Struct(">QQI")
_SEAL_BYTES = 10
PREVIEW_HEADERS = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": page_policy(ancestors="'none'"),
}


@dataclass(frozen=True)
class Opened:
    """What a token opens: a site with its drafts, or what was `staged` of it."""

    tenant_id: int
    site_id: int
    staged: bool


def preview_token(
    runtime: Runtime, tenant_id: int, site_id: int, *, until: datetime, staged: bool = False
) -> str:
    """A sealed token, 48 lower-case characters: it fits into one label of a host name."""
    facts = _FACTS.pack(tenant_id, site_id, int(until.timestamp()))
    seal = _seal(runtime, facts, staged=staged)
    return base64.b32encode(facts + seal).decode().rstrip("=").lower()


def read_token(runtime: Runtime, token: str) -> Opened | None:
    """What a token that was sealed here and has not run out opens, else None."""
    padded = token.upper() + "=" * (-len(token) % 8)
    try:
        raw = base64.b32decode(padded)
    except ValueError:
        return None
    facts, seal = raw[: _FACTS.size], raw[_FACTS.size :]
    if len(raw) != _FACTS.size + _SEAL_BYTES:
        return None
    tenant_id, site_id, until = _FACTS.unpack(facts)
    for staged in (False, True):
        if hmac.compare_digest(seal, _seal(runtime, facts, staged=staged)):
            return Opened(tenant_id, site_id, staged) if until > now().timestamp() else None
    return None


def preview_address(runtime: Runtime, tenant_id: int, site_id: int, path: str = "/") -> str:
    """The full address of a page in the preview, for the next hours."""
    return _address(runtime, tenant_id, site_id, path, staged=False)


def staged_address(runtime: Runtime, tenant_id: int, site_id: int, path: str = "/") -> str:
    """The full address of a page in the tree that waits for its switch, for the next hours."""
    return _address(runtime, tenant_id, site_id, path, staged=True)


def _address(runtime: Runtime, tenant_id: int, site_id: int, path: str, *, staged: bool) -> str:
    token = preview_token(runtime, tenant_id, site_id, until=now() + _LIFE, staged=staged)
    return runtime.settings.address(f"{token}.{runtime.settings.preview_host}", path)


def edition_preview_address(runtime: Runtime, session: WalledSession, edition_id: int) -> str:
    """The preview of what an edition belongs to: an item, a column's page, the banner's site."""
    said = edition(session, edition_id)
    shown = matter(session, said.item_id)
    if said.banner_facts is not None:
        path = "/"
    else:
        path = shown.path if said.is_of_item else column(session, said.column_id).path
    return preview_address(runtime, session.tenant_id, shown.site_id, path)


def ask(runtime: Runtime, tenant_id: int, site_id: int, path: str) -> tuple[int, bytes]:
    """What the preview answers at a path: status and body."""
    with runtime.tenant_session(tenant_id, reading=True) as session:
        outcome = render_path(runtime, session, site_id, path, drafts=True)
    if isinstance(outcome, Page):
        return 200, outcome.body
    return (410, b"") if isinstance(outcome, Gone) else (404, b"")


def create_preview(runtime: Runtime) -> Flask:
    """The preview application: every path of the token's site, nothing else."""
    app = Flask("jiyue.preview", static_folder=None)
    app.extensions["jiyue"] = runtime
    app.add_url_rule("/", "page", show_page, defaults={"path": ""})
    app.add_url_rule("/<path:path>", "page", show_page)
    return app


@open_to_all(reason="the sealed token in the host name is the permission")
def show_page(path: str) -> Response:
    """One page of the site, as it would be."""
    runtime = current_runtime()
    opened = read_token(runtime, request.environ.get(PREVIEW_KEY, ""))
    if opened is None:
        return _ended()
    with runtime.tenant_session(opened.tenant_id, reading=True) as session:
        if session.get(Site, (opened.tenant_id, opened.site_id)) is None:
            # A token outlives the site that it opens, where the tenant was deleted meanwhile.
            return _ended()
        outcome = _outcome(runtime, session, opened, f"/{path}")
    if isinstance(outcome, Page):
        return Response(outcome.body, 200, _headers(outcome))
    return Response(
        "预览中没有这个页面。\n", 410 if isinstance(outcome, Gone) else 404, PREVIEW_HEADERS
    )


def _outcome(runtime: Runtime, session: WalledSession, opened: Opened, path: str) -> Outcome:
    if opened.staged:
        return _staged_page(runtime, opened.site_id, path)
    return render_path(runtime, session, opened.site_id, path, drafts=True)


def _staged_page(runtime: Runtime, site_id: int, path: str) -> Page | None:
    """The very file that readers will get."""
    if path.endswith("/"):
        path += INDEX
    kind = media_type(path)
    try:
        file = PublicFolder(runtime.settings.home).site(site_id).staged / checked_path(path)[1:]
        body = file.read_bytes()
    except (UnsafePath, FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return None
    return None if kind is None else Page(path, body, kind.name)


def _headers(page: Page) -> dict[str, str]:
    """A preview may do what the page itself may do, but in no other page's frame."""
    policy = page_policy(page.path, ancestors="'none'")
    return {
        **PREVIEW_HEADERS,
        "Content-Security-Policy": policy,
        "Content-Type": page.content_type,
    }


def _ended() -> Response:
    return Response("预览链接已失效，请在后台重新打开预览。\n", 404, PREVIEW_HEADERS)


def _seal(runtime: Runtime, facts: bytes, *, staged: bool) -> bytes:
    key = secret_key(runtime.settings)
    purpose = b"staged:" if staged else b"preview:"
    return hmac.new(key, purpose + facts, hashlib.sha256).digest()[:_SEAL_BYTES]
