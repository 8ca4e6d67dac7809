"""Who looks at a page, as far as the shell needs to know.

The shell stands below security and never imports it: security sets `g.viewer` before each request,
and without one the page is shown to a visitor who may do nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, cast

from flask import g, session

_LANGUAGE = "language"


@dataclass(frozen=True)
class Workplace:
    """Somewhere a person works: a tenant, or the city when `code` is empty."""

    code: str
    name: str

    @property
    def address(self) -> str:
        """The path of its first page."""
        return f"/t/{self.code}/" if self.code else "/city/"


class Viewer(Protocol):
    """What security tells the shell about the person; it may be asked often, so it queries once."""

    @property
    def signed_in(self) -> bool:
        """Whether there is a session; everything but sign-in needs one."""

    @property
    def name(self) -> str:
        """The name that is shown, such as 李晓芸."""

    @property
    def login(self) -> str:
        """The sign-in name."""

    @property
    def language(self) -> str | None:
        """The locale this person chose, one of hosting.runtime.language.LOCALES."""

    @property
    def sign_out_address(self) -> str:
        """The path that ends the session when it is posted to."""

    def may(self, permission: str) -> bool:
        """Whether this person holds the permission here: in `g.tenant`, or in the city."""

    def workplaces(self) -> Sequence[Workplace]:
        """Where this person may go, in the order to show; with one there is no switcher."""

    def keep_language(self, locale: str) -> None:
        """Keep the chosen locale with the account's session; called in a POST's transaction."""


class Visitor:
    """Somebody who has not signed in; the language choice stays in the form cookie."""

    signed_in = False
    name = ""
    login = ""
    sign_out_address = ""

    @property
    def language(self) -> str | None:
        """The locale chosen on the sign-in page."""
        return cast("str | None", session.get(_LANGUAGE))

    def may(self, permission: str) -> bool:
        """Nothing."""
        return False

    def workplaces(self) -> Sequence[Workplace]:
        """Nowhere."""
        return ()

    def keep_language(self, locale: str) -> None:
        """Keep the choice until the browser is closed."""
        session[_LANGUAGE] = locale


def current_viewer() -> Viewer:
    """The person whose request this is; a visitor until security has said otherwise."""
    viewer = g.get("viewer")
    return Visitor() if viewer is None else cast("Viewer", viewer)
