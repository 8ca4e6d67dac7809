"""Editions of a site's banner: written, signed, timed and kept like an item (DESIGN.md 5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from hosting.directory.models import Site
from hosting.runtime.clock import now
from hosting.runtime.errors import Conflict, Invalid, Problem
from hosting.runtime.ids import new_id
from hosting.runtime.language import N_
from hosting.runtime.session import WalledSession
from hosting.security.actor import Actor
from tenants.content.facts import banner_digest
from tenants.content.models import (
    DRAFT,
    BannerMatter,
    Edition,
    banner_matter_path,
    greyscale_matter_path,
)
from tenants.content.queries import editions_of
from tenants.content.rules import check_banner_writer
from tenants.content.versions import add_first, add_next
from tenants.sites.banners import GREY, BannerWords, problems_of
from tenants.sites.models import OPEN
from tenants.sites.queries import columns_of


@dataclass(frozen=True)
class BannerFacts:
    """A banner and when it stands: from a time on (None: when it is issued), until another."""

    words: BannerWords
    publish_at: datetime | None = None
    withdraw_at: datetime | None = None


def words_of(said: Edition) -> BannerWords:
    """What an edition of a banner says."""
    return BannerWords(title=said.title, **(said.banner_facts or {}))


def banner_facts_of(said: Edition) -> BannerFacts:
    """What an edition of a banner says, and when."""
    return BannerFacts(words_of(said), said.publish_at, said.withdraw_at)


def banner_matter(
    session: WalledSession, site_id: int, *, is_grey: bool = False
) -> BannerMatter | None:
    """A site's banner, or its days of mourning; None where it never had one."""
    path = _path(site_id, is_grey=is_grey)
    # The site as well: by both an index finds it among a hundred thousand items.
    wanted = (BannerMatter.site_id == site_id, BannerMatter.path == path)
    return session.scalars(select(BannerMatter).where(*wanted)).first()


def banner_editions(
    session: WalledSession, site_id: int, *, is_grey: bool = False
) -> Sequence[Edition]:
    """All editions of a site's banner, or its days of mourning, the newest first."""
    known = banner_matter(session, site_id, is_grey=is_grey)
    return editions_of(session, known.id) if known else ()


def _path(site_id: int, *, is_grey: bool) -> str:
    return greyscale_matter_path(site_id) if is_grey else banner_matter_path(site_id)


def propose_banner(
    session: WalledSession,
    site: Site,
    *,
    facts: BannerFacts,
    expected_digest: str | None = None,
    by: Actor,
) -> Edition:
    """Write a site's banner, or that it be grey; what readers see stays until it was signed.

    As with an item, an edition that waits in review is sent back, and saving what is there changes
    nothing; `expected_digest` is that of the edition the writer began with ("" where there was
    none; None: not checked). Invalid lists all that is wrong; a banner must name its end, since
    what has no end is forgotten. Forbidden for whoever doesn't write for the whole site. Records
    ItemCreated or EditionSaved.
    """
    check_banner_writer(by)
    if problems := [*problems_of(facts.words), *_wrong_times(facts)]:
        raise Invalid("wrong_banner", N_("横幅有误，未保存："), problems=problems)
    known = banner_matter(session, site.id, is_grey=facts.words.level == GREY)
    if known is None:
        return _first_edition(session, site, facts, by)
    draft = _edition(known.column_id, facts, by)
    return add_next(session, known, draft, expected_digest, by=by)


def _wrong_times(facts: BannerFacts) -> list[Problem]:
    begins, ends = facts.publish_at, facts.withdraw_at
    if ends is None:
        return [Problem("withdraw_at", "end_missing", N_("请填写结束时间；事情未了可以再延长"))]
    if ends <= (begins or now()):
        message = N_("结束时间应晚于开始时间和现在")
        return [Problem("withdraw_at", "withdrawn_before_published", message)]
    wrong = [name for name in ("publish_at", "withdraw_at") if _is_far(getattr(facts, name))]
    return [Problem(name, "wrong_year", N_("年份应在 1900 至 2999 之间")) for name in wrong]


def _is_far(when: datetime | None) -> bool:
    return when is not None and when.year not in range(1900, 3000)


def _first_edition(session: WalledSession, site: Site, facts: BannerFacts, by: Actor) -> Edition:
    draft = _edition(_first_column(session, site.id), facts, by)
    made = BannerMatter(
        id=new_id(),
        site_id=site.id,
        column_id=draft.column_id,
        path=_path(site.id, is_grey=facts.words.level == GREY),
        created_at=now(),
        created_by=by.account_id,
    )
    return add_first(session, made, draft, by=by)


def _first_column(session: WalledSession, site_id: int) -> int:
    """Every matter is kept at a column; a banner, that stands in none, at the site's first."""
    column = next((each for each in columns_of(session, site_id) if each.state == OPEN), None)
    if column is None:
        raise Conflict("no_columns", N_("网站还没有栏目，请先建立栏目"))
    return column.id


def _edition(column_id: int, facts: BannerFacts, by: Actor) -> Edition:
    words = facts.words
    said = {"text": words.text.strip(), "link": words.link, "level": words.level}
    title = words.title.strip()
    return Edition(
        id=new_id(),
        state=DRAFT,
        column_id=column_id,
        title=title,
        banner_facts=said,
        publish_at=facts.publish_at,
        withdraw_at=facts.withdraw_at,
        digest=banner_digest(title, said, facts.publish_at, facts.withdraw_at),
        written_by=[by.account_id],
        written_at=now(),
    )
