"""What other suites try against sanitisers and parsers, and what people type into boxes."""

from __future__ import annotations

import json
from pathlib import Path

# For fields that hold no HTML: each would act where a page forgot to escape it.
IN_PLAIN_FIELDS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg onload=alert(1)>",
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    '" autofocus onfocus=alert(1) x="',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "{{7*7}}{% raw %}<script>alert(1)</script>",
    "${alert(1)}<%= alert(1) %>",
    "<!--<script>-->alert(1)<!--</script>-->",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<iframe srcdoc='<script>parent.alert(1)</script>'>",
    "\u202e<img src=x onerror=alert(1)>",
)


def payloads(folder: Path) -> list[str]:
    """The payloads of DOMPurify's and bleach's suites, and html5lib's documents."""
    purify = json.loads((folder / "dompurify/cases.json").read_text(encoding="utf-8"))
    bleach = sorted((folder / "bleach_tests").glob("*.test"))
    return [
        *(case["payload"] for case in purify),
        *(path.read_text(encoding="utf-8").split("\n--\n")[0] for path in bleach),
        *documents(folder),
    ]


def documents(folder: Path) -> list[str]:
    """What html5lib's tests of building trees have parsed, each once."""
    files = sorted((folder / "html5lib_testdata/tree-construction").rglob("*.dat"))
    found = [
        case.split("\n#errors")[0]
        for path in files
        for case in path.read_text(encoding="utf-8", errors="replace").split("#data\n")[1:]
    ]
    return list(dict.fromkeys(found))
