"""What the hosts of all sites share: the links by which servers find sites, and the notices.

The directory says what the links are, the code what the notices are; so both can be put right
without any blob or signature.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path

from hosting.publishing.comparing import ALTERED, FOREIGN, Finding
from hosting.publishing.events import SharedTamperingFound
from hosting.publishing.evidence import evidence_folder, keep_evidence, move_to_evidence
from hosting.publishing.files import Files
from hosting.publishing.hosts import bind_hosts, host_findings
from hosting.publishing.lock import locks_folder, waiting_lock
from hosting.publishing.notices import notice_findings, write_notices
from hosting.publishing.tree import PublicFolder
from hosting.runtime.records import PLATFORM_ID
from hosting.runtime.runtime import Runtime
from hosting.security.actor import PLATFORM_ACTOR

log = logging.getLogger(__name__)

_PATHS_TOLD = 20
_HOSTS_LOCK = "hosts"


def shared_findings(runtime: Runtime) -> list[Finding]:
    """What is not as it should be; changes nothing."""
    with waiting_lock(locks_folder(runtime.settings.home), _HOSTS_LOCK):
        return _found(runtime)


def mend_shared(runtime: Runtime, *, files: Files | None = None) -> list[Finding]:
    """Put right what is wrong, and say so in the log and in the platform's trail; what was found.

    Opens its own sessions. What does not belong there is kept as evidence.
    """
    files = files or Files()
    public = PublicFolder(runtime.settings.home)
    with waiting_lock(locks_folder(runtime.settings.home), _HOSTS_LOCK):
        # A platform that was just set up, or put back from a backup, has no links yet.
        found = _found(runtime) if os.path.lexists(public.hosts) else notice_findings(public)
        notices = [each for each in found if not each.path.startswith("/hosts/")]
        if notices:
            _keep(runtime.settings.home, notices, files)
            write_notices(files, public)
    # Also what a job is yet to link: jobs get lost.
    bind_hosts(runtime, files=files)
    _sound_alarm(runtime, found)
    return found


def _found(runtime: Runtime) -> list[Finding]:
    public = PublicFolder(runtime.settings.home)
    folders = (public.hosts, public.notices)
    turned = [Finding(f"/{each.name}", ALTERED) for each in folders if each.is_symlink()]
    return [*turned, *notice_findings(public), *host_findings(runtime)]


def _keep(home: Path, found: list[Finding], files: Files) -> None:
    root, evidence = PublicFolder(home).root, evidence_folder(home, "notices")
    keep = {FOREIGN: move_to_evidence, ALTERED: keep_evidence}
    for each in found:
        # A folder that was a link has taken what was in it with it.
        if each.problem in keep and os.path.lexists(root / each.path[1:]):
            keep[each.problem](files, root, each.path, evidence)


def _sound_alarm(runtime: Runtime, found: list[Finding]) -> None:
    if not found:
        return
    for each in found:
        log.error("public%s is %s", each.path, each.problem)
    told = [f"{each.problem} {each.path}" for each in found[:_PATHS_TOLD]]
    with runtime.platform_session(reason="host links") as session:
        session.record(SharedTamperingFound(PLATFORM_ID, len(found), told), by=PLATFORM_ACTOR)
