"""How a view says who may use it; a view that says nothing is refused. Security enforces it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Guard:
    """Who may use a view: whoever has the permission; else everybody signed in, or everybody.

    `reason` says why a view without a permission needs none. `needs_proof`: only whoever has
    proved a short while ago who they are; others are asked to first.
    """

    permission: str | None = None
    is_open: bool = False
    reason: str = ""
    needs_proof: bool = False


def guarded(permission: str, *, needs_proof: bool = False) -> Callable[[View], View]:
    """Only whoever has this permission, in the tenant of the path or on the platform."""
    return _marked(Guard(permission=permission, needs_proof=needs_proof))


def signed_in_only(reason: str, *, needs_proof: bool = False) -> Callable[[View], View]:
    """Everybody who is signed in."""
    return _marked(Guard(reason=reason, needs_proof=needs_proof))


def open_to_all(reason: str) -> Callable[[View], View]:
    """Everybody, signed in or not."""
    return _marked(Guard(is_open=True, reason=reason))


def guard_of(view: Callable[..., Any]) -> Guard | None:
    """The guard a view declares, or None."""
    return getattr(view, "guard", None)


def _marked(guard: Guard) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.guard = guard  # type: ignore[attr-defined]  # functions take attributes
        return view

    return mark
