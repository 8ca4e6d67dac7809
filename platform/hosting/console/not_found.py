"""The one answer for what is missing and for what is another tenant's (law 7).

Body and headers are the same bytes each time: no nonce, token, cookie, language or request id. The
answer is put in place around the whole application, so that nothing inside can tell the two apart.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

_STYLE = (
    "body{margin:0;padding:15vh 24px;background:#fff;color:#16202b;"
    'font:16px/1.7 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}'
    "main{max-width:36em;margin:auto}h1{font-size:24px;line-height:1.3;margin:0 0 16px}"
    "p{margin:0 0 8px}a{color:#0b5cad}p[lang=en]{color:#4a5663;margin-top:24px}"
)

BODY = (
    '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width,initial-scale=1">'
    "<title>没有找到 · Not found</title>"
    f"<style>{_STYLE}</style></head><body><main><h1>没有找到这个页面</h1>"
    "<p>地址可能有误，内容可能已被移走，也可能不属于您的工作范围。</p>"
    '<p>请核对地址，或<a href="/">回到首页</a>从菜单进入。</p>'
    '<p lang="en">Nothing was found here. Check the address, or start again from '
    'the <a href="/">first page</a>.</p></main></body></html>\n'
).encode()

_STYLE_DIGEST = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_DIGEST}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

HEADERS: tuple[tuple[str, str], ...] = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("Content-Length", str(len(BODY))),
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Content-Security-Policy", _POLICY),
)

_STATUS = "404 Not Found"


def always_the_same(inner: WSGIApplication) -> WSGIApplication:
    """Wrap an application so that each of its 404 answers becomes this one, headers and all."""

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        seen: list[str] = []

        def start(
            status: str, headers: list[tuple[str, str]], exc_info: Any = None
        ) -> Callable[[bytes], object]:
            seen.append(status)
            if status.startswith("404"):
                return start_response(_STATUS, list(HEADERS), exc_info)
            return start_response(status, headers, exc_info)

        chunks = inner(environ, start)
        if seen and seen[-1].startswith("404"):
            return _replaced(chunks, environ)
        return chunks

    return application


def _replaced(chunks: Iterable[bytes], environ: WSGIEnvironment) -> Iterable[bytes]:
    """The constant body in place of the application's, which is closed as WSGI asks."""
    close = getattr(chunks, "close", None)
    if close is not None:
        close()
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [BODY]
