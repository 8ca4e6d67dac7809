"""Blobs in an S3 store.

Needs only what every S3-like server has: no conditional writes, tags, bulk deletes or lifecycle.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from botocore.exceptions import BotoCoreError, ClientError

from hosting.publishing.blobs import BlobMissing, checked_bytes, checked_digest, digest_of
from hosting.publishing.s3 import KEY_REFUSED, code_of, is_missing, open_client
from hosting.runtime.errors import Unavailable
from hosting.runtime.language import N_


class S3Blobs:
    """Blobs as objects `<prefix><tenant>/<digest>` of one bucket."""

    def __init__(self, client: Any, bucket: str, prefix: str = "") -> None:
        self._client = client
        self._bucket = bucket
        self._prefix = prefix

    @classmethod
    def of_url(cls, url: str) -> S3Blobs:
        """The store at `s3://bucket?endpoint=…&region=…&prefix=…`."""
        parts = urlsplit(url)
        options = dict(parse_qsl(parts.query))
        return cls(open_client(options), parts.netloc, options.get("prefix", ""))

    def put(self, tenant_id: int, data: bytes) -> str:
        """See BlobStore."""
        digest = digest_of(data)
        if not self.exists(tenant_id, digest):
            with _answering(digest):
                self._client.put_object(
                    Bucket=self._bucket, Key=self._key(tenant_id, digest), Body=data
                )
        return digest

    def read(self, tenant_id: int, digest: str) -> bytes:
        """See BlobStore."""
        with _answering(digest):
            found = self._client.get_object(Bucket=self._bucket, Key=self._key(tenant_id, digest))
            data: bytes = found["Body"].read()
        return checked_bytes(digest, data)

    def size(self, tenant_id: int, digest: str) -> int:
        """See BlobStore."""
        with _answering(digest):
            found = self._client.head_object(Bucket=self._bucket, Key=self._key(tenant_id, digest))
        return int(found["ContentLength"])

    def exists(self, tenant_id: int, digest: str) -> bool:
        """See BlobStore."""
        try:
            self.size(tenant_id, digest)
        except BlobMissing:
            return False
        return True

    def delete(self, tenant_id: int, digest: str) -> None:
        """See BlobStore."""
        with _answering(digest):
            self._client.delete_object(Bucket=self._bucket, Key=self._key(tenant_id, digest))

    def digests(self, tenant_id: int) -> Iterator[str]:
        """See BlobStore; S3 lists keys in order."""
        prefix = f"{self._prefix}{tenant_id}/"
        with _answering(prefix):
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=prefix
            )
            for page in pages:
                for found in page.get("Contents", ()):
                    yield str(found["Key"]).removeprefix(prefix)

    def discard(self, tenant_id: int, most: int) -> int:
        """See BlobStore. One request each: many stores don't know how to delete several."""
        digests = list(islice(self.digests(tenant_id), most))
        for digest in digests:
            self.delete(tenant_id, digest)
        return len(digests)

    def sync(self) -> None:
        """See BlobStore: an object that was accepted is durable."""

    def unsynced(self) -> tuple[str, ...]:
        """See BlobStore."""
        return ()

    def _key(self, tenant_id: int, digest: str) -> str:
        return f"{self._prefix}{tenant_id}/{checked_digest(digest)}"


@contextmanager
def _answering(digest: str) -> Iterator[None]:
    """Turn the vendor's errors into ours."""
    try:
        yield
    except ClientError as error:
        if is_missing(error):
            raise BlobMissing(digest) from None
        raise _away(code_of(error)) from error
    except BotoCoreError as error:
        raise _away(type(error).__name__) from error


def _away(reason: str) -> Unavailable:
    words = (
        N_("对象存储拒绝了访问密钥（{reason}），请运维人员核对密钥和存储桶的权限")
        if reason in KEY_REFUSED
        else N_("对象存储暂时不可用：{reason}")
    )
    return Unavailable("storage_away", words, reason=reason)
