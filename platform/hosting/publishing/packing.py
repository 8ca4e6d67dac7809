"""Late copies: made once their pages are public, without holding up anybody who publishes.

What lacks one is seen in the tree itself, so nothing has to be remembered: whatever was missed, by
a crash or before an update, is made in a later turn. Copies are made without the site's lock and
put beside their pages with it held, where the page is still the one that was signed and copied.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from hosting.publishing.blobs import digest_of
from hosting.publishing.build import free_press
from hosting.publishing.comparing import files_in, read_plainly
from hosting.publishing.compression import LATE, LATE_SUFFIX, SUFFIX, compressed
from hosting.publishing.files import Files
from hosting.publishing.press import Press
from hosting.publishing.standing import IN_LIMIT, Standing, slices, standing_by_path
from hosting.publishing.tree import PublicFolder, TreeWriter, discard
from hosting.runtime.runtime import Runtime

TURN_SECONDS = 2.0
"""So long one turn works, then bulk work of others has its own."""

_REST_SECONDS, _BUSY_SECONDS = 1, 15


@dataclass(frozen=True)
class Packed:
    """What a turn did: copies that were put; in how many seconds to go on, 0 when all is done."""

    made: int = 0
    again_seconds: int = 0


@dataclass(frozen=True)
class _Late:
    here: Standing
    copy: bytes


def pack_site(
    runtime: Runtime,
    tenant_id: int,
    site_id: int,
    *,
    files: Files | None = None,
    seconds: float = TURN_SECONDS,
) -> Packed:
    """Make late copies for the pages of the tree that readers see; opens its own sessions."""
    packer = _Packer(runtime, tenant_id, site_id, files or Files())
    late, is_done = packer.made(time.monotonic() + seconds)
    placed = packer.place(late) if late else 0
    if placed is None:
        return Packed(again_seconds=_BUSY_SECONDS)
    return Packed(placed, 0 if is_done else _REST_SECONDS)


class _Packer:
    def __init__(self, runtime: Runtime, tenant_id: int, site_id: int, files: Files) -> None:
        self._site = (runtime, tenant_id, site_id)
        self._files = files
        folder = PublicFolder(runtime.settings.home).site(site_id)
        self._number = folder.current_number() or 0
        self._tree = folder.tree(self._number)
        # The newest first: most pages come out of a whole build as they stood.
        self._others = [folder.tree(n) for n in reversed(folder.trees()) if n != self._number]

    def made(self, until: float) -> tuple[list[_Late], bool]:
        """Copies of pages that lack one, made until that time; and whether that is all."""
        late: list[_Late] = []
        for some in slices(self._lacking(), IN_LIMIT):
            for here in self._signed(some):
                if time.monotonic() >= until:
                    return late, False
                if (copy := self._copy(here)) is not None:
                    late.append(_Late(here, copy))
        return late, True

    def place(self, late: Sequence[_Late]) -> int | None:
        """Put copies where their pages still stand; how many, None while somebody publishes."""
        with free_press(*self._site, files=self._files) as press:
            if press is None or press.folder.current_number() != self._number:
                return None
            fitting = [each for each in late if _body(self._tree, each.here) is not None]
            self._put(press, fitting)
        return len(fitting)

    def _put(self, press: Press, late: Sequence[_Late]) -> None:
        discard(press.files, press.folder.staging)
        writer = TreeWriter(press.files, press.folder.staging, self._tree)
        writer.put_late(((e.here.path, e.copy, e.here.at) for e in late), beat=press.beat)
        discard(press.files, press.folder.staging)

    def _lacking(self) -> Iterator[str]:
        """Pages that are worth compressing, as their prompt copies tell, and have no late one."""
        if not self._tree.is_dir():
            return
        files = set(files_in(self._tree))
        for file in sorted(files):
            page = file.removesuffix(SUFFIX)
            if page != file and page in files and page + LATE_SUFFIX not in files:
                yield page

    def _signed(self, paths: Sequence[str]) -> list[Standing]:
        runtime, tenant_id, site_id = self._site
        with runtime.tenant_session(tenant_id, reading=True) as session:
            standing = standing_by_path(session, site_id, paths)
        return [standing[path] for path in paths if path in standing]

    def _copy(self, here: Standing) -> bytes | None:
        """Taken from another tree where the page was the same there: unpacking costs little."""
        body = _body(self._tree, here)
        if body is None:
            return None
        for tree in self._others:
            copy = read_plainly(f"{tree}{here.path}{LATE_SUFFIX}")
            if isinstance(copy, bytes) and LATE.is_copy(copy, body):
                return copy
        return compressed(here.path, body, LATE)


def _body(tree: Path, here: Standing) -> bytes | None:
    """A page as it was signed; None where something else stands in its place."""
    body = read_plainly(f"{tree}{here.path}")
    is_signed = isinstance(body, bytes) and digest_of(body) == here.digest
    return body if is_signed and isinstance(body, bytes) else None
