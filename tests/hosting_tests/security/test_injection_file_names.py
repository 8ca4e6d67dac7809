"""A file's name stays a name: in the header under which it is handed over, and in none besides."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote

from werkzeug.http import parse_options_header
from werkzeug.test import TestResponse

from hosting.security.file_names import LONGEST_BYTES
from parts.house import sources
from parts.people import Browser
from parts.workplace import PDF, Office, bench_of
from tenants.media.models import Asset

Tried = Callable[[str, object], None]
NAMES = [
    "清河县2026年度惠企政策清单（征求意见稿）.pdf",
    "关于“放管服”的通知；附件1.pdf",
    'a";filename="b.pdf',
    "a'; filename*=UTF-8''evil.pdf",
    "a;b=c,d.pdf",
    'a\\";x.pdf',
    "a%0d%0aX-Injected: 1.pdf",
    "a%22%3b.pdf",
    "=?utf-8?B?ZXZpbA==?=.pdf",
    "../../etc/passwd.pdf",
    "..\\..\\win.ini.pdf",
    "a\r\nX-Injected: 1.pdf",
    "a\nX-Injected: 1.pdf",
    "a\rX-Injected: 1.pdf",
    "a\0.b.pdf",
    "a\x0b\x0c\x1c\x1d\x1e.pdf",
    "a\x7f\x85\x9b2K.pdf",
    "a\u2028X-Injected: 1\u2029.pdf",
    "a\u202efdp.b.pdf",
    "a\u2066\u2069\u200f.pdf",
    "\x1b]0;title\x07.pdf",
    "𠮷野家🏮.pdf",
    "é" * 300 + ".pdf",
    "长" * 5_000 + ".pdf",
    " .pdf",
    "CON.pdf",
]


def bring(office: Office, editor: Browser, name: str) -> TestResponse:
    """Upload a file whose name is sent as RFC 2231 has it, so that every character arrives."""
    token = editor.form_token(office.path("items/new"))
    boundary = "a-boundary-of-tests"
    written = quote(name, safe="")
    body = (
        (
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; '
            f"filename*=UTF-8''{written}\r\nContent-Type: application/pdf\r\n\r\n"
        ).encode()
        + PDF
        + f"\r\n--{boundary}--\r\n".encode()
    )
    return editor.client.post(
        office.path("media/uploads"),
        data=body,
        content_type=f"multipart/form-data; boundary={boundary}",
        base_url=editor.host,
        headers={"X-CSRFToken": token, "Referer": f"{editor.host}/"},
    )


def assert_one_plain_disposition(answer: TestResponse) -> str:
    """The name that a browser would keep the file under."""
    assert answer.status_code == 200
    assert not answer.headers.getlist("X-Injected")
    assert not [value for _, value in answer.headers if not value.isascii()]
    assert not [value for _, value in answer.headers if re.search(r"[\x00-\x1f\x7f]", value)]
    (value,) = answer.headers.getlist("Content-Disposition")
    kind, options = parse_options_header(value)
    assert kind == "attachment"
    assert set(options) == {"filename"}
    assert len(value) < 1_000
    return options["filename"]


def test_files_are_handed_over_under_one_name_and_with_no_header_more(
    county: Office, record_property: Tried
) -> None:
    editor = county.browser("editor")
    for name in NAMES:
        brought = bring(county, editor, name)
        assert brought.status_code == 200, brought.text

        kept = assert_one_plain_disposition(editor.get(brought.json["location"]))

        assert kept.isprintable()
        assert not re.search(r'[/\\"<>|:*?]', kept)
        assert 0 < len(kept.encode()) <= LONGEST_BYTES
        assert kept.endswith(".pdf")
    record_property("tried", len(NAMES))


def test_a_chinese_name_arrives_whole(county: Office) -> None:
    editor = county.browser("editor")
    brought = bring(county, editor, NAMES[0])

    assert assert_one_plain_disposition(editor.get(brought.json["location"])) == NAMES[0]


def test_a_name_that_came_by_another_door_splits_no_header(
    county: Office, record_property: Tried
) -> None:
    """Rows can be older than a rule: what stands there unchecked is still only a name."""
    editor = county.browser("editor")
    with bench_of(county) as bench:
        kept = bench.keep("清单.pdf", PDF)
        asset_id, digest = kept.id, kept.path.split("/")[2]
    for name in (each for each in NAMES if len(each) < 400 and not re.search(r"[/\0]", each)):
        with county.runtime.tenant_session(county.place.tenant_id) as session:
            session.get_one(Asset, (county.place.tenant_id, asset_id)).name = name
        path = county.path(f"m/{digest}/{quote(name)}")

        assert_one_plain_disposition(editor.get(path))
    record_property("tried", len(NAMES))


def test_the_names_of_exports_are_made_by_us() -> None:
    """Every other file that is handed over has a name without anything that people wrote."""
    written = [
        (each.module, line.strip())
        for each in sources()
        for line in each.text.splitlines()
        if "attachment; filename" in line
    ]

    assert sorted(written) == [
        (
            "provisioning.city.views.audit",
            """headers={"Content-Disposition": f'attachment; filename="{name}"'},""",
        ),
        # The number of an item, and nothing that anybody wrote.
        (
            "tenants.workspace.views.receipts",
            (
                'headers={"Content-Disposition": '
                """f'attachment; filename="receipt-{item_id}.json"'},"""
            ),
        ),
    ]
