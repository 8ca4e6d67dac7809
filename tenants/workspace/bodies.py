"""Where the images of a text lie: under the public address when stored, here while it is edited.

The public tree holds a file only while a public edition shows it, so the console serves it too.
"""

from __future__ import annotations

import re

_STORED = re.compile(r'(<[^<>]*\s(?:src|href|poster)=")(/m/[0-9a-f]{32}/)')
_EDITED = re.compile(r'(<[^<>]*\s(?:src|href|poster)=")/t/[a-z][a-z0-9-]*(/m/[0-9a-f]{32}/)')


def for_console(body_html: str, code: str) -> str:
    """A stored text, its files addressed at the console of the tenant with this code."""
    return _STORED.sub(rf"\1/t/{code}\2", body_html)


def for_storage(body_html: str) -> str:
    """An edited text, its files under their public addresses again."""
    return _EDITED.sub(r"\1\2", body_html)
