"""What the site's own search would still find of an item that was withdrawn."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

from sqlalchemy import select

from hosting.publishing.traces import SILENT, Place, Withdrawn
from hosting.runtime.areas import Trace
from hosting.runtime.language import N_
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession
from tenants.content.models import Edition
from tenants.search.queries import MOST_WORDS

_OF_TITLE, _OF_TEXT = 60, 30


def _finds(_runtime: Runtime, session: WalledSession, withdrawn: Withdrawn) -> Iterable[Place]:
    """One search for the title and the beginning of the text: few other items have both."""
    text = session.scalar(
        select(Edition.body_text)
        .where(Edition.item_id == withdrawn.item_id, Edition.title == withdrawn.title)
        .order_by(Edition.number.desc())
        .limit(1)
    )
    words = withdrawn.title[:_OF_TITLE].split()[: MOST_WORDS - 1]
    words += [word[:_OF_TEXT] for word in (text or "").split()[:1]]
    query = urlencode({"q": " ".join(words)})
    yield Place("search", withdrawn.host, f"/-/search?{query}", SILENT)


TRACES = (Trace({"search": N_("站内搜索")}, _finds),)
