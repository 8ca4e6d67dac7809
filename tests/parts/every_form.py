"""Every form of the console filled in and sent once, by whoever finds it first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pyotp
from sqlalchemy import null, select
from werkzeug.datastructures import MultiDict
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from hosting.runtime.clock import now, today
from hosting.security.audit import AuditEntry
from hosting.security.roles import PLATFORM_ROLES, TENANT_ROLES
from parts.page_forms import PageForm, forms_of
from parts.people import PASSWORD
from parts.platform import HILL, RIVER
from parts.two_offices import KINDS, Offices, ids_in
from parts.workplace import picture
from provisioning.lifecycle.models import TenantStep

# What is sent later than the rest, by the beginning of its endpoint: what ends somebody's work,
# then a tenant, step by step.
_STAGES = {
    "security.change_password": 1,
    "security.remove": 1,
    "city_hosts.release": 1,
    "city_roles.end": 1,
    "city_accounts.reset": 1,
    "city_accounts.disable": 1,
    "city_state.suspend": 1,
    "city_state.resume": 1,
    "city_state.announce": 2,
    "city_state.close": 3,
    "city_deletion.begin": 4,
}
# Some twice, since what was made by then is changed.
_ROUNDS = (0, 0, 1, 1, 2, 3, 4)
_ON_EVERY_PAGE = frozenset({"console.choose_language", "security.sign_out"})
_QUERIES = {"/city/accounts/<id:account_id>/roles/": f"?place={RIVER.tenant_id}"}
# Who changes what is their own, and theirs alone.
ONESELF = "keeper"
_SECRET = re.compile(r'class="secret"><code>([A-Z2-7 ]+)</code>')
_LONG_AGO = "2015-01-01"
FORBIDDEN = 403


@dataclass(frozen=True)
class Sent:
    """What became of one form."""

    who: str
    status: int
    rows: tuple[str, ...]
    """Actions of the rows it left in the trail."""


@dataclass
class Round:
    """One round through all pages of both tenants and of the city."""

    offices: Offices
    extras: dict[str, str] = field(default_factory=dict)
    """Fields that are sent along with each form that doesn't offer them."""
    forbidden: dict[str, str] = field(default_factory=dict)
    """The same of a first try, which may be refused for their sake."""
    sent: dict[str, Sent] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    tampered: dict[str, tuple[int, bool]] = field(default_factory=dict)
    """What first tries were answered, and whether they left anything in the trail."""

    def go(self) -> None:
        """Send each form once; what ends somebody's work or a tenant, at last."""
        self.offices.hall.hire(ONESELF, "ops")
        self.offices.hall.browser(ONESELF)
        for stage in _ROUNDS:
            for who in (*TENANT_ROLES, *PLATFORM_ROLES, ONESELF):
                for rule in self._rules(who, stage):
                    self._send_forms_of(rule, who, stage)
            self._let_notices_run_out()

    def _send_forms_of(self, rule: Rule, who: str, stage: int) -> None:
        """Those of a rule's pages, until all are sent that were seen or none is for them."""
        known: set[str] = set()
        for page in self._addresses(rule):
            if known and known <= self.sent.keys():
                return
            answer = self.offices.browser(who).get(page)
            if answer.status_code == FORBIDDEN or answer.mimetype != "text/html":
                return
            for form in forms_of(page, answer):
                if form.method == "post":
                    known |= {self.offices.endpoint(form)} - _ON_EVERY_PAGE
                    self._send_once(form, who, stage)

    def _send_once(self, form: PageForm, who: str, stage: int) -> None:
        endpoint = self.offices.endpoint(form)
        if endpoint in self.sent or _stage(endpoint) != stage:
            return
        before = self._trail()
        answer = self._post(form, who, self.extras | self.forbidden)
        if self.forbidden and answer.status_code >= 400:
            self.tampered[endpoint] = (answer.status_code, self._trail() != before)
            answer = self._post(form, who, self.extras)
        if answer.status_code >= 400:
            self.refused[endpoint] = f"{who} at {form.page}: {answer.status_code}"
            return
        rows = sorted(action for *_, action in self._trail() - before)
        self.sent[endpoint] = Sent(who, answer.status_code, tuple(rows))
        self.refused.pop(endpoint, None)
        if endpoint == "security.sign_out":
            self.offices.signed_in.pop(who)

    def _let_notices_run_out(self) -> None:
        """As a month would."""
        with self.offices.runtime.platform_session(reason="test") as session:
            for step in session.scalars(
                select(TenantStep).where(TenantStep.notice_until != null())
            ):
                step.notice_until = today()

    def _post(self, form: PageForm, who: str, extras: dict[str, str]) -> TestResponse:
        browser, said = self.offices.browser(who), self.filled_in(form, who)
        for name in extras.keys() - form.kinds.keys():
            said.add(name, extras[name])
        return browser.client.post(
            form.action,
            data=said,
            base_url=browser.host,
            environ_base=browser.environ,
            headers={"Referer": browser.host + form.page},
        )

    def _trail(self) -> set[tuple[int, int, str]]:
        """(chain, number, action) of all rows."""
        of = AuditEntry
        with self.offices.runtime.platform_session(reason="test", reading=True) as session:
            rows = session.execute(select(of.for_tenant_id, of.sequence, of.action))
            return {(each[0], each[1], each[2]) for each in rows}

    def _rules(self, who: str, stage: int) -> Iterator[Rule]:
        """Where there are pages for somebody; a tenant's own are all of the first stage."""
        if stage and who in TENANT_ROLES:
            return
        begins = {ONESELF: "/account"}.get(who, "/city/" if who in PLATFORM_ROLES else "/t/")
        for rule in self.offices.app.url_map.iter_rules():
            if "GET" in (rule.methods or ()) and rule.rule.startswith(begins):
                yield rule

    def _addresses(self, rule: Rule) -> Iterator[str]:
        """A rule's pages: about each thing of the tenant, or some of the city's."""
        codes = {"river": RIVER.host, "hill": HILL.host} if "/city/" in rule.rule else {"river": ""}
        for code, host in codes.items():
            path = rule.rule.replace("<tenant:code>", code).replace("<host>", host)
            for page in self._with_ids(path, ids_in(rule)):
                yield page + _QUERIES.get(rule.rule, "")

    def _with_ids(self, path: str, names: list[str]) -> Iterator[str]:
        if not names:
            yield path
            return
        ids = list(self.offices.ids(names[0], RIVER))
        for id_ in ids if names[0] in KINDS else ids[-6:]:
            yield from self._with_ids(path.replace(f"<id:{names[0]}>", str(id_)), names[1:])

    def filled_in(self, form: PageForm, who: str) -> MultiDict[str, Any]:
        """The form as a person would fill it in."""
        said: MultiDict[str, Any] = MultiDict(form.fields)
        for name, kind in form.kinds.items():
            if kind == "file":
                colour = f"#{len(self.sent):02x}{len(form.fields):02x}66"
                said[name] = (BytesIO(picture(colour=colour)), "照片.png")
            elif not said.get(name):
                value = self._value(form, name, kind, who)
                if value is not None:
                    said[name] = value
        return said

    def _value(self, form: PageForm, name: str, kind: str, who: str) -> str | None:
        if name == "code" and kind == "text" and "/second-factor" in form.path:
            return self._app_code(form, who)
        if name == "typed":
            return form.page.split("/")[3]
        if name == "hosts" and "/sites/" in form.path:
            return f"en.{form.page.split('/')[3]}.gov.cn"
        if name in WORDS and (kind != "select" or WORDS[name] in form.choices.get(name, ())):
            return WORDS[name]
        if form.choices.get(name) and kind in ("select", "radio", "button"):
            return next((each for each in form.choices[name] if each), None)
        return None

    def _app_code(self, form: PageForm, who: str) -> str:
        found = _SECRET.search(self.offices.browser(who).get(form.page).text)
        return pyotp.TOTP(found[1].replace(" ", "")).at(now()) if found else "000000"


def _stage(endpoint: str) -> int:
    return next((at for begins, at in _STAGES.items() if endpoint.startswith(begins)), 0)


WORDS = {
    "title": "关于公布权责清单的通知",
    "name": "权责清单公示栏",
    "short_name": "权责",
    "reason": "核对后办理，依据会议纪要",
    "opinion": "同意",
    "secrecy_opinion": "不涉密",
    "basis": "经对照保密规定，不涉及国家秘密",
    "decision": "approve",
    "outcome": "cleared",
    "body_html": "<p>现将权责清单予以公布。</p>",
    "current": PASSWORD,
    "password": PASSWORD,
    "new": "Liu-lin-zhen-2027",
    "repeated": "Liu-lin-zhen-2027",
    "login": "xin.lai",
    "code": "xinqu",
    "host": "new.river.gov.cn",
    "hosts": "www.xinqu.gov.cn",
    "locale": "en",
    "successor": "wenlv",
    "until": _LONG_AGO,
    "history_until": _LONG_AGO,
    "items": "5000",
    "withdraw_at": "2099-12-31T18:00",
    "ends_at": "2099-12-31T18:00",
    "confirmed": "y",
    "receivers": str(HILL.tenant_id),
}
