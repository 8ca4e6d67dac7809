"""Passwords: the policy, the hash, and a check that takes as long for names that nobody has.

The policy's defaults are those of 等保 level 3 as commonly audited (GB/T 22239-2019 8.1.4.1 a).
ASVS 5.0 (6.2.5) would have no rule of composition; where the two differ the national rule stands.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from hosting.runtime.errors import Invalid, Problem
from hosting.runtime.language import N_
from hosting.runtime.settings import Settings

# Longer ones only make hashing dear; no person types more.
MAXIMUM_LENGTH = 128

# Above the least that OWASP names for argon2id (19 MiB, 2 rounds); about 70 ms on one core.
ROUNDS = 3
MEMORY_KIB = 32_768
_HASHER = PasswordHasher(time_cost=ROUNDS, memory_cost=MEMORY_KIB, parallelism=1)
# A hash of the same cost that no password has: whoever is asked for, one hash is computed, the
# first time as well.
_NOBODYS = f"$argon2id$v=19$m={MEMORY_KIB},t={ROUNDS},p=1${'A' * 22}${'A' * 43}"
_CLASSES = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^a-zA-Z0-9]")
_CLASSES_NEEDED = 3
# Without letters and digits that one could take for each other.
_LEGIBLE = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_DISGUISES = str.maketrans("@4310$5!", "aaeiossi")


@dataclass(frozen=True)
class HashedPassword:
    """A password that kept to the policy, hashed. Made before a transaction, never inside one."""

    encoded: str


def hashed(password: str, *, settings: Settings, login: str) -> HashedPassword:
    """Check a new password and hash it, which takes a while.

    Raises Invalid ("password_refused") with one problem for each rule that it breaks.
    """
    password = _normal(password)
    if problems := _problems(password, settings.password_minimum_length, login):
        raise Invalid("password_refused", N_("密码不符合要求："), problems=problems)
    return HashedPassword(_HASHER.hash(password))


def fresh() -> str:
    """A password that nobody knows and that keeps to the policy: four groups of four."""
    while True:
        password = "-".join("".join(secrets.choice(_LEGIBLE) for _ in range(4)) for _ in range(4))
        if all(re.search(kind, password) for kind in _CLASSES) and not is_weak(password):
            return password


def verifies(password: str, encoded: str | None) -> bool:
    """Whether the password is the one; None (nobody's) takes as long and is never it."""
    password = _normal(password)[: MAXIMUM_LENGTH + 1]
    try:
        _HASHER.verify(encoded or _NOBODYS, password)
    except (VerificationError, InvalidHashError):
        return False
    return encoded is not None


def _problems(password: str, minimum: int, login: str) -> list[Problem]:
    length = len(password)
    kinds = sum(1 for kind in _CLASSES if re.search(kind, password))
    rules = (
        (length < minimum, "password_too_short", N_("至少 {minimum} 个字符，现在是 {length} 个")),
        (length > MAXIMUM_LENGTH, "password_too_long", N_("最多 {maximum} 个字符")),
        (
            kinds < _CLASSES_NEEDED,
            "password_too_plain",
            N_("大写字母、小写字母、数字、符号四类中至少含三类，现在是 {kinds} 类"),
        ),
        (_contains(password, login), "password_has_login", N_("不能含有登录名")),
        (is_weak(password), "password_weak", N_("过于常见或有规律，容易被猜到，请换一个")),
    )
    facts = {"minimum": minimum, "maximum": MAXIMUM_LENGTH, "length": length, "kinds": kinds}
    return [Problem("password", code, message, facts) for broken, code, message in rules if broken]


def is_weak(password: str) -> bool:
    """Whether it is a well-known word in disguise: `P@ssw0rd2026!` is `password`."""
    plain = password.lower()
    core = re.sub(r"^[^a-z]+|[^a-z]+$", "", plain)
    spellings = {re.sub(r"[^a-z]", "", text) for text in (core, core.translate(_DISGUISES), plain)}
    is_short_of_characters = len(set(plain)) < 5
    return is_short_of_characters or any(text in _weak_words() for text in spellings)


def _contains(password: str, login: str) -> bool:
    return len(login) >= 3 and login.lower() in password.lower()


def _normal(password: str) -> str:
    """One spelling for what looks the same, whichever keyboard it comes from (NIST 800-63B)."""
    return unicodedata.normalize("NFKC", password)


@cache
def _weak_words() -> frozenset[str]:
    text = files("hosting.security").joinpath("weak_words.txt").read_text(encoding="utf-8")
    lines = (line.split("#")[0].split() for line in text.splitlines())
    return frozenset(word for words in lines for word in words)
