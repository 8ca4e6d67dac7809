"""What stands on top of every page of a site, as signed and ordered: banners, and days of grey.

Which of them stand is a fact of the rows: no page looks at the clock (DESIGN.md 4).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import func, select

from hosting.directory.models import Site
from hosting.runtime.session import WalledSession
from tenants.content.banners import banner_matter, words_of
from tenants.content.models import BannerMatter
from tenants.content.queries import content_of
from tenants.review.models import Issue, Withdrawal
from tenants.review.queries import digests_issued
from tenants.sites.banners import BannerWords
from tenants.sites.models import BANNER, GREYSCALE, OVER, STANDING, CityNotice
from tenants.sites.queries import begun_notices
from themes.contract import Banner

_VERSION_LENGTH = 12


@dataclass(frozen=True)
class Overhead:
    """Banners in the order in which they stand, and the name of this state of them."""

    banners: tuple[Banner, ...] = ()
    version: str = ""
    is_grey: bool = False


def overhead_of(session: WalledSession, site: Site, *, drafts: bool) -> Overhead:
    """What stands over a site's pages: the city's above its own, above that it will be closed.

    In the preview the edition on its way stands in the place of the own one.
    """
    matter = banner_matter(session, site.id)
    notices = begun_notices(session, site.tenant_id)
    city = [each for each in notices if each.kind == BANNER]
    own = _own(session, matter, drafts=drafts)
    closing = str(site.tokens.get("banner", ""))
    banners = (
        *(_banner(BannerWords(**each.words)) for each in city if each.state == STANDING),
        *own,
        *((Banner(title=closing),) if closing else ()),
    )
    steps = _last_steps(session, matter) + _last_of(city)
    mourning = banner_matter(session, site.id, is_grey=True)
    is_grey = any(each.kind == GREYSCALE and each.state == STANDING for each in notices)
    is_grey = is_grey or bool(_own(session, mourning, drafts=drafts))
    version = _version(banners, steps) if banners or any(steps) else ""
    return Overhead(banners, version, is_grey)


def _own(
    session: WalledSession, matter: BannerMatter | None, *, drafts: bool
) -> tuple[Banner, ...]:
    """What the tenant itself puts there, where it is what was signed (law 5)."""
    if matter is None:
        return ()
    shown = (matter.draft_edition_id if drafts else None) or matter.live_edition_id
    if shown is None:
        return ()
    content = content_of(session, shown)
    is_signed = digests_issued(session, [shown]).get(shown) == content.digest()
    return (_banner(words_of(content.edition)),) if is_signed or drafts else ()


def _banner(words: BannerWords) -> Banner:
    return Banner(title=words.title, level=words.level, text=words.text, path=words.link)


def _last_steps(session: WalledSession, matter: BannerMatter | None) -> list[int]:
    """The last issue and the last withdrawal: no state of the banners has a name twice."""
    if matter is None:
        return []
    last = (
        session.scalar(select(func.max(model.id)).where(model.item_id == matter.id))
        for model in (Issue, Withdrawal)
    )
    return [each or 0 for each in last]


def _last_of(city: Sequence[CityNotice]) -> list[int]:
    """The city's banners that stand, and the last of those that are over."""
    standing = [each.id for each in city if each.state == STANDING]
    return [*standing, max((each.id for each in city if each.state == OVER), default=0)]


def _version(banners: tuple[Banner, ...], steps: list[int]) -> str:
    facts = json.dumps([[asdict(each) for each in banners], steps], sort_keys=True)
    return hashlib.sha256(facts.encode()).hexdigest()[:_VERSION_LENGTH]
