"""The roles that people hold, and what each permission asks for.

Which roles carry a permission stands where the permission is declared (Area.permissions); here
stand the roles themselves, what they are called, and the rules between them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations

from hosting.runtime.areas import Area, Permission
from hosting.runtime.language import N_
from hosting.security.actor import Actor

# From the least to the most.
TENANT_ROLES: Mapping[str, str] = {
    "contributor": N_("信息员"),
    "editor": N_("编辑"),
    "first_reviewer": N_("初审"),
    "second_reviewer": N_("审核"),
    "issuer": N_("审发"),
    "tenant_admin": N_("站点管理员"),
}

PLATFORM_ROLES: Mapping[str, str] = {
    "ops": N_("运维"),
    "system_admin": N_("系统管理员"),
    "security_admin": N_("安全管理员"),
    "audit_admin": N_("审计管理员"),
}

# 三员分立, GB/T 22239-2019 8.1.4.2 d: one runs the system, one says who may do what, one watches
# both; no two of them in one person, no power of one in another's hands.
ADMIN_ROLES = frozenset({"system_admin", "security_admin", "audit_admin"})

# Whoever publishes or administers: they sign in with two factors (8.1.4.1 d).
STRONG_ROLES = ADMIN_ROLES | {"issuer", "tenant_admin", "ops"}

LABELS: Mapping[str, str] = {**TENANT_ROLES, **PLATFORM_ROLES}
_RANK = {role: rank for rank, role in enumerate(LABELS)}


def permission_of(areas: Iterable[Area], name: str) -> Permission | None:
    """The declared permission of this name, or None."""
    return next((p for area in areas for p in area.permissions if p.name == name), None)


def allows(actor: Actor, permission: Permission, *, column_path: tuple[int, ...] = ()) -> bool:
    """Whether the actor holds a role that carries the permission, there where it is asked."""
    return any(actor.holds(role, column_path=column_path) for role in permission.roles)


def least_role(permission: Permission) -> str:
    """The role with the least other powers that carries the permission."""
    return min(permission.roles, key=_RANK.__getitem__)


def faults(permissions: Iterable[Permission]) -> list[str]:
    """What is wrong with declared permissions, for whoever composes the platform; [] when right."""
    found: list[str] = []
    seen: set[str] = set()
    for permission in permissions:
        known = PLATFORM_ROLES if permission.platform else TENANT_ROLES
        if unknown := permission.roles - known.keys():
            found.append(f"{permission.name}: no such role here: {', '.join(sorted(unknown))}")
        if not permission.roles:
            found.append(f"{permission.name}: no role carries it")
        if permission.name in seen:
            found.append(f"{permission.name}: declared twice")
        seen.add(permission.name)
    return found


def overlaps(permissions: Iterable[Permission]) -> list[tuple[str, str, str]]:
    """Powers that two of the three administrators share, as (permission, role, role)."""
    return [
        (permission.name, one, other)
        for permission in permissions
        for one, other in combinations(sorted(ADMIN_ROLES & permission.roles), 2)
    ]
