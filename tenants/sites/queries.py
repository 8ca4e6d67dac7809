"""Reads of the column tree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import func, select

from hosting.directory.models import Site
from hosting.runtime.errors import NotFound
from hosting.runtime.language import N_
from hosting.runtime.session import WalledSession
from tenants.sites.models import (
    CLOSED,
    OPEN,
    SHOWN,
    STAGED,
    STANDING,
    CityNotice,
    Column,
    SiteDesign,
)


def column(session: WalledSession, column_id: int) -> Column:
    """One column; NotFound for a missing one and a foreign one alike."""
    found = session.scalars(select(Column).where(Column.id == column_id)).first()
    if found is None:
        raise NotFound("no_such_column", N_("没有找到这个栏目"))
    return found


def columns_of(session: WalledSession, site_id: int) -> Sequence[Column]:
    """All columns of a site, planned ones too: level by level, each in the editors' order."""
    return session.scalars(
        select(Column)
        .where(Column.site_id == site_id, Column.state != CLOSED)
        .order_by(Column.depth, Column.position, Column.id)
    ).all()


def not_open(session: WalledSession, column_ids: Iterable[int]) -> set[int]:
    """Those of the columns that readers do not see."""
    return set(
        session.scalars(
            select(Column.id).where(Column.id.in_(set(column_ids)), Column.state != OPEN)
        )
    )


def column_at(session: WalledSession, site_id: int, path: str) -> Column:
    """The column at a public path ("/zwgk/tzgg/", slashes at the ends optional), else NotFound."""
    wanted = f"/{path.strip('/')}/"
    found = session.scalars(
        select(Column).where(Column.site_id == site_id, Column.path == wanted)
    ).first()
    if found is None:
        raise NotFound("no_such_column", N_("没有路径为“{path}”的栏目"), path=path)
    return found


def children_of(session: WalledSession, column_id: int) -> Sequence[Column]:
    """The columns directly below one, planned ones too, in the editors' order."""
    return session.scalars(
        select(Column)
        .where(Column.parent_id == column_id, Column.state != CLOSED)
        .order_by(Column.position, Column.id)
    ).all()


def siblings_of(session: WalledSession, node: Column) -> list[Column]:
    """The columns beside one, itself among them, planned ones too, in the editors' order."""
    if node.parent_id is not None:
        return list(children_of(session, node.parent_id))
    return [each for each in columns_of(session, node.site_id) if each.parent_id is None]


def descendants_of(session: WalledSession, top: Column) -> Sequence[Column]:
    """All columns below one, parents before children."""
    return session.scalars(
        select(Column)
        .where(
            Column.site_id == top.site_id,
            Column.path.startswith(top.path, autoescape=True),
            Column.id != top.id,
        )
        .order_by(Column.depth, Column.position, Column.id)
    ).all()


def next_position(session: WalledSession, site_id: int, parent_id: int | None) -> int:
    """The place behind the last child."""
    last = session.scalar(
        select(func.max(Column.position)).where(
            Column.site_id == site_id,
            Column.parent_id == parent_id if parent_id is not None else Column.parent_id.is_(None),
        )
    )
    return 0 if last is None else last + 1


def lineages(session: WalledSession) -> dict[int, tuple[int, ...]]:
    """Of each of the tenant's columns, the ids from the top of its tree down to itself."""
    rows = session.execute(select(Column.id, Column.parent_id).order_by(Column.depth))
    lines: dict[int, tuple[int, ...]] = {}
    for column_id, parent_id in rows:
        above = () if parent_id is None else lines[parent_id]
        lines[column_id] = (*above, column_id)
    return lines


def trail(by_id: Mapping[int, Column], column_id: int) -> list[Column]:
    """From the top of the tree to this column, out of all columns of its site by id."""
    path: list[Column] = []
    step: int | None = column_id
    while step is not None:
        path.insert(0, by_id[step])
        step = by_id[step].parent_id
    return path


def site_of(session: WalledSession, site_id: int) -> Site:
    """One site of the tenant; NotFound for a missing one and a foreign one alike."""
    site = session.scalars(select(Site).where(Site.id == site_id)).first()
    if site is None:
        raise NotFound("no_such_site", N_("没有找到这个网站"))
    return site


def design(session: WalledSession, design_id: int) -> SiteDesign:
    """One design; NotFound for a missing one and a foreign one alike."""
    found = session.scalars(select(SiteDesign).where(SiteDesign.id == design_id)).first()
    if found is None:
        raise NotFound("no_such_design", N_("没有找到这个版式"))
    return found


def designs_of(session: WalledSession, site_id: int) -> Sequence[SiteDesign]:
    """All designs of a site, the newest first."""
    return session.scalars(
        select(SiteDesign).where(SiteDesign.site_id == site_id).order_by(SiteDesign.id.desc())
    ).all()


def staged_design(session: WalledSession, site_id: int) -> SiteDesign | None:
    """The design on trial."""
    return _in_state(session, site_id, STAGED)


def shown_design(session: WalledSession, site_id: int) -> SiteDesign | None:
    """The design that readers see; None where the site was never redesigned."""
    return _in_state(session, site_id, SHOWN)


def _in_state(session: WalledSession, site_id: int, state: str) -> SiteDesign | None:
    return session.scalars(
        select(SiteDesign).where(SiteDesign.site_id == site_id, SiteDesign.state == state)
    ).first()


def begun_notices(session: WalledSession, tenant_id: int) -> list[CityNotice]:
    """All that the city has ever put over a tenant's sites, the newest first."""
    rows = session.scalars(
        select(CityNotice).where(CityNotice.begun_at.is_not(None)).order_by(CityNotice.id.desc())
    )
    return [each for each in rows if each.covers(tenant_id)]


def standing_notices(session: WalledSession, tenant_id: int) -> list[CityNotice]:
    """Those of them that stand there now."""
    return [each for each in begun_notices(session, tenant_id) if each.state == STANDING]
