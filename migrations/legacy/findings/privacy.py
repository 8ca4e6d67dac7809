"""Personal data in articles: identity numbers that check, mobile numbers. Always masked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrations.legacy.findings.finding import Finding
from migrations.legacy.reading.files import Kind
from migrations.legacy.reading.sites import Site

_IDENTITY = re.compile(
    r"(?<![\dA-Za-z])[1-9]\d{5}(?:19|20)\d{2}[01]\d[0-3]\d\d{3}[\dXx](?![\dA-Za-z])"
)
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}(?!\d)")
# GB 11643-1999: weights and check characters of the citizen identity number.
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def is_identity_number(text: str) -> bool:
    """Whether 18 characters are an identity number: the last is the check of the others."""
    total = sum(int(digit) * weight for digit, weight in zip(text[:17], _WEIGHTS, strict=True))
    return text[17].upper() == _CHECKS[total % 11]


def personal(site: Site) -> Iterator[Finding]:
    for page in site.of_kind(Kind.ARTICLE):
        numbers = [one for one in _IDENTITY.findall(page.text) if is_identity_number(one)]
        if numbers:
            shown = "、".join(dict.fromkeys(mask(one) for one in numbers))
            yield Finding("id_number", page.address, "", f"{len(numbers)} · {shown[:300]}")
        mobiles = _MOBILE.findall(page.text)
        if mobiles:
            shown = "、".join(dict.fromkeys(mask(one) for one in mobiles))
            yield Finding("mobile_number", page.address, "", f"{len(mobiles)} · {shown[:300]}")


def mask(number: str) -> str:
    """Enough to find it again, too little to use it."""
    plain = re.sub(r"[\s-]", "", number)
    return f"{plain[:3]}{'*' * (len(plain) - 7)}{plain[-4:]}"
