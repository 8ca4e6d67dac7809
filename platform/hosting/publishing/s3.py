"""What blobs and edges in an S3 store share: the client, and whether an error is an answer."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

# The client writes each request into its log, with its body and its signature.
for _name in ("boto3", "botocore", "s3transfer"):
    logging.getLogger(_name).setLevel(logging.WARNING)

MISSING = frozenset({"404", "NoSuchKey", "NotFound"})

KEY_REFUSED = frozenset({"AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch"})

CONFIG = Config(
    # boto3's newer checksum headers are refused by Swift, older Ceph and many domestic stores.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
    s3={"addressing_style": "path"},
    # Shorter than the time after which a publisher counts as stalled.
    connect_timeout=5,
    read_timeout=20,
    retries={"mode": "standard", "max_attempts": 3},
)


def open_client(options: Mapping[str, str], **differing: Any) -> Any:
    """A client for `endpoint`, `region` and, where keys are kept by name, `profile`.

    `differing` are settings of the client. Credentials come by boto3's own chain (its environment
    variables or files).
    """
    session = boto3.Session(profile_name=options["profile"]) if "profile" in options else boto3
    return session.client(
        "s3",
        endpoint_url=options.get("endpoint"),
        region_name=options.get("region", "us-east-1"),
        config=CONFIG.merge(Config(**differing)) if differing else CONFIG,
    )


def code_of(error: ClientError) -> str:
    """What the store calls it."""
    return str(error.response.get("Error", {}).get("Code"))


def is_missing(error: ClientError) -> bool:
    """Whether it says that there is no such object."""
    return code_of(error) in MISSING
