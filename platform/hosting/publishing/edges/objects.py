"""Objects of a bucket, put one by one, so that nothing newer is put over.

A write says which object it means to replace (If-Match, If-None-Match). A store that knows no
conditional writes is written to without, from the first time that it says so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from botocore.exceptions import ClientError

from hosting.publishing.edges.edge import Turn
from hosting.publishing.s3 import code_of, is_missing

_NUMBER = "jiyue-number"
_TRIES = 3
_NOT_IMPLEMENTED = 501
_CHANGED_MEANWHILE = frozenset({"PreconditionFailed", "ConditionalRequestConflict", "412", "409"})


class Newer(Exception):
    """The object was put by a later link than ours."""


@dataclass(frozen=True)
class Facts:
    """How an object is announced to readers."""

    kind: str
    cache: str
    encoding: str = ""

    def as_arguments(self) -> dict[str, str]:
        """As boto3 takes them."""
        encoding = {"ContentEncoding": self.encoding} if self.encoding else {}
        return {"ContentType": self.kind, "CacheControl": self.cache, **encoding}


NOT_READ = Facts("application/octet-stream", "no-store")
"""Of what no reader gets."""


@dataclass(frozen=True)
class Kept:
    """An object as the store tells of it. `number` is the link that put it, 0 where none did."""

    etag: str
    number: int
    facts: Facts


class Objects:
    """The objects below a prefix; keys are given without it. Raises what boto3 raises."""

    def __init__(self, client: Any, bucket: str, prefix: str) -> None:
        self._client = client
        self._bucket = bucket
        self._prefix = prefix
        self._is_conditional = True

    def etags(self, below: str) -> Iterator[tuple[str, str]]:
        """Key and ETag of all objects whose keys begin so."""
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=self._prefix + below
        )
        for page in pages:
            for found in page.get("Contents", ()):
                yield str(found["Key"]).removeprefix(self._prefix), _bare(found["ETag"])

    def head(self, key: str) -> Kept | None:
        """What is known of an object."""
        try:
            found = self._client.head_object(**self._at(key))
        except ClientError as error:
            if is_missing(error):
                return None
            raise
        number = str(found.get("Metadata", {}).get(_NUMBER, ""))
        facts = Facts(
            str(found.get("ContentType", "")),
            str(found.get("CacheControl", "")),
            str(found.get("ContentEncoding", "")),
        )
        return Kept(_bare(found["ETag"]), int(number) if number.isdecimal() else 0, facts)

    def read(self, key: str) -> bytes | None:
        """The bytes of an object, as they are stored."""
        try:
            body: bytes = self._client.get_object(**self._at(key))["Body"].read()
        except ClientError as error:
            if is_missing(error):
                return None
            raise
        return body

    def put(self, key: str, body: bytes, facts: Facts, turn: Turn) -> None:
        """Put an object, unless it is there as it should be. Raises Newer."""
        for _ in range(_TRIES):
            there = self.head(key)
            if there is not None and (there.etag, there.facts) == (md5_of(body), facts):
                return
            _check(there, turn)
            if self._put(key, body, facts, turn.number, there):
                return
        raise Newer(key)

    def remove(self, key: str, turn: Turn) -> None:
        """Remove an object; one that is not there is no error. Raises Newer."""
        there = self.head(key)
        if there is not None:
            _check(there, turn)
            self._client.delete_object(**self._at(key))

    def remove_some(self, below: str, most: int) -> int:
        """Remove at most so many objects whose keys begin so; how many."""
        keys = [key for key, _ in islice(self.etags(below), most)]
        for key in keys:
            self._client.delete_object(**self._at(key))
        return len(keys)

    def _put(self, key: str, body: bytes, facts: Facts, number: int, there: Kept | None) -> bool:
        """Whether it was put: False where another object came there meanwhile."""
        told: dict[str, Any] = {**self._at(key), **facts.as_arguments(), "Body": body}
        told["Metadata"] = {_NUMBER: str(number)}
        if self._is_conditional:
            replaced = {"IfMatch": there.etag} if there else {"IfNoneMatch": "*"}
            try:
                self._client.put_object(**told, **replaced)
            except ClientError as error:
                if code_of(error) in _CHANGED_MEANWHILE:
                    return False
                if not _knows_no_conditions(error):
                    raise
                self._is_conditional = False
            else:
                return True
        self._client.put_object(**told)
        return True

    def _at(self, key: str) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": self._prefix + key}


def _check(there: Kept | None, turn: Turn) -> None:
    if there is not None and turn.number < there.number <= turn.newest():
        raise Newer


def _knows_no_conditions(error: ClientError) -> bool:
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    return status == _NOT_IMPLEMENTED or code_of(error) in ("NotImplemented", "NotSupported")


def _bare(etag: str) -> str:
    return etag.strip('"')


def md5_of(body: bytes) -> str:
    """What most stores call an object that was put in one piece; it protects from accidents."""
    return hashlib.md5(body, usedforsecurity=False).hexdigest()
