"""Sealing what has to be read again, so that a copy of the database alone tells nothing.

GB/T 22239-2019 8.1.4.8 a asks it for what people prove themselves with. The key comes from the
platform's key, which lies beside the database and never in it.
"""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hosting.runtime.errors import Unavailable
from hosting.runtime.language import N_
from hosting.runtime.secret_key import secret_key
from hosting.runtime.settings import Settings

_KEY_BYTES = 32


def seal(settings: Settings, text: str, *, purpose: str) -> str:
    """The text as only this platform can read it, for this purpose."""
    return _box(settings, purpose).encrypt(text.encode()).decode()


def unseal(settings: Settings, sealed: str, *, purpose: str) -> str:
    """The text again; Unavailable when it was sealed with another key."""
    try:
        return _box(settings, purpose).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Unavailable(
            "sealed_with_another_key",
            N_("平台密钥与封存时不同，无法读取；请运维人员恢复原来的密钥文件"),
        ) from error


def _box(settings: Settings, purpose: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=purpose.encode())
    return Fernet(base64.urlsafe_b64encode(derived.derive(secret_key(settings))))
