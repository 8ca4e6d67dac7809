"""Who acts: what operations get as `by`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hosting.runtime.errors import Forbidden
from hosting.runtime.language import N_


@dataclass(frozen=True)
class Actor:
    """A person at work in one tenant (or on the platform), with the roles they hold there.

    `columns` names the columns to which a role is confined; a role that is not in it holds in the
    whole tenant.
    """

    account_id: int
    name: str
    roles: frozenset[str] = frozenset()
    columns: Mapping[str, frozenset[int]] = field(default_factory=dict, hash=False)

    def require(self, role: str) -> None:
        """Raise Forbidden unless the person holds the role here."""
        if role not in self.roles:
            raise Forbidden("role_missing", N_("您没有这项职责，请联系平台安全管理员"), role=role)

    def holds(self, role: str, *, column_path: tuple[int, ...] = ()) -> bool:
        """Whether the person holds the role here.

        `column_path` are the ids of a column and of those above it: then a role that is confined
        to columns counts only where one of its columns is among them.
        """
        if role not in self.roles:
            return False
        confined = self.columns.get(role)
        return confined is None or not column_path or not confined.isdisjoint(column_path)


PLATFORM_ACTOR = Actor(0, "平台", frozenset())
"""The platform itself, where no person acts: the timetable, a recovery."""
