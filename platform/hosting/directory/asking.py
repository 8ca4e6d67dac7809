"""Asking a site as a reader would: through the gateway where its address is set, else in-process.

For proofs that something can be read (or cannot any more); never for serving.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from http.client import HTTPConnection, HTTPException
from urllib.parse import quote

from werkzeug.test import Client

from hosting.directory.application import HostSwitch, create_application
from hosting.runtime.codings import CODINGS
from hosting.runtime.errors import Unavailable
from hosting.runtime.language import N_
from hosting.runtime.runtime import Runtime

_WAIT_SECONDS = 15
_MOST_BYTES = 64 * 1024 * 1024
_NOT_ASKED = ("console",)
_SAFE = "/%?=&+,;:@!$'()*~#"


@dataclass(frozen=True)
class Answer:
    """What a site answered; header names in lower case. Redirects are not followed."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Asker:
    """Asks many addresses; composing the public application once for all of them."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._switch: HostSwitch | None = None

    def ask(self, host: str, path: str = "/", *, accept: str = "") -> Answer:
        """What a host answers to GET; of a coding that we `accept` the body is unpacked.

        Unavailable where the gateway does not answer within 15 seconds.
        """
        address = self._runtime.settings.gateway_address
        quoted = quote(path, safe=_SAFE)
        headers = {"Host": host} | ({"Accept-Encoding": accept} if accept else {})
        if address:
            return _unpacked(_through_gateway(address, quoted, headers))
        return _unpacked(self._here(quoted, headers))

    def _here(self, path: str, headers: Mapping[str, str]) -> Answer:
        if self._switch is None:
            # Composing the console takes longer than all that is asked of a page.
            self._switch = create_application(self._runtime, without=_NOT_ASKED)
        response = Client(self._switch).get(path, headers=dict(headers), buffered=True)
        return Answer(
            response.status_code,
            {name.lower(): value for name, value in response.headers.items()},
            response.data,
        )


def _unpacked(answer: Answer) -> Answer:
    """The same with its body as a browser shows it; what cannot be unpacked stays as it is."""
    said = answer.headers.get("content-encoding")
    coding = next((coding for coding in CODINGS if coding.name == said), None)
    if coding is None:
        return answer
    try:
        return replace(answer, body=coding.unpack(answer.body, _MOST_BYTES))
    except ValueError:
        return answer


def _through_gateway(address: str, path: str, headers: Mapping[str, str]) -> Answer:
    connection = HTTPConnection(address, timeout=_WAIT_SECONDS)
    try:
        connection.request("GET", path, headers=dict(headers))
        response = connection.getresponse()
        told = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, told, response.read())
    except (OSError, HTTPException) as error:
        raise Unavailable("gateway_away", N_("网关 {address} 没有应答"), address=address) from error
    finally:
        connection.close()
