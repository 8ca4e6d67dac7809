"""Every id in an address, a query or a form: another tenant's is no different from nobody's.

Generated from the routes and from the forms of the pages, so that a new one is covered.
"""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from hosting.security.roles import PLATFORM_ROLES, TENANT_ROLES
from parts.page_forms import PageForm, forms_of
from parts.platform import HILL, RIVER
from parts.two_offices import KINDS, NOTHING, Offices, ids_in, open_offices

# What any form may ask for, so that no refusal of a form hides that of the thing.
# A walk through the whole house, on a slow day.
pytestmark = pytest.mark.timeout(600)

SAID = {
    "digest": "0" * 64,
    "decision": "approve",
    "outcome": "cleared",
    "basis": "经对照保密规定，不涉及国家秘密",
    "reason": "核对后办理",
    "opinion": "同意",
    "title": "关于公布目录的通知",
    "name": "公示公告",
    "page_size": "20",
    "body_html": "<p>正文</p>",
}
# As they stand in an address, percent-encoded where need be.
NO_IDS = (
    *("0", "-7", "+7", "007", "1e3", "7.0", "0x7", "123abc", "abc", "null", "..", "%2e%2e", "7;8"),
    *(quote(each) for each in ("１２３", "٧٧٧", "²", "7 ", " 7", "' or 1=1--", "{{7*7}}", "🚀")),
    *(
        "9" * 19,
        "9" * 23,
        "9" * 5000,
        "%00",
        "7%00",
        "7%0d%0aX:1",
        "7%2f",
        "7%2f..%2f8",
        "%",
        "%ff%fe",
    ),
)
# The same in a query or a field, where an empty one or one that is no number may mean none at all.
NO_NUMBERS = ("9" * 19, "9" * 23, "9" * 5000, "-7", "１２３", "7\x00", "1e3", "²", "' or 1=1--")
_OWN_EACH_TIME = re.compile(
    rb'(csrf[_-]token"[^>]*?(?:value|content)=|(?:nonce|data-token)=)"[^"]*"'
)
_NEW_EACH_TIME = re.compile(r"nonce-[^']+|(?<=//)[\w-]+(?=\.preview)")


@pytest.fixture(scope="module")
def offices(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Offices]:
    with open_offices(tmp_path_factory.mktemp("offices"), sqlite_template) as opened:
        yield opened


Answer = tuple[int, list[tuple[str, str]], bytes]


def heard(answer: TestResponse, asked: str) -> Answer:
    """What the asker gets to know, less what is new each time and what they said themselves."""
    headers = [
        (name, _NEW_EACH_TIME.sub("", value).replace(asked, "asked"))
        for name, value in answer.headers
        if name not in ("Date", "Set-Cookie", "Content-Length")
    ]
    body = _OWN_EACH_TIME.sub(b"once", answer.data).replace(asked.encode(), b"asked")
    return answer.status_code, headers, body


def rules_with_ids(offices: Offices, within: str) -> list[tuple[str, Rule]]:
    """(method, rule) of all addresses under a path in which an id stands."""
    return [
        (method, rule)
        for rule in offices.app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        if rule.rule.startswith(within) and ids_in(rule)
    ]


def address(rule: Rule, **values: object) -> str:
    """The rule's address; ids that are not given are ones that nothing has."""
    path = ""
    for part in rule.rule.split("<"):
        named, closed, rest = part.partition(">")
        name = named.rpartition(":")[2]
        path += str(values.get(name, NOTHING)) + rest if closed else part
    return path


def ask(offices: Offices, who: str, method: str, path: str, **said: str) -> TestResponse:
    """Somebody's request, with their form's token where it writes."""
    browser = offices.browser(who)
    data = {**SAID, **said, "csrf_token": offices.token(who)} if method == "POST" else None
    return browser.client.open(
        path, method=method, data=data, base_url=browser.host, environ_base=browser.environ
    )


def test_an_id_of_another_tenant_is_answered_like_one_that_nothing_has(
    offices: Offices, record_property: Callable[[str, object], None]
) -> None:
    wrong, tried = [], 0
    for method, rule in rules_with_ids(offices, "/t/"):
        (name,) = ids_in(rule)
        foreign = offices.ids(name, HILL)
        for who in TENANT_ROLES:
            path = address(rule, code="river")
            missing = heard(ask(offices, who, method, path), str(NOTHING))
            for id_ in foreign[:: 3 if method == "GET" else 6]:
                path = address(rule, code="river", **{name: id_})
                tried += 1
                if heard(ask(offices, who, method, path), str(id_)) != missing:
                    wrong.append(f"{method} {rule.rule} as {who}")
            if missing[0] not in (403, 404):
                wrong.append(f"{method} {rule.rule} as {who}: {missing[0]}")

    record_property("tried", tried)

    assert wrong == []
    assert tried > 500


