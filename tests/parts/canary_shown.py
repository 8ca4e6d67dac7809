"""What people and readers of a proving ground are shown, one surface after another."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import timedelta

from werkzeug.test import TestResponse

from hosting.runtime.clock import now
from hosting.security.roles import PLATFORM_ROLES
from migrations.legacy.steps.certificate import certify
from parts.canary_ground import EVERYBODY, Effort, Ground, Nest
from parts.canary_kept import rows_of
from parts.canary_walks import SOUGHT, crawled, filled, readers, routes_of
from parts.canary_watch import MADE_UP, Watch, fields_in
from parts.people import PASSWORD, Browser
from tenants.exchange.exporting import export_items
from tenants.pages.preview import preview_token

_HERE = "/t/<tenant:code>/"
_OLD = ("/show0.htm", "/list.htm", "/index.htm", "/files/x.pdf", "/?p=1")
_WRONG = (("GET", "/t/nowhere/"), ("PUT", "/account"), ("GET", "/city/"), ("DELETE", "/sign-in"))
_BOXES = ("items/?words=", "media/?words=", "palette?q=", "items/?q=", "media/?q=")
_SEAL_AT = 20  # bytes of a preview token before its seal


def sweep_console(ground: Ground, watch: Watch, effort: Effort) -> None:
    """Every page that each person finds by links and forms."""
    for nest in ground.nests if effort.is_thorough else ground.nests[:1]:
        for who in effort.people:
            browser = ground.browser(nest, who)
            for address, answer in crawled(browser, effort.pages, "/account", f"/t/{nest.code}/"):
                where = f"{who} of {nest.code}: {address}"
                watch.answer(where, answer, allowed={nest.code})


def sweep_commuters(ground: Ground, watch: Watch, effort: Effort) -> None:
    """Who works for two tenants sees, in each, of the other nothing but its name."""
    for nest in ground.nests if effort.is_thorough else ground.nests[:1]:
        places = (nest, ground.others(nest)[0])
        login = f"commuter-{nest.code}"
        ground.employ(login, [("tenant_admin", each.tenant_id) for each in places])
        browser = ground.signed_in(login)
        for here, there in (places, places[::-1]):
            for address, answer in crawled(browser, effort.pages // 2, f"/t/{here.code}/"):
                if not address.startswith(f"/t/{here.code}/"):
                    continue
                said = answer.text if answer.mimetype == "text/html" else ""
                known = {here.code} if there.name in said else set()
                shown = said.replace(there.name, "")
                watch.look(f"{login} in {here.code}: {address}", shown, allowed=known | {here.code})


def sweep_routes(ground: Ground, watch: Watch, effort: Effort) -> None:
    """Every route that reads, with own and with foreign ids, under own and foreign codes."""
    for nest in ground.nests:
        for who in effort.people:
            browser = ground.browser(nest, who)
            for address in _addresses(ground, nest, effort):
                where = f"{who} of {nest.code}: {address}"
                watch.answer(where, browser.get(address), allowed={nest.code})


def _addresses(ground: Ground, nest: Nest, effort: Effort) -> Iterator[str]:
    """Of each route: own things here, foreign things here, and all of it at somebody else's."""
    for rule in routes_of(ground, "GET", "<"):
        yield from filled(rule, nest.code, nest, most=effort.most)
        for other in ground.others(nest)[: effort.others]:
            yield from filled(rule, nest.code, other, most=effort.most)
            yield from filled(rule, other.code, other, most=effort.most)
            yield from filled(rule, other.code, nest, most=1)


def sweep_writes(ground: Ground, watch: Watch, effort: Effort) -> None:
    """Every route that writes, with foreign ids: it says nothing and changes nothing."""
    for nest in ground.nests if effort.is_thorough else ground.nests[:1]:
        others = ground.others(nest)[: effort.others]
        before = {each.code: rows_of(ground, each) for each in others}
        for who in effort.people:
            browser = ground.browser(nest, who)
            token = browser.form_token("/account")
            for other in others:
                for address in _foreign_writes(ground, nest, other):
                    where = f"{who} of {nest.code} posts {address}"
                    watch.answer(where, _post(browser, address, token), allowed={nest.code})
        for other in others:
            if rows_of(ground, other) != before[other.code]:
                watch.report(nest.code, f"changed rows of {other.code}")


