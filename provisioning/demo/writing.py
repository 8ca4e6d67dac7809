"""Writing and signing the sample's items by the operations that people use, item by item."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import select

from hosting.publishing.blobs import open_store
from hosting.runtime.clock import today
from hosting.runtime.pace import Pace
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession
from hosting.security.actor import Actor
from hosting.security.audit import act_as
from provisioning.demo.files import SHOWN_NAMES, put_files, take_in
from provisioning.demo.municipality import TenantPlan
from provisioning.demo.pieces import Piece, pieces_of
from provisioning.demo.prose import pictures_in, to_html
from tenants.content.facts import Attachment, EditionFacts
from tenants.content.importing import ImportedItem, import_items
from tenants.content.models import DRAFT, FIRST_REVIEW, ISSUE, SECOND_REVIEW, Edition, Item
from tenants.content.writing import CleanFacts, clean_facts
from tenants.media.models import Asset
from tenants.review.models import APPROVE, FINAL, FIRST, SECOND
from tenants.review.operations.signing import record_secrecy_review, sign, submit
from tenants.review.rules import CLEARED
from tenants.sites.queries import columns_of

T = TypeVar("T")

RUN = "demo"
_BASIS = "《中华人民共和国保守国家秘密法》第三十三条"
_OPINIONS = {FIRST: "内容属实，同意。", SECOND: "同意。", FINAL: "同意发布。"}
_STAGES = {FIRST_REVIEW: FIRST, SECOND_REVIEW: SECOND, ISSUE: FINAL}


@dataclass(frozen=True)
class Office:
    """A tenant's people who write and sign, by role."""

    tenant_id: int
    site_id: int
    people: dict[str, Actor]

    @property
    def editor(self) -> Actor:
        """Who writes."""
        return self.people["editor"]

    def signer(self, stage: str) -> Actor:
        """Who signs a stage."""
        roles = {FIRST: "first_reviewer", SECOND: "second_reviewer", FINAL: "issuer"}
        return self.people[roles[stage]]


def write_items(runtime: Runtime, plan: TenantPlan, office: Office) -> int:
    """Write the tenant's items that are not there yet, as drafts; how many were written."""
    return write_pieces(runtime, office, pieces_of(plan, today()))


def write_pieces(runtime: Runtime, office: Office, wanted: Sequence[Piece]) -> int:
    """Write those pieces that are not there yet on the office's site; how many were written."""
    pieces = _missing(runtime, office, wanted)
    if not pieces:
        return 0
    names = {n for piece in pieces for n in (*piece.attachments, *pictures_in(piece.text))}
    stored = put_files(
        open_store(runtime.settings), office.tenant_id, names, settings=runtime.settings
    )
    with runtime.tenant_session(office.tenant_id) as session:
        act_as(session, office.editor)
        assets = take_in(session, stored, by=office.editor)
        columns = {c.path: c.id for c in columns_of(session, office.site_id)}
        originals = _originals(session, pieces)
    rows = [_row(piece, columns, assets, originals) for piece in pieces]
    pace = Pace(runtime)
    for batch in _batches(rows, pace):
        with pace.transaction(), runtime.tenant_session(office.tenant_id) as session:
            act_as(session, office.editor)
            import_items(session, office.site_id, batch, run=RUN, by=office.editor)
    return len(rows)


def sign_items(runtime: Runtime, office: Office) -> int:
    """Bring every item of the sample that is on its way through all reviews; how many.

    One item a transaction: a person who saves meanwhile waits for one at most.
    """
    waiting = _waiting(runtime, office)
    for edition_id in waiting:
        with runtime.tenant_session(office.tenant_id) as session:
            _review(session, session.get_one(Edition, (office.tenant_id, edition_id)), office)
    return len(waiting)


def _missing(runtime: Runtime, office: Office, pieces: Sequence[Piece]) -> list[Piece]:
    with runtime.tenant_session(office.tenant_id, reading=True) as session:
        known = set(session.scalars(select(Item.external_id).where(Item.run == RUN)))
    return [piece for piece in pieces if piece.key not in known]


def _waiting(runtime: Runtime, office: Office) -> list[int]:
    """Open editions, the oldest date first: lists are in the order of issue."""
    with runtime.tenant_session(office.tenant_id, reading=True) as session:
        return list(
            session.scalars(
                select(Edition.id)
                .join(
                    Item,
                    (Item.tenant_id == Edition.tenant_id) & (Item.draft_edition_id == Edition.id),
                )
                .where(Item.run == RUN)
                .order_by(Edition.original_date, Item.external_id)
            )
        )


def _review(session: WalledSession, edition: Edition, office: Office) -> None:
    """One item through what is still before it; each step by the one whose it is."""
    if edition.state == DRAFT:
        act_as(session, office.editor)
        submit(session, edition.id, digest=edition.digest, by=office.editor)
    if edition.state == FIRST_REVIEW:
        reviewer = office.signer(FIRST)
        act_as(session, reviewer)
        record_secrecy_review(
            session,
            edition.id,
            outcome=CLEARED,
            basis=_BASIS,
            digest=edition.digest,
            opinion="不涉及国家秘密、工作秘密、商业秘密和个人隐私。",
            by=reviewer,
        )
    while (stage := _STAGES.get(edition.state)) is not None:
        signer = office.signer(stage)
        act_as(session, signer)
        sign(
            session,
            edition.id,
            stage=stage,
            decision=APPROVE,
            digest=edition.digest,
            opinion=_OPINIONS[stage],
            by=signer,
        )


def _originals(session: WalledSession, pieces: Sequence[Piece]) -> dict[str, int]:
    """The items that some pieces are translations of, by key."""
    keys = [piece.original for piece in pieces if piece.original]
    rows = session.execute(select(Item.external_id, Item.id).where(Item.external_id.in_(keys)))
    return {str(row[0]): row[1] for row in rows}


def _row(
    piece: Piece, columns: dict[str, int], assets: dict[str, Asset], originals: dict[str, int]
) -> ImportedItem:
    facts = _facts(piece, columns, assets, originals.get(piece.original))
    return ImportedItem(external_id=piece.key, facts=facts, where=piece.key)


def _facts(
    piece: Piece, columns: dict[str, int], assets: dict[str, Asset], original_id: int | None
) -> CleanFacts:
    pictures = {name: assets[name].path for name in pictures_in(piece.text)}
    return clean_facts(
        EditionFacts(
            title=piece.title,
            column_id=columns[piece.column],
            body_html=to_html(piece.text, pictures, is_indented=not piece.is_english),
            translation_of_id=original_id,
            source_name=piece.source,
            author=piece.author,
            original_date=piece.day,
            original_date_source=piece.source,
            doc_number=piece.doc_number,
            index_no=piece.index_no,
            issuing_body=piece.issuing_body,
            theme_class=piece.theme_class,
            validity=piece.validity,
            formed_date=piece.formed_date,
            effective_date=piece.effective_date,
            attachments=tuple(
                Attachment(assets[name].id, SHOWN_NAMES[name]) for name in piece.attachments
            ),
        )
    )


def _batches(rows: Sequence[T], pace: Pace) -> Iterator[Sequence[T]]:
    """The rows in order, as many at a time as the pace allows by then."""
    start = 0
    while start < len(rows):
        size = pace.size
        yield rows[start : start + size]
        start += size
