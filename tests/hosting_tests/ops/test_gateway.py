"""What the printed configuration is made of, and what it does with TLS."""

from __future__ import annotations

import http.client
import os
import pwd
import socket
import ssl
import subprocess
import time
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from hosting.ops.gateway.nginx import GatewayOptions, nginx_configuration, quoted, reader_of
from hosting.publishing.files import Files
from hosting.publishing.notices import write_notices
from hosting.publishing.tree import PublicFolder
from hosting.runtime import command_line
from hosting.runtime.errors import Invalid
from hosting.runtime.settings import Settings
from parts.gateway import StartNginx
from parts.programs import free_port, program

HOST = "www.river.gov.cn"


def test_the_command_prints_a_complete_configuration(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JIYUE_HOME", str(home))
    monkeypatch.setenv("JIYUE_GATEWAY_ADDRESS", "127.0.0.1:8181")
    monkeypatch.setenv("JIYUE_CONSOLE_HOST", "console.yunxi.gov.cn")

    with pytest.raises(SystemExit) as ended:
        command_line.main(["gateway", "nginx"])

    printed = capsys.readouterr().out
    assert ended.value.code == 0
    assert "listen 127.0.0.1:8181 default_server;" in printed
    assert f"root {home}/public/hosts/$host;" in printed
    assert "server_name console.yunxi.gov.cn .preview.localhost;" in printed
    assert "ssl_certificate" not in printed


def test_it_listens_where_it_is_told(home: Path) -> None:
    settings = Settings(home=home)

    plain = nginx_configuration(settings, GatewayOptions())
    told = nginx_configuration(settings, GatewayOptions(listen=("10.0.0.5:80", "[::1]:80")))
    secret = nginx_configuration(settings, GatewayOptions(tls="/etc/jiyue/tls"))

    assert "listen 80 default_server;" in plain
    assert "listen 10.0.0.5:80 default_server;" in told
    assert "listen [::1]:80;" in told
    assert "listen 443 ssl http2 default_server;" in secret
    assert "Strict-Transport-Security" in secret
    assert "Strict-Transport-Security" not in plain


@pytest.mark.parametrize("name", ["a b", "a;b", 'a"b', "a{b", "a$b", "a#b", "a\nb"])
def test_a_path_that_nginx_would_misread_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Invalid):
        nginx_configuration(Settings(home=tmp_path / name), GatewayOptions())


def test_strings_are_quoted_as_nginx_reads_them() -> None:
    assert quoted('say "\\."') == '"say \\"\\\\.\\""'


def test_workers_run_as_the_owner_where_debians_user_cannot_enter(tmp_path: Path) -> None:
    public = tmp_path / "public"
    public.mkdir()
    tmp_path.chmod(0o700)

    assert reader_of(public) == pwd.getpwuid(os.getuid()).pw_name


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    text: str


@pytest.fixture
def certificates(tmp_path: Path) -> Path:
    """A certificate of our own for the host."""
    openssl = program("openssl", package="openssl")
    folder = tmp_path / "tls" / HOST
    folder.mkdir(parents=True)
    subprocess.run(
        [
            *(openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-nodes", "-days", "1", "-subj", f"/CN={HOST}"),
            *("-addext", f"subjectAltName=DNS:{HOST}"),
            *("-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"),
        ],
        check=True,
        capture_output=True,
    )
    return tmp_path / "tls"


@pytest.mark.gateway
def test_each_host_has_its_certificate_and_the_clear_leads_to_it(
    home: Path, certificates: Path, start_nginx: StartNginx
) -> None:
    public = PublicFolder(home)
    write_notices(Files(), public)
    folder = public.site(1)
    folder.prepare(Files())
    (folder.tree(1) / "index.html").write_text("首页")
    public.hosts.mkdir()
    (public.hosts / HOST).symlink_to("../sites/1/current")
    port, plain_port = free_port(), free_port()
    settings = replace(Settings(home=home), bind=f"127.0.0.1:{free_port()}")
    options = GatewayOptions(
        listen=(f"127.0.0.1:{port}",),
        listen_plain=(f"127.0.0.1:{plain_port}",),
        tls=str(certificates),
    )
    start_nginx(nginx_configuration(settings, options), port)

    page = ask_encrypted(port, certificates / HOST / "fullchain.pem")
    moved = ask_plain(plain_port, HOST, "/art/a.html?x=1")
    console = ask_plain(plain_port, "console.localhost", "/")
    unknown = ask_plain(plain_port, "www.evil.example", "/")

    assert page.status == 200
    assert page.text == "首页"
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert moved.headers["Location"] == f"https://{HOST}/art/a.html?x=1"
    assert console.headers["Location"] == "https://console.localhost/"
    assert (unknown.status, unknown.headers["Location"]) == (421, None)


@pytest.mark.gateway
def test_who_reads_the_log_does_not_learn_a_previews_address(
    home: Path, start_nginx: StartNginx
) -> None:
    """The address of a preview is the permission to see it."""
    port, token = free_port(), "mzxw6ytboi" * 4
    settings = replace(Settings(home=home), bind=f"127.0.0.1:{free_port()}")
    options = GatewayOptions(listen=(f"127.0.0.1:{port}",))
    start_nginx(nginx_configuration(settings, options), port)

    for host in (f"{token}.preview.localhost", f"{token.upper()}.Preview.localhost:8000", HOST):
        ask_plain(port, host, "/art/a.html")

    written = _lines_of(home / "run" / "nginx-access.log", 3)
    assert token not in written.lower()
    assert written.count(" *.preview.localhost ") == 2
    assert f" {HOST} " in written


def _lines_of(path: Path, count: int) -> str:
    """A log that nginx writes once a second, when so many lines are in it."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        written = path.read_text() if path.is_file() else ""
        if written.count("\n") >= count:
            return written
        time.sleep(0.05)
    raise AssertionError(f"{path} has fewer than {count} lines")


def ask_encrypted(port: int, certificate: Path) -> Answer:
    context = ssl.create_default_context(cafile=str(certificate))
    raw = socket.create_connection(("127.0.0.1", port), 5)
    with context.wrap_socket(raw, server_hostname=HOST) as secure:
        connection = http.client.HTTPConnection(HOST)
        connection.sock = secure
        return ask(connection, HOST, "/")


def ask_plain(port: int, host: str, path: str) -> Answer:
    return ask(http.client.HTTPConnection("127.0.0.1", port, timeout=5), host, path)


def ask(connection: http.client.HTTPConnection, host: str, path: str) -> Answer:
    with closing(connection):
        connection.request("GET", path, headers={"Host": host})
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read().decode())
