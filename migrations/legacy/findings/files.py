"""What is wrong with files: unreadable, or programs in the clothes of pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrations.legacy.findings.finding import Finding
from migrations.legacy.findings.looks import shorten
from migrations.legacy.reading.files import Kind
from migrations.legacy.reading.sites import Site
from migrations.legacy.sources.source import TROUBLES

# Code that servers run, and that pictures and pages of a saved site have no use for.
_SERVER_CODE = re.compile(
    rb"<\?php\s|eval\s*\(\s*\$_(?:POST|GET|REQUEST)|eval\s+request\s*\(|<%\s*(?:eval|execute)\b|"
    rb"Runtime\.getRuntime\(\)\.exec|<script[^>]{0,80}runat=[\"']?server",
    re.IGNORECASE,
)
_IN_PICTURE = re.compile(rb"<script[\s>]|<iframe[\s>]|<\?php\s|eval\s*\(\s*\$_", re.IGNORECASE)
_LOOK_BYTES = 5_000_000


def troubles(site: Site) -> Iterator[Finding]:
    for page in site.pages.values():
        if page.trouble in TROUBLES - {"left_by_tool"}:
            yield Finding(page.trouble or "", page.address, page.address, str(page.size_bytes))


def hostile(site: Site) -> Iterator[Finding]:
    """Program code in pictures, and server code in anything."""
    for page in site.pages.values():
        if page.trouble is None and page.kind is not Kind.ATTACHMENT:
            data = site.source.read(page.address).data[:_LOOK_BYTES]
            pattern = _IN_PICTURE if page.kind is Kind.IMAGE else _SERVER_CODE
            match = None if page.address.endswith(".svg") else pattern.search(data)
            if match:
                sample = data[match.start() : match.start() + 80].decode("latin-1")
                yield Finding("hostile_file", page.address, page.address, shorten(sample))
