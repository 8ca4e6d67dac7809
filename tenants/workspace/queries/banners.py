"""The banner of a site as its people see it: what stands, what is on its way, what there was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hosting.runtime.errors import Conflict
from hosting.runtime.language import N_
from hosting.runtime.session import WalledSession
from tenants.content.banners import (
    BannerFacts,
    banner_editions,
    banner_facts_of,
    banner_matter,
)
from tenants.content.models import BannerMatter, Edition
from tenants.review.models import Issue, Withdrawal
from tenants.review.queries import issues_of_item, withdrawals_of_item


@dataclass(frozen=True)
class Stood:
    """An edition that readers have seen, with who issued it and how it came down, if it did."""

    edition: Edition
    issue: Issue
    withdrawal: Withdrawal | None


@dataclass(frozen=True)
class BannerState:
    """A site's banner or days of mourning; `matter` is None where it never had one."""

    matter: BannerMatter | None
    live: Stood | None
    open: Edition | None
    past: Sequence[Stood]

    @property
    def newest(self) -> Edition | None:
        """What a writer goes on with: the edition on its way, else the one readers see."""
        return self.open or (self.live.edition if self.live else None)

    @property
    def facts(self) -> BannerFacts | None:
        """What that says."""
        return banner_facts_of(self.newest) if self.newest else None

    @property
    def digest(self) -> str:
        """Its digest, "" where there is none."""
        return self.newest.digest if self.newest else ""


def banner_state(session: WalledSession, site_id: int, *, is_grey: bool = False) -> BannerState:
    """The banner of a site, or its days of mourning."""
    matter = banner_matter(session, site_id, is_grey=is_grey)
    if matter is None:
        return BannerState(None, None, None, ())
    editions = {each.id: each for each in banner_editions(session, site_id, is_grey=is_grey)}
    stood = _stood(session, matter, editions)
    return BannerState(
        matter,
        next((each for each in stood if each.edition.id == matter.live_edition_id), None),
        editions.get(matter.draft_edition_id) if matter.draft_edition_id else None,
        [each for each in stood if each.edition.id != matter.live_edition_id],
    )


def _stood(
    session: WalledSession, matter: BannerMatter, editions: Mapping[int, Edition]
) -> list[Stood]:
    """All that was issued, the newest first."""
    ended = {each.edition_id: each for each in withdrawals_of_item(session, matter.id)}
    return [
        Stood(editions[each.edition_id], each, ended.get(each.edition_id))
        for each in issues_of_item(session, matter.id)
    ]


def standing_banner(session: WalledSession, site_id: int, *, is_grey: bool = False) -> Stood:
    """The one that readers see; Conflict where there is none."""
    state = banner_state(session, site_id, is_grey=is_grey)
    if state.live is None:
        raise Conflict("not_public", N_("当前没有正在显示的横幅或灰度"))
    return state.live
