"""Content in and out as JSON Lines: all or nothing for bad input, the same result when repeated."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from hosting.directory.models import Tenant
from hosting.runtime.clock import today
from hosting.runtime.errors import Invalid
from hosting.runtime.runtime import Runtime
from hosting.runtime.worker import drain
from parts.office import EDITOR, ISSUER, office
from parts.platform import Place
from parts.refusals import refused
from tenants.content.models import PUBLISHED, Edition, Item
from tenants.exchange.exporting import export_items
from tenants.exchange.importing import ImportReport, import_file
from tenants.review.models import Expiry, Issue, Slot
from tenants.review.ordering import issue_order, propose_order


def line(number: int, **facts: Any) -> dict[str, Any]:
    """A line that nothing is wrong with."""
    return {
        "external_id": f"x{number}",
        "title": f"第{number}号通知",
        "body_html": "<p>正文。</p>",
        "date": (date(2010, 1, 1) + timedelta(days=number)).isoformat(),
        **facts,
    }


def written(folder: Path, lines: list[Any], *, name: str = "items.jsonl") -> Path:
    """A file with these lines; text stands as it is."""
    path = folder / name
    said = [
        each if isinstance(each, str) else json.dumps(each, ensure_ascii=False) for each in lines
    ]
    path.write_text("\n".join(said) + "\n", encoding="utf-8")
    return path


def taken_in(
    runtime: Runtime, place: Place, path: Path, *, is_ordered: bool = False
) -> ImportReport:
    """Import a file into the place's first column."""
    with office(runtime, place) as desk:
        column_id = desk.columns[0].id
    return import_file(
        runtime,
        place.tenant_id,
        place.site_id,
        path,
        column_id=column_id,
        run="run",
        by=EDITOR,
        progress=lambda done, total: None,
        is_ordered=is_ordered,
    )


def open_history(runtime: Runtime, place: Place, until: date) -> None:
    """The city lets in what is dated before."""
    with runtime.platform_session(reason="test") as session:
        tenant = session.scalars(select(Tenant).where(Tenant.id == place.tenant_id)).one()
        tenant.history_until = until


def number_of_items(runtime: Runtime, place: Place) -> int:
    with runtime.tenant_session(place.tenant_id, reading=True) as session:
        return session.scalar(select(func.count()).select_from(Item)) or 0


def ordered(runtime: Runtime, place: Place) -> None:
    """Sign the run's migration order and carry it out."""
    open_history(runtime, place, today())
    order = propose_order(runtime, place.tenant_id, run="run", reason="历史内容迁入", by=EDITOR)
    issue_order(runtime, place.tenant_id, order.id, digest=order.digest, by=ISSUER)
    drain(runtime, seconds=60)


def test_a_document_whose_last_day_is_over_comes_in_and_is_shown_as_expired(
    runtime: Runtime, river: Place, tmp_path: Path
) -> None:
    path = written(tmp_path, [line(1, valid_until="2015-12-31"), line(2, valid_until="2999-12-31")])
    taken_in(runtime, river, path)

    ordered(runtime, river)

    with runtime.tenant_session(river.tenant_id, reading=True) as session:
        (expiry,) = session.scalars(select(Expiry))
        assert expiry.valid_until == date(2015, 12, 31)
        assert {each.state for each in session.scalars(select(Edition))} == {PUBLISHED}


def test_a_last_day_that_cannot_be_is_named_with_its_line(
    runtime: Runtime, river: Place, tmp_path: Path
) -> None:
    path = written(tmp_path, [line(1, valid_until="明年"), line(2, valid_until="9999-12-31")])

    with pytest.raises(Invalid) as caught:
        taken_in(runtime, river, path)

    told = [(each.field, each.code) for each in caught.value.problems]
    assert told == [("第 1 行 valid_until", "wrong_date"), ("第 2 行 valid_until", "wrong_year")]


def test_items_come_in_as_drafts_with_their_dates_and_files(
    runtime: Runtime, river: Place, tmp_path: Path
) -> None:
    (tmp_path / "名单.txt").write_text("一、名单", encoding="utf-8")
    lines = [line(1, attachments=[{"name": "附件1", "path": "名单.txt"}], source="县政府办")]

    taken_in(runtime, river, written(tmp_path, lines))

    (told,) = export_items(runtime, river.tenant_id, river.site_id)
    assert (told["state"], told["title"], told["date"]) == ("draft", "第1号通知", "2010-01-02")
    assert [each["name"] for each in told["attachments"]] == ["附件1"]
    assert told["attachments"][0]["missing"] is False
    assert told["source"] == "县政府办"


