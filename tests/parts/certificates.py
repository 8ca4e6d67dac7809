"""Certificates of a test's own, as `jiyue gateway nginx --tls` expects them."""

from __future__ import annotations

import http.client
import socket
import ssl
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from parts.programs import program
from parts.public_folder import Answer, answered


class Certificates:
    """A folder with one certificate a name, each of which only itself vouches for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()

    def make(self, name: str, *names: str) -> None:
        """Put down a certificate for a name and others; `default` stands for all that have none."""
        openssl = program("openssl", package="openssl")
        own = self.folder / name
        own.mkdir()
        alternatives = ",".join(f"DNS:{each}" for each in names or (name,))
        subprocess.run(
            [
                *(openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
                *("-nodes", "-days", "1", "-subj", f"/CN={name}"),
                *("-addext", f"subjectAltName={alternatives}"),
                *("-keyout", own / "privkey.pem", "-out", own / "fullchain.pem"),
            ],
            check=True,
            capture_output=True,
        )

    def shown(self, certificate: bytes) -> str:
        """The name under which a certificate (DER) lies in the folder."""
        for path in self.folder.glob("*/fullchain.pem"):
            if ssl.PEM_cert_to_DER_cert(path.read_text()) == certificate:
                return path.parent.name
        raise AssertionError("a certificate that nobody made")


@dataclass(frozen=True)
class Encrypted:
    """An answer over TLS, and what was agreed on before it."""

    answer: Answer
    certificate: bytes
    version: str


def ask_encrypted(
    port: int,
    name: str | None,
    *,
    host: str = "",
    path: str = "/",
    prepare: Callable[[ssl.SSLContext], object] = lambda _: None,
) -> Encrypted:
    """Ask for a name (SNI), and under it for a host; whoever the certificate is for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    prepare(context)
    raw = socket.create_connection(("127.0.0.1", port), 10)
    with context.wrap_socket(raw, server_hostname=name) as secure:
        certificate = secure.getpeercert(binary_form=True)
        version = secure.version()
        assert certificate is not None
        assert version is not None
        connection = http.client.HTTPConnection(name or host)
        connection.sock = secure
        answer = answered(connection, host or name or "", path)
    return Encrypted(answer, certificate, version)


def agreed(port: int, protocols: list[str]) -> str | None:
    """Which of several protocols a server chooses (ALPN)."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_alpn_protocols(protocols)
    raw = socket.create_connection(("127.0.0.1", port), 10)
    with context.wrap_socket(raw, server_hostname="www.river.gov.cn") as secure:
        return secure.selected_alpn_protocol()


def shown_to(port: int, name: str) -> str:
    """What openssl says of the certificate that is shown under a name that Python would refuse."""
    openssl = program("openssl", package="openssl")
    address = ("-connect", f"127.0.0.1:{port}", "-servername", name)
    return subprocess.run(
        [openssl, "s_client", *address], input="", capture_output=True, text=True, check=False
    ).stdout
