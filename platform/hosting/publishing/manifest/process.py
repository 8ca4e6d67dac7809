"""The signer as a process of its own: whoever breaks into web or worker cannot read the key.

One line of JSON asks, one line answers. Who may ask is whoever may open the socket.
"""

from __future__ import annotations

import json
import logging
import socketserver
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from hosting.publishing.manifest.asking import AskedSigner
from hosting.publishing.manifest.signer import KeyHolder, Link, key_path, make_signer
from hosting.publishing.manifest.statement import Signed
from hosting.runtime.errors import Conflict, Refusal
from hosting.runtime.language import N_
from hosting.runtime.unix_sockets import short_name
from hosting.security.signing_key import read_key

log = logging.getLogger(__name__)

LONGEST_LINE = 65_536
"""Bytes of a question; a link has some five hundred."""


class SigningServer(socketserver.ThreadingUnixStreamServer):
    """Answers on a socket that its owner (and, where `for_group`, the group) may open.

    Makes its key in a folder where it has never signed. Raises Conflict where one listens already.
    """

    daemon_threads = True

    def __init__(self, path: Path, folder: Path, *, for_group: bool = False) -> None:
        if AskedSigner(path).listens():
            raise Conflict(
                "signer_runs", N_("签名进程已在 {path} 运行，不能再开一个"), path=str(path)
            )
        if not (folder / "heads").exists():
            make_signer(folder)
        read_key(key_path(folder))
        self.holder = KeyHolder(folder)
        # Heads are read, compared and written: one question at a time.
        self.turn = threading.Lock()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        with short_name(path.parent) as place:
            super().__init__(f"{place}/{path.name}", _Conversation)
        path.chmod(0o660 if for_group else 0o600)

    def answer(self, question: Mapping[str, Any]) -> dict[str, Any]:
        """Do what is asked; a refusal is an answer too."""
        verb = _VERBS[question["verb"]]
        try:
            with self.turn:
                return {"told": verb(self.holder, question)}
        except Refusal as refusal:
            return {"refused": refusal.code}


class _Conversation(socketserver.StreamRequestHandler):
    server: SigningServer
    timeout = 30

    def handle(self) -> None:
        """Answer line by line; what is no question ends the conversation."""
        while line := self.rfile.readline(LONGEST_LINE):
            try:
                answer = self.server.answer(json.loads(line))
            except (ValueError, KeyError, TypeError):
                log.warning("the signer was asked something that is no question")
                return
            self.wfile.write(json.dumps(answer).encode() + b"\n")


def _sign(holder: KeyHolder, question: Mapping[str, Any]) -> dict[str, Any]:
    return holder.sign(Link(**question["link"])).as_facts()


def _confirm(holder: KeyHolder, question: Mapping[str, Any]) -> None:
    holder.confirm(Signed.from_facts(question["signed"]))


def _head(holder: KeyHolder, question: Mapping[str, Any]) -> dict[str, Any]:
    return asdict(holder.head(int(question["tenant_id"]), int(question["site_id"])))


def _forget(holder: KeyHolder, question: Mapping[str, Any]) -> None:
    holder.forget(int(question["tenant_id"]), int(question["site_id"]))


def _key(holder: KeyHolder, _question: Mapping[str, Any]) -> str:
    return holder.key().public


_VERBS: dict[str, Callable[[KeyHolder, Mapping[str, Any]], Any]] = {
    "sign": _sign,
    "confirm": _confirm,
    "head": _head,
    "forget": _forget,
    "key": _key,
}
