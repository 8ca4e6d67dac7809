"""What a banner on top of a site's pages may say (应急公告横幅), whoever puts it there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from hosting.runtime.errors import Problem
from hosting.runtime.language import N_

NOTICE, WARNING, URGENT = "notice", "warning", "urgent"
LEVELS: Mapping[str, str] = {NOTICE: N_("提示"), WARNING: N_("警示"), URGENT: N_("紧急")}
"""How much a banner weighs, the least first; said by a word and a drawing, not by colour alone."""

GREY = "grey"
"""No level of a banner: the site turns grey for days of mourning, and the title says for whom."""

WEIGHTS: Mapping[str, str] = {**LEVELS, GREY: N_("灰度")}
"""What each is called, grey among them."""

TITLE_LENGTH, TEXT_LENGTH, LINK_LENGTH = 40, 120, 500

_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")
_UNSAFE = re.compile(r"[\s\\<>\"'`{}|^]|[\x00-\x1f\x7f]")


@dataclass(frozen=True)
class BannerWords:
    """A banner: its title, a sentence or two, and where to read on, "" for nowhere."""

    title: str
    text: str = ""
    link: str = ""
    level: str = NOTICE


def problems_of(words: BannerWords) -> list[Problem]:
    """All that is wrong with what a banner says."""
    problems = [
        *_wrong_text("title", words.title, TITLE_LENGTH),
        *_wrong_text("text", words.text, TEXT_LENGTH),
    ]
    if not words.title.strip():
        problems.append(Problem("title", "title_missing", N_("请填写标题")))
    if words.link and not leads_somewhere(words.link):
        problems.append(Problem("link", "wrong_address", _WRONG_LINK))
    if words.level == GREY and (words.text or words.link):
        problems.append(Problem("text", "grey_says_nothing", N_("灰度不带文字和链接")))
    if words.level not in WEIGHTS:
        problems.append(Problem("level", "wrong_level", N_("级别只能是提示、警示或紧急")))
    return problems


_WRONG_LINK = N_("链接应为本站路径（以 / 开头）或以 https:// 开头的网址")


def leads_somewhere(link: str) -> bool:
    """Whether it is a path of the same site or an https address that hides nothing."""
    if len(link) > LINK_LENGTH or _UNSAFE.search(link):
        return False
    if link.startswith("/"):
        return not link.startswith("//")
    try:
        parts = urlsplit(link)
        return parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return False


def _wrong_text(field: str, said: str, limit: int) -> list[Problem]:
    if _CONTROL.search(said):
        message = N_("含有不可见的控制字符，请删除后重试")
        return [Problem(field, "control_characters", message)]
    if len(said) > limit:
        message = N_("不得超过 {limit} 个字，现有 {length} 个")
        return [Problem(field, "too_long", message, {"limit": limit, "length": len(said)})]
    return []
