"""/.well-known/security.txt: there where the platform names a contact, and on no clock."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
import time_machine
from werkzeug.test import Client, TestResponse

from hosting.directory.application import create_application
from hosting.publishing.hosts import bind_hosts
from hosting.publishing.whole_site import rebuild_site
from hosting.runtime.errors import Invalid
from hosting.runtime.runtime import Runtime
from hosting.runtime.settings import Settings
from parts.platform import Place

PATH = "/.well-known/security.txt"
CONTACT = {
    "JIYUE_SECURITY_CONTACT": "mailto:aqzx@yunxi.gov.cn https://www.yunxi.gov.cn/aqzx/",
    "JIYUE_SECURITY_CONTACT_UNTIL": "2027-06-30",
}


def built(home: Path, place: Place, settings: Settings) -> TestResponse:
    """What the site answers after a build with these settings."""
    runtime = Runtime.open(settings)
    try:
        bind_hosts(runtime)
        rebuild_site(runtime, place.tenant_id, place.site_id)
        client = Client(create_application(runtime))
        return client.get(PATH, base_url=f"http://{place.host}", buffered=True)
    finally:
        runtime.close()


@pytest.fixture
def settings(home: Path, sqlite_template: Path) -> Settings:
    """A platform without a contact."""
    shutil.copy(sqlite_template, home / "jiyue.sqlite3")
    return Settings(home=home, host_cache_seconds=0)


def with_contact(settings: Settings) -> Settings:
    named = Settings.from_environment(CONTACT)
    return replace(
        settings,
        security_contact=named.security_contact,
        security_contact_until=named.security_contact_until,
    )


def test_it_names_contact_expiry_languages_and_its_own_address(
    home: Path, river: Place, settings: Settings
) -> None:
    answer = built(home, river, with_contact(settings))

    assert answer.status_code == 200
    assert answer.content_type == "text/plain; charset=utf-8"
    assert answer.text.splitlines() == [
        "Contact: mailto:aqzx@yunxi.gov.cn",
        "Contact: https://www.yunxi.gov.cn/aqzx/",
        "Expires: 2027-06-30T23:59:59+08:00",
        "Preferred-Languages: zh, en",
        f"Canonical: http://www.river.gov.cn:8000{PATH}",
    ]
    [expires] = [line for line in answer.text.splitlines() if line.startswith("Expires: ")]
    assert datetime.fromisoformat(expires.removeprefix("Expires: ")).tzinfo is not None


def test_without_a_contact_there_is_none(home: Path, river: Place, settings: Settings) -> None:
    built(home, river, with_contact(settings))

    assert built(home, river, settings).status_code == 404


def test_it_is_the_same_whenever_it_is_built(home: Path, river: Place, settings: Settings) -> None:
    with time_machine.travel("2026-12-01 08:00"):
        first = built(home, river, with_contact(settings)).data
    with time_machine.travel("2027-08-01 08:00"):
        assert built(home, river, with_contact(settings)).data == first


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ({"JIYUE_SECURITY_CONTACT": "aqzx@yunxi.gov.cn"}, {"wrong_security_contact"}),
        ({"JIYUE_SECURITY_CONTACT": "http://www.yunxi.gov.cn/"}, {"wrong_security_contact"}),
        ({"JIYUE_SECURITY_CONTACT": "mailto:a@b.cn\nEvil: 1"}, {"wrong_security_contact"}),
        ({"JIYUE_SECURITY_CONTACT_UNTIL": "30.6.2027"}, {"wrong_security_contact_until"}),
        ({"JIYUE_SECURITY_CONTACT_UNTIL": "2027-02-30"}, {"wrong_security_contact_until"}),
        ({"JIYUE_SECURITY_CONTACT_UNTIL": ""}, {"incomplete_security_contact"}),
        ({"JIYUE_SECURITY_CONTACT": ""}, {"incomplete_security_contact"}),
    ],
)
def test_a_contact_that_would_not_hold_stops_the_start(
    said: dict[str, str], codes: set[str]
) -> None:
    with pytest.raises(Invalid) as refused:
        Settings.from_environment(CONTACT | said)

    assert {problem.code for problem in refused.value.problems} == codes
