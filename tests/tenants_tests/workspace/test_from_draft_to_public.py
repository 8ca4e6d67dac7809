"""The whole way of an item through the console, by the hands of five people."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from werkzeug.test import TestResponse

from hosting.publishing.models import BuildFailure
from hosting.runtime.clock import local, now
from hosting.runtime.runtime import Runtime
from hosting.runtime.worker import drain
from parts.people import Browser
from parts.workplace import BASIS, Office, bench_of
from tenants.content.models import PUBLISHED, SCHEDULED
from tenants.content.queries import edition
from tenants.review.operations.signing import open_edition_of
from tenants.review.queries import issues_of_item, withdrawals_of_item

BODY = "<p>现就有关事项公告如下。</p>"


def column_of(office: Office, path: str) -> int:
    with bench_of(office) as bench:
        return bench.columns[path].id


def write(office: Office, browser: Browser, **fields: object) -> str:
    """Begin an item; the path of its page."""
    new = office.path("items/new")
    fields = {"column_id": column_of(office, "/tzgg/"), "body_html": BODY, **fields}
    answer = browser.post(new, on=new, **fields)
    assert answer.status_code == 303, answer.text
    return answer.location.removesuffix("draft")


def digest_on(page: TestResponse) -> str:
    """The digest that a form on the page names."""
    found = re.search(r'name="digest"[^>]* value="([^"]+)"', page.text)
    assert found, page.text
    return found[1]


def review_page(browser: Browser, item: str) -> str:
    """The address of the page on which an item's edition is signed."""
    found = re.search(r'href="([^"]*/reviews/\d+/)"', browser.get(item).text)
    assert found
    return found[1]


def sign(
    browser: Browser, item: str, stage: str, decision: str = "approve", **said: str
) -> TestResponse:
    page = review_page(browser, item)
    digest = digest_on(browser.get(page))
    return browser.post(f"{page}{stage}", on=page, digest=digest, decision=decision, **said)


def clear(browser: Browser, item: str) -> TestResponse:
    page = review_page(browser, item)
    digest = digest_on(browser.get(page))
    return browser.post(
        f"{page}secrecy-review", on=page, digest=digest, outcome="cleared", basis=BASIS
    )


def submit(browser: Browser, item: str) -> TestResponse:
    return browser.post(f"{item}submission", on=item, digest=digest_on(browser.get(item)))


def test_an_item_is_written_reviewed_three_times_and_read_by_the_public(
    runtime: Runtime, county: Office
) -> None:
    editor, issuer = county.browser("editor"), county.browser("issuer")
    first, second = county.browser("first_reviewer"), county.browser("second_reviewer")

    item = write(county, editor, title="关于延长办事时间的公告")
    assert submit(editor, item).status_code == 303
    assert "关于延长办事时间的公告" in first.get(county.path("")).text
    assert sign(first, item, "first-review").status_code == 303
    assert clear(second, item).status_code == 303
    assert sign(second, item, "second-review").status_code == 303
    assert sign(issuer, item, "final-review", opinion="同意发布").status_code == 303

    item_id = int(item.split("/")[-2])
    with bench_of(county) as bench:
        (issue,) = issues_of_item(bench.session, item_id)
        assert edition(bench.session, issue.edition_id).state == PUBLISHED
    page = editor.get(item).text
    assert f"登记号 {issue.year}-{issue.number:05d}" in page
    assert "同意发布" in page
    assert "正在生成网页" in page
    drain(runtime)
    assert "网页已上线" in editor.get(item).text


def test_a_page_that_cannot_be_made_is_told_to_whoever_waits_for_it(
    runtime: Runtime, county: Office
) -> None:
    with bench_of(county) as bench:
        written = bench.write("不能生成网页的公告")
        bench.publish(written)
        failure = {"key": f"item:{written.item_id}", "reason": "KeyError: 'x'"}
        bench.session.add(BuildFailure(site_id=county.place.site_id, **failure))

    page = county.browser("editor").get(county.path(f"items/{written.item_id}/")).text

    assert "网页生成失败" in page
    assert "读者还看不到" in page
    assert "KeyError" not in page, "what helps the operator is no use to an editor"
    drain(runtime)


