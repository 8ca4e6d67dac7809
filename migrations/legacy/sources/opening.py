"""Choose the form of source by what the operator names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from hosting.runtime.errors import Invalid
from hosting.runtime.language import N_
from migrations.legacy.sources.mirror import Mirror
from migrations.legacy.sources.source import Source

Opener = Callable[[str, str | None], Source | None]


def _folder(text: str, host: str | None) -> Source | None:
    path = Path(text)
    return Mirror(path, host=host) if path.is_dir() else None


# Asked in this order; the first that knows what is named opens it.
OPENERS: tuple[Opener, ...] = (_folder,)


def open_source(text: str, *, host: str | None = None) -> Source:
    """The source that `text` names. Raises Invalid where nothing can read it."""
    for opener in OPENERS:
        source = opener(text, host)
        if source is not None:
            return source
    raise Invalid(
        "source_unknown",
        N_("无法读取老网站来源“{source}”：目前支持已保存的网站文件夹"),
        source=text,
    )
