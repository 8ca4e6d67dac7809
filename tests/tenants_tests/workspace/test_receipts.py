"""What the people of an office see of a withdrawal's proof, and what they can ask for."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from hosting.runtime.clock import now
from hosting.runtime.runtime import Runtime
from hosting.runtime.worker import drain
from parts.gone_item import Gone
from parts.withdrawal import put_checks_off
from parts.workplace import Office, bench_of
from tenants.content.queries import editions_of
from tenants.receipts.queries import proof_of_item


@pytest.fixture
def gone(county: Office, monkeypatch: pytest.MonkeyPatch) -> Gone:
    put_checks_off(monkeypatch)
    return Gone(county)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """A minute has passed for whoever checks."""
    when = now() + timedelta(seconds=120)
    monkeypatch.setattr("tenants.receipts.operations.now", lambda: when)


def test_an_item_says_that_it_is_being_checked_and_then_that_nothing_is_left(gone: Gone) -> None:
    editor = gone.office.browser("editor")

    assert "正在核查" in editor.get(gone.page).text
    assert "正在核查…" in editor.get(gone.receipt).text
    assert "every 3s" in editor.get(gone.receipt).text

    gone.publish()
    gone.check()

    assert "已核查无残留" in editor.get(gone.page).text
    page = editor.get(gone.receipt).text
    assert "已核查无残留" in page
    assert "every 3s" not in page
    assert f"{gone.office.place.host}{gone.path}" in page
    for words in ("稿件网页", "栏目列表", "订阅源", "站点地图", "站内搜索", "410"):
        assert words in page
    assert "时间有误" in page


def test_what_is_left_stands_first_on_the_receipt_and_on_the_desk(gone: Gone, later: None) -> None:
    gone.publish()
    gone.put_back()
    gone.check()
    issuer = gone.office.browser("issuer")

    page = issuer.get(gone.receipt).text

    assert "仍有残留" in page
    assert "内容仍可打开" in page
    listed = page.split("<tbody>")[1]
    assert listed.index("有残留</span>") < listed.index("已撤除")
    assert "还有 1 处未清除或未能核查" in issuer.get(gone.page).text
    assert "撤稿后仍有残留" in issuer.get(gone.office.path("")).text
    assert "撤稿后仍有残留" in gone.office.browser("tenant_admin").get(gone.office.path("")).text
    assert "撤稿后仍有残留" not in gone.office.browser("editor").get(gone.office.path("")).text


def test_a_receipt_can_be_kept_elsewhere_with_its_digest(gone: Gone) -> None:
    gone.publish()
    gone.check()
    answer = gone.office.browser("editor").get(f"{gone.receipt}.json")

    said = json.loads(answer.data)

    assert "attachment" in answer.headers["Content-Disposition"]
    assert said["state"] == "clean"
    assert said["is_whole"] is True
    assert said["path"] == gone.path
    with gone.office.runtime.tenant_session(gone.office.place.tenant_id, reading=True) as session:
        receipt = proof_of_item(session, gone.item_id).receipt
    assert receipt is not None
    assert said["digest"] == receipt.digest
    assert said["places"] == receipt.places


def test_whoever_withdraws_has_it_checked_again(gone: Gone) -> None:
    issuer, editor = gone.office.browser("issuer"), gone.office.browser("editor")
    gone.publish()
    assert "重新核查</span>" not in issuer.get(gone.receipt).text, "one is on its way"
    assert issuer.post(gone.receipt, on=gone.receipt).status_code == 409
    gone.check()
    assert "重新核查</span>" in issuer.get(gone.receipt).text
    assert "重新核查</span>" not in editor.get(gone.receipt).text
    assert editor.post(gone.receipt, on=gone.receipt).status_code == 403

    assert issuer.post(gone.receipt, on=gone.receipt).status_code == 303
    assert "正在核查…" in issuer.get(gone.receipt).text
    drain(gone.office.runtime)

    page = issuer.get(gone.receipt).text
    assert "已核查无残留" in page
    assert "此前的核查" in page


def test_what_never_was_withdrawn_has_no_receipt_and_neither_has_a_strangers(
    gone: Gone, department: Office, runtime: Runtime
) -> None:
    with bench_of(gone.office) as bench:
        public = bench.publish(bench.write("仍然公开的公告"))
    editor = gone.office.browser("editor")
    there = gone.office.path(f"items/{public.item_id}/receipt")
    foreign = department.path(f"items/{gone.item_id}/receipt")
    stranger = department.browser("issuer")

    assert editor.get(there).status_code == 404
    assert stranger.get(foreign).status_code == 404
    assert stranger.get(f"{foreign}.json").status_code == 404
    assert stranger.post(foreign, on=department.path("media/")).status_code == 404
    assert stranger.get(gone.receipt).status_code == 404


def test_an_item_that_is_public_again_keeps_its_receipt(gone: Gone) -> None:
    gone.publish()
    gone.check()
    with bench_of(gone.office) as bench:
        last = editions_of(bench.session, gone.item_id)[0]
        bench.publish(bench.change(last, body_html="<p>更正。</p>"))
    gone.publish()
    issuer = gone.office.browser("issuer")

    assert f"{gone.receipt}" in issuer.get(gone.page).text
    assert "已核查无残留" in issuer.get(gone.receipt).text
    assert "重新核查</span>" not in issuer.get(gone.receipt).text


def test_who_sees_only_their_own_items_sees_only_their_receipts(gone: Gone) -> None:
    gone.publish()
    gone.check()
    contributor = gone.office.browser("contributor")

    assert contributor.get(gone.receipt).status_code == 403
    assert contributor.get(f"{gone.receipt}.json").status_code == 403
