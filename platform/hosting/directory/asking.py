"""Asking a site as a reader would: through the gateway where its address is set, else in-process.

For proofs that something can be read (or cannot any more); never for serving.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from urllib.parse import quote

from werkzeug.test import Client

from hosting.directory.application import HostSwitch, create_application
from hosting.runtime.errors import Unavailable
from hosting.runtime.language import N_
from hosting.runtime.runtime import Runtime

_WAIT_SECONDS = 15
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

    def ask(self, host: str, path: str = "/") -> Answer:
        """What a host answers to GET.

        Unavailable where the gateway does not answer within 15 seconds.
        """
        address = self._runtime.settings.gateway_address
        quoted = quote(path, safe=_SAFE)
        return _through_gateway(address, host, quoted) if address else self._here(host, quoted)

    def _here(self, host: str, path: str) -> Answer:
        if self._switch is None:
            self._switch = create_application(self._runtime)
        response = Client(self._switch).get(path, headers={"Host": host}, buffered=True)
        return Answer(
            response.status_code,
            {name.lower(): value for name, value in response.headers.items()},
            response.data,
        )


def _through_gateway(address: str, host: str, path: str) -> Answer:
    connection = HTTPConnection(address, timeout=_WAIT_SECONDS)
    try:
        connection.request("GET", path, headers={"Host": host})
        response = connection.getresponse()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, headers, response.read())
    except (OSError, HTTPException) as error:
        raise Unavailable("gateway_away", N_("网关 {address} 没有应答"), address=address) from error
    finally:
        connection.close()
