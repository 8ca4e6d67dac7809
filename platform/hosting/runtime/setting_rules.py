"""What each setting may be, and the sentence for whoever wrote something else."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import available_timezones

from hosting.runtime.language import LOCALES, N_

Network = IPv4Network | IPv6Network

_HOST = re.compile(r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$")
_HOST_AND_PORT = re.compile(r"^([a-z0-9.-]+|\[[0-9a-f:]+\]):[0-9]{1,5}$")
_CONTACT = re.compile(r"(?:mailto:|tel:|https://)[!-~]+")
_BIND = re.compile(r"^(?P<host>[0-9.]+|\[[0-9a-f:]+\]|localhost):(?P<port>\d{1,5})$")


@lru_cache(maxsize=8)
def networks_in(value: str) -> Mapping[str, tuple[Network, ...]]:
    """The networks of a list, by the role that they are for; "" is everybody. ValueError: none."""
    found: dict[str, tuple[Network, ...]] = {}
    for entry in filter(None, (each.strip() for each in value.split(","))):
        role, _, network = entry.rpartition("=")
        found[role] = (*found.get(role, ()), ip_network(network))
    return found


def _are_networks(value: str) -> bool:
    try:
        networks_in(value)
    except ValueError:
        return False
    return True


def _is_bind(value: str) -> bool:
    match = _BIND.match(value)
    return match is not None and 0 < int(match["port"]) < 65_536


def _is_database_url(value: str) -> bool:
    return value == "" or value.startswith(("sqlite:///", "postgresql+psycopg://"))


def _is_storage_url(value: str) -> bool:
    if value == "" or value.startswith("file:///"):
        return True
    parts = urlsplit(value)
    options = parse_qs(parts.query)
    endpoint = options.get("endpoint", ["https://"])[0]
    return parts.scheme == "s3" and bool(parts.netloc) and endpoint.startswith("http")


_EDGE_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
_EDGE_OPTIONS = frozenset({"endpoint", "region", "profile", "prefix"})


@lru_cache(maxsize=8)
def edges_in(value: str) -> Mapping[str, str]:
    """The addresses of a list of edges, by their names. ValueError: none."""
    found: dict[str, str] = {}
    for entry in value.split():
        name, equals, address = entry.partition("=")
        if not equals or not _EDGE_NAME.fullmatch(name) or name in found:
            raise ValueError(name)
        if not is_edge_address(address):
            raise ValueError(name)
        found[name] = address
    return found


def is_edge_address(value: str) -> bool:
    """Whether it is a folder or a bucket. Keys have no place in it: no log can tell them."""
    if value.startswith(("/", "file:///")):
        return True
    parts = urlsplit(value)
    options = parse_qs(parts.query)
    is_s3 = _is_storage_url(value) and parts.scheme == "s3"
    return is_s3 and "@" not in parts.netloc and options.keys() <= _EDGE_OPTIONS


def _are_edges(value: str) -> bool:
    try:
        edges_in(value)
    except ValueError:
        return False
    return True


def _is_socket(value: str) -> bool:
    return value == "" or value.startswith("unix:/") or _HOST_AND_PORT.match(value) is not None


def _are_contacts(value: str) -> bool:
    """RFC 9116, 2.5.3: URIs; a web page by https alone."""
    return all(_CONTACT.fullmatch(each) for each in value.split(" ") if value)


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_positive(value: int) -> bool:
    return value > 0


# 网络安全法 21(3): logs are kept for six months at least.
_SHORTEST_TRAIL_DAYS = 180

_DATABASE = N_("应为 sqlite:/// 或 postgresql+psycopg:// 地址，现为“{value}”")
_HOST_RULE = N_("应为小写主机名，不带协议、端口和路径，现为“{value}”")
_POSITIVE = N_("应为大于零的整数，现为“{value}”")

# Field, whether a value can work, what is said when it cannot.
RULES: tuple[tuple[str, Callable[[Any], bool], str], ...] = (
    ("database_url", _is_database_url, _DATABASE),
    ("database_owner_url", _is_database_url, _DATABASE),
    ("database_platform_url", _is_database_url, _DATABASE),
    (
        "redis_url",
        lambda value: value == "" or value.startswith(("redis://", "rediss://", "unix://")),
        N_("应为 redis:// 地址，现为“{value}”"),
    ),
    ("storage_url", _is_storage_url, N_("应为 file:///… 或 s3://桶名?endpoint=…，现为“{value}”")),
    (
        "edges",
        _are_edges,
        # What was written is not repeated: a key may stand in it.
        N_(
            "应为用空格隔开的“名称=地址”，地址是文件夹或 s3://桶名/前缀?endpoint=…，"
            "可带 region、profile，不得含密钥"
        ),
    ),
    ("console_host", lambda value: bool(_HOST.match(value)), _HOST_RULE),
    ("preview_host", lambda value: bool(_HOST.match(value)), _HOST_RULE),
    ("bind", _is_bind, N_("应为“地址:端口”，如 127.0.0.1:8000，现为“{value}”")),
    (
        "gateway_address",
        lambda value: value == "" or _is_bind(value),
        N_("应为“地址:端口”，现为“{value}”"),
    ),
    (
        "secret_key_file",
        lambda value: value == "" or Path(value).is_file(),
        N_("找不到密钥文件“{value}”"),
    ),
    (
        "audit_key_file",
        lambda value: value == "" or Path(value).is_file(),
        N_("找不到密钥文件“{value}”"),
    ),
    (
        "signer",
        lambda value: value == "" or value.startswith("unix:/"),
        N_("应为 unix:/套接字路径，现为“{value}”"),
    ),
    (
        "public_scheme",
        lambda value: value in ("http", "https"),
        N_("只能是 http 或 https，现为“{value}”"),
    ),
    (
        "security_contact",
        _are_contacts,
        N_("应为用空格隔开的 mailto:、tel: 或 https:// 地址，现为“{value}”"),
    ),
    (
        "security_contact_until",
        lambda value: value == "" or _is_day(value),
        N_("应为日期，如 2027-06-30，现为“{value}”"),
    ),
    ("public_port", lambda value: 0 <= value < 65_536, N_("应为 0 到 65535，现为“{value}”")),
    (
        "time_zone",
        lambda value: value in available_timezones(),
        N_("没有这个时区：“{value}”"),
    ),
    ("locale", lambda value: value in LOCALES, N_("只能是 zh_Hans_CN 或 en，现为“{value}”")),
    ("web_threads", _is_positive, _POSITIVE),
    ("sweep_seconds", _is_positive, _POSITIVE),
    ("trees_kept", lambda kept: kept >= 2, N_("至少保留两套：正在公开的和上一套")),
    ("upload_limit_bytes", _is_positive, _POSITIVE),
    ("image_pixel_limit", _is_positive, _POSITIVE),
    ("clamav", _is_socket, N_("应为“地址:端口”或 unix:/路径，现为“{value}”")),
    ("password_minimum_length", lambda value: value >= 8, N_("不得少于 8，现为“{value}”")),
    ("password_maximum_age_days", lambda value: value >= 0, N_("不得为负数，现为“{value}”")),
    (
        "second_factor",
        lambda value: value in ("", "required", "offered"),
        N_("只能是 required 或 offered，现为“{value}”"),
    ),
    ("proof_seconds", _is_positive, _POSITIVE),
    (
        "console_networks",
        _are_networks,
        N_("应为用逗号隔开的网段，如 10.0.0.0/8,system_admin=10.1.2.0/24，现为“{value}”"),
    ),
    (
        "openid_issuer",
        lambda value: value == "" or value.startswith(("https://", "http://127.0.0.1:")),
        N_("应为 https:// 地址，现为“{value}”"),
    ),
    (
        "openid_client_secret_file",
        lambda value: value == "" or Path(value).is_file(),
        N_("找不到密钥文件“{value}”"),
    ),
    ("session_idle_seconds", _is_positive, _POSITIVE),
    ("session_absolute_seconds", _is_positive, _POSITIVE),
    ("sign_in_attempts", _is_positive, _POSITIVE),
    ("sign_in_window_seconds", _is_positive, _POSITIVE),
    # None may be switched off: a limit that cannot be reached in practice is a large number.
    ("search_limit_of_address", _is_positive, _POSITIVE),
    ("search_limit_of_tenant", _is_positive, _POSITIVE),
    ("search_window_seconds", _is_positive, _POSITIVE),
    ("upload_limit_of_account", _is_positive, _POSITIVE),
    ("upload_limit_of_address", _is_positive, _POSITIVE),
    ("upload_limit_of_tenant", _is_positive, _POSITIVE),
    ("upload_window_seconds", _is_positive, _POSITIVE),
    ("job_lease_seconds", _is_positive, _POSITIVE),
    ("job_attempts", _is_positive, _POSITIVE),
    (
        "audit_keep_days",
        lambda value: value >= _SHORTEST_TRAIL_DAYS,
        N_("不得少于 180 天，现为“{value}”"),
    ),
    ("tenant_deletion_wait_days", lambda value: value >= 0, N_("不得为负数，现为“{value}”")),
    ("host_cache_seconds", lambda value: value >= 0, N_("不得为负数，现为“{value}”")),
)
