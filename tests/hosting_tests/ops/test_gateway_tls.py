"""What the gateway does with TLS: each host its certificate, and nobody another's site."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from hosting.ops.gateway.nginx import GatewayOptions, nginx_configuration
from hosting.runtime.settings import Settings
from parts.certificates import Certificates, Encrypted, agreed, ask_encrypted, shown_to
from parts.gateway import StartNginx
from parts.programs import free_port
from parts.public_folder import Answer, PublicSites, ask

pytestmark = pytest.mark.gateway

HOST, OTHER, BARE = "www.river.gov.cn", "www.hill.gov.cn", "www.bare.gov.cn"
HSTS = "Strict-Transport-Security"


@dataclass(frozen=True)
class Gateway:
    """A running gateway with its two ports."""

    sites: PublicSites
    certificates: Certificates
    port: int
    plain_port: int

    def encrypted(
        self, name: str | None, host: str = "", prepare: Callable[[ssl.SSLContext], object] = id
    ) -> Encrypted:
        """The home page of a host, asked for under a name."""
        return ask_encrypted(self.port, name, host=host, prepare=prepare)

    def shown(self, name: str | None) -> str:
        """Whose certificate is shown to those who ask for a name."""
        return self.certificates.shown(self.encrypted(name, name or HOST).certificate)

    def plain(self, host: str, path: str = "/") -> Answer:
        """What is answered in the clear."""
        return ask(self.plain_port, host, path)


@pytest.fixture
def start(home: Path, tmp_path: Path, start_nginx: StartNginx) -> Callable[..., Gateway]:
    """`start(hsts_seconds=…)` runs a gateway with three sites, of which one has no certificate."""
    sites, certificates = PublicSites(home), Certificates(tmp_path / "tls")
    for host in (HOST, OTHER, BARE):
        sites.add(host)
    for name in (HOST, OTHER, "default", "console.localhost"):
        certificates.make(name)
    certificates.make("preview.localhost", "*.preview.localhost")

    def start(**options: int) -> Gateway:
        gateway = Gateway(sites, certificates, free_port(), free_port())
        settings = replace(Settings(home=home), bind=f"127.0.0.1:{free_port()}")
        chosen = GatewayOptions(
            listen=(f"127.0.0.1:{gateway.port}",),
            listen_plain=(f"127.0.0.1:{gateway.plain_port}",),
            tls=str(certificates.folder),
            hsts_seconds=options.get("hsts_seconds", GatewayOptions.hsts_seconds),
        )
        start_nginx(nginx_configuration(settings, chosen), gateway.port)
        return gateway

    return start


@pytest.fixture
def gateway(start: Callable[..., Gateway]) -> Gateway:
    """One as it is without further options."""
    return start()


def test_each_host_shows_its_own_certificate_and_site(gateway: Gateway) -> None:
    for host in (HOST, OTHER):
        assert gateway.shown(host) == host
        assert gateway.encrypted(host).answer.text == host


def test_a_new_host_and_its_certificate_need_no_reload(gateway: Gateway) -> None:
    gateway.sites.add("www.new.gov.cn")
    before = gateway.shown("www.new.gov.cn")

    gateway.certificates.make("www.new.gov.cn")

    assert (before, gateway.shown("www.new.gov.cn")) == ("default", "www.new.gov.cn")
    assert gateway.encrypted("www.new.gov.cn").answer.text == "www.new.gov.cn"


@pytest.mark.parametrize("name", ["www.unknown.gov.cn", "*.gov.cn", "river", None])
def test_an_unknown_name_gets_the_certificate_of_nobody_and_no_site(
    gateway: Gateway, name: str | None
) -> None:
    shown = gateway.encrypted(name, name or "127.0.0.1")

    assert gateway.certificates.shown(shown.certificate) == "default"
    assert shown.answer.status == 421
    assert "没有您要访问的网站" in shown.answer.text


def test_a_name_that_is_a_path_leads_nowhere(gateway: Gateway, tmp_path: Path) -> None:
    outside = Certificates(tmp_path / "elsewhere")
    outside.make("secret")

    assert "CN = default" in shown_to(gateway.port, "../elsewhere/secret")


def test_the_folder_of_certificates_is_never_served(gateway: Gateway) -> None:
    for host in (HOST, "default", "_", BARE):
        for path in ("/privkey.pem", f"/{HOST}/privkey.pem", "/fullchain.pem", "/../privkey.pem"):
            for answer in (
                ask_encrypted(gateway.port, HOST, host=host, path=path).answer,
                gateway.plain(host, path),
            ):
                assert answer.status != 200
                assert "PRIVATE KEY" not in answer.text


def test_what_comes_in_the_clear_is_sent_on_where_the_host_has_a_certificate(
    gateway: Gateway,
) -> None:
    moved = gateway.plain(HOST, "/art/a.html?x=1")
    bare = gateway.plain(BARE)
    unknown = gateway.plain("www.evil.example")

    assert (moved.status, moved.headers["Location"]) == (301, f"https://{HOST}/art/a.html?x=1")
    assert (bare.status, bare.text) == (200, BARE)
    assert (unknown.status, unknown.headers["Location"]) == (421, None)

    gateway.certificates.make(BARE)

    assert gateway.plain(BARE).headers["Location"] == f"https://{BARE}/"


def test_nobody_signs_in_in_the_clear(gateway: Gateway) -> None:
    for host in ("console.localhost", "mzxw6.preview.localhost"):
        answer = gateway.plain(host, "/sign-in")
        assert (answer.status, answer.headers["Location"]) == (301, f"https://{host}/sign-in")


def test_previews_share_one_certificate(gateway: Gateway) -> None:
    for name in ("mzxw6.preview.localhost", "ytboi.preview.localhost"):
        assert gateway.shown(name) == "preview.localhost"
    assert gateway.shown("a.b.preview.localhost") == "default"
    assert gateway.shown("console.localhost") == "console.localhost"


def test_challenges_for_certificates_are_answered_in_the_clear(
    gateway: Gateway, home: Path
) -> None:
    folder = home / "acme" / ".well-known" / "acme-challenge"
    folder.mkdir(parents=True)
    (folder / "token").write_text("proof")

    for host in (HOST, BARE, "console.localhost", "www.new.gov.cn"):
        answer = gateway.plain(host, "/.well-known/acme-challenge/token")
        assert (answer.status, answer.text) == (200, "proof"), host
    assert gateway.plain(HOST, "/.well-known/acme-challenge/other").status == 404


def test_browsers_remember_to_come_encrypted_but_not_from_what_was_said_in_the_clear(
    gateway: Gateway,
) -> None:
    assert gateway.encrypted(HOST).answer.headers.get_all(HSTS) == ["max-age=31536000"]
    assert gateway.encrypted(HOST, "www.unknown.gov.cn").answer.headers[HSTS]
    assert gateway.plain(BARE).headers[HSTS] is None


def test_browsers_are_not_told_to_where_the_city_does_not_want_it(
    start: Callable[..., Gateway],
) -> None:
    assert HSTS not in start(hsts_seconds=0).encrypted(HOST).answer.headers


def test_readers_may_speak_http_2_and_both_versions_of_tls(gateway: Gateway) -> None:
    def old(context: ssl.SSLContext) -> None:
        context.maximum_version = ssl.TLSVersion.TLSv1_2

    assert gateway.encrypted(HOST).version == "TLSv1.3"
    assert gateway.encrypted(HOST, prepare=old).version == "TLSv1.2"
    assert agreed(gateway.port, ["h2", "http/1.1"]) == "h2"
    assert agreed(gateway.port, ["http/1.1"]) == "http/1.1"


def test_weak_ciphers_are_refused(gateway: Gateway) -> None:
    def weak(context: ssl.SSLContext) -> None:
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers("ECDHE-ECDSA-AES128-SHA256:ECDHE-ECDSA-AES256-SHA")

    with pytest.raises(ssl.SSLError):
        gateway.encrypted(HOST, prepare=weak)