def _foreign_writes(ground: Ground, nest: Nest, other: Nest) -> Iterator[str]:
    for rule in routes_of(ground, "POST", _HERE):
        for code, whose in ((nest.code, other), (other.code, other), (other.code, nest)):
            yield from filled(rule, code, whose, most=1)


def _post(browser: Browser, address: str, token: str, **fields: str) -> TestResponse:
    return browser.client.post(
        address,
        data={"csrf_token": token, "reason": SOUGHT, "title": SOUGHT, **fields},
        base_url=browser.host,
        environ_base=browser.environ,
        headers={"Referer": f"{browser.host}/"},
    )


def sweep_searches(ground: Ground, watch: Watch, effort: Effort) -> None:
    """Every box in which one can look for something, asked for what others say."""
    ask = readers(ground)
    for nest in ground.nests:
        browser = ground.browser(nest, EVERYBODY)
        for sought in (SOUGHT, *(each.code for each in ground.others(nest))):
            for box in _BOXES:
                where = f"{nest.code} seeks {box}{sought}"
                answer = browser.get(f"/t/{nest.code}/{box}{sought}")
                watch.answer(where, answer, allowed={nest.code})
            for host in nest.hosts:
                answer = ask(host, f"/-/search?q={sought}")
                watch.answer(f"{host} seeks {sought}", answer, allowed={nest.code})


def sweep_errors(ground: Ground, watch: Watch, effort: Effort) -> None:
    """403, 404, 405, 413, 422 and 500, and what they say again of what was typed."""
    for nest in ground.nests if effort.is_thorough else ground.nests[:1]:
        browser = ground.browser(nest, "editor")  # some doors are closed to an editor
        token = browser.form_token("/account")
        large = {"body_html": "x" * 3 * ground.runtime.settings.upload_limit_bytes}
        answers = [
            *(
                browser.client.open(address, method=method, base_url=browser.host)
                for method, address in _WRONG
            ),
            *(
                _post(browser, address, token)
                for rule in routes_of(ground, "POST", _HERE)
                for address in filled(rule, nest.code, nest, most=1)
            ),
            _post(browser, f"/t/{nest.code}/items/new", token, **large),
            _broken(ground, nest, browser),
        ]
        for answer in answers:
            where = f"{nest.code}: {answer.request.path}, {answer.status_code}"
            watch.answer(where, answer, allowed={nest.code})
        statuses = {each.status_code for each in answers}
        assert statuses >= {403, 404, 405, 413, 422, 500}, statuses


def _broken(ground: Ground, nest: Nest, browser: Browser) -> TestResponse:
    """A defect whose message holds somebody's words."""

    def broken(**_: object) -> str:
        raise RuntimeError(MADE_UP)

    views = ground.hall.app.view_functions
    kept = views["workspace.media"]
    broken.guard = kept.guard  # type: ignore[union-attr,attr-defined]  # functions take attributes
    views["workspace.media"] = broken
    try:
        return browser.get(f"/t/{nest.code}/media/")
    finally:
        views["workspace.media"] = kept


def sweep_public(ground: Ground, watch: Watch, effort: Effort) -> None:
    """Every address of every tenant, asked of every other host, and headers that lie."""
    ask = readers(ground)
    for nest in ground.nests:
        foreign = {path for other in ground.others(nest) for path in other.addresses}
        foreign -= set(nest.addresses)
        for host in nest.hosts if effort.is_thorough else nest.hosts[:1]:
            for path in (*nest.addresses, *foreign, *_OLD):
                answer = ask(host, path)
                watch.answer(f"{host}{path}", answer, allowed={nest.code})
                if path in foreign and answer.status_code < 400:
                    watch.report(f"{host}{path}", f"answers {answer.status_code}")
        for other in ground.others(nest):
            _lie(ground, nest, other, watch)


def _lie(ground: Ground, nest: Nest, other: Nest, watch: Watch) -> None:
    ask, host, lie = readers(ground), nest.hosts[0], other.hosts[0]
    for header, value in (
        ("X-Forwarded-Host", lie),
        ("X-Original-Host", lie),
        ("Forwarded", f"host={lie}"),
        ("X-Rewrite-URL", f"http://{lie}/"),
    ):
        for path in ("/", "/show0.htm", "/no-such-page", f"/-/search?q={SOUGHT}"):
            answer = ask(host, path, headers={header: value})
            watch.answer(f"{host}{path}, {header}: {value}", answer, allowed={nest.code})
    for spelt in (host.upper(), f"{host}:8000", f"{host}."):
        for method in ("GET", "HEAD", "POST", "OPTIONS", "TRACE"):
            answer = ask(spelt, "/", method=method)
            watch.answer(f"{method} {spelt}/", answer, allowed={nest.code})
    for stranger in (f"{host}, {lie}", f"{host} {lie}", f"{host}@{lie}", f"{lie}.{host}"):
        answer = ask(stranger, "/")
        watch.answer(f"{stranger}/", answer)
        if answer.status_code != 421:
            watch.report(stranger, f"answers {answer.status_code}")


