"""What strangers can make the platform work with counts how often they do.

A new route that is open to everybody is named here, and with it either the test that tries it too
often or the reason why it need not be counted; without that it does not pass.
"""

from __future__ import annotations

from pathlib import Path

from hosting.directory.application import create_application
from hosting.runtime.guards import guard_of
from hosting.runtime.runtime import Runtime
from hosting.runtime.settings import Settings

_TESTS = Path(__file__).parents[1]

SECURITY = "hosting_tests/security/"
COUNTED = {
    "search.search": "tenants_tests/search/test_limits.py::"
    "test_an_address_that_searches_too_often_waits_and_others_search_on",
    "security.begin_sign_in": SECURITY + "test_limits.py::"
    "test_who_signs_in_too_often_is_told_when_to_try_again_in_their_language",
    "security.give_code": SECURITY + "test_second_factor.py::"
    "test_guessing_codes_ends_the_sign_in_and_stops_nobody_elsewhere",
    "security.finish_enrolment": SECURITY + "test_second_factor.py::"
    "test_guessing_codes_of_an_app_not_yet_in_use_is_stopped_too",
}
"""Endpoint, and the test that uses it more often than is allowed."""

UNCOUNTED = {
    "console.asset": "a file whose name carries its digest; no question to a database",
    "console.choose_language": "keeps a word in the visitor's own cookie",
    "page": "files of a preview whose sealed token was found good",
    "security.sign_in_page": "a form without a question to a database",
    "security.code_page": "a form for whom has given a password; that was counted",
    "security.new_password_page": "a form for whom has given a password; that was counted",
    "security.give_new_password": "for whom has given password and code; both were counted",
    "security.enrolment_page": "a form for whom has given a password; that was counted",
    "security.begin_enrolment": "for whom has given a password; that was counted",
    "security.sign_in_by_openid": "sends to the provider and keeps the state in a sealed cookie",
    "security.back_from_openid": "asks the provider only with the state of one's own cookie",
}


def test_what_everybody_may_use_is_counted_or_says_why_not() -> None:
    applications = create_application(Runtime.open(Settings())).applications
    is_open = set()
    for application in applications.values():
        for endpoint, view in application.view_functions.items():
            guard = guard_of(view)
            if guard is not None and guard.is_open:
                is_open.add(endpoint)

    assert is_open == COUNTED.keys() | UNCOUNTED.keys()
    assert COUNTED.keys() & UNCOUNTED.keys() == set()


def test_what_is_counted_is_tried_too_often_by_a_test() -> None:
    for node in COUNTED.values():
        path, _, name = node.partition("::")
        assert f"def {name}(" in (_TESTS / path).read_text(encoding="utf-8"), node
