"""Wrong settings stop the start, with the whole list of what is wrong."""

from __future__ import annotations

import pytest

from hosting.runtime.errors import Invalid
from hosting.runtime.settings import Settings


def test_nothing_needs_to_be_set() -> None:
    settings = Settings.from_environment({})

    assert settings.port == 8000
    assert settings.address("www.yunxi.localhost") == "http://www.yunxi.localhost:8000/"


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        Settings.from_environment(
            {
                "JIYUE_BIND": "nowhere",
                "JIYUE_WEB_THREADS": "many",
                "JIYUE_CONSOLE_HOST": "https://console/",
                "JIYUE_TIME_ZONE": "Mars/Olympus",
                "JIYUE_DATBASE_URL": "sqlite:///x",
            }
        )

    assert {problem.field for problem in refused.value.problems} >= {
        "JIYUE_WEB_THREADS",
        "JIYUE_DATBASE_URL",
    }


def test_wrong_values_are_named_with_what_they_are() -> None:
    with pytest.raises(Invalid) as refused:
        Settings.from_environment({"JIYUE_BIND": "nowhere", "JIYUE_TIME_ZONE": "Mars/Olympus"})

    fields = {problem.field: problem.facts["value"] for problem in refused.value.problems}
    assert fields == {"JIYUE_BIND": "nowhere", "JIYUE_TIME_ZONE": "Mars/Olympus"}


def test_postgresql_needs_the_platform_role_beside_the_tenant_role() -> None:
    with pytest.raises(Invalid) as refused:
        Settings.from_environment({"JIYUE_DATABASE_URL": "postgresql+psycopg://tenant@/jiyue"})

    assert [each.field for each in refused.value.problems] == ["JIYUE_DATABASE_PLATFORM_URL"]


def test_variables_of_other_programs_do_not_matter() -> None:
    assert Settings.from_environment({"PATH": "/bin"}) == Settings()
