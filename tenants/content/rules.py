"""Who may write what: a grant never widens, neither to other columns nor to others' items."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hosting.runtime.errors import Forbidden
from hosting.runtime.language import N_
from hosting.runtime.session import WalledSession
from hosting.security.actor import PLATFORM_ACTOR, Actor
from tenants.sites.queries import lineages

EDITORS = ("editor", "tenant_admin")
CONTRIBUTOR = "contributor"
WRITERS = (*EDITORS, CONTRIBUTOR)
"""Roles that write; a contributor (信息员) only items of their own."""


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


def _line(lines: Mapping[int, tuple[int, ...]], column_id: int) -> tuple[int, ...]:
    return lines.get(column_id, (column_id,))
