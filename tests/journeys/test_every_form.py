"""Every form of the console, filled in and sent, with fields that nobody offered added to each.

Generated from the pages: a new form is sent the day it is written, and a writing route that no
form leads to has to be named here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import JSON, DateTime, LargeBinary, Table, select

from hosting.console.forms import NEVER_SENT
from hosting.runtime.records import Base, Instant
from parts.every_form import Round
from parts.platform import HILL, RIVER
from parts.two_offices import NOTHING, Offices, open_offices

# A walk through the whole house, on a slow day.
pytestmark = pytest.mark.timeout(600)

SECURITY = "tests/hosting_tests/security/"
# Writing routes that are no form of a page of somebody signed in, with the test of their trail.
ELSEWHERE = {
    "city_hosts.choose": "tests/provisioning_tests/city/test_tenant_pages.py::"
    "test_a_host_is_bound_made_the_main_one_and_the_other_released",
    "city_hosts.release": "tests/provisioning_tests/city/test_tenant_pages.py::"
    "test_a_host_is_bound_made_the_main_one_and_the_other_released",
    "city_sites.open": "tests/provisioning_tests/city/test_site_pages.py::"
    "test_a_site_is_opened_closed_and_opened_again_and_the_trail_tells_it",
    "city_sites.close": "tests/provisioning_tests/city/test_site_pages.py::"
    "test_a_site_is_opened_closed_and_opened_again_and_the_trail_tells_it",
    "city_sites.reopen": "tests/provisioning_tests/city/test_site_pages.py::"
    "test_a_site_is_opened_closed_and_opened_again_and_the_trail_tells_it",
    "city_deletion.begin": "tests/provisioning_tests/test_deletion.py::"
    "test_the_trail_ends_with_the_deletion_and_takes_no_other_row",
    "city_accounts.reset_second_factor": SECURITY + "test_second_factor.py::"
    "test_a_lost_telephone_is_reset_by_somebody_else_and_told_in_the_trail",
    "security.begin_sign_in": SECURITY + "test_sign_in.py::"
    "test_the_trail_tells_of_sign_ins_refusals_and_sign_outs_but_not_of_passwords",
    "security.give_code": SECURITY + "test_second_factor.py::"
    "test_the_trail_tells_by_what_somebody_signed_in",
    "security.finish_enrolment": SECURITY + "test_second_factor.py::"
    "test_the_trail_tells_by_what_somebody_signed_in",
    "security.give_new_password": SECURITY + "test_second_factor.py::"
    "test_a_password_set_by_somebody_else_or_too_old_is_replaced_first",
    "security.link_identity": SECURITY + "test_openid.py::test_unlinking_shuts_the_way",
    "security.unlink_identity": SECURITY + "test_openid.py::test_unlinking_shuts_the_way",
    "workspace.upload_while_writing": "tests/tenants_tests/workspace/test_writing.py::"
    "test_a_file_that_is_brought_while_writing_is_on_record",
}
# What changes nothing that counts, and leaves no row.
NO_CHANGE = {
    "console.choose_language": "the language in which somebody reads",
    "security.begin_set_up": "an app counts when its first code has been given",
    "security.begin_enrolment": "an app counts when its first code has been given",
    "security.prove_by_openid": "asks the provider; the proof leaves the row when it comes back",
    "city_audit.verify": "begins what leaves a row for each tenant when it is done",
}
# What a form might believe: valid words, so that only not being asked for keeps them out.
SMUGGLED = {
    "tenant_id": str(HILL.tenant_id),
    "for_tenant_id": str(HILL.tenant_id),
    "site_id": str(HILL.site_id),
    "state": "published",
    "role": "tenant_admin",
    "kind": "portal",
    "signed_by": "1",
    "written_by": "1",
    "created_by": "1",
    "proposed_by": "1",
    "account_id": "1",
    "stage": "final",
    "decision": "approve",
    "live_edition_id": str(NOTHING),
    "draft_edition_id": str(NOTHING),
    "is_disabled": "y",
    "is_main": "y",
    "register_number": "1",
    "sequence": "1",
    "name": "smuggled",
}


def columns() -> dict[str, str]:
    """A value for every column of every table."""
    named = {column.name: "1" for table in Base.metadata.tables.values() for column in table.c}
    return named | SMUGGLED


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Round]:
    """A round in which all was sent, with every column's name added to each form."""
    with open_offices(tmp_path_factory.mktemp("forms"), sqlite_template) as offices:
        named = columns()
        forbidden = {name: named.pop(name) for name in NEVER_SENT & named.keys()}
        walked = Round(offices, extras=named, forbidden=forbidden)
        walked.go()
        yield walked


