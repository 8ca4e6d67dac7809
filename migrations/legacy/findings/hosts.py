"""Whose a host is, as far as a name tells."""

from __future__ import annotations

import ipaddress

from migrations.legacy.sources.addresses import bare_host

# Services that sites of public bodies load knowingly: statistics, sharing, maps, the state's own.
_SERVICES = [
    "gov.cn",
    "baidu.com",
    "bdimg.com",
    "bdstatic.com",
    "bdimg.share.baidu.com",
    "cnzz.com",
    "51.la",
    "qq.com",
    "gtimg.com",
    "gtimg.cn",
    "weixin.qq.com",
    "sina.com.cn",
    "sinaimg.cn",
    "weibo.com",
    "jiathis.com",
    "bshare.cn",
    "bootcdn.net",
    "bootcss.com",
    "jsdelivr.net",
    "cdnjs.com",
    "staticfile.org",
    "163.com",
    "126.net",
    "youku.com",
    "amap.com",
    "people.com.cn",
    "xinhuanet.com",
    "news.cn",
    "conac.cn",
    "google-analytics.com",
    "googletagmanager.com",
    "growingio.com",
    "bdxapi.com",
    "kaipuyun.cn",
    "jquery.com",
    "googleapis.com",
    "youth.cn",
    "cctv.com",
    "aliyun.com",
    "aliyuncs.com",
    "alicdn.com",
    "iqiyi.com",
    "tianqi.com",
    "weather.com.cn",
]
_SECOND_LEVELS = frozenset(["com", "net", "org", "gov", "edu", "ac", "mil"])
_PROVINCES = frozenset(
    [
        "bj",
        "sh",
        "tj",
        "cq",
        "he",
        "sx",
        "nm",
        "ln",
        "jl",
        "hl",
        "js",
        "zj",
        "ah",
        "fj",
        "jx",
        "sd",
        "ha",
        "hb",
        "hn",
        "gd",
        "gx",
        "hi",
        "sc",
        "gz",
        "yn",
        "xz",
        "sn",
        "gs",
        "qh",
        "nx",
        "xj",
        "tw",
        "hk",
        "mo",
    ]
)


def is_service(host: str) -> bool:
    """Whether a host belongs to a known service or to a public body."""
    return any(host == one or host.endswith(f".{one}") for one in _SERVICES)


def family(host: str) -> str:
    """The name that somebody registered: ``img.a.gov.cn`` and ``www.a.gov.cn`` are ``a.gov.cn``."""
    labels = bare_host(host).split(".")
    if len(labels) > 2 and labels[-1] == "cn" and labels[-2] in _SECOND_LEVELS | _PROVINCES:
        return ".".join(labels[-3:])
    return ".".join(labels[-2:])


def is_family(host: str, own: str | None) -> bool:
    return own is not None and family(host) == family(own)


def is_inner(host: str) -> bool:
    """Whether a host is inside a network: a private or local address, or a name without a dot."""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith((".local", ".localhost", ".internal"))
