"""docs/settings.md describes every setting, with its default, and nothing that is not one."""

from __future__ import annotations

import re
from dataclasses import fields

from hosting.runtime.settings import Settings
from parts.house import ROOT

ROW = re.compile(r"^\| `(JIYUE_[A-Z_]+)` \| (.*?) \| (.+) \|$", re.MULTILINE)
# Read before there are settings.
BEFORE_SETTINGS = {"JIYUE_ENV_FILE"}


def documented() -> dict[str, str]:
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    return {name: default.strip("`") for name, default, _ in ROW.findall(text)}


def actual() -> dict[str, str]:
    return {f"JIYUE_{each.name.upper()}": str(each.default) for each in fields(Settings)}


def test_every_setting_is_documented_and_nothing_else() -> None:
    assert documented().keys() == actual().keys() | BEFORE_SETTINGS


def test_documented_defaults_are_the_real_ones() -> None:
    described = documented()

    differing = {
        name: (default, described[name])
        for name, default in actual().items()
        if described.get(name, default) != (default or "none")
    }

    assert differing == {}
