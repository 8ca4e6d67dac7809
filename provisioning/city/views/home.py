"""The city's first address."""

from __future__ import annotations

from flask import redirect
from flask.typing import ResponseReturnValue

from hosting.console.admin import ShellView, page
from hosting.console.menus import menu
from hosting.runtime.errors import Forbidden
from hosting.runtime.language import N_
from hosting.security.guards import signed_in_only

_SEE_OTHER = 303


class HomeView(ShellView):
    """Where each of the city's staff begins."""

    @page("/")
    @signed_in_only(reason="sends each of the city's staff to the first page that is theirs")
    def index(self) -> ResponseReturnValue:
        """Go to the first line of this person's menu."""
        first = next((link for section in menu() for link in section.links), None)
        if first is None:
            raise Forbidden("no_city_page", N_("您在全市还没有可办理的事项，请联系安全管理员"))
        return redirect(first.address, _SEE_OTHER)
