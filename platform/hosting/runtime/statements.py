"""Which statements may run in a tenant's session: those that its criteria reach, whole (law 1).

The criteria are added to mapped classes. Whatever else a statement could read or call is refused
here: bare tables, SQL text in any of its places, functions that we do not know to be harmless.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import cache
from typing import Any, cast

from sqlalchemy import Column, Executable, Table, TableClause, TextClause
from sqlalchemy.orm import ORMExecuteState
from sqlalchemy.orm.context import FromStatement
from sqlalchemy.sql import visitors
from sqlalchemy.sql.cache_key import HasCacheKey
from sqlalchemy.sql.elements import BinaryExpression, ColumnClause, UnaryExpression
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import custom_op
from sqlalchemy.sql.selectable import AliasedReturnsRows
from sqlalchemy.sql.visitors import ExternallyTraversible

STAMPED = "stamped"
_STAMP = object()

_OWNERS = frozenset({"tenant_id", "for_tenant_id"})
_TEXT_PLACES = ("_prefixes", "_suffixes", "_hints", "_statement_hints")

_harmless: set[object] = set()
_MOST_KEPT = 2_000

FUNCTIONS = frozenset(
    {"avg", "coalesce", "count", "date", "length", "lower", "max", "min", "row_number", "sum"}
)
"""What a tenant's statement may call. Others change what the database was told, or run SQL."""


class WallBreach(Exception):
    """Code tried to reach around the tenant wall: a defect of ours, never a user's mistake."""


def stamped() -> dict[str, Any]:
    """The execution options of an insert whose rows were checked one by one."""
    return {STAMPED: _STAMP}


def refuse_what_leaks(state: ORMExecuteState, fenced: Executable) -> None:
    """Raise WallBreach for the forms of statement that loader criteria do not reach.

    `fenced` is the statement with its criteria, as it is going to run.
    """
    if not state.is_orm_statement:
        raise WallBreach("only statements on mapped classes may run in a tenant's session")
    if isinstance(state.statement, FromStatement):
        raise WallBreach("a statement of its own is not fenced")
    _look_at_once(state.statement, fenced)
    if state.is_insert and state.execution_options.get(STAMPED) is not _STAMP:
        raise WallBreach("bulk inserts go through insert_many()")
    if state.is_update:
        if isinstance(state.parameters, list | tuple):
            raise WallBreach("bulk updates by primary key are not fenced")
        values = getattr(state.statement, "_values", None) or {}
        if any(getattr(key, "key", key) in _OWNERS for key in values):
            raise WallBreach("whose a row is is never changed")


def _look_at_once(statement: Executable, fenced: Executable) -> None:
    """Look at a statement's parts unless one of the same parts was looked at before.

    The key is SQLAlchemy's own, by which it keeps the compiled text: it tells apart whatever is
    written differently, and is needed anyway a moment later. Values are no part of it.
    """
    made = cast("HasCacheKey", fenced)._generate_cache_key()  # noqa: SLF001 - the compiler's
    if made is None:
        _refuse_bare_tables(statement)
    elif made.key not in _harmless:
        _refuse_bare_tables(statement)
        if len(_harmless) >= _MOST_KEPT:
            _harmless.clear()
        _harmless.add(made.key)


def _refuse_bare_tables(statement: Executable) -> None:
    """Refuse a statement that takes a tenant's table in beside mapped classes, however deep.

    What belongs to a mapped class is marked so by SQLAlchemy; the table alone is not, and no
    criterion is added to it. Text is refused on the way. Costs 40 to 200 microseconds.
    """
    met: set[str] = set()
    read: set[str] = set()
    fenced: set[str] = set()
    beneath: set[str] = set()
    for element in visitors.iterate(cast("ExternallyTraversible", statement)):
        if (refuse := _refusing(cast("Hashable", type(element)))) is not None:
            refuse(element)
            continue
        source = element.table if isinstance(element, Column) else element
        table = source
        if isinstance(source, AliasedReturnsRows):
            _refuse_places(source)
            table = source.element
        if not isinstance(table, Table) or not _has_owner(table):
            continue
        name = str(cast("Any", source).name)
        if "parententity" in element._annotations:  # noqa: SLF001 - there is no other mark
            fenced.add(name)
            beneath.add(table.name)
        else:
            (read if isinstance(element, Column) else met).add(name)
    # The table beneath an alias or a mapped column is met bare as well; its columns are not read.
    if unfenced := (read - fenced) | (met - fenced - beneath):
        raise WallBreach(f"the bare table {min(unfenced)} is not fenced")


def _has_owner(table: Table) -> bool:
    columns = table.c
    return "tenant_id" in columns or "for_tenant_id" in columns


@cache
def _refusing(kind: Hashable) -> Callable[[Any], None] | None:
    """What looks at an element of this kind for text; None where it may be a walled table."""
    assert isinstance(kind, type)
    if issubclass(kind, Column | Table | AliasedReturnsRows):
        return None
    if issubclass(kind, FunctionElement):
        return _refuse_function
    if issubclass(kind, ColumnClause | TextClause | TableClause):
        return _refuse_literal
    if issubclass(kind, BinaryExpression | UnaryExpression):
        return _refuse_operator
    return _refuse_places if _places(cast("Hashable", kind)) else _let_pass


@cache
def _places(kind: Hashable) -> tuple[str, ...]:
    """Where an element of this kind may carry text beside its own parts."""
    return tuple(place for place in _TEXT_PLACES if hasattr(kind, place))


def _let_pass(_element: Any) -> None:
    return


def _refuse_function(element: Any) -> None:
    if (name := str(getattr(element, "name", "")).lower()) not in FUNCTIONS:
        raise WallBreach(f"the function {name} is not called in a tenant's session")


def _refuse_literal(element: Any) -> None:
    is_star = isinstance(element, ColumnClause) and element.name == "*"
    if getattr(element, "is_literal", True) and not is_star:
        raise WallBreach("SQL text is not fenced")


def _refuse_operator(element: Any) -> None:
    if isinstance(element.operator, custom_op):
        raise WallBreach("an operator of its own is SQL text and not fenced")


def _refuse_places(element: Any) -> None:
    if any(getattr(element, place) for place in _places(cast("Hashable", type(element)))):
        raise WallBreach("hints, prefixes and suffixes are SQL text and not fenced")
