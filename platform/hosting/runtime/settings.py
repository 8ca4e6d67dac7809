"""Every setting of the platform, read once from the environment into one typed object.

Nothing else reads the environment. A wrong value stops the start with the list of all that is
wrong. docs/settings.md describes each setting; a test keeps the two in step.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from hosting.runtime.errors import Invalid, Problem
from hosting.runtime.language import N_
from hosting.runtime.setting_rules import RULES, Network, edges_in, networks_in


@dataclass(frozen=True)
class Settings:
    """The platform's settings; each field is the variable `JIYUE_<FIELD>`."""

    # Where everything that is not in the database or object store lives.
    home: Path = Path("var")
    # The tenant role's database; empty: SQLite in HOME.
    database_url: str = ""
    # The owner's connection, for migrations only; empty: the same as database_url.
    database_owner_url: str = ""
    # The platform role's connection; empty: the same as database_url.
    database_platform_url: str = ""
    # Doorbell and cache; empty: neither is needed.
    redis_url: str = ""
    # Blobs: file:///folder or s3://bucket?endpoint=…; empty: a folder in HOME.
    storage_url: str = ""
    # Copies of the public trees: name=/folder or name=s3://bucket/prefix?endpoint=…, by spaces.
    edges: str = ""
    console_host: str = "console.localhost"
    preview_host: str = "preview.localhost"
    # Address and port the application listens on.
    bind: str = "127.0.0.1:8000"
    # host:port of the gateway, where checks should go through it; empty: in-process.
    gateway_address: str = ""
    # Key for signing forms and preview addresses; empty: HOME/secret-key.
    secret_key_file: str = ""
    # http or https; how the platform's own links begin.
    public_scheme: str = "http"
    # Port in the platform's own links; 0: that of `bind` for http, none for https.
    public_port: int = 0
    time_zone: str = "Asia/Shanghai"
    locale: str = "zh_Hans_CN"
    # Whom to tell of a weakness, and until when that holds; empty: no security.txt.
    security_contact: str = ""
    security_contact_until: str = ""
    # Comma-separated proxies whose X-Forwarded-For is believed.
    trusted_proxies: str = ""
    web_threads: int = 8
    upload_limit_bytes: int = 52_428_800
    image_pixel_limit: int = 50_000_000
    # Where ClamAV's clamd listens: host:port or unix:/path; empty: none is asked.
    clamav: str = ""
    password_minimum_length: int = 10
    # A password older than this is changed at the next sign-in; 0: never asked for.
    password_maximum_age_days: int = 90
    # required or offered; empty: required, except where the console is plain http on loopback.
    second_factor: str = ""
    # How long ago somebody may have proved who they are when rights, accounts or tenants change.
    proof_seconds: int = 900
    # Networks from which the console may be used: 10.0.0.0/8, role=10.1.0.0/16, …; empty: any.
    console_networks: str = ""
    # The city's identity provider (OpenID Connect); empty: none.
    openid_issuer: str = ""
    openid_client_id: str = ""
    openid_client_secret_file: str = ""
    # What its button says.
    openid_name: str = ""
    # The claim that holds a login of ours; empty: people link their accounts themselves.
    openid_login_claim: str = ""
    session_idle_seconds: int = 1_800
    session_absolute_seconds: int = 43_200
    sign_in_attempts: int = 5
    sign_in_window_seconds: int = 600
    # An office of hundreds or a carrier's subscribers may stand behind one address.
    search_limit_of_address: int = 300
    search_limit_of_tenant: int = 3_000
    search_window_seconds: int = 60
    upload_limit_of_account: int = 300
    # A city's offices may leave its network by one address.
    upload_limit_of_address: int = 6_000
    upload_limit_of_tenant: int = 3_000
    upload_window_seconds: int = 600
    job_lease_seconds: int = 60
    job_attempts: int = 6
    # How long rows of the audit trail are kept; six months is the law's least.
    audit_keep_days: int = 400
    # Key that signs what stands for pruned rows of the trail; empty: HOME/audit-key.
    audit_key_file: str = ""
    # unix:/path of a signer that others run; empty: HOME/run/signer, or our own hand.
    signer: str = ""
    # The signer's key and what it signed last; empty: HOME/signer.
    signer_folder: str = ""
    # How often every public file is held to what was signed.
    sweep_seconds: int = 60
    # Whole trees of a site that stay on disk, the one that is read included.
    trees_kept: int = 3
    # From a tenant's closing until all that it kept may be deleted.
    tenant_deletion_wait_days: int = 30
    # How long host lookups and other cached facts may be stale.
    host_cache_seconds: int = 5

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Settings:
        """Read `JIYUE_*`; raise Invalid with one problem for each wrong or unknown variable."""
        values: dict[str, Any] = {}
        known = {f"JIYUE_{f.name.upper()}": f for f in fields(cls)}
        problems = [
            Problem(name, "unknown_setting", N_("没有这个设置项，请核对拼写"))
            for name in sorted(environ)
            if name.startswith("JIYUE_") and name not in known and not _is_foreign(name)
        ]
        for name, field in known.items():
            if (raw := environ.get(name)) is not None and raw != "":
                _read(field.name, str(field.type), name, raw, values, problems)
        if problems:
            raise _refused(problems)
        settings = cls(**values)
        settings.check()
        return settings

    def check(self) -> None:
        """Raise Invalid with all values that cannot work."""
        problems = [
            Problem(f"JIYUE_{name.upper()}", f"wrong_{name}", message, {"value": value})
            for name, is_right, message in RULES
            if not is_right(value := getattr(self, name))
        ]
        problems += self._incomplete()
        if problems:
            raise _refused(problems)

    def _incomplete(self) -> list[Problem]:
        """Settings that need others beside them which are not there."""
        problems = []
        if self.is_postgresql and not self.database_platform_url:
            problems.append(
                Problem(
                    "JIYUE_DATABASE_PLATFORM_URL",
                    "missing_database_platform_url",
                    N_("使用 PostgreSQL 时必须另设平台角色的连接地址"),
                )
            )
        if self.openid_issuer and not (self.openid_client_id and self.openid_client_secret_file):
            problems.append(
                Problem(
                    "JIYUE_OPENID_ISSUER",
                    "missing_openid_client",
                    N_(
                        "接入统一身份认证时，还要设置 JIYUE_OPENID_CLIENT_ID 和 "
                        "JIYUE_OPENID_CLIENT_SECRET_FILE"
                    ),
                )
            )
        if bool(self.security_contact) != bool(self.security_contact_until):
            problems.append(
                Problem(
                    "JIYUE_SECURITY_CONTACT",
                    "incomplete_security_contact",
                    N_(
                        "JIYUE_SECURITY_CONTACT 和 JIYUE_SECURITY_CONTACT_UNTIL 须同时设置："
                        "security.txt 必须写明有效期"
                    ),
                )
            )
        return problems

    @property
    def is_postgresql(self) -> bool:
        """Whether the database is PostgreSQL rather than the embedded one."""
        return self.database_url.startswith("postgresql")

    @property
    def networks(self) -> Mapping[str, tuple[Network, ...]]:
        """The networks of `console_networks` by role; "" are those for everybody."""
        return networks_in(self.console_networks)

    @property
    def edge_addresses(self) -> Mapping[str, str]:
        """The addresses of `edges` by name."""
        return edges_in(self.edges)

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which instants are shown."""
        return ZoneInfo(self.time_zone)

    @property
    def port(self) -> int:
        """The port the application listens on."""
        return int(self.bind.rsplit(":", 1)[1])

    def address(self, host: str, path: str = "/") -> str:
        """A full address on one of our hosts; never built from a request's Host header."""
        default = 443 if self.public_scheme == "https" else 80
        port = self.public_port or (default if self.public_scheme == "https" else self.port)
        suffix = "" if port == default else f":{port}"
        return f"{self.public_scheme}://{host}{suffix}{path}"


def _is_foreign(name: str) -> bool:
    """Variables of the tests and of the service's own units share the prefix."""
    return name.startswith(("JIYUE_TEST_", "JIYUE_ENV_FILE"))


def _read(
    field: str,
    kind: str,
    name: str,
    raw: str,
    values: dict[str, Any],
    problems: list[Problem],
) -> None:
    if kind == "int":
        if not re.fullmatch(r"[0-9]{1,12}", raw):
            problems.append(
                Problem(name, "not_a_number", N_("应为整数，现为“{value}”"), {"value": raw})
            )
            return
        values[field] = int(raw)
    else:
        values[field] = Path(raw) if kind == "Path" else raw


def _refused(problems: list[Problem]) -> Invalid:
    return Invalid("wrong_settings", N_("设置有误，未能启动："), problems=problems)
