"""The key that signs what stands for pruned rows of the trail.

Who can write the database but not read this key cannot pass a cut chain off as a pruned one.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from hosting.runtime.errors import Unavailable
from hosting.runtime.language import N_
from hosting.runtime.runtime import Runtime
from hosting.runtime.settings import Settings

ALGORITHM = "ed25519"
"""Stands beside each signature, so that another (SM2, say) can follow without breaking these."""


@dataclass(frozen=True)
class AuditKey:
    """The pair of keys; `public` is the raw public half in hex."""

    private: Ed25519PrivateKey

    @property
    def public(self) -> str:
        """The half that anybody may know."""
        raw = self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return raw.hex()

    @property
    def key_id(self) -> str:
        """A short name of the key: the beginning of the public half's SHA-256."""
        return hashlib.sha256(bytes.fromhex(self.public)).hexdigest()[:16]

    def sign(self, text: bytes) -> str:
        """The signature in hex."""
        return self.private.sign(text).hex()

    def has_signed(self, text: bytes, signature: str, *, algorithm: str) -> bool:
        """Whether this key made the signature."""
        try:
            self.private.public_key().verify(bytes.fromhex(signature), text)
        except (InvalidSignature, ValueError):
            return False
        return algorithm == ALGORITHM


def key_path(settings: Settings) -> Path:
    """Where the key lies: the file named by the settings, else one in HOME."""
    return Path(settings.audit_key_file or settings.home / "audit-key")


def audit_key(settings: Settings) -> AuditKey:
    """The key; Unavailable where `jiyue init` has not made one."""
    return _read(key_path(settings))


@lru_cache(maxsize=16)
def _read(path: Path) -> AuditKey:
    if not path.is_file():
        raise Unavailable(
            "no_audit_key", N_("找不到审计密钥 {path}，请先运行 jiyue init"), path=str(path)
        )
    private = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(private, Ed25519PrivateKey):
        raise Unavailable("wrong_audit_key", N_("{path} 不是 Ed25519 密钥"), path=str(path))
    return AuditKey(private)


def make_audit_key(settings: Settings) -> bool:
    """Make a key that only the owner can read, where there is none; whether it was made."""
    path = key_path(settings)
    if path.exists():
        return False
    pem = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    # Whole or not at all: half a key would be there for good.
    aside = path.with_name(f".{path.name}.new")
    aside.unlink(missing_ok=True)
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    aside.rename(path)
    return True


def prepare(runtime: Runtime) -> Mapping[str, Any]:
    """Make the key where there is none, and tell its public half to whoever installs."""
    make_audit_key(runtime.settings)
    return {"audit_key": audit_key(runtime.settings).public}
