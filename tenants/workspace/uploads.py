"""Files on their way in: counted, checked and kept before any transaction begins (law 2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

from flask import g, request
from werkzeug.datastructures import FileStorage

from hosting.publishing.blobs import open_store
from hosting.runtime.language import N_
from hosting.runtime.runtime import Runtime
from hosting.runtime.settings import Settings
from hosting.security import uploads
from hosting.security.guards import current_actor
from hosting.security.limits import Limit, count_each, subscriber
from tenants.media.operations import StoredFile

_TOO_MANY = N_("短时间内上传的文件过多，请 {minutes} 分钟后再传")


@dataclass(frozen=True)
class Brought:
    """To which tenant files are brought, by whom and from where."""

    tenant_id: int
    account_id: int
    address: str


def brought() -> Brought:
    """By this request."""
    account_id = current_actor().account_id
    assert account_id is not None
    return Brought(g.tenant.id, account_id, request.remote_addr or "")


def take_in(runtime: Runtime, sent: Iterable[FileStorage], *, brought: Brought) -> list[StoredFile]:
    """Check files and keep their bytes; fields left empty are skipped.

    Raises LimitReached when too many came of late, Invalid for the first file that may not come in;
    what was kept before it is swept later. What is refused is counted as well: looking is the work.
    """
    named = [file for file in sent if file.filename]
    if not named:
        return []
    count_each(runtime.cache, _counts(runtime.settings, brought), times=len(named))
    store = open_store(runtime.settings)
    stored: list[StoredFile] = []
    for file in named:
        stream = cast("BinaryIO", file.stream)
        checked = uploads.check(file.filename or "", stream, limits=runtime.settings)
        digest = store.put(brought.tenant_id, checked.data)
        stored.append(
            StoredFile(
                digest,
                checked.name,
                checked.content_type,
                checked.size_bytes,
                checked.width,
                checked.height,
            )
        )
    store.sync()
    return stored


def _counts(settings: Settings, brought: Brought) -> Iterator[tuple[Limit, str]]:
    """The person first: one who floods uses up nobody else's share."""
    seconds = settings.upload_window_seconds
    for name, times, subject in (
        ("uploads", settings.upload_limit_of_account, str(brought.account_id)),
        ("uploads_here", settings.upload_limit_of_address, subscriber(brought.address)),
        ("uploads_of_tenant", settings.upload_limit_of_tenant, str(brought.tenant_id)),
    ):
        yield Limit(name, times, seconds, _TOO_MANY), subject
