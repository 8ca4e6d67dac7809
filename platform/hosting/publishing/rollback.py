"""An earlier tree of a site: what stood in it when readers left it, and what has changed since."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from sqlalchemy import func, select

from hosting.publishing.aside import AsideTree
from hosting.publishing.manifest.chain import Chain, follow, read_chain, touched_since
from hosting.publishing.models import ChangeSet
from hosting.publishing.press import Press
from hosting.publishing.standing import Standing
from hosting.runtime.errors import Conflict
from hosting.runtime.language import N_

log = logging.getLogger(__name__)


class EarlierTree:
    """The tree of this number, as the signed chain tells it. The press is the site's own.

    Raises Conflict where the tree is gone, or the chain does not tell what stood in it.
    """

    def __init__(self, press: Press, number: int) -> None:
        self._press = press
        self._aside = AsideTree(press, number)
        self._lost: set[str] = set()
        if number not in press.folder.trees() or number == press.folder.current_number():
            raise Conflict(
                "no_earlier_tree", N_("旧版网站的文件已不在，请把旧版式重新生成后再切换")
            )
        with press.reading() as session:
            self._left = self._leaving(number)
            chain = read_chain(
                session, press.store, press.site_id, press.signer.key(), until=self._left.number - 1
            )
            self.standing: Mapping[str, Standing] = chain.standing
            touched = touched_since(chain, session, press.site_id)
        _require_whole(chain, number)
        self._touched = self._differing(number) if touched is None else touched

    def _differing(self, number: int) -> set[str]:
        """Keys of pages that are not as they were when readers left, after another switch."""
        press = self._press
        with press.reading() as session:
            chain = read_chain(
                session, press.store, press.site_id, press.signer.key(), until=self._left.number
            )
            then = dict(chain.standing)
            follow(chain, session, press.store, press.site_id)
        _require_whole(chain, number)
        now = chain.standing
        paths = {path for path in then.keys() | now.keys() if then.get(path) != now.get(path)}
        return {here.key for path in paths for here in (then.get(path), now.get(path)) if here}

    def _leaving(self, number: int) -> ChangeSet:
        """The link by which readers left the tree."""
        with self._press.reading() as session:
            last = select(func.max(ChangeSet.number)).where(
                ChangeSet.site_id == self._press.site_id, ChangeSet.tree == number
            )
            left = session.scalar(
                select(ChangeSet).where(
                    ChangeSet.site_id == self._press.site_id,
                    ChangeSet.number == last.scalar_subquery() + 1,
                )
            )
        if left is None:
            raise _untold()
        return left

    def check(self) -> None:
        """Bring back what was altered in the tree since readers left it: nobody watched it.

        What was altered just before may not have met a sweep any more.
        """
        unseen = 2 * self._press.runtime.settings.sweep_seconds
        seen_at = self._left.recorded_at.timestamp() - unseen
        self._lost = self._aside.hold_to(self.standing, seen_at=seen_at)

    def changed_since(self) -> set[str]:
        """The keys of pages that came, changed or left after readers left the tree."""
        return self._lost | self._touched


def _require_whole(chain: Chain, number: int) -> None:
    if chain.broken or not chain.is_known or chain.is_unsigned:
        log.error("the chain does not tell what stood in tree %s", number)
        raise _untold()


def _untold() -> Conflict:
    return Conflict(
        "tree_untold", N_("发布清单不完整，无法确认旧版网站的内容，请把旧版式重新生成后再切换")
    )
