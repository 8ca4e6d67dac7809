"""The three classes of table and the column types they share (law 1).

*tenant* tables are walled, *platform* tables belong to no tenant, *ledger* tables are read across
tenants by hosting alone, in platform sessions; a tenant's session sees its own rows of them. What
the two roles of the database may do with a table stands at its class (`schema.py` grants it).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Date,
    DateTime,
    Dialect,
    ForeignKeyConstraint,
    MetaData,
    String,
    TypeDecorator,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from hosting.runtime.ids import new_id

PLATFORM_ID = 0
"""Stands in `for_tenant_id` where a ledger row belongs to the platform itself."""

ALL_RIGHTS = "SELECT, INSERT, UPDATE, DELETE"
READ, INSERT = "SELECT", "INSERT"
ADD, KEEP = "SELECT, INSERT", "SELECT, INSERT, UPDATE"

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """An aware instant, stored in UTC; naive values are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; SQLite has no zones, so there the zone is left off."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime is not an instant")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database, aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Json = JSON().with_variant(JSONB(), "postgresql")
"""Structured facts; never queried by content."""


@dataclass(frozen=True)
class Fence:
    """What the database itself holds to beside the rights and the wall of a table's class.

    The statements are run each time the schema is brought up to date; {tenant} and {platform} stand
    for the quoted names of PostgreSQL's two roles.
    """

    sqlite: tuple[str, ...] = ()
    postgresql: tuple[str, ...] = ()


class Base(DeclarativeBase):
    """Root of all mapped classes; constraint names are predictable."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        int: BigInteger,
        datetime: Instant,
        date: Date,
        bool: Boolean,
        str: String,
        dict[str, Any]: Json,
        list[str]: Json,
        list[int]: Json,
        list[list[Any]]: Json,
        list[dict[str, Any]]: Json,
        list[Any]: Json,
    }
    wall: ClassVar[str] = ""
    # What is not said to be needed is not granted: a new table is closed to the tenant role.
    tenant_rights: ClassVar[str] = ""
    platform_rights: ClassVar[str] = ALL_RIGHTS
    fence: ClassVar[Fence | None] = None


class TenantRecord(Base):
    """A row of one tenant; every key begins with `tenant_id`."""

    __abstract__ = True
    wall = "tenant"
    tenant_rights = ALL_RIGHTS

    @declared_attr
    def tenant_id(cls) -> Mapped[int]:  # noqa: N805 - declared_attr passes the class
        """Whose row it is; stamped by the session, never changed."""
        return mapped_column(BigInteger, primary_key=True, autoincrement=False, sort_order=-20)

    @declared_attr
    def id(cls) -> Mapped[int]:  # noqa: N805 - declared_attr passes the class
        """Unique over the platform."""
        return mapped_column(
            BigInteger, primary_key=True, autoincrement=False, default=new_id, sort_order=-10
        )


class PlatformRecord(Base):
    """A row that belongs to no tenant."""

    __abstract__ = True
    wall = "platform"

    id: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, autoincrement=False, default=new_id, sort_order=-10
    )


class LedgerRecord(Base):
    """A row that the platform reads across tenants; only hosting reaches it.

    Other sessions have the rows of their tenant alone, and those of nobody the platform's own.
    """

    __abstract__ = True
    wall = "ledger"
    # Whether nobody's session reads all: who somebody is comes before the tenant they enter.
    nobody_reads_all: ClassVar[bool] = False

    id: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, autoincrement=False, default=new_id, sort_order=-20
    )
    for_tenant_id: Mapped[int] = mapped_column(default=PLATFORM_ID, index=True, sort_order=-10)


def tenant_reference(column: str, table: str) -> ForeignKeyConstraint:
    """A foreign key between tenant tables: composite, so that it cannot cross tenants.

    Deferred to the commit, so that rows may be written in any order.
    """
    return ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{table}.tenant_id", f"{table}.id"],
        deferrable=True,
        initially="DEFERRED",
    )
