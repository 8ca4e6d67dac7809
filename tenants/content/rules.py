"""Who may write what: a grant never widens, neither to other columns nor to others' items."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hosting.runtime.errors import Forbidden
from hosting.runtime.language import N_
from hosting.runtime.session import WalledSession
from hosting.security.actor import PLATFORM_ACTOR, Actor
from tenants.content.models import BannerMatter, ColumnMatter, Matter
from tenants.sites.queries import lineages
from tenants.sites.rules import MANAGER, check_manager

EDITORS = ("editor", "tenant_admin")
CONTRIBUTOR = "contributor"
WRITERS = (*EDITORS, CONTRIBUTOR)
"""Roles that write; a contributor (信息员) only items of their own."""


@dataclass(frozen=True)
class Reach:
    """Which items a person sees: those in these columns (None: in all), and those they began."""

    column_ids: frozenset[int] | None = None
    created_by: int | None = None

    def covers(self, column_id: int | None, created_by: int) -> bool:
        """Whether what stands in a column (None: on the whole site) is among them."""
        if self.column_ids is None or column_id in self.column_ids:
            return True
        return created_by == self.created_by


EVERYTHING = Reach()


def reach_of(session: WalledSession, by: Actor, role: str = "") -> Reach:
    """What a person sees: contributors their own, others the columns their roles are for.

    With a role, only what that role is for.
    """
    roles = by.roles.intersection({role} if role else by.roles - {CONTRIBUTOR})
    if any(role not in by.columns for role in roles):
        return EVERYTHING
    tops = frozenset[int]().union(*(by.columns[role] for role in roles))
    lines = lineages(session) if tops else {}
    below = frozenset(each for each, line in lines.items() if not tops.isdisjoint(line))
    return Reach(below, by.account_id)


def may_write(by: Actor, column_path: tuple[int, ...], *, created_by: int | None = None) -> bool:
    """Whether the person writes in a column, into an item that `created_by` began.

    `column_path` are the ids from the top of the tree to the column; None began a new item.
    """
    if by == PLATFORM_ACTOR or any(by.holds(role, column_path=column_path) for role in EDITORS):
        return True
    is_own = created_by in (None, by.account_id)
    return is_own and by.holds(CONTRIBUTOR, column_path=column_path)


def check_writer(
    session: WalledSession, by: Actor, column_ids: Iterable[int], *, created_by: int | None = None
) -> None:
    """Raise Forbidden unless the person writes in all of these columns; see `may_write`."""
    lines = lineages(session) if by.columns else {}
    if all(may_write(by, _line(lines, each), created_by=created_by) for each in column_ids):
        return
    if not by.roles.intersection(WRITERS):
        by.require(WRITERS[0])
    if not by.roles.intersection(EDITORS) and created_by not in (None, by.account_id):
        raise Forbidden("not_own_item", N_("信息员只能办理本人撰写的稿件"))
    raise Forbidden("column_not_yours", N_("这个栏目不在您的职责范围内，请改选其他栏目"))


WHOLE_SITE = (0,)
"""The line of what stands in no column: whoever is confined to columns has nothing in it."""


def check_banner_writer(by: Actor) -> None:
    """Raise Forbidden unless the person writes for the whole site."""
    if not by.roles.intersection(EDITORS):
        by.require(EDITORS[0])
    if not may_write(by, WHOLE_SITE):
        raise Forbidden("whole_site_not_yours", N_("横幅面向全站，请由负责全站的人员办理"))


def check_author(session: WalledSession, written: Matter, column_id: int, by: Actor) -> None:
    """Raise Forbidden unless the person may write this: an item, a column's words, a banner."""
    if isinstance(written, BannerMatter):
        check_banner_writer(by)
    elif isinstance(written, ColumnMatter):
        by.require(MANAGER)
        check_manager(session, by, column_id)
    else:
        check_writer(session, by, (column_id,), created_by=written.created_by)


def _line(lines: Mapping[int, tuple[int, ...]], column_id: int) -> tuple[int, ...]:
    return lines.get(column_id, (column_id,))