def test_who_presses_submit_in_the_editor_hands_in_at_once(county: Office) -> None:
    editor = county.browser("editor")
    new = county.path("items/new")

    answer = editor.post(
        new,
        on=new,
        title="公告",
        column_id=column_of(county, "/tzgg/"),
        body_html=BODY,
        next="submit",
    )

    assert answer.status_code == 303
    page = editor.get(answer.location).text
    assert "待初审" in page
    assert "提交审核" in page


def test_nothing_is_saved_when_what_should_be_handed_in_is_empty(county: Office) -> None:
    editor = county.browser("editor")
    new = county.path("items/new")

    answer = editor.post(
        new,
        on=new,
        title="空稿",
        column_id=column_of(county, "/tzgg/"),
        body_html="",
        next="submit",
    )

    assert answer.status_code == 422
    assert "正文和附件不能都为空" in answer.text
    assert "空稿" not in editor.get(county.path("items/")).text


def test_a_returned_item_comes_back_to_its_writer_with_the_opinion(county: Office) -> None:
    editor, first = county.browser("editor"), county.browser("first_reviewer")
    item = write(county, editor, title="交通管制通告")
    submit(editor, item)

    silent = sign(first, item, "first-review", "return")
    said = sign(first, item, "first-review", "return", opinion="起止时间有误，请核实")

    assert silent.status_code == 422
    assert "退回时请写明意见" in silent.text
    assert said.status_code == 303
    desk = editor.get(county.path("")).text
    assert "退回修改" in desk
    assert "起止时间有误，请核实" in desk
    assert "起止时间有误，请核实" in editor.get(f"{item}draft").text


def test_nobody_is_offered_to_sign_what_they_wrote(county: Office) -> None:
    with bench_of(county) as bench:
        written = bench.hand_in(bench.write("公告"))
        written.written_by = [bench.actor("first_reviewer").account_id]
    first = county.browser("first_reviewer")
    page = county.path(f"reviews/{written.id}/")

    shown = first.get(page).text
    tried = first.post(f"{page}first-review", on=page, digest=written.digest, decision="approve")

    assert "不能审核自己撰写或修改过的稿件" in shown
    assert 'value="approve"' not in shown
    assert tried.status_code == 403
    assert "须由他人审核" in first.get(county.path("")).text


def test_an_issuer_is_told_that_the_secrecy_review_is_missing(county: Office) -> None:
    with bench_of(county) as bench:
        written = bench.hand_in(bench.write("公告"))
        bench.sign(written, "first")
        bench.sign(written, "second")
    issuer = county.browser("issuer")
    page = county.path(f"reviews/{written.id}/")

    shown = issuer.get(page).text
    tried = issuer.post(f"{page}final-review", on=page, digest=written.digest, decision="approve")

    assert "尚未通过保密审查，不能审发" in shown
    assert tried.status_code == 409
    assert "还不能审发" in tried.text


def test_a_signature_covers_what_was_seen_and_nothing_newer(county: Office) -> None:
    editor, first = county.browser("editor"), county.browser("first_reviewer")
    item = write(county, editor, title="公告")
    submit(editor, item)
    page = review_page(first, item)
    seen = digest_on(first.get(page))

    newer = seen[:-1] + ("1" if seen.endswith("0") else "0")
    answer = first.post(f"{page}first-review", on=page, digest=newer, decision="approve")

    assert answer.status_code == 409
    assert "稿件内容已有变化" in answer.text


