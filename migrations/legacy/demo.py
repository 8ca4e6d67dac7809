"""The sample municipality's old site, moved in as the operations guide describes it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hosting.directory.queries import tenant_id_of
from hosting.runtime.areas import DemoStep
from hosting.runtime.language import N_
from hosting.runtime.runtime import Runtime
from hosting.security.actor import Actor
from hosting.security.queries import actor_of_login
from migrations.legacy.models import CUT_OVER, UNDONE
from migrations.legacy.queries import run_of, tenants_with_run
from migrations.legacy.sources.opening import open_source
from migrations.legacy.steps.cutover import cut_over
from migrations.legacy.steps.plan import make_plan
from migrations.legacy.steps.run import run_move
from migrations.legacy.steps.verify import verify_move

SAMPLE = Path(__file__).parent / "samples" / "czj_yunxi_localhost"
CODE = "czj"
NAME = "czj.yunxi.localhost"
_EDITOR, _ISSUER = "czj.bianji", "czj.shenfa"


def move_old_site(runtime: Runtime) -> Mapping[str, Any]:
    """Plan, bring in, verify and cut over; nothing where that was done, or undone, before.

    What cannot be told is left behind. Interrupted anywhere, it starts over and ends the same.
    """
    tenant_id = tenant_id_of(runtime, CODE)
    if not _is_moved(runtime, tenant_id):
        editor, issuer = (_actor(runtime, login, tenant_id) for login in (_EDITOR, _ISSUER))
        make_plan(runtime, tenant_id, name=NAME, source=open_source(str(SAMPLE)), by=editor)
        run_move(runtime, tenant_id, NAME, keep_unknown=False, by=editor)
        verify_move(runtime, tenant_id, NAME, by=editor)
        done = cut_over(runtime, tenant_id, NAME, proposed_by=editor, by=issuer)
        verify_move(runtime, tenant_id, NAME, by=editor)
        return {"old_pages_public": done.public, "old_addresses_leading_here": done.redirects}
    return {"old_pages_public": 0}


def _is_moved(runtime: Runtime, tenant_id: int) -> bool:
    if CODE not in tenants_with_run(runtime, NAME):
        return False
    with runtime.tenant_session(tenant_id, reading=True) as session:
        # What somebody took back stays so.
        return run_of(session, NAME).state in {CUT_OVER, UNDONE}


def _actor(runtime: Runtime, login: str, tenant_id: int) -> Actor:
    with runtime.platform_session(reason="demo old site", reading=True) as session:
        return actor_of_login(session, login, tenant_id)


STEPS = (DemoStep(50, N_("迁入示例老网站"), move_old_site),)
