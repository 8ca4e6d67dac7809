"""What the database itself holds to: the trail is only added to, and pruned from its beginning.

On PostgreSQL the two roles lack the rights, and pruning is a function of the owner's. On SQLite,
where whoever has the file may do anything, triggers stop mistakes; `verify` finds the rest.
"""

from __future__ import annotations

from hosting.runtime.records import Fence

SHORTEST_DAYS = 180
"""Logs are kept for six months at least (网络安全法 21(3)); the database prunes nothing younger.

The statements below say it again, in their own words.
"""

PRUNE = "audit_prune"
"""PostgreSQL: `audit_prune(chain, most)` removes the oldest rows that a checkpoint covers."""


def _trigger(name: str, when: str, doing: str) -> tuple[str, str]:
    return (
        f"DROP TRIGGER IF EXISTS {name}",
        f"CREATE TRIGGER {name} {when} BEGIN SELECT {doing}; END",
    )


def _refusal(table: str, why: str) -> str:
    return f"RAISE(ABORT, '{table}: {why}')"


# Where the next row of a chain has to stand: behind its last one, or behind what was pruned.
_NEXT = """
    1 + coalesce(
        (SELECT max(sequence) FROM audit_entry WHERE for_tenant_id = NEW.for_tenant_id),
        (SELECT max(through_sequence) FROM audit_checkpoint
         WHERE for_tenant_id = NEW.for_tenant_id),
        0)
"""
_SEALED = """
    EXISTS (SELECT 1 FROM audit_head WHERE for_tenant_id = NEW.for_tenant_id
            AND sealed_at IS NOT NULL)
"""
# INSERT OR REPLACE would delete without asking the trigger on DELETE.
_TAKEN_ID = "EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)"
_HEAD_MOVES_ON = """
    OLD.sealed_at IS NULL AND NEW.id = OLD.id AND NEW.for_tenant_id = OLD.for_tenant_id
    AND (NEW.sequence > OLD.sequence OR (NEW.sequence = OLD.sequence AND NEW.hash = OLD.hash))
"""
_OLD_AND_COVERED = """
    OLD.happened_at < datetime('now', '-180 days')
    AND OLD.sequence <= (SELECT max(through_sequence) FROM audit_checkpoint
                         WHERE for_tenant_id = OLD.for_tenant_id)
"""

_ONLY_ADDED = "rows are only added, behind the last"

_ENTRY_SQLITE = (
    *_trigger(
        "audit_entry_added",
        "BEFORE INSERT ON audit_entry WHEN "
        f"NEW.sequence <> {_NEXT} OR {_SEALED} OR {_TAKEN_ID.format(table='audit_entry')}",
        _refusal("audit_entry", _ONLY_ADDED),
    ),
    *_trigger(
        "audit_entry_updated",
        "BEFORE UPDATE ON audit_entry",
        _refusal("audit_entry", "rows are never changed"),
    ),
    *_trigger(
        "audit_entry_deleted",
        f"BEFORE DELETE ON audit_entry WHEN ({_OLD_AND_COVERED}) IS NOT 1",
        _refusal("audit_entry", "only what a checkpoint covers is removed"),
    ),
)

_HEAD_SQLITE = (
    *_trigger(
        "audit_head_added",
        "BEFORE INSERT ON audit_head WHEN EXISTS "
        "(SELECT 1 FROM audit_head WHERE id = NEW.id OR for_tenant_id = NEW.for_tenant_id)",
        # Two who begin a chain at once: the second leaves the first one's head as it is.
        "RAISE(IGNORE)",
    ),
    *_trigger(
        "audit_head_updated",
        f"BEFORE UPDATE ON audit_head WHEN NOT ({_HEAD_MOVES_ON})",
        _refusal("audit_head", "a chain only grows"),
    ),
    *_trigger(
        "audit_head_deleted",
        "BEFORE DELETE ON audit_head",
        _refusal("audit_head", "a chain is never removed"),
    ),
)

_CHECKPOINT_SQLITE = (
    *_trigger(
        "audit_checkpoint_added",
        "BEFORE INSERT ON audit_checkpoint WHEN EXISTS (SELECT 1 FROM audit_checkpoint "
        "WHERE id = NEW.id OR (for_tenant_id = NEW.for_tenant_id AND number >= NEW.number))",
        _refusal("audit_checkpoint", _ONLY_ADDED),
    ),
    *_trigger(
        "audit_checkpoint_updated",
        "BEFORE UPDATE ON audit_checkpoint",
        _refusal("audit_checkpoint", "rows are never changed"),
    ),
    *_trigger(
        "audit_checkpoint_deleted",
        "BEFORE DELETE ON audit_checkpoint",
        _refusal("audit_checkpoint", "rows are never removed"),
    ),
)


def _guard(table: str, verb: str, condition: str, why: str) -> tuple[str, str]:
    """PostgreSQL: a trigger that raises unless a condition holds; it reads as the tables' owner."""
    name = f"{table}_{verb.lower()}"
    return (
        f"""
        CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = public, pg_temp AS $body$
        BEGIN
            IF NOT coalesce({condition}, false) THEN
                RAISE EXCEPTION '{table}: {why}' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NEW;
        END
        $body$
        """,
        (
            f"CREATE OR REPLACE TRIGGER {name} BEFORE {verb} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {name}()"
        ),
    )


_PRUNING = """
CREATE OR REPLACE FUNCTION audit_prune(chain bigint, most integer) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $body$
    WITH gone AS (
        DELETE FROM audit_entry WHERE id IN (
            SELECT id FROM audit_entry WHERE for_tenant_id = chain
            AND sequence <= (SELECT max(through_sequence) FROM audit_checkpoint
                             WHERE for_tenant_id = chain)
            AND sequence < coalesce(
                (SELECT sequence FROM audit_entry WHERE for_tenant_id = chain
                 AND happened_at >= now() - interval '180 days'
                 ORDER BY sequence LIMIT 1),
                9223372036854775807)
            ORDER BY sequence LIMIT most)
        RETURNING 1)
    SELECT count(*) FROM gone
$body$
"""


def _keeper(table: str) -> tuple[str, str]:
    """PostgreSQL: the functions here read as the tables' owner, whom the wall stops as well."""
    return (
        f"DROP POLICY IF EXISTS {table}_keeper ON {table}",
        f"CREATE POLICY {table}_keeper ON {table} TO CURRENT_USER USING (true) WITH CHECK (false)",
    )


ENTRY = Fence(
    sqlite=_ENTRY_SQLITE,
    postgresql=(
        *_keeper("audit_entry"),
        *_guard("audit_entry", "INSERT", f"NEW.sequence = {_NEXT} AND NOT {_SEALED}", _ONLY_ADDED),
        _PRUNING,
        f"REVOKE ALL ON FUNCTION {PRUNE}(bigint, integer) FROM PUBLIC, {{tenant}}",
        f"GRANT EXECUTE ON FUNCTION {PRUNE}(bigint, integer) TO {{platform}}",
    ),
)

HEAD = Fence(
    sqlite=_HEAD_SQLITE,
    postgresql=(
        *_keeper("audit_head"),
        *_guard("audit_head", "UPDATE", _HEAD_MOVES_ON, "a chain only grows"),
    ),
)

CHECKPOINT = Fence(sqlite=_CHECKPOINT_SQLITE, postgresql=_keeper("audit_checkpoint"))
