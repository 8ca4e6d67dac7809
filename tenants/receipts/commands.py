"""`jiyue publish receipt`."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

import click
from sqlalchemy import select

from hosting.directory.queries import tenant_id_of
from hosting.publishing.commands import publish
from hosting.runtime.command_line import FOUND, answer, json_option, with_runtime
from hosting.runtime.errors import Invalid, NotFound
from hosting.runtime.ids import decimal_id
from hosting.runtime.language import N_, text
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession
from tenants.content.models import Item
from tenants.content.queries import item
from tenants.receipts.models import CLEAN, LEFT, SUPERSEDED
from tenants.receipts.presenters import finding_words, place_words
from tenants.receipts.queries import proof_of_item
from tenants.receipts.sealing import told

_TRY_LATER = 3


@publish.command("receipt", help=N_("查看一篇稿件的撤稿回执：核查了哪些地方，有没有残留"))
@click.option("--tenant", "code", required=True, metavar="CODE", help=N_("租户代码"))
@click.option("--page", "address", metavar="ADDRESS", help=N_("稿件网页的地址，可只写路径"))
@click.option("--item", "item_id", metavar="ID", help=N_("稿件编号"))
@json_option
@with_runtime
def receipt(
    runtime: Runtime, code: str, address: str | None, item_id: str | None, as_json: bool
) -> int:
    """Show the last receipt: 0 nothing is left, 3 not checked yet, 4 something is left."""
    tenant_id = tenant_id_of(runtime, code)
    with runtime.tenant_session(tenant_id, reading=True) as session:
        shown = _named(session, address, item_id)
        proof = proof_of_item(session, shown.id)
        facts = told(proof, shown, code)
    answer(facts, as_json=as_json, human=lambda said: _in_words(runtime, said))
    return {CLEAN: 0, SUPERSEDED: 0, LEFT: FOUND}.get(facts["state"], _TRY_LATER)


def _named(session: WalledSession, address: str | None, item_id: str | None) -> Item:
    if (address is None) == (item_id is None):
        raise Invalid("unclear_item", N_("请用 --page 写明网址，或用 --item 写明稿件编号"))
    if item_id is not None:
        return item(session, decimal_id(item_id) or 0)
    path = unquote(urlsplit(address or "").path)
    found = session.scalars(select(Item).where(Item.path == path)).first()
    if found is None:
        raise NotFound("no_such_item", N_("没有找到这篇稿件"))
    return found


def _in_words(runtime: Runtime, said: dict[str, Any]) -> str:
    lines = [f"{said['path']}：{text(finding_words(said['state']))}"]
    if said.get("checked_at"):
        counts = {"asked": len(said["places"]), "left": said["left"], "at": said["checked_at"]}
        lines.append(text(N_("  核查于 {at}，共 {asked} 处，有残留 {left} 处"), **counts))
    for place in said.get("places", []):
        words = place_words(runtime, place)
        status = place.get("status") or "—"
        lines.append(f"  {text(words.verdict)}  {status}  {text(words.kind)}  {words.address}")
    return "\n".join(lines)
