"""What the auditor reads for the kinds, facts and values of the trail's rows.

Events of every area stand in the trail under their own English names. A test holds these words to
all events that the platform knows; what another package brings keeps its own names.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from hosting.console.language import say
from hosting.runtime.language import N_
from hosting.security.roles import LABELS
from provisioning.presenters import KINDS

# To what something was done, by the kind of the first of an event's ids.
OBJECTS: Mapping[str, str] = {
    "acceptance": N_("长期转载规则 {what}"),
    "account": N_("账号 {what}"),
    "column": N_("栏目 {what}"),
    "design": N_("版式 {what}"),
    "edition": N_("版本 {what}"),
    "item": N_("稿件 {what}"),
    "membership": N_("职责 {what}"),
    "order": N_("迁移令 {what}"),
    "notice": N_("市级公告 {what}"),
    "run": N_("迁移方案 {what}"),
    "sign_in": N_("登录 {what}"),
    "site": N_("网站 {what}"),
}
OTHER_OBJECT = N_("对象 {what}")

FACTS: Mapping[str, str] = {
    "acceptance_id": N_("长期转载规则编号"),
    "origin_tenant_id": N_("来源单位编号"),
    "origin_item_id": N_("来源稿件编号"),
    "origin_digest": N_("来源校验值"),
    "receivers": N_("转载单位编号"),
    "account_id": N_("有关账号"),
    "column_id": N_("栏目编号"),
    "column_ids": N_("栏目编号"),
    "asset_ids": N_("文件编号"),
    "design_id": N_("版式编号"),
    "edition_id": N_("版本编号"),
    "item_id": N_("稿件编号"),
    "membership_id": N_("职责编号"),
    "order_id": N_("迁移令编号"),
    "parent_id": N_("上级栏目编号"),
    "run_id": N_("迁移方案编号"),
    "sign_in_id": N_("登录编号"),
    "site_id": N_("网站编号"),
    "edge": N_("边缘节点"),
    "notice_id": N_("市级公告编号"),
    "notice_state": N_("状态"),
    "places": N_("发现处数"),
    "details": N_("具体情况"),
    "is_repaired": N_("已自动恢复"),
    "login": N_("登录名"),
    "role": N_("职责"),
    "reason": N_("理由"),
    "why": N_("原因"),
    "end_reason": N_("原因"),
    "result": N_("结果"),
    "codes_left": N_("剩余恢复码"),
    "issuer": N_("身份认证服务"),
    "subject": N_("统一身份"),
    "ends_at": N_("截止"),
    "until": N_("期限"),
    "host": N_("域名"),
    "locale": N_("语言"),
    "hosts": N_("域名"),
    "is_main": N_("主域名"),
    "code": N_("租户代码"),
    "kind": N_("类型"),
    "blueprint": N_("开站样板"),
    "old_name": N_("原名称"),
    "new_name": N_("新名称"),
    "notice_until": N_("公告保留至"),
    "successor": N_("内容去向"),
    "quotas": N_("配额"),
    "path": N_("路径"),
    "moves": N_("路径变动"),
    "stage": N_("审级"),
    "decision": N_("决定"),
    "outcome": N_("审查结论"),
    "digest": N_("校验值"),
    "sent_back": N_("退回草稿"),
    "publish_at": N_("定时发布"),
    "due_at": N_("签署的时间"),
    "valid_until": N_("有效期至"),
    "act": N_("到时事项"),
    "withdrawal_id": N_("撤稿编号"),
    "receipt_id": N_("回执编号"),
    "finding": N_("核查结论"),
    "asked": N_("核查处数"),
    "left": N_("残留处数"),
    "ground": N_("公开依据"),
    "year": N_("年度"),
    "number": N_("登记号"),
    "issues": N_("发布的稿件"),
    "slots": N_("列表位"),
    "run": N_("导入批次"),
    "theme": N_("主题"),
    "created": N_("新增篇数"),
    "changed": N_("更新篇数"),
    "deleted": N_("删除篇数"),
    "withdrawn": N_("撤稿篇数"),
    "lines": N_("清单条数"),
    "addresses": N_("网址数"),
    "address": N_("网址"),
    "findings": N_("发现的情况数"),
    "problems": N_("问题数"),
    "items": N_("稿件数"),
    "assets": N_("文件数"),
    "right": N_("相符网址数"),
    "wrong": N_("不符网址数"),
    "redirects": N_("跳转数"),
    "chains": N_("链数"),
    "entries": N_("记录数"),
    "fault_count": N_("问题数"),
    "faults": N_("问题"),
    "began_at": N_("开始时间"),
    "before": N_("早于"),
    "method": N_("方式"),
    "permission": N_("权限"),
    "form": N_("格式"),
    "filter": N_("筛选条件"),
    "is_early": N_("提前办理"),
    "tenant_name": N_("租户名称"),
    "found": N_("原有数量"),
    "removed": N_("删除数量"),
    "held_back": N_("暂不清理的租户"),
    "limit": N_("限制"),
}

RESULTS: Mapping[str, str] = {
    "done": N_("成功"),
    "unknown": N_("登录名不存在"),
    "wrong_password": N_("密码错误"),
    "disabled": N_("账号已停用"),
    "refused": N_("没有权限"),
    "wrong_code": N_("验证码错误"),
    "unknown_identity": N_("统一身份未绑定"),
    "wrong_identity": N_("统一身份不是本人"),
    "limited": N_("次数过多"),
}

METHODS: Mapping[str, str] = {
    "password": N_("密码"),
    "totp": N_("密码和验证码"),
    "recovery_code": N_("密码和恢复码"),
    "openid": N_("统一身份"),
    "openid_mfa": N_("统一身份（多因素）"),
}

LIMITS: Mapping[str, str] = {
    "sign_ins": N_("同一网络地址对同一登录名"),
    "sign_ins_here": N_("同一网络地址"),
    "sign_ins_elsewhere": N_("各地对同一登录名"),
    "codes": N_("同一次登录的验证码"),
    "codes_of_account": N_("同一账号的验证码"),
}

# What was decided, of facts whose values are a few words.
_VALUES: Mapping[str, Mapping[str, str]] = {
    "role": LABELS,
    "kind": {**KINDS, "banner": N_("横幅"), "greyscale": N_("灰度")},
    "notice_state": {"standing": N_("开始"), "over": N_("结束")},
    "result": RESULTS,
    "method": METHODS,
    "limit": LIMITS,
    "stage": {"first": N_("初审"), "second": N_("审核"), "final": N_("审发")},
    "decision": {
        "approve": N_("同意"),
        "return": N_("退回"),
        "page": N_("迁入为稿件"),
        "attachment": N_("迁入为附件"),
        "asset": N_("迁入为素材"),
        "redirect": N_("跳转"),
        "gone": N_("标记为已删除"),
        "drop": N_("不迁入"),
        "unknown": N_("待定"),
    },
    "outcome": {"cleared": N_("可以公开"), "refused": N_("不得公开")},
    "act": {"issue": N_("定时发布"), "withdraw": N_("定时撤稿"), "expire": N_("到期失效")},
    "finding": {
        "clean": N_("已核查无残留"),
        "left": N_("仍有残留"),
        "superseded": N_("稿件已重新公开，未再核查"),
    },
    "ground": {
        "review": N_("三级审核"),
        "urgent": N_("紧急发布"),
        "order": N_("迁移令"),
        "repost": N_("长期转载规则"),
    },
}


def object_words(kind: str) -> str:
    """The msgid that names an object of this kind, with a place for `what`."""
    return OBJECTS.get(kind, OTHER_OBJECT)


def fact_words(name: str) -> str:
    """The msgid of a fact's name, or the name."""
    return FACTS.get(name, name)


def value_words(name: str, value: Any) -> str | datetime:
    """A fact's value: the page's word for one of a few, an instant, or what stands in the row."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return say(N_("是") if value else N_("否"))
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if name.endswith("_at"):
        return _instant(value)
    words = _VALUES.get(name, {})
    return say(words[value]) if value in words else value


def _instant(value: str) -> str | datetime:
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return value
