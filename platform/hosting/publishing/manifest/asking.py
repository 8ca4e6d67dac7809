"""Asking the signer, wherever it is."""

from __future__ import annotations

import json
import logging
import socket
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any

from hosting.publishing.manifest.signer import Head, KeyHolder, Link, Signer
from hosting.publishing.manifest.statement import Signed
from hosting.runtime.errors import Conflict, Unavailable
from hosting.runtime.language import N_
from hosting.runtime.settings import Settings
from hosting.runtime.unix_sockets import short_name
from hosting.security.signing_key import PublicKey

log = logging.getLogger(__name__)

_ANSWER_SECONDS = 30.0
_LOOK_SECONDS = 0.2

SCHEME = "unix:"


class AskedSigner:
    """The signer behind a socket."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def sign(self, link: Link) -> Signed:
        """See Signer."""
        return Signed.from_facts(self._ask(verb="sign", link=asdict(link)))

    def confirm(self, signed: Signed) -> None:
        """See Signer."""
        self._ask(verb="confirm", signed=signed.as_facts())

    def head(self, tenant_id: int, site_id: int) -> Head:
        """See Signer."""
        return Head(**self._ask(verb="head", tenant_id=tenant_id, site_id=site_id))

    def forget(self, tenant_id: int, site_id: int) -> None:
        """See Signer."""
        self._ask(verb="forget", tenant_id=tenant_id, site_id=site_id)

    def key(self) -> PublicKey:
        """See Signer."""
        return PublicKey(self._ask(verb="key"))

    def listens(self) -> bool:
        """Whether there is somebody to ask."""
        try:
            self._connect().close()
        except OSError:
            return False
        return True

    def _ask(self, **question: Any) -> Any:
        try:
            with self._connect() as connection, connection.makefile("rb") as answers:
                connection.sendall(json.dumps(question).encode() + b"\n")
                answer = json.loads(answers.readline())
        except (OSError, ValueError) as error:
            raise Unavailable(
                "signer_away",
                N_("签名进程没有应答（{path}），请检查它是否在运行"),
                path=str(self._path),
            ) from error
        if answer.get("refused"):
            raise _refusal(str(answer["refused"]))
        return answer["told"]

    def _connect(self) -> socket.socket:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(_ANSWER_SECONDS)
        try:
            with short_name(self._path.parent) as place:
                connection.connect(f"{place}/{self._path.name}")
        except OSError:
            connection.close()
            raise
        return connection


def _refusal(code: str) -> Conflict | Unavailable:
    if code == "not_the_next_link":
        return Conflict(code, N_("发布清单与签名方的记录不衔接"))
    return Unavailable("signer_failed", N_("签名进程无法签名：{reason}"), reason=code)


def socket_path(settings: Settings) -> Path:
    """Where the signer listens, or would."""
    named = settings.signer.removeprefix(SCHEME)
    return Path(named) if named else settings.home / "run" / "signer"


def signer_folder(settings: Settings) -> Path:
    """Where the signer keeps its key and what it signed last."""
    return Path(settings.signer_folder or settings.home / "signer")


def open_signer(settings: Settings) -> Signer:
    """The signer that is named by the settings, or runs here; else its key in our own hands.

    The last is for commands on a machine where nothing runs: `jiyue serve` names its signer to
    its children, so that neither web nor worker ever reads the key.
    """
    asked = AskedSigner(socket_path(settings))
    if settings.signer or asked.listens():
        return asked
    return KeyHolder(signer_folder(settings))


def await_signer(settings: Settings, stop: threading.Event) -> None:
    """Return when the signer answers, or `stop` is set: it is started beside us and takes a moment.

    Says once that it is waited for.
    """
    is_told = False
    while not stop.is_set():
        try:
            open_signer(settings).key()
        except Unavailable:
            if not is_told:
                log.info("waiting for the signer")
            is_told = True
            stop.wait(_LOOK_SECONDS)
        else:
            return
