"""An edge that is an S3 bucket, or a prefix in one.

    sites/<site>/<path>        the pages and their copies; .gone/<path> for what was withdrawn
    notices/                   the platform's own pages for errors
    hosts/<host>, hosts.map    what a host shows: sites/<site> or notices/<name>
    redirects/<site>.map       old addresses, in nginx's words
    .jiyue/                    whose copy this is, and how far each site's has come

Readers may get at `sites/` and `notices/` alone; a policy of the bucket sees to that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import groupby
from urllib.parse import parse_qsl, urlsplit

from botocore.exceptions import BotoCoreError, ClientError

from hosting.publishing.blobs import digest_of
from hosting.publishing.changesets import GONE_MARK, Entry, in_safe_order
from hosting.publishing.comparing import address_of, copies_of
from hosting.publishing.compression import (
    LATE,
    LATE_SUFFIX,
    PROMPT,
    SUFFIX,
    compressed,
)
from hosting.publishing.edges import keys
from hosting.publishing.edges.edge import (
    Body,
    Turn,
    Wanted,
    away,
    not_begun,
    not_empty,
    of_another,
    overtaken,
)
from hosting.publishing.edges.objects import NOT_READ, Newer, Objects, md5_of
from hosting.publishing.notices import notice_files
from hosting.publishing.s3 import code_of, open_client
from hosting.publishing.standing import Standing
from hosting.publishing.tree import GONE

_AT_ONCE = 8


class BucketEdge:
    """See Edge."""

    is_open = True

    def __init__(self, name: str, objects: Objects) -> None:
        self.name = name
        self._objects = objects

    @classmethod
    def of_address(cls, name: str, address: str) -> BucketEdge:
        """The edge at `s3://bucket/prefix?endpoint=…&region=…&profile=…`."""
        parts = urlsplit(address)
        options = dict(parse_qsl(parts.query))
        prefix = options.get("prefix") or parts.path.strip("/")
        # An edge that hangs must fail while there is time to try once more within a minute.
        client = open_client(options, retries={"mode": "standard", "max_attempts": 2})
        return cls(name, Objects(client, parts.netloc, f"{prefix.rstrip('/')}/" if prefix else ""))

    @contextmanager
    def answering(self) -> Iterator[None]:
        """See Edge."""
        try:
            yield
        except ClientError as error:
            raise away(self.name, code_of(error)) from error
        except BotoCoreError as error:
            raise away(self.name, type(error).__name__) from error
        except Newer as error:
            raise overtaken(self.name) from error

    def claim(self, platform: str, *, may_begin: bool) -> None:
        """See Edge."""
        key = f"{keys.OWN}platform"
        kept = self._objects.read(key)
        if kept is not None:
            if kept.decode("ascii", errors="replace") != platform:
                raise of_another(self.name)
            return
        if not may_begin:
            raise not_begun(self.name)
        if any(not found.startswith(keys.OWN) for found, _ in self._objects.etags("")):
            raise not_empty(self.name)
        self._objects.put(key, platform.encode("ascii"), NOT_READ, _ALONE)

    def bookmark(self, site_id: int) -> bytes | None:
        """See Edge."""
        return self._objects.read(keys.bookmark(site_id))

    def bookmarks(self) -> dict[int, str]:
        """See Edge."""
        found = {
            key.removeprefix(keys.BOOKMARKS).removesuffix(".json"): etag
            for key, etag in self._objects.etags(keys.BOOKMARKS)
        }
        return {int(name): etag for name, etag in found.items() if name.isdecimal()}

    def keep_bookmark(self, site_id: int, bookmark: bytes, turn: Turn) -> None:
        """See Edge."""
        self._objects.put(keys.bookmark(site_id), bookmark, NOT_READ, turn)

    def clear(self, site_id: int) -> None:
        """See Edge: an object is there whole or not at all."""

    def live(self, site_id: int) -> int | None:
        """See Edge."""
        return None

    def takes_changes(self, site_id: int, tree: int, entries: Sequence[Entry]) -> bool:
        """See Edge."""
        return True

    def wrong(self, wanted: Wanted, beat: Callable[[], None]) -> set[str]:
        """See Edge. Objects whose ETag is no MD5 are fetched."""
        start = keys.site(wanted.site_id)
        there = {}
        for key, etag in self._objects.etags(start):
            there[key.removeprefix(start[:-1])] = etag
            beat()
        found = set()
        for path, here in wanted.standing.items():
            beat()
            for file, body in keys.page_files(here, wanted.body).items():
                etag = there.pop(file, "")
                if etag == md5_of(body):
                    continue
                if not etag or self._objects.read(start[:-1] + file) != body:
                    found.add(path)
            late = there.pop(path + LATE_SUFFIX, "")
            if late and not self._is_late_copy(wanted, here, late):
                found.add(path)
        return found | {address_of(file) for file in there}

    def _is_late_copy(self, wanted: Wanted, here: Standing, etag: str) -> bool:
        """Whether what lies there is a copy of the page: the one that lies here, or another."""
        copy = wanted.late_of(here)
        if here.digest is None or (copy is not None and md5_of(copy) == etag):
            return here.digest is not None
        kept = self._objects.read(keys.site(wanted.site_id)[:-1] + here.path + LATE_SUFFIX)
        return kept is not None and LATE.is_copy(kept, wanted.body(here.path, here.digest))

    def confirmed(self, wanted: Wanted, addresses: Iterable[str]) -> set[str]:
        """See Edge."""
        start = keys.site(wanted.site_id)[:-1]
        found = set()
        for address in addresses:
            here = wanted.standing.get(address)
            expected = {} if here is None else keys.page_files(here, wanted.body)
            for file in (address, address + SUFFIX, f"/{GONE}{address}"):
                if self._objects.read(start + file) != expected.get(file):
                    found.add(address)
            late = self._objects.read(start + address + LATE_SUFFIX)
            page = expected.get(address)
            if late is not None and not (page and LATE.is_copy(late, page)):
                found.add(address)
        return found

    def evict(self, wanted: Wanted, addresses: Iterable[str]) -> None:
        """See Edge: bringing "nothing stands here" removes the object, whatever it is."""

    def apply(
        self, site_id: int, tree: int, entries: Sequence[Entry], body: Body, turn: Turn
    ) -> None:
        """See Edge. One rank after the other; within one, several at once."""
        ordered = list(in_safe_order(entries))
        writes = (entry for entry in ordered if entry.new is not None)
        with ThreadPoolExecutor(_AT_ONCE, "edge") as pool:
            for _, some in groupby(writes, lambda e: (e.new == GONE_MARK, e.rank)):
                for _ in pool.map(lambda e: self._bring(site_id, e, body, turn), some):
                    turn.beat()
            # The marker stands by now: a reader gets the page or "gone", never "not found".
            for entry in ordered:
                if not entry.is_write:
                    self._take_away(site_id, entry, turn)
                    turn.beat()

    def late_copies(self, site_id: int, tree: int) -> set[str]:
        """See Edge."""
        start = keys.site(site_id)
        files = (key.removeprefix(start[:-1]) for key, _ in self._objects.etags(start))
        return {file for file in files if file.endswith(LATE_SUFFIX)}

    def put_late(
        self,
        site_id: int,
        tree: int,
        entries: Sequence[Entry],
        late: Mapping[str, bytes],
        turn: Turn,
    ) -> None:
        """See Edge. Several at once."""
        start = keys.site(site_id)[:-1]

        def put(path: str) -> None:
            facts = keys.facts(path, encoding=LATE.name)
            self._objects.put(start + path + LATE_SUFFIX, late[path], facts, turn)

        with ThreadPoolExecutor(_AT_ONCE, "edge") as pool:
            for _ in pool.map(put, [entry.path for entry in entries]):
                turn.beat()

    def show(self, site_id: int, tree: int, beat: Callable[[], None]) -> None:
        """See Edge: there is one copy only."""

    def holds(self, site_id: int, here: Standing) -> bool:
        """See Edge."""
        start = keys.site(site_id)[:-1]
        page = self._objects.read(start + here.path)
        if here.digest is None:
            is_marked = self._objects.head(f"{start}/{GONE}{here.path}") is not None
            return page is None and is_marked
        return page is not None and digest_of(page) == here.digest

    def left(self, site_id: int, addresses: Iterable[str]) -> list[str]:
        """See Edge."""
        start = keys.site(site_id)[:-1]
        return [
            address
            for address in addresses
            if any(self._objects.head(start + file) for file in (address, *copies_of(address)))
        ]

    def bind(self, shown: Mapping[str, int | str]) -> None:
        """See Edge. `hosts.map` tells the same in nginx's words."""
        for file, page in notice_files().items():
            self._objects.put(f"notices/{file}", page, keys.facts(f"/{file}"), _ALONE)
        objects = keys.hosts(shown)
        there = dict(self._objects.etags("hosts"))
        for key, body in objects.items():
            if there.pop(key, "") != md5_of(body):
                self._objects.put(key, body, NOT_READ, _ALONE)
        for key in there:
            self._objects.remove(key, _ALONE)

    def keep_redirects(self, site_id: int, lines: bytes) -> None:
        """See Edge."""
        key = keys.redirects(site_id)
        if lines:
            self._objects.put(key, lines, NOT_READ, _ALONE)
        else:
            self._objects.remove(key, _ALONE)

    def expel(self, known: Iterable[int]) -> list[str]:
        """See Edge."""
        names = {str(site_id) for site_id in known}
        there = {key.split("/")[1] for key, _ in self._objects.etags("sites/")}
        strange = sorted(there - names)
        for name in strange:
            while self._objects.remove_some(f"sites/{name}/", 1000):
                pass
            self._objects.remove(f"{keys.BOOKMARKS}{name}.json", _ALONE)
            self._objects.remove(f"redirects/{name}.map", _ALONE)
        return strange

    def discard(self, site_id: int, most: int) -> int:
        """See Edge."""
        self._objects.remove(keys.bookmark(site_id), _ALONE)
        self._objects.remove(keys.redirects(site_id), _ALONE)
        return self._objects.remove_some(keys.site(site_id), most)

    def _bring(self, site_id: int, entry: Entry, body: Body, turn: Turn) -> None:
        """Put a page, its copy and what follows from them; or a marker."""
        start = keys.site(site_id)[:-1]
        marker = f"{start}/{GONE}{entry.path}"
        assert entry.new is not None
        if entry.new == GONE_MARK:
            self._objects.put(marker, keys.EMPTY, NOT_READ, turn)
            return
        page = body(entry.path, entry.new)
        copy = compressed(entry.path, page)
        self._objects.remove(start + entry.path + LATE_SUFFIX, turn)
        self._objects.put(start + entry.path, page, keys.facts(entry.path), turn)
        if copy is not None:
            facts = keys.facts(entry.path, encoding=PROMPT.name)
            self._objects.put(start + entry.path + SUFFIX, copy, facts, turn)
        else:
            self._objects.remove(start + entry.path + SUFFIX, turn)
        self._objects.remove(marker, turn)

    def _take_away(self, site_id: int, entry: Entry, turn: Turn) -> None:
        start = keys.site(site_id)[:-1]
        for file in (entry.path + LATE_SUFFIX, entry.path, entry.path + SUFFIX):
            self._objects.remove(start + file, turn)
        if entry.new is None:
            self._objects.remove(f"{start}/{GONE}{entry.path}", turn)


_ALONE = Turn(0, lambda: 0, lambda: None)
"""For what is not a site's: the last word counts."""