def sweep_previews(ground: Ground, watch: Watch, effort: Effort) -> None:
    """A token opens its own site alone; one that was altered or mixed opens nothing."""
    ask, runtime = readers(ground), ground.runtime
    until = now() + timedelta(hours=1)

    def host(token: str) -> str:
        ground.secrets.add(token)
        return f"{token}.{runtime.settings.preview_host}"

    for nest in ground.nests:
        own = preview_token(runtime, nest.tenant_id, nest.site_id, until=until)
        for other in ground.others(nest):
            for path in (*nest.paths[: effort.pages // 3], *other.paths[: effort.pages // 3]):
                answer = ask(host(own), path)
                watch.answer(f"preview of {nest.code}{path}", answer, allowed={nest.code})
            foreign = preview_token(runtime, other.tenant_id, other.site_id, until=until)
            mixed = preview_token(runtime, nest.tenant_id, other.site_id, until=until)
            for forged in (_grafted(foreign, own), mixed):
                for path in ("/", *other.paths[:5]):
                    watch.answer(f"forged preview{path}", ask(host(forged), path))


def _grafted(facts: str, seal: str) -> str:
    """The facts of one token with the seal of another."""
    first, second = (base64.b32decode(t.upper() + "=" * (-len(t) % 8)) for t in (facts, seal))
    return base64.b32encode(first[:_SEAL_AT] + second[_SEAL_AT:]).decode().rstrip("=").lower()


def sweep_exports(ground: Ground, watch: Watch, effort: Effort) -> None:
    """What a tenant takes away with it."""
    for nest in ground.nests:
        for site in (nest, *ground.others(nest)):
            for line in export_items(ground.runtime, nest.tenant_id, site.site_id):
                said = json.dumps(line, ensure_ascii=False, default=str)
                watch.look(f"export of {nest.code}", said, allowed={nest.code})
        told = certify(ground.runtime, nest.tenant_id, nest.canaries.word("move"))
        said = json.dumps(told, ensure_ascii=False, default=str)
        watch.look(f"certificate of {nest.code}", said, allowed={nest.code})


# What the city's staff may know of a tenant, by the fields that say it. System administrators and
# operations: names and hosts; who grants roles: people, and the columns to which roles can be
# confined; auditors: what the trail keeps of what was done, never an item's text.
_OFFICE = {"name", "host", "otherhost"}
_PEOPLE = {"person", "login", "rolereason"}
MAY_SEE = {
    "system_admin": _OFFICE,
    "ops": _OFFICE,
    "security_admin": {"name", "column"} | _PEOPLE,
    "audit_admin": _OFFICE | _PEOPLE | {"run", "move", "form", "slug", "withdrawalreason"},
}


def sweep_city(ground: Ground, watch: Watch, effort: Effort) -> None:
    """The city's staff see of tenants what the policy names, and no tenant's pages at all."""
    for role in PLATFORM_ROLES:
        browser = ground.signed_in(role.replace("_", "-"))
        for address, answer in crawled(browser, effort.pages, "/city/"):
            watch.looked_at += 1
            if beyond := fields_in(answer) - MAY_SEE[role]:
                watch.report(f"{role} at {address}", ", ".join(sorted(beyond)))
        for nest in ground.nests if effort.is_thorough else ground.nests[:1]:
            for address in _addresses(ground, nest, effort):
                if address.startswith("/t/"):
                    watch.answer(f"{role}: {address}", browser.get(address))


def sweep_sign_in(ground: Ground, watch: Watch, effort: Effort) -> None:
    """A password in each box; what is typed there must be written down nowhere."""
    browser = Browser(ground.hall.app.test_client())
    wrong = "Wrong-password-1"
    watch.answer("sign-in", browser.sign_in(PASSWORD, wrong))
    watch.answer("sign-in", browser.sign_in("system-admin", wrong))
    ground.secrets |= {wrong, PASSWORD}
