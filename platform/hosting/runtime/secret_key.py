"""The platform's key: what forms, cookies and preview addresses are sealed with."""

from __future__ import annotations

import os
import secrets
from functools import lru_cache
from pathlib import Path

from hosting.runtime.errors import Unavailable
from hosting.runtime.language import N_
from hosting.runtime.settings import Settings


def key_path(settings: Settings) -> Path:
    """Where the key lies: the file named by the settings, else one in HOME."""
    return Path(settings.secret_key_file or settings.home / "secret-key")


def secret_key(settings: Settings) -> bytes:
    """The key; Unavailable where `jiyue init` has not made one."""
    return _read(key_path(settings))


@lru_cache(maxsize=16)
def _read(path: Path) -> bytes:
    if not path.is_file():
        raise Unavailable(
            "no_secret_key", N_("找不到平台密钥 {path}，请先运行 jiyue init"), path=str(path)
        )
    return path.read_bytes().strip()


def make_secret_key(settings: Settings) -> bool:
    """Make a key that only the owner can read, where there is none; whether it was made."""
    path = key_path(settings)
    if path.exists():
        return False
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
    return True