def test_the_same_file_again_changes_nothing_and_another_text_makes_a_new_edition(
    runtime: Runtime, river: Place, tmp_path: Path
) -> None:
    taken_in(runtime, river, written(tmp_path, [line(1), line(2)]))

    again = taken_in(runtime, river, written(tmp_path, [line(1), line(2)]))
    changed = taken_in(runtime, river, written(tmp_path, [line(1), line(2, title="改过的标题")]))

    assert (again.created, again.changed, again.unchanged) == (0, 0, 2)
    assert (changed.created, changed.changed, changed.unchanged) == (0, 1, 1)


@pytest.mark.parametrize(
    ("wrong", "code", "where"),
    [
        ('{"external_id": "x9", "title": "半', "not_json", "第 2 行"),
        (line(9, title=""), "title_missing", "第 2 行 title"),
        (line(9, date="二〇一〇年"), "wrong_date", "第 2 行 date"),
        (line(9, external_id=""), "missing_external_id", "第 2 行 external_id"),
        (line(9, attachments=["没有.pdf"]), "attachment_missing", "第 2 行 attachments[0]"),
        (line(9, attachments=["../../etc/passwd"]), "attachment_missing", "第 2 行 attachments[0]"),
        (line(9, colour="red"), "unknown_field", "第 2 行 colour"),
        (line(1), "duplicate_external_id", "第 2 行 external_id"),
        (line(9, body_html="<div>" * 10_000), "html_too_deep", "第 2 行 body_html"),
        (line(9, body_html="&" * 300_000), "html_too_long", "第 2 行 body_html"),
    ],
    ids=["half", "title", "date", "key", "file", "outside", "unknown", "twice", "deep", "long"],
)
def test_a_file_with_any_wrong_line_is_refused_whole_and_the_line_is_named(
    runtime: Runtime, river: Place, tmp_path: Path, wrong: Any, code: str, where: str
) -> None:
    with pytest.raises(Invalid) as caught:
        taken_in(runtime, river, written(tmp_path, [line(1), wrong, line(3)]))

    assert [(each.code, each.field) for each in caught.value.problems] == [(code, where)]
    with runtime.tenant_session(river.tenant_id, reading=True) as session:
        assert session.scalar(select(func.count(Item.id))) == 0


def test_every_wrong_line_is_named_at_once(runtime: Runtime, river: Place, tmp_path: Path) -> None:
    with pytest.raises(Invalid) as caught:
        taken_in(runtime, river, written(tmp_path, ["[]", line(2, title=""), "oops"]))

    assert [each.field.split()[1] for each in caught.value.problems] == ["1", "2", "3"]


def test_scripts_do_not_come_in(runtime: Runtime, river: Place, tmp_path: Path) -> None:
    body = '<p onclick="x()">正文</p><script src="https://evil.example/x.js"></script>'

    taken_in(runtime, river, written(tmp_path, [line(1, body_html=body)]))

    with runtime.tenant_session(river.tenant_id, reading=True) as session:
        assert session.scalars(select(Edition.body_html)).one() == "<p>正文</p>"


def test_an_import_alone_makes_nothing_public(
    runtime: Runtime, river: Place, tmp_path: Path
) -> None:
    taken_in(runtime, river, written(tmp_path, [line(1)]))
    drain(runtime, seconds=60)

    with runtime.tenant_session(river.tenant_id, reading=True) as session:
        assert session.scalar(select(func.count(Issue.id))) == 0


def test_a_migration_order_makes_all_public_under_one_number_in_the_order_of_dates(
    each_runtime: Runtime, river: Place, tmp_path: Path
) -> None:
    taken_in(each_runtime, river, written(tmp_path, [line(n) for n in (5, 3, 9, 1)]))

    ordered(each_runtime, river)

    with each_runtime.tenant_session(river.tenant_id, reading=True) as session:
        issues = session.execute(select(Issue.number, Issue.serial).order_by(Issue.serial)).all()
        dates = session.scalars(select(Slot.date).order_by(Slot.number)).all()
    assert [tuple(row) for row in issues] == [(1, 1), (1, 2), (1, 3), (1, 4)]
    assert list(dates) == sorted(dates)


