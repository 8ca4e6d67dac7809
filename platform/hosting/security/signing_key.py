"""A key that signs what must not be forged later, in a file that its owner alone can read."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from hosting.runtime.errors import Unavailable
from hosting.runtime.language import N_

ALGORITHM = "ed25519"
"""Stands beside each signature, so that another (SM2, say) can follow without breaking these."""


@dataclass(frozen=True)
class PublicKey:
    """The half that anybody may know: 32 raw bytes in hex."""

    public: str

    @property
    def key_id(self) -> str:
        """A short name of the key: the beginning of the public half's SHA-256."""
        return hashlib.sha256(bytes.fromhex(self.public)).hexdigest()[:16]

    def has_signed(self, text: bytes, signature: str, *, algorithm: str) -> bool:
        """Whether the key's private half made the signature."""
        try:
            public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.public))
            public.verify(bytes.fromhex(signature), text)
        except (InvalidSignature, ValueError):
            return False
        return algorithm == ALGORITHM


@dataclass(frozen=True)
class SigningKey(PublicKey):
    """The pair of keys."""

    private: Ed25519PrivateKey

    def sign(self, text: bytes) -> str:
        """The signature in hex."""
        return self.private.sign(text).hex()


def read_key(path: Path) -> SigningKey:
    """The key in a file; Unavailable where there is none or another kind of key."""
    try:
        facts = path.stat()
    except OSError:
        raise Unavailable(
            "no_signing_key", N_("找不到签名密钥 {path}，请先运行 jiyue init"), path=str(path)
        ) from None
    return _load(path, facts.st_ino, facts.st_mtime_ns)


@lru_cache(maxsize=16)
def _load(path: Path, _file: int, _stamp: int) -> SigningKey:
    """Read once for as long as the file is the same."""
    private = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(private, Ed25519PrivateKey):
        raise Unavailable("wrong_signing_key", N_("{path} 不是 Ed25519 密钥"), path=str(path))
    public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return SigningKey(public.hex(), private)


def make_key(path: Path) -> bool:
    """Make a key that only the owner can read, where there is none; whether it was made."""
    if path.exists():
        return False
    pem = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    write_private(path, pem)
    return True


def write_private(path: Path, data: bytes) -> None:
    """Write a file that only the owner can read: whole or not at all, whenever power fails."""
    aside = path.with_name(f".{path.name}.new")
    aside.unlink(missing_ok=True)
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    aside.rename(path)
