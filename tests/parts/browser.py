"""Debian's Chromium, driven by Playwright; it reaches loopback and nothing else."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from parts.programs import program

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request, Route

    OpenPage = Callable[..., Page]


# Of the editor's component itself, which we take as it comes: parts of its status bar.
_NOT_OURS = [
    ".tox-statusbar__path-item",
    ".tox-statusbar__resize-handle",
    # Without a name until it has counted.
    ".tox-statusbar__wordcount",
]


def violations(page: Page) -> list[str]:
    """What axe finds wrong, with the elements."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, context={"exclude": _NOT_OURS}).response["violations"]
    return [f"{each['id']}: {node['html'][:120]}" for each in found for node in each["nodes"]]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for each worker of the run."""
    from playwright.sync_api import sync_playwright

    executable = program("chromium", package="chromium fonts-noto-cjk")
    arguments = ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE *.localhost"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[OpenPage]:
    """`open_page(width=1440, height=900, **context)` opens an empty page in a context of its own.

    Fails the test when a page asks for anything outside loopback, or when its scripts fail.
    """
    faults: list[str] = []
    contexts = []

    def keep_inside(route: Route, request: Request) -> None:
        if _is_inside(request.url):
            route.continue_()
        else:
            faults.append(f"asked for {request.url}")
            route.abort()

    def open_one(width: int = 1440, height: int = 900, **facts: Any) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN", **facts
        )
        contexts.append(context)
        context.route("**/*", keep_inside)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"script failed: {error}"))
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert faults == []


def _is_inside(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return host in ("", "127.0.0.1", "localhost") or host.endswith(".localhost")
