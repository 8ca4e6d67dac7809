"""What people read is Chinese in the source, marked, and has an English sentence in a catalogue."""

from __future__ import annotations

import re
import string
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from parts.house import PACKAGES, ROOT, files

CHINESE = re.compile(r"[\u4e00-\u9fff]")
NOT_SHOWN = re.compile(
    r"{#.*?#}|{%-?\s*trans\b.*?endtrans\s*-?%}|{{.*?}}|{%.*?%}|<!--.*?-->", re.DOTALL
)


def test_every_message_has_an_english_sentence() -> None:
    command = [sys.executable, str(ROOT / "tools" / "update_messages.py"), "--check"]

    answer = subprocess.run(command, capture_output=True, text=True, check=False)

    missing = answer.stdout.splitlines()
    assert answer.returncode == 0, "\n".join(["run `make messages` and translate:", *missing[:20]])


def english(package: str) -> Catalog:
    path = PACKAGES[package] / "translations" / "en" / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return Catalog(locale="en")
    with path.open("rb") as readable:
        return read_po(readable, locale="en")


def places(message: str) -> set[str]:
    """The `{fact}` and `%(fact)s` places of a message."""
    named = {name for _, name, _, _ in string.Formatter().parse(message) if name is not None}
    return named | set(re.findall(r"%\((\w+)\)", message))


@pytest.mark.parametrize("package", PACKAGES)
def test_a_translation_has_the_places_of_its_message(package: str) -> None:
    differing = [
        entry.id
        for entry in english(package)
        if isinstance(entry.id, str)
        and isinstance(entry.string, str)
        and entry.id
        and entry.string
        and places(entry.id) != places(entry.string)
    ]

    assert differing == []


def templates() -> list[Path]:
    return [p for p in files() if "templates" in p.parts and p.suffix in {".html", ".xml", ".txt"}]


def test_templates_show_no_text_that_cannot_be_translated() -> None:
    unmarked = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in templates()
        for line in NOT_SHOWN.sub("", path.read_text(encoding="utf-8")).splitlines()
        if CHINESE.search(line)
    ]

    assert unmarked == []
