"""The platform's key for signing forms and preview addresses."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from hosting.runtime.errors import Invalid
from hosting.runtime.language import N_
from hosting.runtime.settings import Settings

_BYTES = 48
_SHORTEST = 32


def secret_key_path(settings: Settings) -> Path:
    """Where the key lies: the file that the settings name, else HOME/secret-key."""
    return Path(settings.secret_key_file or settings.home / "secret-key")


def secret_key(settings: Settings) -> str:
    """The key; Invalid where there is none yet or it is too short to be one."""
    path = secret_key_path(settings)
    key = path.read_text(encoding="utf-8").strip() if path.is_file() else ""
    if len(key) < _SHORTEST:
        raise Invalid(
            "no_secret_key",
            N_("密钥文件 {path} 不存在或过短，请先运行 jiyue init"),
            path=str(path),
        )
    return key


def make_secret_key(settings: Settings) -> bool:
    """Make the key, readable by its owner alone; whether there was none before."""
    path = secret_key_path(settings)
    if path.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(secrets.token_urlsafe(_BYTES) + "\n")
    return True
