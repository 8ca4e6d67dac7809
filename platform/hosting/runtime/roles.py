"""A role of the database that could walk around the walls is refused at its first connection.

Row-level security stops neither a superuser nor who has BYPASSRLS, and an owner can take it away.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from psycopg import Connection
from psycopg.rows import dict_row

from hosting.runtime.errors import Unavailable
from hosting.runtime.language import N_

# Of all roles that this one can act as: it may become any of them by SET ROLE. The role that signed
# in counts, since RESET ROLE leads back to it. Predefined roles read files or all tables.
_POWERS = """
SELECT session_user AS role,
       bool_or(rolsuper) AS superuser,
       bool_or(rolbypassrls) AS bypassrls,
       bool_or(rolcreaterole) AS createrole,
       bool_or(rolname LIKE 'pg\\_%') AS predefined,
       EXISTS (SELECT FROM pg_class
               WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')
                 AND pg_has_role(session_user, relowner, 'MEMBER')) AS owner,
       EXISTS (SELECT FROM pg_policy, unnest(polroles) AS allowed
               WHERE polname = 'platform_door' AND allowed <> 0
                 AND pg_has_role(session_user, allowed, 'MEMBER')) AS platform
FROM pg_roles
WHERE pg_has_role(session_user, oid, 'MEMBER')
"""

_SAID = {
    "superuser": N_("数据库角色“{role}”是超级用户"),
    "bypassrls": N_("数据库角色“{role}”可以绕过行级安全（BYPASSRLS）"),
    "createrole": N_("数据库角色“{role}”可以建立角色（CREATEROLE）"),
    "owner": N_("数据库角色“{role}”拥有或可以冒用数据表属主"),
    "predefined": N_("数据库角色“{role}”属于 PostgreSQL 预定义角色"),
    "platform": N_("租户连接所用的数据库角色“{role}”可以看到所有租户"),
}


def check_role(*, sees_all: bool) -> Callable[[Any, Any], None]:
    """A listener that closes a new connection and raises Unavailable where its role is too strong.

    Only the platform's role may see all tenants.
    """

    def check(connection: Connection[Any], _entry: object) -> None:
        with connection.cursor(row_factory=dict_row) as cursor:
            powers = cursor.execute(_POWERS).fetchone()
        connection.rollback()
        if powers is not None and (power := _excess(powers, sees_all=sees_all)):
            connection.close()
            raise Unavailable(f"database_role_{power}", _SAID[power], role=powers["role"])

    return check


def _excess(powers: Mapping[str, Any], *, sees_all: bool) -> str:
    """The first power that a role must not have, or ""."""
    forbidden = [power for power in _SAID if not (sees_all and power == "platform")]
    return next((power for power in forbidden if powers[power]), "")
