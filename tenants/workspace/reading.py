"""A text as a reviewer has to read it: with the address of each link and the file of each image.

A link that leads elsewhere, or another picture under the same name, changes what readers get and
not one word of the text, so a comparison of words alone would hide it.
"""

from __future__ import annotations

import re
from html import unescape

from hosting.console.language import say
from hosting.runtime.language import N_
from hosting.security.html_text import body_text

_LINK = re.compile(r'<a\b[^>]*\shref="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
_IMAGE = re.compile(r'<(?:img|audio|video)\b[^>]*\ssrc="([^"]*)"[^>]*>')
_MEDIA = re.compile(r"/m/([0-9a-f]{6})[0-9a-f]{26}/(.+)")


def readable(body_html: str) -> str:
    """The lines of a cleaned text, with `［链接：…］` behind links and `［文件：…］` for images."""
    shown = _LINK.sub(_with_address, body_html)
    return body_text(_IMAGE.sub(_with_file, shown))


def _with_address(link: re.Match[str]) -> str:
    return link[2] + say(N_("［链接：{address}］"), address=link[1])


def _with_file(image: re.Match[str]) -> str:
    return say(N_("［文件：{name}］"), name=_file_name(image[1]))


def _file_name(address: str) -> str:
    """A file of ours by name and the beginning of its digest: another file never looks the same."""
    known = _MEDIA.fullmatch(unescape(address))
    return f"{known[2]}·{known[1]}" if known else address
