"""The key that signs what stands for pruned rows of the trail.

Who can write the database but not read this key cannot pass a cut chain off as a pruned one.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hosting.runtime.runtime import Runtime
from hosting.runtime.settings import Settings
from hosting.security.signing_key import SigningKey, make_key, read_key


def key_path(settings: Settings) -> Path:
    """Where the key lies: the file named by the settings, else one in HOME."""
    return Path(settings.audit_key_file or settings.home / "audit-key")


def audit_key(settings: Settings) -> SigningKey:
    """The key; Unavailable where `jiyue init` has not made one."""
    return read_key(key_path(settings))


def make_audit_key(settings: Settings) -> bool:
    """Make a key where there is none; whether it was made."""
    return make_key(key_path(settings))


def prepare(runtime: Runtime) -> Mapping[str, Any]:
    """Make the key where there is none, and tell its public half to whoever installs."""
    make_audit_key(runtime.settings)
    return {"audit_key": audit_key(runtime.settings).public}
