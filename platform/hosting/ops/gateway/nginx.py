"""The configuration of nginx as the gateway, made from the settings.

What the answers look like (types, headers, hidden paths, redirects of old addresses) comes from
hosting.publishing, where the embedded server takes it too.
"""

from __future__ import annotations

import os
import pwd
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from hosting.publishing.headers import (
    ALLOWED_METHODS,
    CACHE_RULES,
    KEPT_PREFIXES,
    NOT_KEPT,
    PAGE_POLICY,
    POLICY_RULES,
    RETRY_AFTER_SECONDS,
    REVALIDATED,
    SECURITY_HEADERS,
)
from hosting.publishing.media_types import MEDIA_TYPES
from hosting.publishing.notices import CLOSED_MARK, ERROR_PAGES, SUSPENDED_MARK
from hosting.publishing.paths import ENDPOINT, FALLBACK, LEGACY_HOME_QUERY, fallback_path
from hosting.publishing.tree import GONE, PublicFolder
from hosting.runtime.errors import Invalid
from hosting.runtime.language import N_
from hosting.runtime.settings import Settings

_RETRY_AFTER = {429: 10, 503: RETRY_AFTER_SECONDS}
_CONNECTIONS = 32
"""Requests of one address that the application may have in hand at a time."""

_CIPHERS = ":".join(
    f"ECDHE-{key}-{cipher}"
    for cipher in ("AES128-GCM-SHA256", "AES256-GCM-SHA384", "CHACHA20-POLY1305")
    for key in ("ECDSA", "RSA")
)
"""For TLS 1.2: forward secrecy and authenticated encryption alone (RFC 9325, 4.2)."""

_CERTIFICATE_NAMES = r"^[a-z0-9][a-z0-9-]*(?:\.[a-z0-9][a-z0-9-]*)*$"
_DEBIAN_USER = "www-data"
BUILT_IN = "built-in"
BROTLI_MODULE = "/usr/lib/nginx/modules/ngx_http_brotli_static_module.so"
"""Where Debian's libnginx-mod-http-brotli-static puts it."""
_EDGE_RUN = "/var/lib/nginx"


@dataclass(frozen=True)
class _Limit:
    """Requests of one address: `rate` a second, and `burst` more at once."""

    name: str
    rate: int
    burst: int


_LIMITS = {
    each.name: each
    for each in (
        _Limit("dynamic", 10, 40),  # under /-/
        _Limit("absent", 50, 200),  # what no tree holds: old addresses, and what scanners try
        _Limit("console", 100, 400),  # a whole city may leave its network by one address
    )
}


@dataclass(frozen=True)
class GatewayOptions:
    """What the settings do not say; empty values are chosen by `nginx_configuration`.

    `tls` is the folder with `<host>/fullchain.pem` and `<host>/privkey.pem`; where it is given,
    what comes in the clear on `listen_plain` is sent on to the encrypted address if the host has a
    certificate. `hsts_seconds` is how long browsers remember that (RFC 6797); 0: they are not told.
    `behind`: addresses or networks of what stands before the gateway and is believed when it says
    whose requests it hands on. `is_service`: nginx is run by Debian's service, which has folders of
    its own for pid, logs and what lies aside.

    `edge` is the folder of a copy of the public trees, as the machine that serves it sees it; such
    a gateway serves no console. `run` is where it keeps its own files.

    `brotli` is nginx's module that sends `.br` copies, or `built-in`; without it nobody gets them.
    """

    listen: tuple[str, ...] = ()
    listen_plain: tuple[str, ...] = ("80", "[::]:80")
    user: str = ""
    tls: str = ""
    access_log: str = ""
    edge: str = ""
    application: str = ""
    run: str = ""
    brotli: str = ""
    hsts_seconds: int = 31_536_000
    is_service: bool = False
    behind: tuple[str, ...] = ()


def nginx_configuration(settings: Settings, options: GatewayOptions) -> str:
    """A complete nginx.conf; raises Invalid for paths that nginx would read as something else."""
    home = Path(options.edge) if options.edge else settings.home.absolute()
    given = (options.tls, options.access_log, options.user, options.application, options.run)
    addresses = (*options.listen, *options.listen_plain, *options.behind)
    for value in (str(home), *given, options.brotli, *addresses):
        _check_plain(value)
    environment = Environment(
        loader=PackageLoader("hosting.ops.gateway"),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - nginx's syntax, not HTML; strings pass `quoted`
        keep_trailing_newline=True,
    )
    environment.filters["quoted"] = quoted
    template = environment.get_template("nginx.conf.jinja")
    text = template.render(**_facts(settings, options, home))
    return re.sub(r"\n{3,}", "\n\n", text)


