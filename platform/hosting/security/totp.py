"""One-time codes of an authenticator app (RFC 6238), and those that stand in for a lost one."""

from __future__ import annotations

import secrets
import unicodedata
from datetime import datetime
from hmac import compare_digest

import pyotp
import segno
from markupsafe import Markup

PERIOD_SECONDS = 30
DIGITS = 6
RECOVERY_CODES = 10
# Clocks of telephones differ: the step before and the one after count as well (RFC 6238 5.2).
_DRIFT_STEPS = 1
# Without letters and digits that one could take for each other; 16 of them are 79 bits.
_LEGIBLE = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS = 4
_GROUP_LENGTH = 4


def new_secret() -> str:
    """160 random bits in base32, as apps take them."""
    return pyotp.random_base32(32)


def matching_step(secret: str, code: str, *, at: datetime, after: int) -> int | None:
    """The time step whose code this is, near an instant and later than the step `after`; or None.

    Every step is compared, so that the time taken tells nothing.
    """
    generator = pyotp.TOTP(secret, digits=DIGITS, interval=PERIOD_SECONDS)
    this_step = int(at.timestamp()) // PERIOD_SECONDS
    typed = plain_code(code).encode()
    found = None
    for step in range(this_step - _DRIFT_STEPS, this_step + _DRIFT_STEPS + 1):
        is_right = compare_digest(generator.generate_otp(step).encode(), typed)
        if is_right and step > after:
            found = step
    return found


def address(secret: str, *, login: str, platform: str) -> str:
    """The otpauth:// address that an app reads from the picture."""
    generator = pyotp.TOTP(secret, digits=DIGITS, interval=PERIOD_SECONDS)
    return generator.provisioning_uri(name=login, issuer_name=platform)


def picture(text: str) -> Markup:
    """A QR code as SVG to stand in a page, black on white whatever the page's colours are."""
    svg = segno.make(text, error="m").svg_inline(
        scale=5, border=4, dark="#000", light="#fff", omitsize=True
    )
    # Drawn by segno from its own shapes; of the text only dark and light squares are left.
    return Markup(svg)  # noqa: S704


def new_recovery_codes() -> list[str]:
    """Codes to be written down: four groups of four letters and digits each."""
    return [
        "-".join(
            "".join(secrets.choice(_LEGIBLE) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS)
        )
        for _ in range(RECOVERY_CODES)
    ]


def plain_code(typed: str) -> str:
    """A code as it was meant: blanks, dashes and full-width forms make no difference."""
    text = unicodedata.normalize("NFKC", typed).lower()
    return "".join(character for character in text if character.isalnum())
