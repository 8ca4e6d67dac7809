"""The one door by which the platform fetches an address that somebody gave it.

A name is resolved once, the address it leads to is checked and connected to (requests-hardened):
private, loopback, link-local, shared and reserved ranges, the metadata services of clouds among
them, are refused however they are written. Each redirect is a new address, checked like the first.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import Any
from urllib.parse import urljoin

import requests
from requests.adapters import HTTPAdapter
from requests_hardened.ip_filter import InvalidIPAddress
from requests_hardened.ip_filter_adapter import IPFilterAdapter
from urllib3.exceptions import HTTPError
from urllib3.util import Url, parse_url

from hosting.runtime.errors import Invalid, Refusal, Unavailable
from hosting.runtime.language import N_

_PORTS = {"http": 80, "https": 443}
_MOST_REDIRECTS = 5
_LONGEST_ADDRESS = 2_048
_CHUNK_BYTES = 65_536
_IPV6_INTERNET = ip_network("2000::/3")
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# No cookies, no credentials, and nothing packed: what comes is as long as it looks.
_HEADERS = {"User-Agent": "Jiyue", "Accept": "*/*", "Accept-Encoding": "identity"}


@dataclass(frozen=True)
class FetchLimits:
    """How much one fetch may take: bytes, seconds in all, and seconds of silence."""

    most_bytes: int = 20_000_000
    seconds: float = 30.0
    silence_seconds: float = 10.0


@dataclass(frozen=True)
class Fetched:
    """What stood at the address where the redirects ended."""

    address: str
    content_type: str
    data: bytes


def fetch(
    address: str, *, limits: FetchLimits | None = None, allowed_hosts: frozenset[str] = frozenset()
) -> Fetched:
    """Get what stands at an address, over at most five redirects.

    `allowed_hosts` are those that the operator named, as `host` or `host:port`: they may lie inside
    the network. Raises Invalid for an address that may not be fetched or an answer that may not be
    taken, Unavailable when nobody answers or in time.
    """
    limits = limits or FetchLimits()
    deadline = time.monotonic() + limits.seconds
    for _ in range(_MOST_REDIRECTS + 1):
        parsed = _checked(address, allowed_hosts)
        with _session(parsed, allowed_hosts) as session, _asked(session, address, limits) as answer:
            if answer.status_code not in _REDIRECTS:
                return _taken(answer, limits, deadline)
            address = urljoin(address, answer.headers.get("Location", ""))
        if time.monotonic() > deadline:
            raise _slow()
    raise Invalid("fetch_redirects", N_("网址跳转次数过多，没有获取；请直接填写最终的网址"))


def _checked(address: str, allowed_hosts: frozenset[str]) -> Url:
    """The parsed address, when its form allows to fetch it."""
    try:
        parsed = parse_url(address)
    except (HTTPError, ValueError) as error:
        raise _wrong() from error
    scheme, host = parsed.scheme or "", parsed.host or ""
    if scheme not in _PORTS or not host or parsed.auth or len(address) > _LONGEST_ADDRESS:
        raise _wrong()
    if any(ord(character) < 33 for character in address):
        raise _wrong()
    is_usual = parsed.port in (None, _PORTS[scheme])
    if not is_usual and not _is_allowed(parsed, allowed_hosts):
        raise Invalid("fetch_port", N_("只能获取 80 和 443 端口的网址"))
    return parsed


def _is_allowed(parsed: Url, allowed_hosts: frozenset[str]) -> bool:
    return bool({parsed.host, f"{parsed.host}:{parsed.port}"} & allowed_hosts)


class _OutsideAdapter(IPFilterAdapter):  # type: ignore[misc]  # no types
    """Connects to the checked address of a name, when that is one of the internet's own.

    The library refuses a list of ranges; what is in none of them but no address of the internet
    either (`::127.0.0.1`) is refused here.
    """

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, *facts: Any, **named: Any
    ) -> Any:
        """Where to connect to."""
        host, pool = super().build_connection_pool_key_attributes(request, *facts, **named)
        found = ip_address(host["host"].strip("[]"))
        is_outside = found.is_global and (found.version == 4 or found in _IPV6_INTERNET)
        if not is_outside or found.is_multicast:
            raise InvalidIPAddress(found)
        return host, pool


def _session(parsed: Url, allowed_hosts: frozenset[str]) -> requests.Session:
    """A session for one request: no proxy or credentials of the environment, no cookies kept."""
    session = requests.Session()
    session.trust_env = False
    session.headers.clear()
    session.headers.update(_HEADERS)
    is_inside = _is_allowed(parsed, allowed_hosts)
    for scheme in _PORTS:
        adapter = HTTPAdapter() if is_inside else _OutsideAdapter(scheme == "https")
        session.mount(f"{scheme}://", adapter)
    return session


def _asked(
    session: requests.Session, address: str, limits: FetchLimits
) -> closing[requests.Response]:
    try:
        answer = session.get(
            address, stream=True, allow_redirects=False, timeout=limits.silence_seconds
        )
    except InvalidIPAddress as error:
        raise Invalid(
            "fetch_inside", N_("网址指向内部网络，不能获取；请填写互联网上可以打开的网址")
        ) from error
    except requests.RequestException as error:
        raise _no_answer(error) from error
    return closing(answer)


def _taken(answer: requests.Response, limits: FetchLimits, deadline: float) -> Fetched:
    if answer.status_code != 200:
        raise Invalid(
            "fetch_status",
            N_("对方网站没有给出内容（状态 {status}），请核对网址"),
            status=answer.status_code,
        )
    if answer.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Invalid("fetch_packed", N_("对方网站给出的内容经过压缩，无法核对大小，没有获取"))
    data = b"".join(_pieces(answer, limits, deadline))
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return Fetched(answer.url, kind, data)


def _pieces(answer: requests.Response, limits: FetchLimits, deadline: float) -> Iterator[bytes]:
    left = limits.most_bytes
    try:
        # One read at a time: what drips is looked at as it comes, not once a piece is full.
        while piece := answer.raw.read1(_CHUNK_BYTES, decode_content=False):
            left -= len(piece)
            if left < 0:
                raise Invalid(
                    "fetch_too_large",
                    N_("网址的内容超过 {limit} MB，没有获取"),
                    limit=limits.most_bytes // 1_000_000,
                )
            if time.monotonic() > deadline:
                raise _slow()
            yield piece
    except (HTTPError, OSError) as error:
        raise _no_answer(error) from error


def _wrong() -> Invalid:
    return Invalid(
        "fetch_address", N_("网址有误：应以 http:// 或 https:// 开头，不含用户名、密码和空格")
    )


def _slow() -> Unavailable:
    return Unavailable("fetch_slow", N_("对方网站响应太慢，没有获取完整；请稍后再试"))


def _no_answer(error: Exception) -> Refusal:
    """Addresses that can't be one are the writer's mistake; silence is not."""
    if isinstance(error, requests.exceptions.InvalidURL | UnicodeError):
        return _wrong()
    return Unavailable("fetch_no_answer", N_("无法连接对方网站，请核对网址，或稍后再试"))
