"""Another design for a whole site: on trial, shown, taken back.

One person stages it and another one shows it; the operator of the platform may do both. What is
shown is copied into the site's own row, in the transaction that records the switch of its trees.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hosting.directory.models import Site
from hosting.runtime.clock import now
from hosting.runtime.errors import Conflict, Forbidden
from hosting.runtime.language import N_
from hosting.runtime.session import WalledSession
from hosting.security.actor import PLATFORM_ACTOR, Actor
from tenants.sites.events import DesignLeft, DesignShown, DesignStaged, DesignTakenBack
from tenants.sites.models import LEFT, PAST, SHOWN, STAGED, SiteDesign
from tenants.sites.queries import design, shown_design, staged_design
from tenants.sites.rules import MANAGER
from themes.tokens import read_tokens

SHOWS = "issuer"
"""The role that lets readers see another design."""


@dataclass(frozen=True)
class DesignFacts:
    """What a person wants; "" takes the theme's own. The home page's blocks stay as they are."""

    theme: str
    main: str = ""
    motif: str = ""


def stage_design(
    session: WalledSession, site: Site, *, facts: DesignFacts, by: Actor
) -> SiteDesign:
    """Put a design on trial; one that was on trial before is given up. Flushes.

    Raises Invalid where the theme is unknown or does not go with what is chosen.
    """
    if by is not PLATFORM_ACTOR:
        by.require(MANAGER)
    chosen = {"main": facts.main, "motif": facts.motif}
    read_tokens(facts.theme, {name: value for name, value in chosen.items() if value})
    earlier = staged_design(session, site.id)
    if earlier is not None:
        leave_design(session, earlier, by=by)
        session.flush()
    made = SiteDesign(
        site_id=site.id,
        theme=facts.theme,
        **chosen,
        home=_blocks(site),
        made_by=by.account_id,
        made_name=by.name,
    )
    session.add(made)
    session.flush()
    session.record(DesignStaged(site.tenant_id, site.id, made.id, made.theme), by=by)
    return made


def leave_design(session: WalledSession, wanted: SiteDesign, *, by: Actor) -> None:
    """Give a design on trial up."""
    _require_state(wanted, STAGED)
    wanted.state = LEFT
    session.record(DesignLeft(session.tenant_id, wanted.site_id, wanted.id), by=by)


def may_show(wanted: SiteDesign, *, by: Actor) -> None:
    """Raise Conflict or Forbidden unless this person may let readers see the design."""
    _require_state(wanted, STAGED)
    if by is PLATFORM_ACTOR:
        return
    by.require(SHOWS)
    if by.account_id == wanted.made_by:
        raise Forbidden("own_design", N_("新版网站须由另一人确认切换，不能由提出人自己切换"))


def show_design(
    session: WalledSession, site: Site, *, design_id: int, tree: int, by: Actor
) -> None:
    """Make a design on trial the site's own; `tree` is the one that readers saw until now."""
    wanted = design(session, design_id)
    may_show(wanted, by=by)
    earlier = shown_design(session, site.id) or _as_it_is(session, site)
    earlier.state = PAST
    session.flush()  # a site shows one design at a time
    wanted.earlier_id, wanted.earlier_tree = earlier.id, tree
    _put_on(site, wanted, by)
    session.record(DesignShown(site.tenant_id, site.id, wanted.id, wanted.theme), by=by)


def design_to_take_back(session: WalledSession, site_id: int, *, by: Actor) -> SiteDesign:
    """The shown design, if there is an earlier one and this person may return to it."""
    if by is not PLATFORM_ACTOR:
        by.require(SHOWS)
    shown = shown_design(session, site_id)
    if shown is None or shown.earlier_id is None or shown.earlier_tree is None:
        raise Conflict("no_earlier_design", N_("网站没有切换过版式，无可退回"))
    return shown


def take_back_design(session: WalledSession, site: Site, *, by: Actor) -> None:
    """Make the design that was shown before the site's own again."""
    left = design_to_take_back(session, site.id, by=by)
    assert left.earlier_id is not None
    earlier = design(session, left.earlier_id)
    left.state = PAST
    left.earlier_tree = None
    session.flush()
    _put_on(site, earlier, by)
    session.record(DesignTakenBack(site.tenant_id, site.id, earlier.id, earlier.theme), by=by)


def _put_on(site: Site, wanted: SiteDesign, by: Actor) -> None:
    wanted.state, wanted.shown_at, wanted.shown_name = SHOWN, now(), by.name
    site.theme = wanted.theme
    others = {name: each for name, each in site.tokens.items() if name not in ("main", "motif")}
    site.tokens = {**others, **tokens_of(wanted)}
    site.layout = {**site.layout, "home": wanted.home}


def tokens_of(wanted: SiteDesign) -> dict[str, Any]:
    """What a design sets among the site's tokens."""
    chosen = {"main": wanted.main, "motif": wanted.motif}
    return {name: value for name, value in chosen.items() if value}


def _as_it_is(session: WalledSession, site: Site) -> SiteDesign:
    """The design that the site was opened with, on record from now on."""
    kept = SiteDesign(
        site_id=site.id,
        state=PAST,
        theme=site.theme,
        main=str(site.tokens.get("main", "")),
        motif=str(site.tokens.get("motif", "")),
        home=_blocks(site),
        made_by=PLATFORM_ACTOR.account_id,
        made_name=PLATFORM_ACTOR.name,
    )
    session.add(kept)
    session.flush()
    return kept


def _blocks(site: Site) -> list[Any]:
    return list(site.layout.get("home", []))


def _require_state(wanted: SiteDesign, state: str) -> None:
    if wanted.state != state:
        raise Conflict("design_not_staged", N_("这一版式不在试用中，请重新生成"))
