"""What an account may do: roles granted and ended."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from hosting.console.admin import ShellView, page
from hosting.console.language import say
from hosting.directory.queries import foreign_languages, tenants
from hosting.runtime import web
from hosting.runtime.language import N_
from hosting.security import operations
from hosting.security.account_queries import account, membership
from hosting.security.guards import current_actor, guarded
from hosting.security.roles import LABELS
from provisioning.city.forms.accounts import (
    CITY,
    PlaceForm,
    RoleForm,
    SureForm,
    place_id,
    places,
)
from provisioning.city.presenters.accounts import role_line
from provisioning.city.queries.accounts import account_state, tree_of

_SEE_OTHER = 303


class RolesView(ShellView):
    """The roles of one account."""

    @page("/")
    @guarded("accounts.manage", needs_proof=True)
    def index(self, account_id: int) -> ResponseReturnValue:
        """First where, then what."""
        place = self._place()
        return self._ask(
            account_id, self._form(account_id, place, is_empty=True) if place else None
        )

    @page("/", "POST")
    @guarded("accounts.manage")
    def grant(self, account_id: int) -> ResponseReturnValue:
        """Let the account hold a role in the place that the address names."""
        form = self._form(account_id, self._place() or CITY, is_empty=False)

        def write() -> ResponseReturnValue:
            found = account(web.session(), account_id)
            facts = form.facts(web.current_runtime().settings.zone)
            operations.grant_role(web.session(), found, facts=facts, by=current_actor())
            role = say(LABELS[facts.role])
            flash(say(N_("已授予“{name}”{role}职责"), name=found.name, role=role), "good")
            return self._back(account_id)

        return self.save(form, write, lambda: self._ask(account_id, form))

    @page("/<id:membership_id>/end")
    @guarded("accounts.manage", needs_proof=True)
    def ending(self, account_id: int, membership_id: int) -> ResponseReturnValue:
        """Ask before a role is taken away."""
        return self._ask_ending(account_id, membership_id, SureForm(formdata=None))

    @page("/<id:membership_id>/end", "POST")
    @guarded("accounts.manage")
    def end(self, account_id: int, membership_id: int) -> ResponseReturnValue:
        """Take a role away; it is gone at the person's next request."""
        form = SureForm()

        def write() -> ResponseReturnValue:
            held = membership(web.session(), account_id, membership_id)
            operations.end_membership(web.session(), held, by=current_actor())
            flash(say(N_("已解除{role}职责"), role=say(LABELS[held.role])), "good")
            return self._back(account_id)

        return self.save(form, write, lambda: self._ask_ending(account_id, membership_id, form))

    def _form(self, account_id: int, place: str, *, is_empty: bool) -> RoleForm:
        tenant_id = place_id(place)
        is_staff = account_state(web.session(), account_id).is_city_staff
        return RoleForm(
            place=place,
            columns=tree_of(web.session(), tenant_id) if tenant_id else (),
            languages=foreign_languages(web.session(), tenant_id) if tenant_id else {},
            is_acting_for=bool(tenant_id) and is_staff,
            **({"formdata": None} if is_empty else {}),
        )

    def _place(self) -> str:
        """The place that the address names; "" for none that there is."""
        asked = request.args.get("place", "")
        return asked if asked in places(tenants(web.session())) else ""

    def _ask(self, account_id: int, form: RoleForm | None) -> str:
        row, place = account_state(web.session(), account_id), self._place()
        action = url_for("city_roles.grant", account_id=account_id, place=place)
        where = PlaceForm(tenants(web.session()))
        return self.render("city/role.html", row=row, where=where, form=form, action=action)

    def _ask_ending(self, account_id: int, membership_id: int, form: SureForm) -> str:
        membership(web.session(), account_id, membership_id)
        row = account_state(web.session(), account_id)
        held = next(each for each in row.held if each.role.membership_id == membership_id)
        line = role_line(held)
        place = say(line.place) if line.is_city else line.place
        return self.render(
            "console/confirm.html",
            title=say(N_("解除“{name}”的{role}职责？"), name=row.account.name, role=say(line.role)),
            form=form,
            consequences=[
                say(N_("在“{place}”的这项职责即时失效"), place=place),
                say(N_("办理记录和署名保留，之后可以重新授予")),
            ],
            label=say(N_("解除职责")),
            cancel=url_for("city_accounts.account", account_id=account_id),
        )

    def _back(self, account_id: int) -> ResponseReturnValue:
        return redirect(url_for("city_accounts.account", account_id=account_id), _SEE_OTHER)
