"""Which host names may be bound, and what is said of the others."""

from __future__ import annotations

import pytest

from provisioning.domains.names import PlatformHosts, check_hosts

PLATFORM = PlatformHosts("console.yunxi.gov.cn", "preview.yunxi.gov.cn")


def checked(*texts: str, kind: str = "county"):
    return check_hosts(texts, kind=kind, platform=PLATFORM)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "host_empty"),
        ("https://www.a.gov.cn", "host_with_more"),
        ("www.a.gov.cn:8000", "host_with_more"),
        ("www.a.gov.cn/zwgk", "host_with_more"),
        ("www. a.gov.cn", "host_with_more"),
        ("*.a.gov.cn", "host_with_more"),
        ("admin@a.gov.cn", "host_with_more"),
        ("10.0.0.1", "host_is_address"),
        ("[::1]", "host_with_more"),
        ("www.a.gov.1", "host_is_address"),
        ("localhost", "wrong_host"),
        ("-www.a.gov.cn", "wrong_host"),
        ("www_1.a.gov.cn", "wrong_host"),
        ("www..a.gov.cn", "wrong_host"),
        ("a" * 64 + ".gov.cn", "wrong_host"),
        (".".join(["a" * 60] * 5), "wrong_host"),
        ("console.yunxi.gov.cn", "host_reserved"),
        ("PREVIEW.yunxi.gov.cn", "host_reserved"),
        ("token.preview.yunxi.gov.cn", "host_reserved"),
    ],
)
def test_what_is_no_host_name_is_refused(text: str, code: str) -> None:
    found = checked(text)

    assert [problem.code for problem in found.problems] == [code]
    assert found.problems[0].field == "hosts[0]"
    assert found.hosts == []


def test_names_are_bound_in_lower_case_without_a_final_dot() -> None:
    assert checked(" WWW.Qinghe.GOV.cn. ").hosts == ["www.qinghe.gov.cn"]


def test_chinese_names_are_bound_in_the_form_that_browsers_ask_for() -> None:
    found = checked("清河县.政务")

    assert found.hosts == ["xn--chq50q78bx54a.xn--zfr164b".replace("chq50q78bx54a", _label())]
    assert found.warnings == []


def _label() -> str:
    return "清河县".encode("idna").decode().removeprefix("xn--")


def test_a_name_written_twice_is_told() -> None:
    found = checked("www.a.gov.cn", "WWW.A.GOV.CN")

    assert [(p.field, p.code) for p in found.problems] == [("hosts[1]", "host_twice")]


def test_no_host_at_all_is_told() -> None:
    assert [p.code for p in checked().problems] == ["host_missing"]


@pytest.mark.parametrize(
    ("kind", "text", "usual"),
    [
        ("portal", "www.yunxi.gov.cn", True),
        ("county", "www.qinghe.gov.cn", True),
        ("county", "qinghe.yunxi.gov.cn", False),
        ("department", "czj.yunxi.gov.cn", True),
        ("department", "www.yunxi-czj.com", False),
        ("county", "www.qinghe.localhost", True),
    ],
)
def test_unusual_names_are_bound_with_a_warning(kind: str, text: str, usual: bool) -> None:
    found = checked(text, kind=kind)

    assert found.hosts == [text]
    assert [w.code for w in found.warnings] == ([] if usual else ["unusual_host"])