def _facts(settings: Settings, options: GatewayOptions, home: Path) -> dict[str, Any]:
    public = PublicFolder(home).root
    run = Path(options.run or (_EDGE_RUN if options.edge else home / "run"))
    own = _own_files(run, is_service=options.is_service)
    return {
        "home": home,
        "public": public,
        "own": own,
        "redirects": home / "redirects" if options.edge else None,
        "user": options.user or (_DEBIAN_USER if options.edge else reader_of(public)),
        "listen": options.listen or _listen(settings, is_encrypted=bool(options.tls)),
        "listen_plain": options.listen_plain,
        "behind": options.behind,
        "tls": options.tls,
        "hsts": options.hsts_seconds if options.tls else 0,
        "brotli": options.brotli,
        "built_in": BUILT_IN,
        "ciphers": _CIPHERS,
        "certificate_names": _CERTIFICATE_NAMES,
        "preview_names": rf"^[^.]+\.{re.escape(settings.preview_host)}$",
        "access_log": options.access_log or own["access_log"],
        "application": options.application or settings.bind,
        "console_host": settings.console_host,
        "preview_host": settings.preview_host,
        "upload_limit": settings.upload_limit_bytes,
        **_rules(),
    }


def _rules() -> dict[str, Any]:
    """What the embedded server goes by, too."""
    return {
        "types": [(extension, kind.name) for extension, kind in MEDIA_TYPES.items()],
        "kinds": [(True, _extensions(compressible=True)), (False, _extensions(compressible=False))],
        "cache_rules": CACHE_RULES,
        "kept_prefixes": KEPT_PREFIXES,
        "policy_rules": POLICY_RULES,
        "page_policy": PAGE_POLICY,
        "security_headers": SECURITY_HEADERS,
        "revalidated": REVALIDATED,
        "not_kept": NOT_KEPT,
        "retry_after": _RETRY_AFTER,
        "allowed_methods": ", ".join(ALLOWED_METHODS),
        "legacy_home": LEGACY_HOME_QUERY,
        "endpoint": ENDPOINT.replace("(", "(?<jiyue_endpoint>", 1),
        "fallback_name": fallback_path("$jiyue_endpoint"),
        "fallback": FALLBACK,
        "gone": GONE,
        "suspended_mark": SUSPENDED_MARK,
        "closed_mark": CLOSED_MARK,
        "error_pages": ERROR_PAGES,
        "limits": _LIMITS,
        "connections": _CONNECTIONS,
    }


def _own_files(run: Path, *, is_service: bool) -> dict[str, Path]:
    """Where nginx keeps what is its own.

    Its first process is root's where it runs as a service, and must not write into a folder of
    ours: whoever owns that could lead it elsewhere by a link.
    """
    if is_service:
        aside, logs, pid, prefix = Path("/var/lib/nginx"), Path("/var/log/nginx"), Path("/run"), ""
    else:
        aside = logs = pid = run
        prefix = "nginx-"
    kinds = ("body", "proxy", "fastcgi", "uwsgi", "scgi")
    return {
        "pid": pid / "nginx.pid",
        "access_log": logs / f"{prefix}access.log",
        "error_log": logs / f"{prefix}error.log",
        **{kind: aside / f"{prefix}{kind}" for kind in kinds},
    }


def _extensions(*, compressible: bool) -> str:
    """Those of a kind, as a regular expression reads them."""
    return "|".join(e for e, kind in MEDIA_TYPES.items() if kind.compressible is compressible)


def quoted(text: str) -> str:
    """A string as nginx reads it between double quotes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def reader_of(public: Path) -> str:
    """The user that nginx's workers run as: Debian's own, if it can get at the public folder.

    Otherwise the owner of the folder, who can also write there. Better to open HOME to a group that
    Debian's user belongs to: then the gateway cannot change what it shows.
    """
    folders = [folder for folder in (public, *public.parents) if folder.exists()]
    with suppress(KeyError):
        reader = pwd.getpwnam(_DEBIAN_USER)
        if all(_may_enter(reader, folder.stat()) for folder in folders):
            return _DEBIAN_USER
    return pwd.getpwuid(folders[0].stat().st_uid).pw_name


def _may_enter(user: pwd.struct_passwd, folder: os.stat_result) -> bool:
    if folder.st_uid == user.pw_uid:
        return bool(folder.st_mode & stat.S_IXUSR)
    if folder.st_gid in os.getgrouplist(user.pw_name, user.pw_gid):
        return bool(folder.st_mode & stat.S_IXGRP)
    return bool(folder.st_mode & stat.S_IXOTH)


def _listen(settings: Settings, *, is_encrypted: bool) -> tuple[str, ...]:
    if settings.gateway_address:
        return (settings.gateway_address,)
    port = 443 if is_encrypted else 80
    return (str(port), f"[::]:{port}")


def _check_plain(value: str) -> None:
    wrong = "".join(_meaningful(value))
    if wrong:
        raise Invalid(
            "no_gateway_path",
            N_("“{value}”中的字符“{wrong}”不能写入网关配置"),
            value=value,
            wrong=wrong,
        )


def _meaningful(value: str) -> Iterator[str]:
    for character in value:
        if character in "\"'\\;{}$#" or character.isspace():
            yield character
