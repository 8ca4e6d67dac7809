"""Accounts: found, made, given a new password, shut out."""

from __future__ import annotations

from collections.abc import Iterable

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from hosting.console.admin import RecordView, page
from hosting.console.language import say
from hosting.directory.queries import tenants
from hosting.runtime import web
from hosting.runtime.errors import Invalid, Problem
from hosting.runtime.language import N_
from hosting.security import operations, passwords, second_factors
from hosting.security.account_queries import AccountFilter, account, account_count
from hosting.security.guards import current_actor, guarded
from provisioning.city.forms.accounts import (
    AccountFilterForm,
    AccountForm,
    PasswordForm,
    ReasonForm,
    place_id,
)
from provisioning.city.presenters.accounts import account_lines, role_line
from provisioning.city.presenters.badges import ACCOUNT_STATES
from provisioning.city.queries.accounts import account_list, account_state

_SEE_OTHER = 303


class AccountsView(RecordView):
    """All accounts of the platform."""

    sorts = ("login", "-made")

    @page("/")
    @guarded("accounts.manage")
    def index_view(self) -> ResponseReturnValue:
        """The list, narrowed and sorted as the address says."""
        form = AccountFilterForm(tenants(web.session()))
        narrowed = _narrowed(form)
        return self.list_page(
            "city/accounts.html",
            form,
            count=account_count(web.session(), narrowed),
            rows=lambda paging: account_lines(
                account_list(
                    web.session(),
                    narrowed,
                    sort=paging.listing.sorting.key,
                    descending=paging.listing.sorting.descending,
                    offset=paging.offset,
                    limit=paging.listing.size,
                )
            ),
        )

    @page("/new")
    @guarded("accounts.manage", needs_proof=True)
    def new(self) -> ResponseReturnValue:
        """A form that holds nothing but a password nobody knows."""
        return self._new(AccountForm(formdata=None, password=passwords.fresh()))

    @page("/new", "POST")
    @guarded("accounts.manage")
    def create(self) -> ResponseReturnValue:
        """Make an account; everything that is wrong is said at once."""
        form = AccountForm()
        login, name = form.login.data or "", form.name.data or ""

        def write() -> ResponseReturnValue:
            made = operations.create_account(
                web.session(),
                login=login,
                name=name,
                password=_hashed(form, login, operations.account_problems(login, name)),
                by=current_actor(),
                must_change=True,
            )
            flash(say(N_("已为“{name}”建立账号，请接着授予职责"), name=made.name), "good")
            return self._back(made.id)

        return self.save(form, write, lambda: self._new(form))

    @page("/<id:account_id>/")
    @guarded("accounts.manage")
    def account(self, account_id: int) -> ResponseReturnValue:
        """An account with every role it holds or held."""
        row = account_state(web.session(), account_id)
        return self.render(
            "city/account.html",
            row=row,
            state=ACCOUNT_STATES[row.account.state],
            running=[role_line(each) for each in row.held if each.role.is_running],
            ended=[role_line(each) for each in row.held if not each.role.is_running],
            is_own=account_id == current_actor().account_id,
            factor=second_factors.factor_state(web.session(), account_id),
        )

    @page("/<id:account_id>/password")
    @guarded("accounts.manage", needs_proof=True)
    def password_form(self, account_id: int) -> ResponseReturnValue:
        """A new password nobody knows, before it replaces the old one."""
        login = account(web.session(), account_id).login
        form = PasswordForm(formdata=None, login=login, password=passwords.fresh())
        return self._ask_password(account_id, form)

    @page("/<id:account_id>/password", "POST")
    @guarded("accounts.manage")
    def reset_password(self, account_id: int) -> ResponseReturnValue:
        """Replace a password; the account's sign-ins end."""
        form = PasswordForm()

        def write() -> ResponseReturnValue:
            hashed = _hashed(form, form.login.data or "")
            found = account(web.session(), account_id)
            operations.set_password(
                web.session(), found, password=hashed, by=current_actor(), must_change=True
            )
            flash(say(N_("“{name}”的密码已重设，原有登录即时失效"), name=found.name), "good")
            return self._back(account_id)

        return self.save(form, write, lambda: self._ask_password(account_id, form))

    @page("/<id:account_id>/second-factor")
    @guarded("accounts.manage", needs_proof=True)
    def second_factor(self, account_id: int) -> ResponseReturnValue:
        """Ask before somebody's second factor is taken away."""
        return self._ask_second_factor(account_id, ReasonForm(formdata=None))

    @page("/<id:account_id>/second-factor", "POST")
    @guarded("accounts.manage")
    def reset_second_factor(self, account_id: int) -> ResponseReturnValue:
        """Take it away: whoever lost telephone and codes sets up another."""
        form = ReasonForm()

        def write() -> ResponseReturnValue:
            found = account(web.session(), account_id)
            reason = form.reason.data or ""
            second_factors.reset(web.session(), found.id, reason=reason, by=current_actor())
            flash(say(N_("已重置“{name}”的两步验证"), name=found.name), "good")
            return self._back(account_id)

        return self.save(form, write, lambda: self._ask_second_factor(account_id, form))

    @page("/<id:account_id>/disabling")
    @guarded("accounts.manage", needs_proof=True)
    def disabling(self, account_id: int) -> ResponseReturnValue:
        """Ask before an account is shut out."""
        return self._ask_disabling(account_id, ReasonForm(formdata=None))

    @page("/<id:account_id>/disabling", "POST")
    @guarded("accounts.manage")
    def disable(self, account_id: int) -> ResponseReturnValue:
        """Shut it out at once."""
        form = ReasonForm()

        def write() -> ResponseReturnValue:
            found = account(web.session(), account_id)
            reason = form.reason.data or ""
            operations.disable_account(web.session(), found, reason=reason, by=current_actor())
            flash(say(N_("账号“{login}”已停用，已有的登录即时失效"), login=found.login), "good")
            return self._back(account_id)

        return self.save(form, write, lambda: self._ask_disabling(account_id, form))

    def _new(self, form: AccountForm) -> str:
        return self.render("city/new_account.html", form=form)

    def _ask_password(self, account_id: int, form: PasswordForm) -> str:
        found = account(web.session(), account_id)
        return self.render("city/password.html", form=form, account=found)

    def _ask_disabling(self, account_id: int, form: ReasonForm) -> str:
        row = account_state(web.session(), account_id)
        held = sum(1 for each in row.held if each.role.is_running)
        return self.render(
            "console/confirm.html",
            title=say(N_("停用账号“{name}”？"), name=row.account.name),
            form=form,
            consequences=[
                say(N_("“{login}”不能再登录，已有的登录即时失效"), login=row.account.login),
                say(N_("现有 {count} 项职责随之失效，办理记录和署名保留"), count=held),
                say(N_("停用后不能恢复，需要时另建账号")),
            ],
            label=say(N_("停用账号")),
            icon="lock",
            cancel=url_for("city_accounts.account", account_id=account_id),
        )

    def _ask_second_factor(self, account_id: int, form: ReasonForm) -> str:
        found = account(web.session(), account_id)
        return self.render(
            "console/confirm.html",
            title=say(N_("重置“{name}”的两步验证？"), name=found.name),
            form=form,
            consequences=[
                say(N_("请先当面或电话核实是本人")),
                say(N_("原来的验证器和恢复码全部作废，已有的登录即时失效")),
                say(N_("本人下次登录时重新设置")),
            ],
            label=say(N_("重置两步验证")),
            icon="shield",
            cancel=url_for("city_accounts.account", account_id=account_id),
        )

    def _back(self, account_id: int) -> ResponseReturnValue:
        return redirect(url_for("city_accounts.account", account_id=account_id), _SEE_OTHER)


def _hashed(
    form: AccountForm | PasswordForm, login: str, problems: Iterable[Problem] = ()
) -> passwords.HashedPassword:
    """The typed password, hashed: before the transaction, because that takes a while.

    Raises Invalid with what is wrong with it, and with the problems found before.
    """
    settings, known = web.current_runtime().settings, list(problems)
    try:
        hashed = passwords.hashed(form.password.data or "", settings=settings, login=login)
    except Invalid as refusal:
        known += refusal.problems
    if known:
        raise Invalid("wrong_account", N_("账号信息有误："), problems=known)
    return hashed


def _narrowed(form: AccountFilterForm) -> AccountFilter:
    wanted = form.values()
    place = wanted.pop("place", "")
    return AccountFilter(**wanted, tenant_id=place_id(place) if place else None)