def test_an_id_of_another_kind_is_answered_like_one_that_nothing_has(offices: Offices) -> None:
    wrong = []
    for method, rule in rules_with_ids(offices, "/t/"):
        (name,) = ids_in(rule)
        path = address(rule, code="river")
        missing = heard(ask(offices, "tenant_admin", method, path), str(NOTHING))
        for other in KINDS.keys() - {name}:
            id_ = offices.ids(other, RIVER)[0]
            path = address(rule, code="river", **{name: id_})
            if heard(ask(offices, "tenant_admin", method, path), str(id_)) != missing:
                wrong.append(f"{method} {rule.rule} with an {other}")

    assert wrong == []


def test_the_citys_addresses_know_nothing_of_ids_that_nothing_has(offices: Offices) -> None:
    wrong = []
    for method, rule in rules_with_ids(offices, "/city/"):
        for who in PLATFORM_ROLES:
            for id_ in (NOTHING, RIVER.tenant_id, offices.ids("item_id", RIVER)[0]):
                path = address(rule, **dict.fromkeys(ids_in(rule), id_))
                status = ask(offices, who, method, path).status_code
                if status not in (403, 404):
                    wrong.append(f"{method} {path} as {who}: {status}")

    assert wrong == []


def test_what_is_no_id_is_no_address(
    offices: Offices, record_property: Callable[[str, object], None]
) -> None:
    """Neither digits of other scripts, nor numbers too large, nor anything behind the digits."""
    wrong, rules = [], rules_with_ids(offices, "/")
    record_property("tried", len(rules) * len(NO_IDS))
    for method, rule in rules:
        who = "ops" if rule.rule.startswith("/city/") else "tenant_admin"
        for written in NO_IDS:
            path = address(rule, code="river", **dict.fromkeys(ids_in(rule), written))
            status = ask(offices, who, method, path).status_code
            if status not in (400, 404, 405):
                wrong.append(f"{method} {rule.rule} with {written[:20]}: {status}")

    assert wrong == []


def test_an_id_is_written_in_one_way(
    offices: Offices, record_property: Callable[[str, object], None]
) -> None:
    """An own one, in other digits, with a sign, with something before it or behind."""
    wrong, tried = [], 0
    for method, rule in rules_with_ids(offices, "/t/"):
        (name,) = ids_in(rule)
        for each in bent(str(offices.ids(name, RIVER)[0])):
            path = address(rule, code="river", **{name: quote(each)})
            tried += 1
            if ask(offices, "tenant_admin", method, path).status_code not in (403, 404):
                wrong.append(f"{method} {rule.rule} with {each}")

    record_property("tried", tried)

    assert wrong == []
    assert tried > 200


def test_an_id_of_a_query_is_written_in_one_way(offices: Offices) -> None:
    own = str(offices.ids("column_id", RIVER)[0])
    browser, asked = offices.browser("tenant_admin"), ("columns/new?parent=", "items/new?column=")

    assert [browser.get(f"/t/river/{each}{own}").status_code for each in asked] == [200, 200]
    for each in asked:
        answers = {browser.get(f"/t/river/{each}{quote(id_)}").status_code for id_ in bent(own)}
        assert answers == {404}


def bent(own: str) -> tuple[str, ...]:
    """An id as it must not be written."""
    wide = own.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    arabic = own.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    mixed = own[:-1] + wide[-1]
    signs = (f"+{own}", f"0{own}", f"{own}.0", f"{own[:3]}_{own[3:]}")
    return (wide, arabic, mixed, *signs, f" {own}", f"{own} ", f"{own}\n")


def own_ids(offices: Offices) -> set[str]:
    """Everything of the county that has an id."""
    return {str(each) for name in KINDS for each in offices.ids(name, RIVER)}


def forms_with_ids(offices: Offices) -> list[tuple[str, PageForm, str]]:
    """(role, form, field) of every field of every page in which an id of the county may stand."""
    own, found = own_ids(offices), {}
    for who in TENANT_ROLES:
        for page in pages(offices):
            for form in forms_of(page, offices.browser(who).get(page)):
                for name in id_fields(form, own):
                    found.setdefault((offices.endpoint(form), name), (who, form, name))
    return list(found.values())


