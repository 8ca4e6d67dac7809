"""What is kept for the tenants of a proving ground: rows, files, cache, log."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from redis import Redis
from sqlalchemy import JSON, String, Text, false, select

from hosting.publishing.blobs import open_store
from hosting.publishing.tree import PublicFolder
from hosting.runtime.cache import MemoryCache
from hosting.runtime.records import Base
from parts.canary_ground import Effort, Ground, Nest
from parts.canary_watch import MADE_UP, Watch, owners_in, plain
from provisioning.canaries.nest import identity_number, phone_number
from provisioning.canaries.people import FILE

_OWNER = {"tenant": "tenant_id", "ledger": "for_tenant_id"}
_WORDS = re.compile(rb"[A-Za-z0-9_-]{8,}")
_OTHERWISE_LOOKED_AT = ("public", "blobs", FILE)


def sweep_files(ground: Ground, watch: Watch, effort: Effort) -> None:
    """Trees, blobs, and everything else that lies in HOME or where temporary files go."""
    home = ground.runtime.settings.home
    folder, store = PublicFolder(home), open_store(ground.runtime.settings)
    for nest in ground.nests:
        site = folder.site(nest.site_id)
        for path in site.root.rglob("*"):
            _look_at_file(path, watch, {nest.code})
        for digest in store.digests(nest.tenant_id):
            data = store.read(nest.tenant_id, digest)
            watch.look(f"blob {digest} of {nest.code}", data, allowed={nest.code})
            if b"-imagemetadata-" in data:
                watch.report(f"blob {digest} of {nest.code}", "metadata of a picture")
        for host in nest.hosts:
            if (folder.hosts / host).resolve() != site.current.resolve():
                watch.report(host, "shows another tree")
    for path in (*_rest(home), *ground.temporary.rglob("*")):
        _look_at_file(path, watch, ())
        _find_secrets(ground, watch, str(path), path.read_bytes() if path.is_file() else b"")


def _look_at_file(path: Path, watch: Watch, allowed: Iterable[str]) -> None:
    watch.look(str(path), path.name, allowed=allowed)
    if path.is_file():
        watch.look(str(path), path.read_bytes(), allowed=allowed)


def _rest(home: Path) -> Iterator[Path]:
    for path in home.rglob("*"):
        top = path.relative_to(home).parts[0]
        if top not in _OTHERWISE_LOOKED_AT and "sqlite3" not in top:
            yield path


def sweep_rows(ground: Ground, watch: Watch, effort: Effort) -> None:
    """Every row says the words of one tenant at most, and of the one whose it is; no secret."""
    for table, row_id, tenant_id, value in _texts(ground):
        where, said = f"{table} {row_id}", plain(value)
        found = owners_in(said)
        watch.look(where, said, allowed=ground.code_of(tenant_id) if tenant_id else found)
        if len(found) > 1:
            watch.report(where, f"words of {sorted(found)} in one row")
        _find_secrets(ground, watch, where, said.encode())


def _find_secrets(ground: Ground, watch: Watch, where: str, said: bytes) -> None:
    """Passwords and tokens; they are looked up word by word, because there are thousands."""
    words = {each.decode() for each in _WORDS.findall(said)}
    if not words.isdisjoint(ground.secrets):
        watch.report(where, "a password or a token")


def _texts(ground: Ground, tenant_id: int = 0) -> Iterator[tuple[str, int, int, object]]:
    """(table, row, tenant or 0, all texts of the row) of everybody, or of one tenant."""
    with ground.runtime.platform_session(reason="test", reading=True) as session:
        for mapper in Base.registry.mappers:
            if mapper.inherits is not None:
                continue
            names = [
                each.key
                for each in mapper.column_attrs
                if isinstance(each.columns[0].type, String | Text | JSON)
            ]
            table, owner = mapper.class_.__tablename__, _OWNER.get(mapper.class_.wall)
            rows = select(mapper.class_)
            if tenant_id:
                rows = rows.where(getattr(mapper.class_, owner) == tenant_id if owner else false())
            for row in session.scalars(rows):
                said = {name: getattr(row, name) for name in names}
                yield table, row.id, getattr(row, owner) if owner else 0, said


def rows_of(ground: Ground, nest: Nest) -> list[str]:
    """All that is kept of a tenant, to see that nothing of it changed."""
    found = _texts(ground, nest.tenant_id)
    return sorted(f"{table} {row_id} {plain(said)}" for table, row_id, _, said in found)


def sweep_cache(ground: Ground, watch: Watch, effort: Effort) -> None:
    """A value says the words of one tenant, and of the key's where the key has one."""
    for key, value in _cached(ground):
        named = ground.code_of(int(key.split(":")[1])) if key.startswith("t:") else owners_in(key)
        watch.look(f"cache {key}", value, allowed=named)
        if len(owners_in(value)) > 1:
            watch.report(f"cache {key}", "words of two")
        _find_secrets(ground, watch, f"cache {key}", f"{key}\n{value}".encode())


def _cached(ground: Ground) -> Iterator[tuple[str, str]]:
    cache = ground.runtime.cache
    assert ground.switch.runtime.cache is ground.hall.runtime.cache is cache
    if isinstance(cache, MemoryCache):
        yield from ((key, json.dumps(value)) for key, (_, value) in cache._kept.items())
        return
    with Redis.from_url(ground.runtime.settings.redis_url) as client:
        for key in client.scan_iter():
            yield key.decode(), (client.get(key) or b"").decode()


def sweep_log(ground: Ground, watch: Watch, effort: Effort) -> None:
    """Of all that was logged meanwhile, at every level: nobody's words, numbers or secrets."""
    made = (each.canaries for each in ground.nests)
    numbers = {number for each in made for number in (phone_number(each), identity_number(each))}
    nobody = {each.lower() for each in owners_in(MADE_UP)}
    for line in ground.heard.lines:
        watch.look(f"log: {line[:200]}", line, allowed=nobody)
        _find_secrets(ground, watch, f"log: {line[:200]}", line.encode())
        if any(number in line for number in numbers):
            watch.report(f"log: {line[:200]}", "a telephone or identity number")
