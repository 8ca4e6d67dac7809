"""The words a blueprint may use, each list with its source."""

from __future__ import annotations

from dataclasses import dataclass, fields

from themes.contract import Texts

HOME_BLOCKS = (
    "services",
    "focus",
    "news",
    "notices",
    "policies",
    "interpretation",
    "disclosure",
    "interaction",
    "topics",
    "subsites",
)

AUDIENCES = ("person", "business")

TEXTS = tuple(field.name for field in fields(Texts))
"""Sentences of a site that a blueprint may set; the theme has its own for the others."""


@dataclass(frozen=True)
class UpdateClass:
    """How often a column must change.

    `window_days` is the longest silence allowed, None where a calendar day decides; `due` is that
    day as "MM-DD". `severity`: veto (fails the whole site), veto_count (counts towards a veto),
    deduct, warn.
    """

    window_days: int | None
    severity: str
    due: str | None = None


# Windows and severities: 国办秘函〔2019〕19号, the veto and deduction items. The form:
# 国办函〔2018〕12号. Annual reports: articles 49 and 50 of 《政府信息公开条例》.
# Six (departments: three) interviews and solicitations a year: the founding notice, 1(3).
# A column may set its own later.
UPDATE_CLASSES = {
    "news": UpdateClass(14, "veto_count"),
    "notices": UpdateClass(183, "veto_count"),
    "policies": UpdateClass(183, "veto_count"),
    "personnel": UpdateClass(365, "veto_count"),
    "plans": UpdateClass(365, "veto_count"),
    "service_statistics": UpdateClass(92, "deduct"),
    "letters": UpdateClass(61, "deduct"),
    "interviews": UpdateClass(61, "deduct"),
    "solicitations": UpdateClass(61, "deduct"),
    "on_change": UpdateClass(365, "deduct"),
    "annual_report_government": UpdateClass(None, "warn", due="03-31"),
    "annual_report_department": UpdateClass(None, "warn", due="01-31"),
    "annual_form": UpdateClass(None, "warn", due="01-31"),
    "default": UpdateClass(365, "warn"),
}
