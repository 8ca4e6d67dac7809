"""Banners on top of every page: in the page itself, and in `/site.css` for pages made before.

A page says of which state of the banners it is (`data-version`), and asks for the style sheet
under that name, so that it never meets an older one. Where the sheet is of another state it is the
newer: it hides what the page says and shows its own, as plain words, of which the script makes
whole banners.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from hosting.runtime.language import N_, text
from themes.contract import Banner

WORDS: Mapping[str, str] = {"notice": N_("提示"), "warning": N_("警示"), "urgent": N_("紧急")}
_LABELS: Mapping[str, str] = {
    "notice": N_("网站公告"),
    "warning": N_("警示公告"),
    "urgent": N_("紧急公告"),
}
_MORE = N_("查看详情")
_NAMED = N_("{what}：{title}")
_CSS_SPECIAL = re.compile(r"[\"\\<>\x00-\x1f\x7f\u2028\u2029]")


def said(banner: Banner, locale: str) -> dict[str, str]:
    """All words of a banner, in the site's language: what the page shows and the script needs."""
    label, more = text(_LABELS[banner.level], locale), text(_MORE, locale)
    return {
        "level": banner.level,
        "word": text(WORDS[banner.level], locale),
        # Two banners of one level are two places, and must not be called alike.
        "label": text(_NAMED, locale, what=label, title=banner.title),
        "title": banner.title,
        "text": banner.text,
        "path": banner.path,
        "more": more,
        "more_label": text(_NAMED, locale, what=more, title=banner.title),
    }


def banner_css(banners: Sequence[Banner], version: str, locale: str) -> list[str]:
    """The rules of `/site.css` for pages that say something else; [] where there never was one."""
    if not version:
        return []
    facts = json.dumps([said(each, locale) for each in banners], ensure_ascii=False)
    older = f'.banners:not([data-version="{version}"])'
    rules = [
        f':root{{--banners:{css_string(facts)};--banners-version:"{version}"}}',
        f"{older}>*{{display:none}}",
    ]
    if banners:
        lines = "\n".join(_line(said(each, locale)) for each in banners)
        heaviest = max((each.level for each in banners), key=list(WORDS).index)
        rules.append(f"{older}{{--banner-ground:var(--banner-{heaviest})}}")
        rules.append(f"{older}::before{{content:{css_string(lines)}}}")
    return rules


def _line(words: Mapping[str, str]) -> str:
    return " ".join(
        each for each in (f"【{words['word']}】{words['title']}", words["text"]) if each
    )


def css_string(words: str) -> str:
    """A CSS string; nothing in it can end it, or the element that a style sheet may stand in."""
    return '"' + _CSS_SPECIAL.sub(lambda found: f"\\{ord(found[0]):x} ", words) + '"'
