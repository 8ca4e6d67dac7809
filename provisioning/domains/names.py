"""What a host name must be like, and what the naming rules for government sites recommend."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address

from hosting.runtime.errors import Problem
from hosting.runtime.language import N_
from hosting.runtime.settings import Settings

_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_LONGEST = 253

# 国办函〔2018〕55号: portals www.XXX.gov.cn, departments AAA.XXX.gov.cn, Chinese names under .政务.
_RECOMMENDED = {
    "portal": re.compile(r"www\.[a-z0-9-]+\.gov\.cn|[^.]+\.xn--zfr164b"),
    "county": re.compile(r"www\.[a-z0-9-]+\.gov\.cn|[^.]+\.xn--zfr164b"),
    "department": re.compile(r"[a-z0-9-]+\.[a-z0-9-]+\.gov\.cn|[^.]+\.xn--zfr164b"),
}
# Names of RFC 6761 that no reader on the Internet can reach: trial sites may bear them.
_NOT_PUBLIC = ("localhost", "test", "example", "invalid")


@dataclass(frozen=True)
class PlatformHosts:
    """The hosts that the platform keeps for itself."""

    console: str
    preview: str

    @classmethod
    def of(cls, settings: Settings) -> PlatformHosts:
        """Those that the settings name."""
        return cls(settings.console_host, settings.preview_host)

    def holds(self, host: str) -> bool:
        """Whether a host is the platform's own."""
        return host in (self.console, self.preview) or host.endswith("." + self.preview)


@dataclass
class CheckedHosts:
    """Host names as they will be bound, and what is wrong or unusual about them.

    `fields` says for each where it was written ("hosts[2]").
    """

    fields: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    @property
    def hosts(self) -> list[str]:
        """The names, in the order they were written."""
        return list(self.fields)


def check_hosts(
    texts: Sequence[str], *, kind: str, platform: PlatformHosts, prefix: str = "hosts"
) -> CheckedHosts:
    """Check host names as people wrote them; fields are named "hosts[0]", "hosts[1]", …"""
    checked = CheckedHosts()
    for place, text in enumerate(texts):
        where = f"{prefix}[{place}]"
        host = plain_host(text)
        problem = _problem(where, text, host, platform)
        if problem is None and host in checked.fields:
            problem = _refusal(where, "host_twice", N_("域名“{host}”写了两遍"), text)
        if problem is not None:
            checked.problems.append(problem)
            continue
        checked.fields[host] = where
        if not is_recommended(host, kind):
            checked.warnings.append(
                _refusal(
                    where,
                    "unusual_host",
                    N_("“{host}”不符合政府网站域名命名规则（国办函〔2018〕55号）"),
                    host,
                )
            )
    if not texts:
        checked.problems.append(Problem(prefix, "host_missing", N_("请至少填写一个域名")))
    return checked


def plain_host(text: str) -> str:
    """A host name as DNS has it: lower case, Chinese labels in their ASCII form; "" if impossible.

    IDNA as Python's own codec has it (RFC 3490): what registries of .政务 and .中国 accept.
    """
    host = text.strip().rstrip(".").lower()
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return ""


def is_recommended(host: str, kind: str) -> bool:
    """Whether a host follows the naming rules for its kind of site, or is for trial only."""
    if host.rsplit(".", 1)[-1] in _NOT_PUBLIC:
        return True
    return bool(_RECOMMENDED[kind].fullmatch(host)) if kind in _RECOMMENDED else True


def _problem(where: str, text: str, host: str, platform: PlatformHosts) -> Problem | None:
    if not text.strip():
        return Problem(where, "host_empty", N_("域名不能为空"))
    if re.search(r"://|[/:@?#\s*]", text.strip()):
        return _refusal(
            where,
            "host_with_more",
            N_("“{host}”应只写域名，不带协议、端口、路径、空格和通配符"),
            text,
        )
    if _is_address(host):
        return _refusal(where, "host_is_address", N_("“{host}”是 IP 地址，请填写域名"), text)
    if not _is_name(host):
        return _refusal(
            where,
            "wrong_host",
            N_("“{host}”不是有效的域名：各段只能用字母、数字和连字符，至少两段"),
            text,
        )
    if platform.holds(host):
        return _refusal(where, "host_reserved", N_("“{host}”由平台自用，不能绑定"), text)
    return None


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        # A last label of digits is no name anyone can register; browsers read it as an address.
        return host.rsplit(".", 1)[-1].isdigit()
    return True


def _is_name(host: str) -> bool:
    labels = host.split(".")
    return (
        len(host) <= _LONGEST
        and len(labels) > 1
        and all(_LABEL.fullmatch(label) for label in labels)
    )


def _refusal(where: str, code: str, message: str, host: str) -> Problem:
    return Problem(where, code, message, {"host": host.strip()})
