"""Each format is what its specification asks for, whatever a tenant wrote."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from lxml import etree

from tenants.pages.feeds.facts import Feed, FeedEntry, lasting_id
from tenants.pages.feeds.json_format import json_feed
from tenants.pages.feeds.xml_formats import atom, rss

SHANGHAI = ZoneInfo("Asia/Shanghai")
ISSUED = datetime(2026, 11, 20, 9, 30, 15, 123456, tzinfo=SHANGHAI)
ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"
PARSER = etree.XMLParser(recover=False, resolve_entities=False, no_network=True)

ENTRY = FeedEntry(
    id=lasting_id("item", 7),
    title="关于防汛工作的通知",
    address="https://www.river.gov.cn/art/2026/0a/x.html",
    published_at=datetime(2014, 6, 12, tzinfo=SHANGHAI),
    updated_at=ISSUED,
    summary="各镇人民政府：",
    source="清河县水利局",
    author="李晓芸",
    column="通知公告",
)
FEED = Feed(
    id=lasting_id("feed", 1),
    title="清河县人民政府",
    description="清河县人民政府门户网站",
    language="zh-CN",
    sponsor="清河县人民政府办公室",
    home="https://www.river.gov.cn/",
    address="https://www.river.gov.cn/feeds/site.atom",
    updated_at=ISSUED,
    entries=(ENTRY, replace(ENTRY, id=lasting_id("item", 8), author="", summary="")),
)

HOSTILE = [
    "]]><script>alert(1)</script>",
    "</title><link>https://evil.example/</link>",
    "R&D &amp; <b>粗体</b> \"引号\" '单引号'",
    "\x00\x01\x08\x0b\x0c\x1f\ufffe\uffff正文",
    "单独的代理\ud800字",
    "表情🏛️与𠮷字\u2028换行\u2029",
    "行一\r\n行二\t尾",
    "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;",
    "<?xml version='1.0'?><!-- -->",
]


def clean(text: str) -> str:
    """The text as a reader of XML gets it: without what XML cannot hold, line ends as one."""
    text = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", text)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def hostile_feed(text: str) -> Feed:
    said: dict[str, Any] = dict.fromkeys(("title", "summary", "source", "author", "column"), text)
    return replace(
        FEED, title=text, description=text, sponsor=text, entries=(replace(ENTRY, **said),)
    )


def texts(node: Any, path: str) -> list[str]:
    return [each.text for each in node.findall(path)]


def test_rss_has_what_the_specification_requires() -> None:
    root = etree.fromstring(rss(FEED), PARSER)

    channel = root.find("channel")
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    assert texts(channel, "title") == ["清河县人民政府"]
    assert texts(channel, "link") == ["https://www.river.gov.cn/"]
    assert texts(channel, "description") == ["清河县人民政府门户网站"]
    assert texts(channel, "language") == ["zh-CN"]
    assert parsedate_to_datetime(channel.findtext("lastBuildDate")) == ISSUED.replace(microsecond=0)
    assert channel.find(f"{ATOM}link").get("href") == FEED.address
    first, second = channel.findall("item")
    assert texts(first, "title") + texts(first, "link") == [ENTRY.title, ENTRY.address]
    assert parsedate_to_datetime(first.findtext("pubDate")) == ENTRY.published_at
    assert first.find("guid").get("isPermaLink") == "false"
    assert first.findtext("guid") != second.findtext("guid")
    assert texts(first, "category") == ["通知公告"]
    assert [first.findtext(f"{DC}creator"), second.findtext(f"{DC}creator")] == [
        "李晓芸",
        "清河县水利局",
    ]
    assert second.find("description") is None


def test_atom_has_what_the_standard_requires() -> None:
    root = etree.fromstring(atom(FEED), PARSER)

    assert root.tag == f"{ATOM}feed"
    for node in (root, *root.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(node.findall(f"{ATOM}{name}")) == 1, name
        assert node.findtext(f"{ATOM}id").startswith("urn:uuid:")
        assert datetime.fromisoformat(node.findtext(f"{ATOM}updated")).tzinfo is not None
        assert node.findtext(f"{ATOM}author/{ATOM}name")
    relations = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert relations == {"self": FEED.address, "alternate": FEED.home}
    first = root.find(f"{ATOM}entry")
    assert first.findtext(f"{ATOM}published") == "2014-06-12T00:00:00+08:00"
    assert first.findtext(f"{ATOM}updated") == "2026-11-20T09:30:15+08:00"
    assert first.find(f"{ATOM}link").get("href") == ENTRY.address
    assert first.find(f"{ATOM}category").get("term") == "通知公告"
    assert first.findtext(f"{ATOM}summary") == "各镇人民政府："


def test_a_json_feed_has_what_its_version_requires() -> None:
    feed = json.loads(json_feed(FEED))

    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"] == "清河县人民政府"
    assert feed["feed_url"] == FEED.address
    for item in feed["items"]:
        assert item["id"].startswith("urn:uuid:")
        assert isinstance(item["content_text"], str)
        assert datetime.fromisoformat(item["date_published"]).tzinfo is not None
    assert feed["items"][0]["authors"] == [{"name": "李晓芸"}, {"name": "清河县水利局"}]
    assert feed["items"][0]["tags"] == ["通知公告"]


@pytest.mark.parametrize("text", HOSTILE)
def test_rss_stays_whole_whatever_a_tenant_writes(text: str) -> None:
    channel = etree.fromstring(rss(hostile_feed(text)), PARSER).find("channel")

    [item] = channel.findall("item")
    assert len(channel.findall("link")) == 1
    assert channel.findtext("title") == item.findtext("title") == clean(text)
    # Readers take a description for HTML: read as such, it says what was written.
    described = etree.HTML(f"<p>{item.findtext('description')}</p>")
    assert described.findall(".//script") + described.findall(".//b") == []
    assert described.findtext(".//p") == clean(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_atom_stays_whole_whatever_a_tenant_writes(text: str) -> None:
    root = etree.fromstring(atom(hostile_feed(text)), PARSER)

    [entry] = root.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == entry.findtext(f"{ATOM}summary") == clean(text)
    assert entry.find(f"{ATOM}title").get("type", "text") == "text"


@pytest.mark.parametrize("text", HOSTILE)
def test_json_stays_whole_whatever_a_tenant_writes(text: str) -> None:
    [item] = json.loads(json_feed(hostile_feed(text)))["items"]

    assert clean(item["title"]) == clean(text)


def test_ids_of_entries_know_no_host_and_differ_from_those_of_feeds() -> None:
    assert lasting_id("item", 7) == lasting_id("item", 7)
    assert len({lasting_id("item", 7), lasting_id("feed", 7), lasting_id("item", 8)}) == 3


def test_a_feed_without_entries_is_a_feed() -> None:
    empty = replace(FEED, entries=())

    assert etree.fromstring(rss(empty), PARSER).find("channel/item") is None
    assert etree.fromstring(atom(empty), PARSER).findtext(f"{ATOM}updated")
    assert json.loads(json_feed(empty))["items"] == []
