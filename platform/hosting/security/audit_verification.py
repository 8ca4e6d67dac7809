"""Checking the audit trail: which rows were altered, taken out, put in or moved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from hosting.runtime.session import WalledSession
from hosting.runtime.settings import Settings
from hosting.security.audit import NO_HASH, AuditEntry, AuditHead
from hosting.security.audit_checkpoints import AuditCheckpoint, Start, broken, checkpoints, start_of
from hosting.security.audit_key import audit_key

_BATCH = 1_000
# How far from its place a moved row is looked for; each try costs one hash.
_REACH = 50


@dataclass(frozen=True)
class Fault:
    """Something wrong with one row: `kind` is altered, missing, inserted or reordered.

    `sequence` is where the row stands (or is missing), 0 for the head of the chain itself;
    `belongs_at` is where a reordered row was written. checkpoint_missing and checkpoint_forged are
    of what stands for pruned rows, up to `sequence`.
    """

    for_tenant_id: int
    sequence: int
    kind: str
    entry_id: int | None = None
    belongs_at: int | None = None


@dataclass(frozen=True)
class Verification:
    """What a check of all chains found."""

    chains: int
    entries: int
    faults: tuple[Fault, ...]


def verify(session: WalledSession, settings: Settings) -> Verification:
    """Check every chain from where it begins to its head. Reads the whole trail; changes nothing.

    A chain begins at its last checkpoint, whose signature is checked; Unavailable where there are
    checkpoints and no key.
    """
    tenants = set(session.scalars(select(AuditHead.for_tenant_id)))
    tenants |= set(session.scalars(select(AuditEntry.for_tenant_id).distinct()))
    tenants |= set(session.scalars(select(AuditCheckpoint.for_tenant_id).distinct()))
    entries = 0
    faults: list[Fault] = []
    for tenant_id in sorted(tenants):
        start, wrong = _start(session, tenant_id, settings)
        faults += wrong
        count, is_sound = _walk(session, tenant_id, start)
        entries += count
        if not is_sound:
            faults += _BrokenChain(session, tenant_id, start).faults()
    return Verification(len(tenants), entries, tuple(faults))


def is_sound_through(session: WalledSession, tenant_id: int, start: Start, through: int) -> bool:
    """Whether the rows behind `start` follow one another without a gap up to this number."""
    place, last, is_sound = start.sequence, start.hash, True
    for row in _rows(session, tenant_id, behind=start.sequence, through=through):
        is_sound = is_sound and _follows(row, place, last)
        place, last = row.sequence, row.hash
    return is_sound and place == through


def _start(session: WalledSession, tenant_id: int, settings: Settings) -> tuple[Start, list[Fault]]:
    """Where the chain begins by its checkpoints, and what is wrong with those."""
    found = checkpoints(session, tenant_id)
    wrong = broken(found, audit_key(settings)) if found else []
    faults = [Fault(tenant_id, through, f"checkpoint_{kind}") for through, kind in wrong]
    return start_of(found), faults


def _head(session: WalledSession, tenant_id: int) -> AuditHead | None:
    return session.scalars(
        select(AuditHead).where(AuditHead.for_tenant_id == tenant_id)
    ).one_or_none()


def _rows(
    session: WalledSession, tenant_id: int, *, behind: int = 0, through: int | None = None
) -> Iterator[AuditEntry]:
    """The rows of a chain by their numbers, a batch at a time; none stays in the session."""
    statement = select(AuditEntry).where(
        AuditEntry.for_tenant_id == tenant_id, AuditEntry.sequence > behind
    )
    if through is not None:
        statement = statement.where(AuditEntry.sequence <= through)
    rows = session.scalars(
        statement.order_by(AuditEntry.sequence, AuditEntry.id).execution_options(yield_per=_BATCH)
    )
    for row in rows:
        session.expunge(row)
        yield row


def _follows(row: AuditEntry, place: int, last: str) -> bool:
    """Whether a row stands behind that of this place and hash, as it was sealed."""
    return row.sequence == place + 1 and row.previous_hash == last and row.seal() == row.hash


def _walk(session: WalledSession, tenant_id: int, start: Start) -> tuple[int, bool]:
    """How many rows the chain has, and whether each follows from the one before it.

    Others may write meanwhile: the rows must reach the head as it stood before they were read, and
    end nowhere but at the head that stands afterwards, unless that has moved on. Rows of before
    the start are on their way out (pruning was interrupted); they have to lead up to it.
    """
    before = _end_of(session, tenant_id)
    known = dict((before, (start.sequence, start.hash)))
    count, place, last, is_sound = 0, start.sequence, start.hash, True
    for row in _rows(session, tenant_id):
        if count == 0 and row.sequence <= start.sequence:
            place, last = row.sequence - 1, row.previous_hash
        count += 1
        is_sound = is_sound and _follows(row, place, last)
        place, last = row.sequence, row.hash
        is_sound = is_sound and known.get(place, last) == last
    after = _end_of(session, tenant_id)
    is_sound = is_sound and before[0] <= place <= after[0] and place >= start.sequence
    return count, is_sound and (place < after[0] or last == after[1])


def _end_of(session: WalledSession, tenant_id: int) -> tuple[int, str]:
    """What the head says now; (0, no hash) where there is none."""
    row = session.execute(
        select(AuditHead.sequence, AuditHead.hash).where(AuditHead.for_tenant_id == tenant_id)
    ).first()
    return (0, NO_HASH) if row is None else (row.sequence, row.hash)


class _BrokenChain:
    """Walks a chain back from its head by the hashes; what does not lie on that way was put in."""

    def __init__(self, session: WalledSession, tenant_id: int, start: Start) -> None:
        self._tenant_id = tenant_id
        self._start = start
        self._head = _head(session, tenant_id)
        self._left = {row.id: row for row in _rows(session, tenant_id)}
        # Of two rows with one hash, that which is sealed where it stands is the real one.
        rows = sorted(self._left.values(), key=lambda row: row.seal() == row.hash)
        self._by_hash = {row.hash: row for row in rows}
        self._found: list[Fault] = []

    def faults(self) -> list[Fault]:
        """All faults, by the number of the row."""
        place, wanted = self._end()
        is_trusted = True
        bottom = self._bottom()
        while place > bottom:
            row = self._take(wanted)
            if row is None:
                row = self._next_below(place, is_trusted=is_trusted)
            if row is None:
                break
            place = self._place(row, place)
            is_trusted = row.seal(place) == row.hash
            wanted = row.previous_hash
            place -= 1
            if place == self._start.sequence and wanted != self._start.hash and is_trusted:
                self._found.append(Fault(self._tenant_id, place + 1, "altered"))
        self._found += [self._fault(row, "inserted") for row in self._left.values()]
        return sorted(set(self._found), key=lambda fault: (fault.sequence, fault.kind))

    def _bottom(self) -> int:
        """Behind which number the first row ought to stand: rows on their way out count."""
        first = min((row.sequence for row in self._left.values()), default=self._start.sequence + 1)
        return min(self._start.sequence, first - 1)

    def _end(self) -> tuple[int, str]:
        """The last row's number and hash, as the head says, or as the rows do without a head."""
        if self._head is not None:
            return self._head.sequence, self._head.hash
        self._found.append(Fault(self._tenant_id, 0, "missing"))
        last = max(self._left.values(), key=lambda row: row.sequence, default=None)
        return (
            (self._start.sequence, self._start.hash) if last is None else (last.sequence, last.hash)
        )

    def _take(self, wanted: str) -> AuditEntry | None:
        named = self._by_hash.get(wanted)
        return None if named is None else self._left.pop(named.id, None)

    def _next_below(self, place: int, *, is_trusted: bool) -> AuditEntry | None:
        """Go on behind a hash that no row has; rows between are missing, else this one altered."""
        below = [row for row in self._left.values() if row.sequence <= place]
        row = max(below, key=lambda row: row.sequence, default=None)
        last = self._start.sequence if row is None else row.sequence
        self._found += [
            Fault(self._tenant_id, number, "missing") for number in range(last + 1, place + 1)
        ]
        if row is None:
            return None
        if last == place and is_trusted:
            self._found.append(self._fault(row, "altered"))
        return self._left.pop(row.id)

    def _place(self, row: AuditEntry, expected: int) -> int:
        """Where the row was written; notes when that is elsewhere, or when it was altered."""
        nearby = range(max(1, expected - _REACH), expected + _REACH)
        place: int
        for place in (row.sequence, expected, *nearby):
            if row.seal(place) == row.hash:
                if place != row.sequence:
                    self._found.append(self._fault(row, "reordered", belongs_at=place))
                return place
        self._found.append(self._fault(row, "altered"))
        return min(expected, row.sequence)

    def _fault(self, row: AuditEntry, kind: str, belongs_at: int | None = None) -> Fault:
        return Fault(self._tenant_id, row.sequence, kind, row.id, belongs_at)