def test_older_items_that_come_later_are_put_in_their_place(
    runtime: Runtime, river: Place, tmp_path: Path
) -> None:
    taken_in(runtime, river, written(tmp_path, [line(7), line(8)]))
    ordered(runtime, river)
    taken_in(runtime, river, written(tmp_path, [line(1), line(2)]))

    ordered(runtime, river)

    with runtime.tenant_session(river.tenant_id, reading=True) as session:
        rows = session.execute(select(Slot.number, Slot.date).order_by(Slot.number)).all()
    assert [row.number for row in rows] == [1, 2, 3, 4]
    assert [row.date.day for row in rows] == [2, 3, 8, 9]


def test_who_proposed_an_order_cannot_issue_it(
    runtime: Runtime, river: Place, tmp_path: Path
) -> None:
    taken_in(runtime, river, written(tmp_path, [line(1)]))
    with runtime.platform_session(reason="test") as session:
        tenant = session.scalars(select(Tenant).where(Tenant.id == river.tenant_id)).one()
        tenant.history_until = today()
    order = propose_order(runtime, river.tenant_id, run="run", reason="迁入", by=EDITOR)
    with refused("own_proposal"):
        issue_order(runtime, river.tenant_id, order.id, digest=order.digest, by=EDITOR)


def test_dates_that_an_order_cannot_take_are_named_before_any_draft_is_made(
    runtime: Runtime, river: Place, tmp_path: Path
) -> None:
    lines = [line(number) for number in range(1, 61)]
    lines += [line(61, date="2020-05-06"), line(62, date=None)]
    path = written(tmp_path, lines)
    with pytest.raises(Invalid) as closed:
        taken_in(runtime, river, path, is_ordered=True)
    assert [each.code for each in closed.value.problems] == ["history_closed"]
    open_history(runtime, river, date(2020, 5, 6))

    with pytest.raises(Invalid) as caught:
        taken_in(runtime, river, path, is_ordered=True)

    told = [(each.field, each.code) for each in caught.value.problems]
    assert told == [("第 61 行 date", "too_recent"), ("第 62 行 date", "date_missing")]
    assert number_of_items(runtime, river) == 0
    assert taken_in(runtime, river, path).created == 62, "drafts may have any date"


def test_attachments_that_may_not_be_kept_are_named_before_any_draft_is_made(
    runtime: Runtime, river: Place, tmp_path: Path
) -> None:
    (tmp_path / "名单.txt").write_text("一、名单", encoding="utf-8")
    (tmp_path / "空.txt").write_bytes(b"")
    (tmp_path / "图.svg").write_text("<svg/>", encoding="utf-8")
    lines = [line(number, attachments=["名单.txt"]) for number in range(1, 61)]
    lines.append(line(61, attachments=["名单.txt", "空.txt", "图.svg"]))

    with pytest.raises(Invalid) as caught:
        taken_in(runtime, river, written(tmp_path, lines))

    told = [(each.field, each.code) for each in caught.value.problems]
    assert told == [
        ("第 61 行 attachments[1]", "upload_empty"),
        ("第 61 行 attachments[2]", "svg_refused"),
    ]
    assert number_of_items(runtime, river) == 0


def test_an_order_takes_nothing_that_is_not_older_than_the_city_allows(
    runtime: Runtime, river: Place, tmp_path: Path
) -> None:
    taken_in(runtime, river, written(tmp_path, [line(1, date=today().isoformat())]))
    open_history(runtime, river, today())
    with refused("wrong_order"):
        propose_order(runtime, river.tenant_id, run="run", reason="迁入", by=EDITOR)


def test_what_was_altered_after_the_order_was_signed_is_left_out(
    runtime: Runtime, river: Place, tmp_path: Path
) -> None:
    taken_in(runtime, river, written(tmp_path, [line(1), line(2)]))
    with runtime.tenant_session(river.tenant_id) as session:
        first = session.scalars(select(Edition).order_by(Edition.id)).first()
        assert first is not None
        altered = first.id
    with runtime.platform_session(reason="test") as session:
        tenant = session.scalars(select(Tenant).where(Tenant.id == river.tenant_id)).one()
        tenant.history_until = today()
    order = propose_order(runtime, river.tenant_id, run="run", reason="迁入", by=EDITOR)
    issue_order(runtime, river.tenant_id, order.id, digest=order.digest, by=ISSUER)
    with runtime.tenant_session(river.tenant_id) as session:
        session.scalars(select(Edition).where(Edition.id == altered)).one().title = "夹带"
    drain(runtime, seconds=60)

    with runtime.tenant_session(river.tenant_id, reading=True) as session:
        assert altered not in session.scalars(select(Issue.edition_id)).all()
        assert session.scalar(select(func.count(Issue.id))) == 1