def test_a_reviewer_sees_every_change_against_the_live_edition(county: Office) -> None:
    with bench_of(county) as bench:
        live = bench.publish(
            bench.write("公告", body_html='<p>见<a href="https://a.gov.cn/">附表</a>。</p>')
        )
        changed = bench.change(
            live, body_html='<p>见<a href="https://b.gov.cn/">附表</a>。</p>', author="李晓芸"
        )
        bench.hand_in(changed)

    page = unescape(
        county.browser("first_reviewer").get(county.path(f"reviews/{changed.id}/")).text
    )

    assert "与网上现行版本的差别" in page
    assert "［链接：https://" in page
    assert ">a</del>" in page
    assert ">b</ins>" in page
    assert "改为：</span>李晓芸" in page


def test_a_schedule_shows_its_true_fate_and_can_be_taken_back(county: Office) -> None:
    editor, issuer = county.browser("editor"), county.browser("issuer")
    later = local(now() + timedelta(days=2))
    item = write(county, editor, title="放假通知", publish_at=f"{later:%Y-%m-%dT%H:%M}")
    waiting = editor.get(county.path("")).text
    item_id = int(item.split("/")[-2])
    with bench_of(county) as bench:
        draft = open_edition_of(bench.session, item_id)
        bench.publish(draft)
        assert draft.state == SCHEDULED
    signed = editor.get(county.path("")).text
    ask = county.path(f"reviews/{draft.id}/unscheduling")

    taken = issuer.post(ask, on=ask, digest=digest_on(issuer.get(ask)), opinion="日期有变")

    assert "届时不会发布" in waiting
    assert "届时自动发布" in signed
    assert taken.status_code == 303
    assert "日期有变" in editor.get(item).text


def test_an_urgent_issue_needs_a_reason_and_the_reviews_are_signed_afterwards(
    county: Office,
) -> None:
    with bench_of(county) as bench:
        written = bench.hand_in(bench.write("暴雪橙色预警"))
        bench.clear(written)
    issuer = county.browser("issuer")
    ask = county.path(f"reviews/{written.id}/urgent-issue")

    silent = issuer.post(ask, on=ask, digest=written.digest, reason="")
    seen = digest_on(issuer.get(ask))
    issued = issuer.post(ask, on=ask, digest=seen, reason="须立即告知公众")

    assert silent.status_code == 422
    assert issued.status_code == 303
    first, second = county.browser("first_reviewer"), county.browser("second_reviewer")
    assert "紧急发布待补签" in first.get(county.path("")).text
    item = county.path(f"items/{written.item_id}/")
    assert sign(first, item, "first-review").status_code == 303
    assert sign(second, item, "second-review").status_code == 303
    assert "紧急发布待补签" not in first.get(county.path("")).text


def test_an_item_is_withdrawn_for_a_reason(runtime: Runtime, county: Office) -> None:
    with bench_of(county) as bench:
        written = bench.publish(bench.write("错误的公告"))
    drain(runtime)
    issuer = county.browser("issuer")
    item = county.path(f"items/{written.item_id}/")
    ask = f"{item}withdrawal"

    silent = issuer.post(ask, on=ask, reason=" ")
    done = issuer.post(ask, on=ask, reason="时间有误")

    assert silent.status_code == 422
    assert done.status_code == 303
    with bench_of(county) as bench:
        (withdrawal,) = withdrawals_of_item(bench.session, written.item_id)
        assert withdrawal.reason == "时间有误"
    drain(runtime)
    page = issuer.get(item).text
    assert "网页已撤下" in page
    assert "已撤稿" in page


@pytest.mark.parametrize(
    ("role", "stage"),
    [
        ("editor", "first-review"),
        ("first_reviewer", "second-review"),
        ("second_reviewer", "final-review"),
    ],
)
def test_a_stage_is_closed_to_other_roles(county: Office, role: str, stage: str) -> None:
    with bench_of(county) as bench:
        written = bench.hand_in(bench.write("公告"))
    browser = county.browser(role)
    page = county.path(f"reviews/{written.id}/")

    answer = browser.post(f"{page}{stage}", on=county.path("media/"), digest=written.digest)

    assert answer.status_code == 403
