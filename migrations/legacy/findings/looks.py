"""What inspectors are given of a page: its view, and its references, resolved once."""

from __future__ import annotations

import re
from functools import cached_property

from migrations.legacy.reading.pages import Page
from migrations.legacy.reading.references import Mention, mentions
from migrations.legacy.reading.sites import Site
from migrations.legacy.reading.views import View

_UNKEPT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class Look:
    """One page being inspected; dropped before the next."""

    def __init__(self, site: Site, page: Page) -> None:
        self.site = site
        self.page = page
        self.view = View(site, page)

    @property
    def address(self) -> str:
        return self.page.address

    @cached_property
    def mentions(self) -> list[Mention]:
        return mentions(self.view.sheet.root, self.page.address, self.site.host)

    @cached_property
    def scripts(self) -> list[str]:
        """The page's own scripts, those without a source."""
        found = self.view.sheet.root.iter("script")
        return [one.text for one in found if one.text and not one.get("src")]


def shorten(text: str, limit: int = 160) -> str:
    """One line of evidence, without what no database keeps."""
    plain = " ".join(_UNKEPT.sub("", text).split())
    return plain if len(plain) <= limit else plain[: limit - 1] + "…"
