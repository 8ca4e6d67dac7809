"""An S3 store in memory, of the kinds that differ: with conditional writes, or with other ETags."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError, EndpointConnectionError


@dataclass
class FakeStore:
    """Stands in the place of boto3's client; knows one bucket.

    `is_conditional`: honours If-Match and If-None-Match, else answers 501. `etag_of` gives other
    ETags than MD5, as encrypting stores do. `before_put` runs between a look and a write.
    """

    is_conditional: bool = True
    etag_of: Callable[[bytes], str] = lambda body: hashlib.md5(body).hexdigest()
    before_put: Callable[[str], None] = lambda _key: None
    objects: dict[str, dict[str, Any]] = field(default_factory=dict)
    # Every request that changes something, in order: verb and key.
    changes: list[tuple[str, str]] = field(default_factory=list)
    refused: int = 0
    # The store goes away at the change of this number.
    away_at: int = 0

    def put_object(self, *, Bucket: str, Key: str, Body: bytes, **told: Any) -> dict[str, Any]:  # noqa: N803 - boto3's names
        """See boto3."""
        conditions = {name: told.pop(name) for name in ("IfMatch", "IfNoneMatch") if name in told}
        if conditions and not self.is_conditional:
            self.refused += 1
            raise _error("NotImplemented", 501)
        self._count_down()
        self.before_put(Key)
        there = self.objects.get(Key)
        if "IfNoneMatch" in conditions and there is not None:
            raise _error("PreconditionFailed", 412)
        if "IfMatch" in conditions and (there is None or there["ETag"] != conditions["IfMatch"]):
            raise _error("PreconditionFailed", 412)
        self.force(Key, Body, **told)
        self.changes.append(("put", Key))
        return {}

    def _count_down(self) -> None:
        if self.away_at and len(self.changes) + 1 >= self.away_at:
            raise EndpointConnectionError(endpoint_url="memory")

    def force(self, key: str, body: bytes, **told: Any) -> None:
        """Put an object behind everybody's back."""
        self.objects[key] = {**told, "Body": body, "ETag": self.etag_of(body)}

    def head_object(self, *, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803
        """See boto3."""
        if Key not in self.objects:
            raise _error("404", 404)
        found = self.objects[Key]
        return {**found, "ETag": f'"{found["ETag"]}"'}

    def get_object(self, *, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803
        """See boto3."""
        found = self.head_object(Bucket=Bucket, Key=Key)
        return {**found, "Body": io.BytesIO(found["Body"])}

    def delete_object(self, *, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803
        """See boto3."""
        self._count_down()
        self.objects.pop(Key, None)
        self.changes.append(("delete", Key))
        return {}

    def get_paginator(self, _name: str) -> FakeStore:
        """See boto3."""
        return self

    def paginate(self, *, Bucket: str, Prefix: str) -> Iterator[dict[str, Any]]:  # noqa: N803
        """See boto3: two objects a page."""
        keys = sorted(key for key in self.objects if key.startswith(Prefix))
        for start in range(0, len(keys), 2):
            some = keys[start : start + 2]
            yield {"Contents": [{"Key": k, "ETag": f'"{self.objects[k]["ETag"]}"'} for k in some]}


def _error(code: str, status: int) -> ClientError:
    facts: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(facts, "PutObject")
