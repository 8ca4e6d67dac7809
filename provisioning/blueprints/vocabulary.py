"""The words a blueprint may use, each list with its source."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = ("portal", "county", "department")

# 《政府网站发展指引》附件《网页标签规范》, value of ColumnType. The list there ends with "等", but
# crawlers of the superior offices know these words, so a blueprint keeps to them.
COLUMN_TYPES = (
    "首页",
    "概况信息",
    "机构职能",
    "负责人信息",
    "工作动态",
    "政策文件",
    "信息公开指南",
    "信息公开目录",
    "信息公开年报",
    "依申请公开",
    "数据发布",
    "数据开放",
    "政策解读",
    "回应关切",
    "办事服务",
    "咨询投诉",
    "征集调查",
    "在线访谈",
)

HOME_BLOCKS = (
    "search",
    "services",
    "focus",
    "news",
    "notices",
    "policies",
    "disclosure",
    "interaction",
    "topics",
    "subsites",
)

AUDIENCES = ("person", "business")


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
