"""`jiyue seed`."""

from __future__ import annotations

from functools import partial
from typing import Any

import click

from hosting.runtime.command_line import answer, json_option, with_runtime
from hosting.runtime.language import N_, text
from hosting.runtime.progress import progress_bars
from hosting.runtime.runtime import Runtime
from provisioning.canaries.seeding import check_ground, seed_nests


@click.command("seed", help=N_("填充试验场：开通只含可追踪文字的租户，用来查找租户之间的泄露"))
@click.option(
    "--canaries", "count", type=int, required=True, metavar="N", help=N_("再开通几个租户")
)
@click.option("--seed", default="jiyue", show_default=True, help=N_("同样的种子得出同样的文字"))
@click.option("--yes", is_flag=True, help=N_("已有真实租户时也填充"))
@json_option
@with_runtime
def seed(runtime: Runtime, /, *, count: int, seed: str, yes: bool, as_json: bool) -> None:
    """Only where no other tenants live, unless told otherwise."""
    if not yes:
        check_ground(runtime)
    with progress_bars() as tell:
        progress = partial(tell, text(N_("填充租户")))
        made = seed_nests(runtime, count, seed=seed, progress=progress)
    facts = {
        "tenants": [each.code for each in made.nests],
        "accounts_file": str(made.accounts_file),
    }
    answer(facts, as_json=as_json, human=_told)


def _told(facts: dict[str, Any]) -> str:
    return text(
        N_("已填充 {count} 个租户；账号和口令见 {path}"),
        count=len(facts["tenants"]),
        path=facts["accounts_file"],
    )
