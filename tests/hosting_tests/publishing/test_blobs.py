"""One contract for all forms of the blob store."""

from __future__ import annotations

import dataclasses
import logging
import os
import time
from pathlib import Path

import boto3
import pytest

from hosting.publishing.blobs import (
    BlobDamaged,
    BlobMissing,
    BlobStore,
    DiskBlobs,
    digest_of,
    open_store,
)
from hosting.runtime.errors import Unavailable
from hosting.runtime.settings import Settings
from parts.faults import FaultyFiles, disk_error

RIVER, HILL = 101, 102
TEXT = "关于印发通知的公告".encode()


@pytest.fixture(params=["disk", pytest.param("s3", marks=pytest.mark.storage)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> BlobStore:
    settings = Settings(home=tmp_path)
    if request.param == "s3":
        url = request.getfixturevalue("s3_url")
        settings = dataclasses.replace(settings, storage_url=url)
    return open_store(settings)


def test_what_was_put_is_read_under_its_digest(store: BlobStore) -> None:
    digest = store.put(RIVER, TEXT)

    assert digest == digest_of(TEXT)
    assert store.read(RIVER, digest) == TEXT
    assert store.size(RIVER, digest) == len(TEXT)
    assert store.exists(RIVER, digest)


def test_putting_the_same_again_changes_nothing(store: BlobStore) -> None:
    assert store.put(RIVER, TEXT) == store.put(RIVER, TEXT)
    assert list(store.digests(RIVER)) == [digest_of(TEXT)]


def test_nothing_is_a_blob_too(store: BlobStore) -> None:
    assert store.read(RIVER, store.put(RIVER, b"")) == b""


def test_a_blob_of_one_tenant_is_not_there_for_another(store: BlobStore) -> None:
    digest = store.put(RIVER, TEXT)

    assert not store.exists(HILL, digest)
    with pytest.raises(BlobMissing):
        store.read(HILL, digest)
    with pytest.raises(BlobMissing):
        store.size(HILL, digest)
    assert list(store.digests(HILL)) == []


def test_deleting_for_one_tenant_leaves_the_others(store: BlobStore) -> None:
    digest = store.put(RIVER, TEXT)
    store.put(HILL, TEXT)

    store.delete(RIVER, digest)
    store.delete(RIVER, digest)

    assert not store.exists(RIVER, digest)
    assert store.read(HILL, digest) == TEXT


def test_digests_come_in_order(store: BlobStore) -> None:
    put = [store.put(RIVER, str(number).encode()) for number in range(20)]

    assert list(store.digests(RIVER)) == sorted(put)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "a" * 63, "a" * 64 + "\n"])
def test_what_is_no_digest_is_missing_and_never_a_path(store: BlobStore, name: str) -> None:
    with pytest.raises(BlobMissing):
        store.read(RIVER, name)
    with pytest.raises(BlobMissing):
        store.delete(RIVER, name)


def test_a_damaged_file_is_noticed(tmp_path: Path) -> None:
    store = DiskBlobs(tmp_path)
    digest = store.put(RIVER, TEXT)
    next(tmp_path.glob(f"{RIVER}/*/{digest}")).write_bytes(TEXT[:-1] + b"!")

    with pytest.raises(BlobDamaged):
        store.read(RIVER, digest)


def test_a_torn_file_is_put_again(tmp_path: Path) -> None:
    store = DiskBlobs(tmp_path)
    digest = store.put(RIVER, TEXT)
    next(tmp_path.glob(f"{RIVER}/*/{digest}")).write_bytes(TEXT[:5])

    store.put(RIVER, TEXT)

    assert store.read(RIVER, digest) == TEXT


def test_a_writer_that_failed_leaves_nothing_under_the_digest(tmp_path: Path) -> None:
    failing = DiskBlobs(tmp_path, FaultyFiles(3, disk_error(28)))
    with pytest.raises(OSError, match="No space"):
        failing.put(RIVER, TEXT)

    assert not DiskBlobs(tmp_path).exists(RIVER, digest_of(TEXT))
    assert DiskBlobs(tmp_path).put(RIVER, TEXT) == digest_of(TEXT)


def test_what_dead_writers_left_is_swept_after_an_hour(tmp_path: Path) -> None:
    store = DiskBlobs(tmp_path)
    store.put(RIVER, TEXT)
    old, new = tmp_path / "aside" / "old", tmp_path / "aside" / "new"
    for path in (old, new):
        path.write_bytes(b"half")
    os.utime(old, (time.time() - 4000,) * 2)

    assert store.sweep() == 1
    assert (old.exists(), new.exists()) == (False, True)


@pytest.mark.storage
def test_a_store_that_does_not_answer_is_said_to_be_away(
    monkeypatch: pytest.MonkeyPatch, s3_url: str
) -> None:
    from hosting.publishing import s3
    from hosting.publishing.blobs_s3 import S3Blobs

    monkeypatch.setattr(s3, "CONFIG", s3.CONFIG.merge(s3.Config(retries={"max_attempts": 0})))
    store = S3Blobs.of_url("s3://bucket?endpoint=http://127.0.0.1:9")

    with pytest.raises(Unavailable):
        store.put(RIVER, TEXT)


@pytest.mark.storage
def test_a_bucket_that_is_not_there_is_not_taken_for_a_missing_blob(s3_url: str) -> None:
    from hosting.publishing.blobs_s3 import S3Blobs

    store = S3Blobs.of_url(s3_url.replace("s3://", "s3://no-such-"))

    with pytest.raises(Unavailable):
        store.put(RIVER, TEXT)


@pytest.mark.storage
def test_a_wrong_key_is_named_as_such(monkeypatch: pytest.MonkeyPatch, s3_url: str) -> None:
    from hosting.publishing.blobs_s3 import S3Blobs

    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-the-secret")
    # boto3 keeps the keys that it has found once.
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    store = S3Blobs.of_url(s3_url)

    with pytest.raises(Unavailable) as caught:
        list(store.digests(RIVER))

    assert caught.value.facts["reason"] == "SignatureDoesNotMatch"
    assert "密钥" in caught.value.message


@pytest.mark.storage
def test_the_log_does_not_hear_what_is_stored_nor_how_it_was_signed(
    s3_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    from hosting.publishing.blobs_s3 import S3Blobs

    caplog.set_level(logging.DEBUG)

    S3Blobs.of_url(s3_url).put(RIVER, b"CANARY-nest900-blob-00000000")

    assert "CANARY" not in caplog.text
    assert "Signature" not in caplog.text
