"""Nothing that people send makes a second log line, hides one, or is obeyed by a terminal."""

from __future__ import annotations

import ast
import contextlib
import io
import logging
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from hosting.publishing.tree import PublicFolder
from hosting.runtime.command_line import answer
from hosting.runtime.log_lines import OneLine
from hosting.runtime.settings import Settings
from hosting.security.models import Account
from parts.house import sources
from parts.people import Browser
from parts.platform import RIVER, make_home
from parts.web_process import WebProcess, serving

FORGED = "2026-11-27 09:00:00,000 ERROR hosting.security: signed in as root"
ENDS = ["\n", "\r\n", "\r", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"]
HIDING = {
    "NUL": "\x00",
    "backspaces": "\x08" * 40,
    "ANSI erase": "\x1b[2K\x1b[1G",
    "ANSI colour": "\x1b[31;40m",
    "OSC title": "\x1b]0;title\x07",
    "C1 CSI": "\x9b2K",
    "C1 OSC": "\x9d0;title\x9c",
    "DEL": "\x7f",
    "bidi override": "\u202e",
    "bidi isolates": "\u2066\u2067\u2068\u2069",
    "bidi marks": "\u200e\u200f\u061c",
    "zero width": "\u200b\u200c\u200d\ufeff",
    "surrogate": "\udc9b",
}
EVIL = {repr(end)[1:-1]: f"li{end}{FORGED}" for end in ENDS} | {
    name: f"li{hiding}{FORGED}" for name, hiding in HIDING.items()
}


class Told(str):
    """What an exception holds and shows as it is."""

    __slots__ = ()
    __repr__ = str.__str__


def line_of(log: Callable[[logging.Logger], None]) -> str:
    """What the handler of the processes writes for what is logged."""
    stream = io.TextIOWrapper(io.BytesIO(), "utf-8", newline="")
    handler = logging.StreamHandler(stream)
    handler.setFormatter(OneLine())
    logger = logging.getLogger("tests of log lines")
    logger.propagate = False
    logger.handlers = [handler]
    log(logger)
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode()


def is_one_plain_line(written: str) -> bool:
    return written.endswith("\n") and len(written.splitlines()) == 1 and written[:-1].isprintable()


@pytest.mark.parametrize("evil", EVIL.values(), ids=EVIL.keys())
def test_an_event_is_one_line_wherever_the_text_stands(evil: str) -> None:
    def fail(logger: logging.Logger) -> None:
        try:
            {}[evil]
        except KeyError as missing:
            missing.args = (Told(evil),)
            logger.exception("not done")

    told = [
        line_of(lambda logger: logger.warning("refused %s at %s", evil, "/")),
        line_of(lambda logger: logger.warning(evil)),
        line_of(lambda logger: logger.warning("looked", stack_info=True)),
        line_of(fail),
    ]

    assert [is_one_plain_line(each) for each in told] == [True] * 4
    assert FORGED in told[0], "spelled, and nothing of it left out"


def test_what_is_written_by_hand_is_left_as_it_is() -> None:
    said = "清河县 office-7: “通知” é 𠮷 — 100 % ①　全角"

    assert line_of(lambda logger: logger.warning(said)).endswith(f": {said}\n")


def test_a_line_has_an_end_however_long_the_text_and_shows_both_of_its_ends() -> None:
    written = line_of(lambda logger: logger.warning("begin %s the end", "x" * 5_000_000))

    assert len(written) < 17_000
    assert "begin xxx" in written
    assert written.endswith("the end\n")


@pytest.mark.parametrize("evil", EVIL.values(), ids=EVIL.keys())
def test_a_terminal_is_told_names_and_never_obeys_them(
    evil: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answer({"title": evil}, as_json=False, human=lambda told: f"1 page\n\t{told['title']}")

    said = capsys.readouterr().out
    allowed = said.replace("\n", "").replace("\t", "")
    assert allowed.isprintable()


def test_each_process_logs_by_that_rule() -> None:
    """No other way of writing logs is arranged anywhere."""
    others = [
        f"{each.path}:{node.lineno}"
        for each in sources()
        for node in ast.walk(each.tree)
        if isinstance(node, ast.Attribute)
        and node.attr in ("basicConfig", "StreamHandler", "FileHandler", "SysLogHandler")
        and each.path.name != "log_lines.py"
    ]

    assert others == []


# --- the process as it is run ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[WebProcess]:
    """It has no table of sign-ins: whoever brings a cookie makes it fail, and log."""
    folder = tmp_path_factory.mktemp("web")
    home = make_home(folder)
    (home / "jiyue.sqlite3").write_bytes(sqlite_template.read_bytes())
    (PublicFolder(home).hosts / RIVER.host).mkdir(parents=True)
    with contextlib.closing(sqlite3.connect(home / "jiyue.sqlite3")) as database:
        database.execute("DROP TABLE sign_in")
    with serving(Settings(home=home), folder) as process:
        yield process


COOKIE = "Cookie: jiyue-sign-in=somebody"


@pytest.mark.parametrize("evil", EVIL.values(), ids=EVIL.keys())
def test_a_path_makes_one_line_when_the_page_fails(web: WebProcess, evil: str) -> None:
    before = len(web.lines)
    path = quote(f"/t/river/m/{evil}", errors="surrogateescape")

    answered = web.ask(f"{path}/x?{quote(FORGED)}", "console.localhost", COOKIE)

    (line,) = web.lines[before:]
    assert answered.status in (500, 503)
    assert line[:4].isdecimal()
    assert "unforeseen error at /t/river/m/li" in line
    assert is_one_plain_line(line + "\n")
    assert quote(FORGED) not in line, "the query is not told"


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET /\x1b[2K\r\n" + FORGED.encode() + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\x1b[2K\r\nX\xe2\x80\xa8: 1\r\n\r\n",
        b"\x9b2K\n" + FORGED.encode() + b"\n\n",
        b"GET / HTTP/1.1\r\nHost: console.localhost\r\nX-A: a\n" + FORGED.encode() + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n",
        b"GET /" + b"a" * 9_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: 1\x1b[2K\r\nHost: a\r\n\r\n",
    ],
)
def test_a_request_that_is_none_makes_one_plain_line_at_most(
    web: WebProcess, request_bytes: bytes
) -> None:
    before = len(web.lines)

    web.send(request_bytes)

    written = web.lines[before:]
    assert len(written) <= 1
    assert all(each.isprintable() and each[:4].isdecimal() for each in written)


@pytest.mark.parametrize("evil", EVIL.values(), ids=EVIL.keys())
def test_hosts_agents_and_referrers_write_no_line_at_all(web: WebProcess, evil: str) -> None:
    before = len(web.lines)
    plain = evil.replace("\r", "").replace("\n", "").replace("\x00", "")

    web.ask("/", plain)
    web.ask("/", "console.localhost", f"User-Agent: {plain}", f"Referer: {plain}")
    web.ask(f"/-/search?q={quote(evil, errors='surrogateescape')}", RIVER.host)

    assert all("Invalid request" in each and each.isprintable() for each in web.lines[before:])


# --- what is logged or kept of people -------------------------------------------------------------


def test_names_that_are_tried_at_sign_in_reach_no_log(
    browser: Browser,
    li: Account,
    caplog: pytest.LogCaptureFixture,
    record_property: Callable[[str, object], None],
) -> None:
    caplog.set_level(logging.DEBUG)
    for evil in EVIL.values():
        typed = evil.encode("utf-8", "replace").decode()
        # Often enough that the limit is reached, which is logged.
        for _ in range(7):
            browser.sign_in(typed[:60], "Wrong-pass-1")

    ours = [each.getMessage() for each in caplog.records if each.name.startswith("hosting")]
    assert not [each for each in ours if "signed in as root" in each]
    assert any("the limit sign_ins was reached" in each for each in ours)
    record_property("tried", len(EVIL))


@pytest.mark.parametrize("evil", EVIL.values(), ids=EVIL.keys())
def test_what_the_provider_is_said_to_answer_makes_one_line(evil: str) -> None:
    """Anybody can send a browser to the address to which the provider sends people back."""
    written = line_of(
        lambda logger: logger.warning(
            "the identity provider's answer was refused: %s", ValueError(evil)
        )
    )

    assert is_one_plain_line(written)


def test_a_surrogate_does_not_keep_an_event_from_the_log() -> None:
    """It cannot be encoded: unspelled, the handler would fail and the event be lost."""
    assert "\\udc9b" in line_of(lambda logger: logger.warning("%s", "\udc9b"))


def test_while_the_database_is_away_people_get_the_page_that_says_so(web: WebProcess) -> None:
    answered = web.ask("/t/river/", "console.localhost", COOKIE)

    assert answered.status == 503
    assert "数据库暂时不可用" in answered.body
    assert answered.header("Retry-After") == ["60"]


def test_nothing_sends_mail() -> None:
    """Where nothing is mailed, no header of a mail can be added to."""
    mailing = {"smtplib", "aiosmtplib", "flask_mail", "flask_mailman", "email.mime", "imaplib"}
    found = [
        f"{source.path}: {name}"
        for source in sources()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [each.name for each in node.names]
        )
        if any(name == each or name.startswith(f"{each}.") for each in mailing)
        or name in ("email.message", "email.policy")
    ]

    assert found == []
