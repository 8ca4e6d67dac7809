"""A whole site of 10,000 articles built anew, against Hugo and Pelican on the same texts.

Their theme is our own page with the article's parts as variables, and lists of twenty with a feed
and a sitemap: they have less to work out in each page than we have, and compress nothing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from statistics import median

from sqlalchemy import select

from bench.importing import fill
from bench.stage import Stage, stage, text, timed
from hosting.publishing.tree import PublicFolder
from hosting.runtime.worker import drain
from tenants.content.models import Item

_ITEMS, _ROUNDS = 10_000, 3


def run() -> Iterator[str]:
    """Seconds of each, whole commands, and the ratios of articles a second."""
    with stage(serve=False) as platform, tempfile.TemporaryDirectory() as folder:
        tenant_id = platform.open("bench")
        drain(platform.runtime)
        fill(platform, "bench", tenant_id, _ITEMS)
        others = _others(_sample(platform, tenant_id), Path(folder))
        builds = {"ours": lambda: platform.command("publish", "--full"), **others}
        # Round by round: a machine that is slower for a minute is so for all of them.
        rounds = [_round(builds, Path(folder)) for _ in range(_ROUNDS)]
    for name in builds:
        times = [each[name] for each in rounds]
        told = ", ".join(f"{each:.1f}" for each in times)
        yield f"{name}: {_ITEMS / median(times):.0f} articles/s (seconds: {told})"
    for name, least in (("hugo", 0.8), ("pelican", 10)):
        if name in builds:
            ratio = median(each[name] / each["ours"] for each in rounds)
            yield f"ratio ours : {name}, median of the rounds = {ratio:.2f} (at least {least})"
        else:
            yield f"left out: {name} is not on the PATH"


def _round(builds: dict[str, Callable[[], object]], folder: Path) -> dict[str, float]:
    """Seconds of each. The others find nothing of an earlier build, as is fastest for them."""
    seconds = {}
    for name, build in builds.items():
        for output in ("public", "output"):
            shutil.rmtree(folder / name / output, ignore_errors=True)
        seconds[name] = timed(build)
    return seconds


def _others(page: str, folder: Path) -> dict[str, Callable[[], object]]:
    known = {"hugo": _hugo, "pelican": _pelican}
    return {
        name: prepare(page, folder / name) for name, prepare in known.items() if shutil.which(name)
    }


def _sample(platform: Stage, tenant_id: int) -> str:
    """One of our article pages, with marks in the place of what differs from page to page."""
    with platform.runtime.tenant_session(tenant_id, reading=True) as session:
        item = session.scalars(select(Item).order_by(Item.id)).first()
        assert item is not None
        path, site_id = item.path, item.site_id
    current = PublicFolder(platform.runtime.settings.home).site(site_id).current
    page = (current / path[1:]).read_text(encoding="utf-8")
    for part, mark in (("关于第0号事项的通知", "@TITLE@"), ("2005-01-01", "@DATE@")):
        page = page.replace(part, mark)
    body = _body(0)
    assert body in page, "the article's body stands in its page as it was imported"
    return page.replace(body, "@BODY@")


def _body(number: int) -> str:
    return "".join(f"<p>{text(number * 10 + part, 120)}。</p>" for part in range(6))


def _paragraphs(number: int) -> str:
    return "\n\n".join(f"{text(number * 10 + part, 120)}。" for part in range(6))


def _themed(page: str, title: str, day: str, body: str) -> str:
    return page.replace("@TITLE@", title).replace("@DATE@", day).replace("@BODY@", body)


def _hugo(page: str, folder: Path) -> Callable[[], object]:
    """Texts in Markdown, as Hugo reads them."""
    layouts, content = folder / "layouts/_default", folder / "content/tzgg"
    layouts.mkdir(parents=True)
    content.mkdir(parents=True)
    single = _themed(page, "{{ .Title }}", '{{ .Date.Format "2006-01-02" }}', "{{ .Content }}")
    links = (
        '<li><a href="{{ .RelPermalink }}">{{ .Title }}</a> {{ .Date.Format "2006-01-02" }}</li>'
    )
    listing = "<ul>{{ range .Paginator.Pages }}" + links + "{{ end }}</ul>"
    listing += '{{ template "_internal/pagination.html" . }}'
    (layouts / "single.html").write_text(single, encoding="utf-8")
    (layouts / "list.html").write_text(_themed(page, "{{ .Title }}", "", listing), encoding="utf-8")
    (folder / "hugo.toml").write_text(
        'baseURL = "http://www.bench.localhost/"\ntitle = "某县人民政府"\n'
        'disableKinds = ["taxonomy", "term"]\n[pagination]\npagerSize = 20\n',
        encoding="utf-8",
    )
    for number in range(_ITEMS):
        head = f'---\ntitle: "关于第{number}号事项的通知"\ndate: {_day(number)}\n---\n\n'
        (content / f"{number}.md").write_text(head + _paragraphs(number), encoding="utf-8")
    return lambda: _quietly("hugo", "--source", str(folder))


def _pelican(page: str, folder: Path) -> Callable[[], object]:
    """The same for Pelican."""
    templates, content = folder / "theme/templates", folder / "content"
    templates.mkdir(parents=True)
    content.mkdir(parents=True)
    (folder / "theme/static").mkdir()
    single = _themed(
        page, "{{ article.title }}", "{{ article.locale_date }}", "{{ article.content }}"
    )
    links = '<li><a href="/{{ each.url }}">{{ each.title }}</a> {{ each.locale_date }}</li>'
    listing = "<ul>{% for each in articles_page.object_list %}" + links + "{% endfor %}</ul>"
    (templates / "article.html").write_text(single, encoding="utf-8")
    (templates / "index.html").write_text(_themed(page, "首页", "", listing), encoding="utf-8")
    (folder / "settings.py").write_text(_PELICAN.format(folder=folder), encoding="utf-8")
    for number in range(_ITEMS):
        head = f"Title: 关于第{number}号事项的通知\nDate: {_day(number)}\nSlug: {number}\n\n"
        (content / f"{number}.md").write_text(head + _paragraphs(number), encoding="utf-8")
    return lambda: _quietly("pelican", "-s", str(folder / "settings.py"), "--quiet")


_PELICAN = """
SITENAME = "某县人民政府"
SITEURL = "http://www.bench.localhost"
PATH = "{folder}/content"
OUTPUT_PATH = "{folder}/output"
CACHE_PATH = "{folder}/cache"
THEME = "{folder}/theme"
TIMEZONE = "Asia/Shanghai"
DEFAULT_LANG = "zh"
DEFAULT_PAGINATION = 20
FEED_ALL_ATOM = "feeds/all.atom.xml"
FEED_MAX_ITEMS = 20
CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
DIRECT_TEMPLATES = ["index"]
CATEGORY_SAVE_AS = TAG_SAVE_AS = AUTHOR_SAVE_AS = ARCHIVES_SAVE_AS = ""
"""


def _day(number: int) -> date:
    return date(2005, 1, 1) + timedelta(days=number % 10_000 * 2 // 3)


def _quietly(*command: str) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, "LC_ALL": ""})
