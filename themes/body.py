"""An item's body as a page lays it out; nothing a reader reads is changed."""

from __future__ import annotations

import re

from themes.contract import CleanHtml

# What people type to indent or to leave a line empty; most bodies have none of it.
_TYPED = ("\u3000", "\u2003", "\xa0", "&nbsp;", "&emsp;", "<p> ", "<br></p>", "<p></p>")
_SPACE = r"(?:[\u3000\u2003\xa0 ]|&nbsp;|&emsp;)"
# Indents typed as spaces: the style sheet indents paragraphs, typed ones would add to that.
_TYPED_INDENT = re.compile(rf"(<p(?:\s[^>]*)?>(?:<(?:span|strong|b)(?:\s[^>]*)?>)?){_SPACE}+")
_EMPTY_PARAGRAPH = re.compile(rf"<p(?:\s[^>]*)?>(?:{_SPACE}|\n|<br\s*/?>)*</p>\s*")
# A first line that ends with a colon names those it is addressed to and stands flush left
# (主送机关, GB/T 9704—2012, 7.3.2).
_ADDRESSEE = re.compile(r"\s*<p(?=[\s>])([^>]*>[^<]{1,300}\uff1a</p>)")
_TABLE = re.compile(r"<table(?=[\s>])")


def laid_out(body: CleanHtml) -> CleanHtml:
    """The body with wide tables in frames that scroll, images loaded late, no typed indents."""
    text: str = body
    if any(space in text for space in _TYPED):
        text = _TYPED_INDENT.sub(r"\1", _EMPTY_PARAGRAPH.sub("", text))
    if addressee := _ADDRESSEE.match(text):
        text = f'<p class="to"{addressee[1]}{text[addressee.end() :]}'
    if "<table" in text:
        text = _TABLE.sub('<div class="scroll" tabindex="0"><table', text)
        text = text.replace("</table>", "</table></div>")
    # Still clean: only fixed markup was added around what was clean before.
    return CleanHtml(text.replace("<img ", '<img loading="lazy" '))
