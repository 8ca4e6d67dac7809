"""Deletions as the command line shows them to people."""

from __future__ import annotations

from hosting.runtime.clock import local
from hosting.runtime.language import N_, text
from provisioning.deletion.models import TenantDeletion

STATES = {
    "running": N_("正在删除"),
    "scrubbing": N_("正在清除残留"),
    "done": N_("已注销"),
}
FOUND = {
    "items": N_("稿件"),
    "columns": N_("栏目"),
    "files": N_("文件"),
    "bytes": N_("字节"),
    "accounts": N_("账号"),
    "hosts": N_("域名"),
}


def deletion_line(found: TenantDeletion) -> str:
    """A deletion in one line."""
    at = local(found.finished_at or found.asked_at).strftime("%Y-%m-%d %H:%M")
    return f"{found.code:<16} {text(STATES[found.state])}  {at}  {found.name}"


def deletion_text(found: TenantDeletion) -> str:
    """What a deletion came to."""
    lines = [deletion_line(found), text(N_("理由：{reason}"), reason=found.reason)]
    lines += [f"{text(FOUND[name])}: {count}" for name, count in found.found.items()]
    lines += [f"  {text(label)}: {count}" for label, count in found.removed.items()]
    lines.append(text(N_("审计记录已封存，可用 jiyue audit verify 核验")))
    return "\n".join(lines)
