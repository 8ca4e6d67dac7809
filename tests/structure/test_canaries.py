"""A proving ground says a canary in every text that a tenant's hand can fill."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import JSON, String, Text, select

from hosting.runtime.areas import load_areas
from hosting.runtime.canaries import owners
from hosting.runtime.records import Base
from hosting.runtime.runtime import Runtime
from parts.people import PASSWORD
from provisioning.canaries.seeding import seed_nests

# Why no word of a tenant's can stand there; "*." is the column of that name in every table.
EXCEPTIONS = {
    "*.digest": "a digest",
    "*.state": "one of a list",
    "*.kind": "one of a list",
    "audit_entry.address": "a network address, as the server saw it",
    "audit_entry.action": "an event's name",
    "audit_entry.object_kind": "a table's name",
    "audit_entry.object_id": "an id",
    "audit_entry.object_digest": "a digest",
    "audit_entry.result": "a code",
    "audit_entry.previous_hash": "a digest",
    "audit_entry.hash": "a digest",
    "audit_head.hash": "a digest",
    "audit_checkpoint.through_hash": "a digest",
    "audit_checkpoint.previous_hash": "a digest",
    "audit_checkpoint.hash": "a digest",
    "audit_checkpoint.algorithm": "one of a list",
    "audit_checkpoint.key_id": "a digest",
    "audit_checkpoint.signature": "a signature",
    "asset.content_type": "told by the content, of a list",
    "build_failure.key": "a page's key: ids",
    "build_failure.reason": "the error's class and our own words",
    "change_set.algorithm": "one of a list",
    "change_set.key_id": "a digest",
    "change_set.previous": "a digest",
    "change_set.signature": "a signature",
    "change_set.snapshot": "a digest",
    "column_node.update_class": "one of a list",
    "column_node.theme_variant": "a theme's name",
    "edition.hindrance": "a code",
    "edition.validity": "one of a list",
    "edition.written_by": "ids",
    "edition_asset.role": "one of a list",
    "issue.ground": "one of a list",
    "site_design.main": "a colour",
    "site_design.motif": "a drawing's name, of a list",
    "site_design.theme": "a theme's name",
    "item.path": "made of the id",
    "job.lane": "one of a list",
    "job.last_error": "empty where nothing failed; see the tests of what is logged",
    "legacy_address.decision": "one of a list",
    "legacy_address.outcome": "a code",
    "legacy_finding.code": "a code",
    "legacy_finding.severity": "one of a list",
    "legacy_run.source_kind": "one of a list",
    "membership.role": "one of a list",
    "outbox_event.name": "an event's name",
    "outbox_event.facts": "gone once it was handed out; the audit trail keeps the same facts",
    "outbox_event.last_error": "gone once it was handed out",
    "page_dependency.name": "made of ids",
    "public_page.key": "made of ids",
    "issue.origin_digest": "a digest",
    "repost.origin_name": "the other site's public name, and a nest has no other",
    "repost.origin_digest": "a digest",
    "repost_acceptance.origin_name": "the other tenant's public name, and a nest has no other",
    "repost_acceptance.origin_column_name": "the other tenant's, and a nest has no other",
    "repost_acceptance.proposed_name": "needs a second tenant to accept",
    "repost_acceptance.issued_name": "needs a second tenant to accept",
    "repost_acceptance.ended_name": "needs a second tenant to accept",
    "repost_acceptance.end_reason": "needs a second tenant to accept",
    "sent_repost.sent_name": "needs a second tenant to send to",
    "sent_repost.host": "the receiver's public address",
    "sent_repost.path": "the receiver's public address",
    "secrecy_review.outcome": "one of a list",
    "sign_in.token_digest": "a digest",
    "sign_in.previous_digest": "a digest",
    "sign_in.method": "one of a list",
    "sign_in.awaits": "one of a list",
    "sign_in.console_host": "the platform's own host",
    "sign_in.address": "a network address, as the server saw it",
    "sign_in.locale": "one of a list",
    "sign_in.end_reason": "one of a list",
    "signature.stage": "one of a list",
    "signature.decision": "one of a list",
    "site.locale": "one of a list",
    "site.theme": "a theme's name",
    "stale_mark.subject": "made of ids",
    "stale_mark.lane": "one of a list",
    "tenant_turn.lane": "one of a list",
}

load_areas()


@pytest.fixture
def seeded(runtime: Runtime) -> Runtime:
    seed_nests(runtime, 1, seed="structure", password=PASSWORD)
    return runtime


def columns() -> Iterator[tuple[str, str, type[Base], str]]:
    """(table, column, class, attribute) of every text that is kept for tenants."""
    for mapper in Base.registry.mappers:
        if mapper.class_.wall == "platform" or mapper.inherits is not None:
            continue
        for attribute in mapper.column_attrs:
            column = attribute.columns[0]
            if isinstance(column.type, String | Text | JSON):
                table = str(mapper.local_table.description)
                yield table, column.name, mapper.class_, attribute.key


def test_every_text_of_every_table_that_a_tenant_can_fill_holds_a_canary(seeded: Runtime) -> None:
    with seeded.platform_session(reason="test", reading=True) as session:
        silent = {
            f"{table}.{column}"
            for table, column, kind, key in columns()
            if not any(
                owners(json.dumps(value)) for value in session.scalars(select(getattr(kind, key)))
            )
        }
    said = {f"{table}.{column}" for table, column, _, _ in columns()} - silent
    excepted = {each for each in silent if each in EXCEPTIONS or _everywhere(each) in EXCEPTIONS}

    assert silent - excepted == set(), "seed a canary there, or say why none can stand there"
    assert said & EXCEPTIONS.keys() == set(), "these say one by now: no exception is needed"
    assert len(said) > 60


def test_no_exception_is_left_over() -> None:
    known = {f"{table}.{column}" for table, column, _, _ in columns()}
    known |= {_everywhere(each) for each in known}

    assert EXCEPTIONS.keys() - known == set()


def _everywhere(column: str) -> str:
    return f"*.{column.partition('.')[2]}"
