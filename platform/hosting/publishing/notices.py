"""The platform's own pages: what a reader sees where a site has no page to show.

They are static files that need nothing to be running. A site's own `/404.html`, `/410.html` and
`/503.html` come first; these stand in for them.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from string import Template

from hosting.publishing.comparing import (
    ALTERED,
    FOREIGN,
    MISSING,
    Finding,
    files_in,
    read_plainly,
)
from hosting.publishing.files import Files
from hosting.publishing.tree import PublicFolder
from hosting.runtime.errors import Refusal
from hosting.runtime.language import LOCALES, text

SUSPENDED, CLOSED = "suspended", "closed"
"""What the hosts of such a tenant are linked to, instead of to their site."""

SUSPENDED_MARK, CLOSED_MARK = ".suspended", ".closed"
"""The file in a host's folder that tells both servers to answer every address with 503 or 410."""

_FRAME = Path(__file__).with_name("notices") / "notice.html"
_HOME_LINK = '<p><a href="/">返回网站首页</a></p>'


@cache
def style_source() -> str:
    """The notices' own style as a source that a Content-Security-Policy names."""
    frame = _FRAME.read_text(encoding="utf-8")
    style = frame.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"'sha256-{digest}'"


@dataclass(frozen=True)
class Notice:
    """The words of one notice."""

    title: str
    text: str
    english: str
    link: str = _HOME_LINK

    def page(self) -> bytes:
        """The notice as an HTML page."""
        frame = Template(_FRAME.read_text(encoding="utf-8"))
        return frame.substitute(
            title=self.title, text=self.text, english=self.english, link=self.link
        ).encode()


# These pages are written once and shown to all: both languages stand on them.
NOTICES: dict[str, Notice] = {
    "404": Notice(
        "没有找到这个页面",
        "您访问的页面不存在，或地址有误。请核对地址，或从网站首页查找。",
        "The page was not found. Please check the address or start from the home page.",
    ),
    "410": Notice(
        "这个页面已经撤下",
        "您访问的内容已由发布单位撤下，不再提供。",
        "This page has been withdrawn by its publisher.",
    ),
    "413": Notice(
        "提交的内容过大",
        "请压缩文件或分批提交。",
        "What was sent is too large. Please make it smaller or send it in parts.",
    ),
    "421": Notice(
        "这里没有您要访问的网站",
        "本平台没有使用这个域名的网站，请核对域名。",
        "No site on this platform uses this host name.",
        link="",
    ),
    "429": Notice(
        "访问过于频繁",
        "短时间内的请求过多，请稍后再试。",
        "Too many requests. Please try again in a moment.",
    ),
    "503": Notice(
        "这项服务暂时无法使用",
        "系统正在恢复，请过几分钟再试。已经发布的页面不受影响，可以继续浏览。",
        "This service is temporarily unavailable. Published pages can still be read.",
    ),
}

ERROR_PAGES = tuple(int(status) for status in NOTICES)
"""Pages that are shown with their status; nobody gets them with 200."""

LIMIT_TITLE, REFUSED_TITLE = "请稍后再试", "请求没有完成"


def notice_of(refusal: Refusal, *, title: str) -> bytes:
    """A page that says a refusal's sentence in both languages.

    The sentence is ours, and its facts are escaped like any text.
    """
    chinese, english = (
        escape(text(refusal.message, locale, **refusal.facts)) for locale in LOCALES
    )
    return Notice(title, f"{chinese}。", f"{english}.").page()


SUSPENDED_NOTICE = Notice(
    "网站暂停服务",
    "本网站按主管单位要求暂停服务，恢复时间另行公告。",
    "This site is suspended by its supervising authority.",
    link="",
)

CLOSED_NOTICE = Notice(
    "网站已经关闭",
    "本网站已经停止运行，不再提供内容和服务。",
    "This site has been closed.",
    link="",
)


def notice_files() -> dict[str, bytes]:
    """All files of the notices' folder, by their paths in it."""
    pages = {f"{name}.html": notice.page() for name, notice in NOTICES.items()}
    return pages | {
        f"{SUSPENDED}/503.html": SUSPENDED_NOTICE.page(),
        f"{SUSPENDED}/{SUSPENDED_MARK}": b"",
        f"{CLOSED}/410.html": CLOSED_NOTICE.page(),
        f"{CLOSED}/{CLOSED_MARK}": b"",
    }


def write_notices(files: Files, public: PublicFolder) -> None:
    """Write the notices into the public folder; what is there and equal is left alone."""
    for path, data in notice_files().items():
        _write(files, public.notices / path, data)


def notice_findings(public: PublicFolder) -> list[Finding]:
    """Notices that are not as they are made, and what else lies among them; by `/notices/…`."""
    start, wanted = "/notices", notice_files()
    found = []
    for path, data in wanted.items():
        there = read_plainly(str(public.notices / path))
        if there != data:
            found.append(Finding(f"{start}/{path}", MISSING if there == MISSING else ALTERED))
    is_folder = public.notices.is_dir() and not public.notices.is_symlink()
    files = files_in(public.notices) if is_folder else ()
    found += [Finding(start + file, FOREIGN) for file in files if file[1:] not in wanted]
    return sorted(found)


def _write(files: Files, path: Path, data: bytes) -> None:
    if read_plainly(str(path)) == data:
        return
    files.make_folder(str(path.parent))
    aside = f"{path}.new"
    files.write(aside, data)
    files.rename(aside, str(path))
