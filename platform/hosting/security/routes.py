"""Every route of the platform and who may use it, as `jiyue routes` lists them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from flask import Flask
from werkzeug.routing import Rule

from hosting.runtime.areas import Area
from hosting.runtime.guards import Guard, guard_of
from hosting.security.guards import TENANT_RULE
from hosting.security.roles import least_role, permission_of

_READING = frozenset({"GET", "HEAD", "OPTIONS"})
OPEN = "public"
SIGNED_IN = "signed in"


@dataclass(frozen=True)
class Route:
    """One rule; `least_role` is "public" or "signed in" where no permission is asked for.

    `tenant_bound`: the path (console) or the host (elsewhere) decides the tenant.
    """

    application: str
    rule: str
    methods: tuple[str, ...]
    endpoint: str
    least_role: str
    permission: str
    reason: str
    tenant_bound: bool
    writes: bool


def routes(applications: Mapping[str, Flask], areas: Iterable[Area]) -> list[Route]:
    """All routes of all applications, in the order of their paths."""
    areas = tuple(areas)
    found = (
        _route(name, app, rule, areas)
        for name, app in applications.items()
        for rule in app.url_map.iter_rules()
    )
    return sorted(found, key=lambda route: (route.application, route.rule, route.methods))


def _route(name: str, app: Flask, rule: Rule, areas: tuple[Area, ...]) -> Route:
    methods = tuple(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
    guard = guard_of(app.view_functions[rule.endpoint]) or Guard()
    return Route(
        application=name,
        rule=rule.rule,
        methods=methods,
        endpoint=rule.endpoint,
        least_role=_least_role(guard, areas),
        permission=guard.permission or "",
        reason=guard.reason,
        tenant_bound=name != "console" or rule.rule.startswith(TENANT_RULE),
        writes=not _READING.issuperset(methods),
    )


def _least_role(guard: Guard, areas: tuple[Area, ...]) -> str:
    if guard.permission is None:
        return OPEN if guard.is_open else SIGNED_IN
    declared = permission_of(areas, guard.permission)
    return least_role(declared) if declared else "nobody"


def as_lines(found: Iterable[Route]) -> Iterator[str]:
    """One line a route, for people."""
    for route in found:
        methods = "/".join(route.methods)
        yield f"{route.application:8} {methods:9} {route.rule:64} {route.least_role}"