def pages(offices: Offices) -> Iterator[str]:
    """The pages of the county, each about the first and the last thing of its kind."""
    for rule in offices.app.url_map.iter_rules():
        if rule.rule.startswith("/t/") and "GET" in (rule.methods or ()):
            names = ids_in(rule)
            if not names and rule.arguments == {"code"}:
                yield address(rule, code="river")
            elif names:
                ids = offices.ids(names[0], RIVER)
                for id_ in dict.fromkeys((ids[0], *ids[2:4], ids[-1])):
                    yield address(rule, code="river", **{names[0]: id_})


def id_fields(form: PageForm, own: set[str]) -> set[str]:
    """Names of the fields that hold ids, or offer them."""
    filled_in = {name for name, value in form.fields if value in own}
    return filled_in | {name for name, offered in form.choices.items() if own & set(offered)}


def test_a_form_takes_no_id_of_another_tenant_and_says_of_it_what_it_says_of_none(
    offices: Offices, record_property: Callable[[str, object], None]
) -> None:
    forms, wrong = forms_with_ids(offices), []
    record_property("tried", len(forms) * (len(KINDS) + 1 + len(NO_NUMBERS)))
    foreign = [str(offices.ids(name, HILL)[0]) for name in KINDS]
    before = offices.rows(HILL)
    for who, form, name in forms:
        missing = heard(sent(offices, who, form, name, str(NOTHING)), str(NOTHING))
        wrong += [
            f"{name} of {form.action} as {who}"
            for id_ in foreign
            if heard(sent(offices, who, form, name, id_), id_) != missing
        ]
        wrong += [
            f"{name}={written[:20]} of {form.action} as {who}"
            for written in NO_NUMBERS
            if sent(offices, who, form, name, written).status_code >= 500
        ]

    assert wrong == []
    assert {name for _, _, name in forms} >= {"column_id", "extra_column_ids", "column", "place"}
    assert offices.rows(HILL) == before
    own = repr(offices.rows(RIVER))
    assert [id_ for id_ in foreign if id_ in own] == []


def sent(offices: Offices, who: str, form: PageForm, name: str, value: str) -> TestResponse:
    """The form as its page shows it now, with one field changed."""
    found = forms_of(form.page, offices.browser(who).get(form.page))
    now = next(each for each in found if each.action == form.action)
    missing = {each for each, written in now.fields if not written} & SAID.keys() - {"digest"}
    return offices.send(who, now, {each: SAID[each] for each in missing} | {name: value})


def test_a_query_takes_no_id_of_another_tenant(offices: Offices) -> None:
    """Under every name that a page may be asked by, all at once."""
    foreign, wrong = str(offices.ids("column_id", HILL)[0]), []
    for page in pages(offices):
        missing = heard(queried(offices, page, str(NOTHING)), str(NOTHING))
        if heard(queried(offices, page, foreign), foreign) != missing:
            wrong.append(page)
        wrong += [
            f"{page} with {written[:20]}"
            for written in NO_NUMBERS
            if queried(offices, page, written).status_code >= 500
        ]

    assert wrong == []


def queried(offices: Offices, page: str, value: str) -> TestResponse:
    """A page, asked by this value under every name that views of tenants read."""
    names = ("parent", "column", "before", "after", "page", "sort", "stage", "words", "kind")
    query = urlencode(dict.fromkeys(names, value))
    return offices.browser("tenant_admin").get(f"{page}?{query}")


@pytest.mark.prove
def test_the_time_of_an_answer_tells_nobody_that_an_id_is_another_tenants(
    offices: Offices, record_property: Callable[[str, object], None]
) -> None:
    """Asked in turn, so that whatever else the machine does meets both; medians over all pages."""
    took: dict[str, list[float]] = {"foreign": [], "missing": []}
    for method, rule in rules_with_ids(offices, "/t/"):
        (name,) = ids_in(rule)
        ids = {"foreign": offices.ids(name, HILL)[0], "missing": NOTHING}
        times: dict[str, list[float]] = {"foreign": [], "missing": []}
        for turn in range(40):
            for kind in sorted(ids, reverse=bool(turn % 2)):
                path = address(rule, code="river", **{name: ids[kind]})
                begun = time.perf_counter()
                ask(offices, "tenant_admin", method, path)
                times[kind].append(time.perf_counter() - begun)
        for kind, medians in took.items():
            medians.append(statistics.median(times[kind]))
    record_property("tried", 40 * len(took["foreign"]))

    assert 0.95 < sum(took["foreign"]) / sum(took["missing"]) < 1.05
