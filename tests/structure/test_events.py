"""What happens has consequences, and what is asked for is done by somebody."""

from __future__ import annotations

import ast

from hosting.runtime.areas import Area, load_areas
from hosting.runtime.events import Event, event_name
from parts.house import sources

# Recorded for the audit trail alone; the reason says why nothing else must follow.
AUDIT_ONLY: dict[str, str] = {
    "site_opened": "the site's columns, hosts and pages have events of their own",
    "site_closed": "hosts_changed and site_changed bring what follows",
    "site_reopened": "hosts_changed and site_changed bring what follows",
    "account_created": "a new account is asked for at its first sign-in",
    "account_disabled": "accounts are looked at anew in each request",
    "access_refused": "the refusal itself is what follows",
    "account_erased": "credential and sign-ins went in the same transaction",
    "audit_exported": "the file is what follows from it",
    "audit_pruned": "the checkpoints were written before it",
    "audit_verified": "the row itself is what the auditor reads",
    "city_notice_begun": "its job was enqueued with it",
    "city_notice_ended": "its job was enqueued with it, where it had begun",
    "city_notice_ordered": "city_notice_begun is what follows, then or at its time",
    "column_planned": "nothing of it is public",
    "design_left": "no reader saw it; its tree is removed beside it",
    "design_staged": "its tree is built by whoever staged it",
    "domain_bound": "hosts_changed, recorded with it, is what moves the public tree",
    "domain_released": "hosts_changed, recorded with it, is what moves the public tree",
    "due_refused": "it is tried again; the desks read the rows",
    "edge_tampering_found": "what was found was put right before it",
    "edition_saved": "a draft is nothing public; the desks read the rows",
    "edition_signed": "the next desk reads the rows",
    "edition_submitted": "the next desk reads the rows",
    "history_closed": "a limit is read where it is asked for",
    "history_opened": "a limit is read where it is asked for",
    "identity_linked": "identities are looked at anew in each sign-in",
    "identity_proved": "the same operation notes the proof in the sign-in",
    "identity_unlinked": "identities are looked at anew in each sign-in",
    "issue_refused": "the page stays what it was",
    "issue_scheduled": "its job was enqueued with it",
    "legacy_address_decided": "read when the old site is brought in",
    "legacy_site_brought": "nothing of it is public yet; the plan's rows tell the rest",
    "legacy_site_checked": "nothing of it is public yet; the plan's rows tell the rest",
    "legacy_site_cut_over": "the items' and redirects' own changes are what readers see",
    "legacy_site_planned": "nothing of it is public yet; the plan's rows tell the rest",
    "legacy_site_undone": "the items' own withdrawals are what readers see",
    "legacy_site_verified": "nothing of it is public yet; the plan's rows tell the rest",
    "main_host_chosen": "hosts_changed and site_changed, recorded with it, do what follows",
    "membership_ended": "memberships are looked at anew in each request",
    "migration_order_issued": "its job was enqueued with it",
    "migration_order_proposed": "the second person's desk reads the rows",
    "password_changed": "the same operation ends the other sign-ins",
    "quotas_set": "a limit is read where it is asked for",
    "recovery_code_used": "the same operation takes the code out of use",
    "recovery_codes_renewed": "the same operation takes the old codes out of use",
    "repost_acceptance_proposed": "the second person's desk reads the rows",
    "repost_ended": "the item's own withdrawal is what readers see",
    "repost_sent": "its job was enqueued with it",
    "repost_taken": "a draft is nothing public; what an acceptance issues says items_issued",
    "run_deleted": "nothing of it was public",
    "second_factor_removed": "the same operation ends the other sign-ins",
    "second_factor_set": "second factors are looked at anew in each sign-in",
    "secrecy_reviewed": "the next desk reads the rows",
    "shared_tampering_found": "what was found was put right before it",
    "sign_in_limited": "the refusal itself is what follows",
    "sign_in_refused": "tries are counted where they are made",
    "signed_in": "nothing else follows from being there",
    "signed_out": "sign-ins are looked at anew in each request",
    "tampering_found": "what was found was put right before it, or is the operator's to decide",
    "tenant_closed": "hosts_changed, recorded with it, is what moves the public tree",
    "tenant_deleted": "everything was removed before it",
    "tenant_deletion_begun": "its job was enqueued with it",
    "tenant_closing": "site_changed, recorded with it, is what puts the notice on the pages",
    "tenant_opened": "columns_created and hosts_changed, recorded with it, make the site public",
    "tenant_renamed": "site_changed, recorded with it, is what renders the pages again",
    "tenant_resumed": "hosts_changed, recorded with it, is what moves the public tree",
    "withdrawal_check_asked": "its job was enqueued with it",
    "withdrawal_checked": "the receipt is what follows; the desks read the rows",
    "tenant_suspended": "hosts_changed, recorded with it, is what moves the public tree",
}


def areas() -> tuple[Area, ...]:
    return load_areas()


def ours() -> set[type[Event]]:
    """The platform's own events; tests declare others."""
    modules = {source.module for source in sources()}
    return {kind for kind in Event.registry.values() if kind.__module__ in modules}


def test_every_event_has_a_subscriber_or_is_for_the_audit_trail_alone() -> None:
    subscribed = {event_name(s.event) for area in areas() for s in area.subscriptions}

    names = {event_name(kind) for kind in ours()}

    assert names - subscribed - AUDIT_ONLY.keys() == set()
    assert AUDIT_ONLY.keys() - names == set(), "listed, but no event"
    assert AUDIT_ONLY.keys() & subscribed == set(), "listed, but somebody subscribes"


def test_every_event_reaches_the_audit_trail() -> None:
    to_all = [s for area in areas() for s in area.subscriptions if s.event is Event and s.immediate]

    assert len(to_all) == 1


def test_every_event_is_named_for_whoever_reads_the_trail() -> None:
    nameless = [kind.__name__ for kind in ours() if not kind.label]

    assert nameless == []


def test_events_are_frozen() -> None:
    loose = [kind.__name__ for kind in ours() if not kind.__dataclass_params__.frozen]  # type: ignore[attr-defined]  # made by the decorator

    assert loose == []


def test_every_kind_of_job_that_is_asked_for_is_done_by_somebody() -> None:
    done = {job.kind for area in areas() for job in area.jobs}
    due = {every.kind for area in areas() for every in area.timetable}

    asked = {kind: source.at(node) for source in sources() for node, kind in enqueued(source.tree)}

    assert {kind: where for kind, where in asked.items() if kind not in done} == {}
    assert due - done == set()


def enqueued(tree: ast.Module) -> list[tuple[ast.Call, str]]:
    """Calls of `….enqueue("kind", …)` and the kinds they name."""
    return [
        (node, node.args[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "enqueue"
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    ]
