"""What has been known to lead a browser to another host, and how a browser reads an address."""

from __future__ import annotations

import re

from parts.people import HOST

E = "evil.example"
# What browsers, proxies and frameworks have been known to read as another host.
WAYS_OUT = [
    f"//{E}",
    f"///{E}",
    f"////{E}/%2e%2e",
    f"/\\{E}",
    f"\\/{E}",
    f"\\\\{E}",
    f"\\{E}",
    f"/\\/{E}",
    f"//\\{E}",
    f"https://{E}",
    f"https:{E}",
    f"https:/{E}",
    f"https:\\\\{E}",
    f"HtTpS:///{E}",
    f"http:{E}",
    f"ftp://{E}",
    f"//{E}:80\\@console.localhost",
    f"//console.localhost@{E}",
    f"//console.localhost:8000@{E}/",
    f"https://console.localhost:8000@{E}",
    f"https://console.localhost.{E}",
    f"//{E}#@console.localhost",
    f"//{E}?.console.localhost",
    f"/\t/{E}",
    f"/\n/{E}",
    f"/\r/{E}",
    f"/\r\n/{E}",
    f"\t//{E}",
    f"\n//{E}",
    f" //{E}",
    f"/ /{E}",
    f"/\x00/{E}",
    f"/\x01/{E}",
    f"/\x0b/{E}",
    f"/\x0c/{E}",
    f"/\x1f/{E}",
    f"/\x7f/{E}",
    f"/\x80/{E}",
    f"/\x85/{E}",
    f"/\xa0/{E}",
    f"/\xad/{E}",
    f"/\u200b/{E}",
    f"/\u200e/{E}",
    f"/\u2028/{E}",
    f"/\u2029/{E}",
    f"/\u202e/{E}",
    f"/\u3000/{E}",
    f"/\ufeff/{E}",
    f"\u3000//{E}",
    f"\ufeff//{E}",
    f"/a\r\nLocation: https://{E}",
    f"/a\r\n\r\n<script>location='//{E}'</script>",
    f"\uff0f\uff0f{E}",
    f"\u2044\u2044{E}",
    f"\u2215\u2215{E}",
    "//evil。example",
    "//evil\uff0eexample",
    "//\uff45vil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    " javascript:alert(1)",
    "\x01javascript:alert(1)",
    f"javascript://{E}/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    f"blob:https://{E}/1",
    f"view-source:https://{E}",
    E,
    f"@{E}",
    f":80@{E}",
    f".{E}",
    f"%2f%2f{E}",
    f"%5c%5c{E}",
    f"?next=//{E}",
    f"#//{E}",
    "",
    "\ud800//",
]
# Paths of ours that only look like ways out.
OWN = [
    f"/%2f{E}",
    f"/%2F%2F{E}",
    f"/%5c{E}",
    f"/%09/{E}",
    f"/%0d%0a/{E}",
    f"/.//{E}",
    f"/..//{E}",
    f"/%2e%2e//{E}",
    f"/\uff0f{E}",
    f"/\u2044{E}",
    f"/@{E}",
    f"/:80@{E}",
    f"/t/river/?next=//{E}",
    f"/t/river/#//{E}",
    f"/t/river/;//{E}",
    "/t/river/items?words=通知&page=2",
]


def lands_on(location: str) -> str:
    """Where a browser would leave our host for, by the WHATWG's rules; "" where it would not."""
    cleaned = re.sub(r"[\t\r\n]", "", location.strip("".join(map(chr, range(33)))))
    cleaned = cleaned.replace("\\", "/")
    if cleaned.startswith(f"{HOST}/"):
        return ""
    return cleaned if re.match(r"//|[a-zA-Z][a-zA-Z0-9+.-]*:", cleaned) else ""
