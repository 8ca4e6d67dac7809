"""Files as the tenant knows them; their bytes lie in the blob store."""

from __future__ import annotations

import unicodedata
from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hosting.runtime.clock import now
from hosting.runtime.records import TenantRecord

DIGEST_LENGTH = 32
"""Hex digits of the digest in a public address: 128 bits, so an address names its content."""


class Asset(TenantRecord):
    """A file: its bytes by digest, its full (Chinese) name, its checked type."""

    __tablename__ = "asset"
    __table_args__ = (UniqueConstraint("tenant_id", "digest", "name"),)

    digest: Mapped[str]
    name: Mapped[str]
    content_type: Mapped[str]
    size_bytes: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]
    uploaded_by: Mapped[int]
    uploaded_at: Mapped[datetime] = mapped_column(default=now)

    @property
    def path(self) -> str:
        """The public address; it names the content, so it can be cached for ever."""
        return media_path(self.digest, self.name)

    @property
    def is_image(self) -> bool:
        """Whether it may stand in a text."""
        return self.content_type.startswith("image/")


def media_path(digest: str, name: str) -> str:
    """`/m/<digest>/<name>`, the name in NFC as people read it (unquoted)."""
    return f"/m/{digest[:DIGEST_LENGTH]}/{unicodedata.normalize('NFC', name)}"