def writing_routes(offices: Offices) -> set[str]:
    """Endpoints that take a form."""
    rules = offices.app.url_map.iter_rules()
    return {rule.endpoint for rule in rules if "POST" in (rule.methods or ())}


def test_every_form_is_sent_by_somebody(
    walked: Round, record_property: Callable[[str, object], None]
) -> None:
    record_property("tried", len(walked.sent))
    assert walked.refused.keys() - ELSEWHERE.keys() == set()
    known = walked.sent.keys() | ELSEWHERE.keys() | NO_CHANGE.keys()
    assert writing_routes(walked.offices) - known == set()
    assert (ELSEWHERE.keys() | NO_CHANGE.keys()) - writing_routes(walked.offices) == set()


def test_what_is_sent_leaves_a_row_in_the_trail(walked: Round) -> None:
    silent = {endpoint for endpoint, sent in walked.sent.items() if not sent.rows}

    assert silent - NO_CHANGE.keys() - ELSEWHERE.keys() == set()


def test_the_tests_of_the_other_rows_exist() -> None:
    for node in ELSEWHERE.values():
        path, _, name = node.partition("::")
        assert f"def {name}(" in Path(path).read_text(encoding="utf-8"), node


def test_a_form_that_names_a_tenant_a_role_or_a_state_is_refused_and_does_nothing(
    walked: Round,
) -> None:
    """But where no field of it is read at all."""
    assert {status for status, _ in walked.tampered.values()} <= {409, 422}
    assert [endpoint for endpoint, (_, did) in walked.tampered.items() if did] == []
    assert len(walked.tampered) > 25


def test_nothing_that_was_smuggled_in_is_kept(
    walked: Round, record_property: Callable[[str, object], None]
) -> None:
    record_property("tried", len(walked.sent) * len(columns()))
    rows = repr([*walked.offices.rows(RIVER).values(), *walked.offices.rows(HILL).values()])

    assert str(NOTHING) not in rows
    assert "smuggled" not in rows


@pytest.mark.prove
def test_what_is_kept_is_the_same_with_and_without_what_was_smuggled_in(
    walked: Round, tmp_path: Path, sqlite_template: Path
) -> None:
    with open_offices(tmp_path, sqlite_template) as offices:
        plain = Round(offices)
        plain.go()

        assert plain.sent.keys() == walked.sent.keys()
        for table in Base.metadata.sorted_tables:
            if not table.name.startswith("audit_"):
                assert said_in(plain.offices, table) == said_in(walked.offices, table), table.name


# Of a row, what neither a clock nor chance has a part in.
_CHANCE = re.compile(r"\d{4}-\d\d-\d\dT[0-9:.+]+|[0-9a-zA-Z_+/=-]{8,}")
_UNALIKE = (JSON, DateTime, LargeBinary, Instant)


def said_in(offices: Offices, table: Table) -> Counter[tuple[object, ...]]:
    """What the rows of a table say, less ids, instants and digests."""
    compared = [
        column
        for column in table.c
        if not isinstance(column.type, _UNALIKE)
        and not column.name.endswith(("id", "digest", "hash"))
    ]
    if not compared:
        return Counter()
    with offices.runtime.platform_session(reason="test", reading=True) as session:
        rows = session.execute(select(*compared))
        return Counter(tuple(map(_unalike_left_out, row)) for row in rows)


def _unalike_left_out(value: object) -> object:
    if isinstance(value, str):
        return _CHANCE.sub("*", value)
    return "*" if isinstance(value, int) and value > 1 << 40 else value
