"""Publishing's part in the platform."""

from __future__ import annotations

from typing import Any

from hosting.directory.events import HostsChanged
from hosting.publishing.commands import publish
from hosting.publishing.edges.commands import edge
from hosting.publishing.edges.jobs import (
    bring_late,
    compare_copy,
    compare_edge,
    compare_edges,
    look_at_edge,
    look_at_edges,
    sync_copy,
)
from hosting.publishing.edges.promising import (
    BRING_LATE,
    COMPARE_COPY,
    COMPARE_EDGE,
    LOOK_AT_EDGE,
    SYNC_COPY,
    edge_lanes,
)
from hosting.publishing.edges.traces import TRACES as EDGE_TRACES
from hosting.publishing.erasing import ERASES
from hosting.publishing.files import Files
from hosting.publishing.hosts import BIND_HOST, bind_hosts, follow
from hosting.publishing.jobs import (
    bind_host,
    pack_site,
    pack_sites,
    publish_following,
    publish_site,
    retry_failed_pages,
    sweep_publishing,
)
from hosting.publishing.manifest.asking import open_signer, signer_folder
from hosting.publishing.manifest.signer import make_signer
from hosting.publishing.models import (
    BuildFailure,
    ChangeSet,
    PageDependency,
    PublicPage,
    Redirect,
    StaleMark,
)
from hosting.publishing.notices import write_notices
from hosting.publishing.public import create_public
from hosting.publishing.stale import PACK_SITE, PUBLISH_FOLLOWING, PUBLISH_SITE
from hosting.publishing.tree import PublicFolder
from hosting.runtime.areas import Area, Every, Job
from hosting.runtime.events import Subscription
from hosting.runtime.runtime import Runtime


def prepare(runtime: Runtime) -> dict[str, Any]:
    """Write the platform's notices, link the hosts that are known, and give the signer a key.

    Tells the key's public half to whoever installs, but where the signer is run apart.
    """
    write_notices(Files(), PublicFolder(runtime.settings.home))
    bind_hosts(runtime)
    if runtime.settings.signer:
        return {}
    make_signer(signer_folder(runtime.settings))
    return {"signer_key": open_signer(runtime.settings).key().public}


area = Area(
    name="publishing",
    needs=("directory", "security"),
    models=(PublicPage, PageDependency, StaleMark, ChangeSet, BuildFailure, Redirect),
    applications={"public": create_public},
    commands=(publish, edge),
    jobs=(
        Job(PUBLISH_SITE, publish_site),
        Job(PUBLISH_FOLLOWING, publish_following, gathers=True),
        Job(PACK_SITE, pack_site),
        Job("pack_sites", pack_sites),
        Job(BIND_HOST, bind_host),
        Job("sweep_publishing", sweep_publishing),
        Job("retry_failed_pages", retry_failed_pages),
        Job(SYNC_COPY, sync_copy),
        Job(BRING_LATE, bring_late),
        Job(COMPARE_COPY, compare_copy),
        Job(LOOK_AT_EDGE, look_at_edge),
        Job(COMPARE_EDGE, compare_edge),
        Job("look_at_edges", look_at_edges),
        Job("compare_edges", compare_edges),
    ),
    timetable=(
        Every(60, "sweep_publishing"),
        Every(600, "retry_failed_pages"),
        Every(60, "look_at_edges"),
        Every(3600, "compare_edges"),
        Every(3600, "pack_sites"),
    ),
    lanes=edge_lanes,
    traces=EDGE_TRACES,
    subscriptions=(Subscription(HostsChanged, follow),),
    prepares=(prepare,),
    erases=ERASES,
)
