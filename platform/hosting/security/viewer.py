"""Who is signed in, as the console's shell asks it; asked of the database when first needed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from flask import g, url_for

from hosting.console.language import say
from hosting.console.viewer import Visitor, Workplace
from hosting.runtime import web
from hosting.runtime.language import N_
from hosting.security.actor import Actor
from hosting.security.login import signed_in_person
from hosting.security.models import SignIn
from hosting.security.queries import Person
from hosting.security.roles import allows, permission_of


class SecurityViewer:
    """The person behind this request, or a visitor: the shell's Viewer protocol."""

    def __init__(self) -> None:
        self._visitor = Visitor()

    @property
    def person(self) -> Person | None:
        """Who is signed in, or None."""
        return signed_in_person()

    @property
    def signed_in(self) -> bool:
        """Whether somebody is."""
        return self.person is not None

    @property
    def name(self) -> str:
        """The person's name."""
        return self.person.name if self.person else ""

    @property
    def login(self) -> str:
        """The sign-in name."""
        return self.person.login if self.person else ""

    @property
    def language(self) -> str | None:
        """The locale kept with the sign-in, or what a visitor chose."""
        return self.person.sign_in.locale if self.person else self._visitor.language

    @property
    def sign_out_address(self) -> str:
        """Where signing out is posted to."""
        return url_for("security.sign_out") if self.person else ""

    def may(self, permission: str) -> bool:
        """Whether the person holds a permission in the tenant of this page, or in the city."""
        declared = permission_of(web.current_runtime().areas, permission)
        if declared is None or not self.signed_in:
            return False
        is_here = declared.platform == (g.get("tenant") is None)
        return is_here and allows(self._actor, declared)

    def workplaces(self) -> Sequence[Workplace]:
        """The city for its staff, then each tenant."""
        if self.person is None:
            return ()
        city = (Workplace("", say(N_("全市"))),) if self.person.is_city_staff else ()
        return (*city, *(Workplace(tenant.code, tenant.name) for tenant in self.person.tenants))

    def keep_language(self, locale: str) -> None:
        """Keep a locale with the sign-in, in this request's transaction."""
        if self.person is None:
            self._visitor.keep_language(locale)
            return
        web.session().get_one(SignIn, self.person.sign_in.id).locale = locale

    @property
    def _actor(self) -> Actor:
        assert self.person is not None
        return cast("Actor", g.actor) if "actor" in g else self.person.actor()


def current_person() -> Person:
    """Who is signed in, in views that only signed-in people reach."""
    person = signed_in_person()
    assert person is not None
    return person
