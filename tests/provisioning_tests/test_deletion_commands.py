"""`jiyue tenant delete`: typed again, waited for, and told in full."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hosting.runtime.runtime import Runtime
from parts.full_house import GOING, STAYING, House, empty_house

Jiyue = Callable[..., Any]
DELETE = ("tenant", "delete", GOING.code, "--reason", "机构撤销")


@pytest.fixture
def house(runtime: Runtime) -> House:
    """Two tenants; one is closed since today."""
    return empty_house(runtime)


def test_a_closed_tenant_is_deleted_and_its_report_told(house: House, jiyue: Jiyue) -> None:
    done = jiyue(*DELETE, "--now", "--confirm", GOING.code)

    assert done.code == 0
    assert (done.data["code"], done.data["state"]) == (GOING.code, "done")
    assert done.data["found"]["accounts"] == 6
    assert done.data["removed"]["栏目"] == done.data["found"]["columns"] > 10
    listed = jiyue("tenant", "list").data
    assert GOING.code not in {each["code"] for each in listed}
    assert [each["code"] for each in jiyue("tenant", "deletions").data] == [GOING.code]
    assert jiyue("audit", "verify").code == 0


@pytest.mark.parametrize("typed", ["", "yunlin", STAYING.code])
def test_nothing_happens_unless_the_code_is_typed_again(
    house: House, jiyue: Jiyue, typed: str
) -> None:
    refused = jiyue(*DELETE, "--now", "--confirm", typed)

    assert (refused.code, refused.data["error"]["code"]) == (2, "not_confirmed")
    assert "6 个账号" in refused.data["error"]["message"]
    assert jiyue("tenant", "show", GOING.code).data["state"] == "closed"
    assert jiyue("tenant", "deletions").data == []


def test_before_its_time_a_tenant_is_deleted_only_by_saying_so(house: House, jiyue: Jiyue) -> None:
    refused = jiyue(*DELETE, "--confirm", GOING.code)

    assert (refused.code, refused.data["error"]["code"]) == (2, "deletion_too_early")


def test_a_deletion_that_was_not_waited_for_is_taken_up_again(house: House, jiyue: Jiyue) -> None:
    begun = jiyue(*DELETE, "--now", "--confirm", GOING.code, "--no-wait")
    assert (begun.code, begun.data["state"]) == (0, "running")

    done = jiyue(*DELETE)

    assert (done.data["id"], done.data["state"]) == (begun.data["id"], "done")
