"""A bucket in a real store, as its readers and its owner find it."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator

import boto3
import pytest

from hosting.publishing.edges.edge import Turn
from hosting.publishing.edges.objects import Facts, Objects
from hosting.runtime.errors import Unavailable
from parts.edges import NAME, Bucket, begun, sync, with_edge
from parts.newsroom import Newsroom
from parts.platform import RIVER

SITE = RIVER.site_id
FACTS = Facts("text/html", "no-cache")
TURN = Turn(1, lambda: 1, lambda: None)


@pytest.fixture
def real(newsroom: Newsroom, s3_url: str) -> Iterator[tuple[Newsroom, Bucket]]:
    """A copy in a real store."""
    bucket = Bucket(s3_url.replace("?", "/gov?"))
    room = with_edge(newsroom, bucket)
    room.write(_1="通告")
    room.publish()
    sync(room.runtime, room.place)
    yield room, bucket
    room.runtime.close()


@pytest.mark.storage
def test_a_real_store_keeps_what_objects_are_announced_by(
    real: tuple[Newsroom, Bucket],
) -> None:
    _, bucket = real
    page, copy = bucket.head(SITE, "/index.html"), bucket.head(SITE, "/index.html.gz")

    assert page["ContentType"] == "text/html; charset=utf-8"
    assert page["CacheControl"] == copy["CacheControl"] == "no-cache"
    assert copy["ContentEncoding"] == "gzip"
    assert int(page["Metadata"]["jiyue-number"]) >= 1


@pytest.mark.storage
def test_chinese_addresses_are_keys_like_any_other(real: tuple[Newsroom, Bucket]) -> None:
    _, bucket = real
    objects = Objects(bucket.client, bucket.bucket, "")
    key = "sites/7/zwgk/通知公告/关于 印发 1+1.html"

    objects.put(key, b"page", FACTS, TURN)

    assert objects.read(key) == b"page"
    assert dict(objects.etags("sites/7/")) == {key: hashlib.md5(b"page").hexdigest()}
    objects.remove(key, TURN)
    assert objects.head(key) is None


@pytest.mark.storage
def test_a_real_store_is_not_written_to_where_nothing_changed(
    real: tuple[Newsroom, Bucket],
) -> None:
    room, bucket = real
    before = bucket.head(SITE, "/index.html")["LastModified"]
    bucket.write_own(f"sites/{SITE}.json", b"")

    synced = sync(room.runtime, room.place)

    assert synced.written == 0
    assert bucket.head(SITE, "/index.html")["LastModified"] == before


@pytest.mark.storage
def test_a_wrong_key_is_named_as_such_and_kept_out_of_the_log(
    real: tuple[Newsroom, Bucket], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    room, _ = real
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "CANARY-secret")
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)

    with pytest.raises(Unavailable) as caught:
        begun(room.runtime)

    assert caught.value.facts == {"edge": NAME, "reason": "SignatureDoesNotMatch"}
    assert "密钥" in caught.value.message
    assert "CANARY" not in caplog.text
