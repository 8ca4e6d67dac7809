"""Suspending, resuming, renaming, closing: what readers see, and what is on record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from hosting.directory.asking import Asker
from hosting.directory.models import Site, Tenant
from hosting.directory.queries import tenant_by_code
from hosting.runtime.clock import today
from hosting.runtime.errors import Conflict, Invalid, LimitReached
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession
from hosting.runtime.worker import drain
from hosting.security.actor import PLATFORM_ACTOR
from hosting.security.operations import RoleFacts, create_account, grant_role
from hosting.security.passwords import hashed
from parts.office import office
from parts.platform import Place
from provisioning.domains.names import PlatformHosts
from provisioning.domains.operations import bind, release
from provisioning.lifecycle.operations import announce_closing, close, resume, suspend
from provisioning.lifecycle.queries import steps_of
from provisioning.onboarding.changes import rename
from provisioning.onboarding.opening import Opening, check_opening
from provisioning.onboarding.operations import open_tenant
from provisioning.onboarding.probe import probe_homes
from provisioning.onboarding.queries import main_site_of
from provisioning.quotas.operations import Quotas, set_quotas

HOST = "www.yunling.gov.cn"
OPENING = Opening(code="yunling", name="云岭县人民政府", kind="county", hosts=(HOST,))

Change = Callable[[WalledSession, Tenant], Any]


@pytest.fixture
def opened(runtime: Runtime) -> Runtime:
    """The platform with one tenant more, its first pages built."""
    with runtime.platform_session(reason="test") as session:
        platform_hosts = PlatformHosts.of(runtime.settings)
        open_tenant(
            session,
            check_opening(session, OPENING, platform_hosts=platform_hosts),
            by=PLATFORM_ACTOR,
        )
    drain(runtime)
    return runtime


def change(runtime: Runtime, verb: Change) -> Any:
    with runtime.platform_session(reason="test") as session:
        outcome = verb(session, tenant_by_code(session, "yunling"))
    drain(runtime)
    return outcome


def state(runtime: Runtime) -> str:
    with runtime.platform_session(reason="test", reading=True) as session:
        return tenant_by_code(session, "yunling").state


def test_the_home_page_of_a_new_tenant_answers(opened: Runtime) -> None:
    (probe,) = probe_homes(opened, [HOST])

    assert probe.is_well
    assert "云岭县人民政府" in Asker(opened).ask(HOST).body.decode()


def test_a_suspended_tenant_shows_a_notice_and_comes_back(opened: Runtime, river: Place) -> None:
    change(opened, lambda s, t: suspend(s, t, reason="网站安全整改", by=PLATFORM_ACTOR))
    suspended = Asker(opened).ask(HOST)
    change(opened, lambda s, t: resume(s, t, reason="整改完成", by=PLATFORM_ACTOR))

    assert suspended.status == 503
    assert "暂停服务" in suspended.body.decode()
    assert Asker(opened).ask(HOST).status == 200


def test_every_step_says_who_took_it_and_why(opened: Runtime) -> None:
    change(opened, lambda s, t: suspend(s, t, reason="网站安全整改", by=PLATFORM_ACTOR))
    change(opened, lambda s, t: resume(s, t, reason="整改完成", by=PLATFORM_ACTOR))

    with opened.platform_session(reason="test", reading=True) as session:
        steps = steps_of(session, tenant_by_code(session, "yunling").id)
        told = [(s.old_state, s.new_state, s.reason, s.taken_name) for s in steps]

    assert told == [
        ("suspended", "open", "整改完成", PLATFORM_ACTOR.name),
        ("open", "suspended", "网站安全整改", PLATFORM_ACTOR.name),
    ]


@pytest.mark.parametrize("verb", [suspend, resume, announce_closing])
def test_no_step_is_taken_without_a_reason(opened: Runtime, verb: Any) -> None:
    if verb is resume:
        change(opened, lambda s, t: suspend(s, t, reason="整改", by=PLATFORM_ACTOR))
    before = state(opened)

    with pytest.raises(Invalid) as refusal:
        change(opened, lambda s, t: verb(s, t, reason=" ", by=PLATFORM_ACTOR))

    assert refusal.value.code == "reason_missing"
    assert state(opened) == before


def test_steps_that_do_not_follow_are_refused(opened: Runtime) -> None:
    for verb in (resume, close):
        with pytest.raises(Conflict):
            change(opened, lambda s, t, verb=verb: verb(s, t, reason="误", by=PLATFORM_ACTOR))

    assert state(opened) == "open"


def test_a_closing_site_says_so_for_a_month_and_names_its_successor(opened: Runtime) -> None:
    step = change(
        opened,
        lambda s, t: announce_closing(
            s, t, reason="机构撤并", successor="www.yunxi.gov.cn", by=PLATFORM_ACTOR
        ),
    )

    assert step.notice_until == today() + timedelta(days=30)
    home = Asker(opened).ask(HOST).body.decode()
    assert "www.yunxi.gov.cn" in home
    assert step.notice_until.isoformat() in home
    with pytest.raises(Conflict) as refusal:
        change(opened, lambda s, t: close(s, t, reason="机构撤并", by=PLATFORM_ACTOR))
    assert refusal.value.code == "notice_running"


def test_a_shorter_notice_is_refused(opened: Runtime) -> None:
    with pytest.raises(Invalid) as refusal:
        change(
            opened,
            lambda s, t: announce_closing(
                s, t, reason="机构撤并", notice_until=today(), by=PLATFORM_ACTOR
            ),
        )

    assert refusal.value.code == "notice_too_short"


def test_when_the_notice_has_run_out_the_site_is_closed(opened: Runtime) -> None:
    change(opened, lambda s, t: announce_closing(s, t, reason="机构撤并", by=PLATFORM_ACTOR))

    with time_machine.travel(today() + timedelta(days=31)):
        change(opened, lambda s, t: close(s, t, reason="机构撤并", by=PLATFORM_ACTOR))

    assert state(opened) == "closed"
    assert Asker(opened).ask(HOST).status != 200


def test_calling_off_a_closing_takes_the_notice_away(opened: Runtime) -> None:
    change(opened, lambda s, t: announce_closing(s, t, reason="机构撤并", by=PLATFORM_ACTOR))
    change(opened, lambda s, t: resume(s, t, reason="不再撤并", by=PLATFORM_ACTOR))

    assert state(opened) == "open"
    assert "关停" not in Asker(opened).ask(HOST).body.decode()


def test_closing_asks_for_the_name_and_says_what_is_at_stake(jiyue: Any, opened: Runtime) -> None:
    refused = jiyue("tenant", "close", "yunling", "--reason", "撤并", "--confirm", "云岭")

    assert refused.code == 2
    assert refused.data["error"]["code"] == "not_confirmed"
    assert "51 个栏目" in refused.told
    assert state(opened) == "open"

    done = jiyue("tenant", "close", "yunling", "--reason", "撤并", "--confirm", OPENING.name)

    assert done.code == 0
    assert done.data["state"] == "closing"


def test_a_new_name_stands_on_the_pages(opened: Runtime) -> None:
    change(opened, lambda s, t: rename(s, t, name="云岭区人民政府", by=PLATFORM_ACTOR))

    home = Asker(opened).ask(HOST).body.decode()
    assert "云岭区人民政府" in home
    assert "云岭县人民政府" not in home


def test_a_site_answers_under_a_host_from_binding_to_release(opened: Runtime) -> None:
    platform_hosts = PlatformHosts.of(opened.settings)

    def bound(session: WalledSession, tenant: Tenant) -> None:
        site = main_site_of(session, tenant.id)
        bind(
            session,
            tenant,
            site,
            "yunling.gov.cn",
            is_main=False,
            platform_hosts=platform_hosts,
            by=PLATFORM_ACTOR,
        )

    change(opened, bound)
    while_bound = Asker(opened).ask("yunling.gov.cn").status
    change(opened, lambda s, t: release(s, t, "yunling.gov.cn", by=PLATFORM_ACTOR))

    assert while_bound == 200
    assert Asker(opened).ask("yunling.gov.cn").status == 421


def test_another_tenants_host_cannot_be_bound_and_the_main_one_not_released(
    jiyue: Any, opened: Runtime, river: Place
) -> None:
    taken = jiyue("domain", "bind", river.host, "--tenant", "yunling")
    main = jiyue("domain", "release", HOST, "--tenant", "yunling")
    foreign = jiyue("domain", "release", river.host, "--tenant", "yunling")

    assert (taken.code, taken.data["error"]["problems"][0]["code"]) == (2, "host_taken")
    assert (main.code, main.data["error"]["code"]) == (2, "main_host")
    assert (foreign.code, foreign.data["error"]["code"]) == (2, "no_such_host")


def test_a_quota_is_kept_at_the_write_and_for_its_own_tenant_alone(
    runtime: Runtime, river: Place, hill: Place
) -> None:
    with runtime.platform_session(reason="test") as session:
        tenant = tenant_by_code(session, river.code)
        set_quotas(session, tenant, quotas=Quotas(items=1), by=PLATFORM_ACTOR)

    with office(runtime, river) as desk:
        desk.write("第一篇")
    with pytest.raises(LimitReached) as refusal, office(runtime, river) as desk:
        desk.write("第二篇")
    with office(runtime, hill) as desk:
        desk.write("第一篇")
        desk.write("第二篇")

    assert refusal.value.code == "item_quota_reached"
    assert refusal.value.facts == {"count": 2, "limit": 1}


def test_a_quota_of_accounts_is_kept_when_a_role_is_granted(runtime: Runtime, river: Place) -> None:
    password = hashed("Correct-horse-7", settings=runtime.settings, login="zhang")
    with runtime.platform_session(reason="test") as session:
        tenant = tenant_by_code(session, river.code)
        set_quotas(session, tenant, quotas=Quotas(accounts=1), by=PLATFORM_ACTOR)

    def appoint(login: str) -> None:
        with runtime.platform_session(reason="test") as session:
            person = create_account(
                session, login=login, name=login, password=password, by=PLATFORM_ACTOR
            )
            facts = RoleFacts("editor", river.tenant_id)
            grant_role(session, person, facts=facts, by=PLATFORM_ACTOR)

    appoint("zhang")
    with pytest.raises(LimitReached) as refusal:
        appoint("li")

    assert refusal.value.code == "account_quota_reached"


def test_nonsense_quotas_are_refused(runtime: Runtime, river: Place) -> None:
    with pytest.raises(Invalid), runtime.platform_session(reason="test") as session:
        set_quotas(
            session, tenant_by_code(session, river.code), quotas=Quotas(items=0), by=PLATFORM_ACTOR
        )

    with runtime.tenant_session(river.tenant_id, reading=True) as session:
        assert session.scalars(select(Site.id)).one() == river.site_id
