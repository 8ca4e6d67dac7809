"""The log tells where something went wrong, never what a tenant or a person had written there."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from hosting.directory.queries import site_of_host
from hosting.runtime.areas import Area, Job
from hosting.runtime.cache import MemoryCache
from hosting.runtime.errors import Conflict, Refusal
from hosting.runtime.jobs import Job as JobRow
from hosting.runtime.language import N_
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession
from hosting.runtime.web import begin_platform, begin_tenant, install_edge, session
from hosting.runtime.worker import drain
from hosting.security.models import Account
from parts.platform import Place
from parts.walled import column_of

WRITTEN = "CANARY-nest900-written-00000000"


@pytest.fixture(autouse=True)
def everything_is_heard(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)


def write_twice(session: WalledSession, river: Place) -> None:
    """One address for two columns."""
    for place in range(2):
        session.add(column_of(river, id=7 + place, name=WRITTEN, path=f"/{WRITTEN}/"))
    session.flush()


def test_an_error_of_the_database_does_not_say_what_was_written(
    each_runtime: Runtime, river: Place, hill: Place
) -> None:
    with each_runtime.tenant_session(hill.tenant_id) as session:
        session.add(column_of(hill, path=f"/{WRITTEN}/"))

    with (
        pytest.raises(IntegrityError) as refused,
        each_runtime.tenant_session(river.tenant_id) as session,
    ):
        write_twice(session, river)

    told = "".join(traceback.format_exception(refused.value))
    assert WRITTEN not in told
    assert "column_node" in told


def test_a_job_that_fails_tells_neither_log_nor_ledger_what_was_written(
    each_runtime: Runtime, river: Place, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(work: object, **_ids: int) -> None:
        with each_runtime.tenant_session(river.tenant_id) as session:
            write_twice(session, river)

    error = _last_error(each_runtime, river, fail)

    assert WRITTEN not in caplog.text + error
    assert "column_node" in error


def test_a_job_that_is_refused_tells_the_log_why_and_not_of_what(
    runtime: Runtime, river: Place, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(work: object, **_ids: int) -> None:
        raise Conflict("not_issuable", N_("“{title}”不具备发布条件"), title=WRITTEN)

    _last_error(runtime, river, refuse)

    assert "not_issuable" in caplog.text
    assert WRITTEN not in caplog.text


def _last_error(runtime: Runtime, river: Place, run: Callable[..., None]) -> str:
    """What the ledger keeps of a job that ran once, in vain."""
    settings = replace(runtime.settings, job_attempts=1)
    platform = Runtime.open(settings, (Area(name="test", jobs=(Job("test", run),)),))
    with platform.tenant_session(river.tenant_id) as session:
        session.enqueue("test")
    drain(platform, seconds=10)
    with platform.platform_session(reason="test", reading=True) as session:
        row = session.query(JobRow).filter(JobRow.kind == "test").one()
        error = row.last_error
    platform.close()
    return error


def test_a_request_that_a_constraint_refuses_does_not_tell_the_log_what_was_written(
    each_runtime: Runtime, caplog: pytest.LogCaptureFixture
) -> None:
    """Accounts stand outside the tenants' wall, where PostgreSQL names the values it refuses."""
    app = Flask("test")
    install_edge(app, each_runtime, lambda refusal, status: (refusal.code, status))

    @app.post("/")
    def write() -> str:
        begin_platform("test")
        for place in range(2):
            session().execute(insert(Account).values(id=7 + place, login=WRITTEN, name="甲"))
        return "written"

    answer = app.test_client().post("/")

    assert (answer.status_code, answer.text) == (409, "changed_meanwhile")
    assert "refused by a constraint" in caplog.text
    assert "login" in caplog.text
    assert WRITTEN not in caplog.text


def test_a_defect_in_a_view_tells_the_log_the_path_without_its_query(
    runtime: Runtime, river: Place, caplog: pytest.LogCaptureFixture
) -> None:
    app = Flask("test")
    told: list[Refusal] = []

    def page(refusal: Refusal, status: int) -> tuple[str, int]:
        told.append(refusal)
        return refusal.code, status

    install_edge(app, runtime, page)

    @app.get("/seek")
    def seek() -> str:
        begin_tenant(river.tenant_id)
        raise RuntimeError

    answer = app.test_client().get(f"/seek?q={WRITTEN}")

    assert (answer.status_code, answer.text) == (500, "unforeseen")
    assert "/seek" in caplog.text
    assert WRITTEN not in caplog.text


@pytest.mark.parametrize(
    "host", ["www.a.gov.cn@b", "a b", "a\x00b", "a%00b", "<b>", "a," * 9, "a" * 300, ""]
)
def test_what_no_host_can_be_called_is_neither_asked_for_nor_kept(
    runtime: Runtime, host: str
) -> None:
    settings = replace(runtime.settings, host_cache_seconds=60)
    cache = MemoryCache()
    platform = replace(runtime, settings=settings, cache=cache)

    assert site_of_host(platform, host) is None
    assert cache._kept == {}
    assert site_of_host(platform, "www.no-such.gov.cn") is None
    assert site_of_host(platform, "www.river.gov.cn") is not None
    assert set(cache._kept) == {"host:www.no-such.gov.cn", "host:www.river.gov.cn"}
