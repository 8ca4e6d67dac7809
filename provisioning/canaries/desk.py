"""One tenant's people at work: what they write and sign says nothing but canaries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from hosting.runtime.canaries import Canaries
from hosting.runtime.session import WalledSession
from hosting.security.actor import Actor
from hosting.security.audit import act_as
from provisioning.canaries.files import DOCUMENT, DRAWING, PHOTO, TABLE
from provisioning.canaries.nest import identity_number, phone_number
from provisioning.demo.writing import Office
from tenants.content.facts import Attachment, EditionFacts
from tenants.content.models import Edition
from tenants.content.operations import create_item, save_draft
from tenants.media.models import Asset
from tenants.review.models import APPROVE
from tenants.review.operations.signing import record_secrecy_review, sign, submit
from tenants.review.rules import CLEARED

_ADDRESS = "192.0.2.1"  # RFC 5737: nobody's


@dataclass(frozen=True)
class Desk:
    """A session in which they act one after another; `columns` from the top of the tree down."""

    session: WalledSession
    office: Office
    canaries: Canaries
    columns: tuple[int, ...]
    assets: dict[str, Asset]

    def person(self, role: str) -> Actor:
        """The person with a role, who acts from here on."""
        actor = self.office.people[role]
        act_as(self.session, actor, _ADDRESS)
        return actor

    def facts(self, which: str, **said: Any) -> EditionFacts:
        """An edition with a canary in each of its texts."""
        return edition_facts(self.canaries, which, self.columns, self.assets, **said)

    def write(self, which: str, **said: Any) -> Edition:
        """A draft."""
        by = self.person("editor")
        facts = self.facts(which, **said)
        return create_item(self.session, self.office.site_id, facts=facts, by=by)[1]

    def change(self, edition: Edition, which: str) -> Edition:
        """The next edition of an item."""
        return save_draft(
            self.session,
            edition.item_id,
            facts=self.facts(which),
            expected_digest=None,
            by=self.person("editor"),
        )

    def hand_in(self, edition: Edition, by: str = "editor") -> Edition:
        """Submit a draft."""
        return submit(self.session, edition.id, digest=edition.digest, by=self.person(by))

    def clear(self, edition: Edition, outcome: str = CLEARED) -> None:
        """The secrecy review."""
        record_secrecy_review(
            self.session,
            edition.id,
            outcome=outcome,
            basis=self.canaries.word("basis", edition.title),
            digest=edition.digest,
            opinion=self.canaries.word("secrecyopinion", edition.title),
            by=self.person("first_reviewer"),
        )

    def sign(self, edition: Edition, stage: str, decision: str = APPROVE) -> None:
        """One stage, by the one whose it is."""
        sign(
            self.session,
            edition.id,
            stage=stage,
            decision=decision,
            digest=edition.digest,
            opinion=self.canaries.word("opinion", edition.title, stage),
            by=self._signer(stage),
        )

    def bring_to(self, edition: Edition, *stages: str, by: str = "editor") -> Edition:
        """Hand in, clear, and sign these stages."""
        self.hand_in(edition, by)
        self.clear(edition)
        for stage in stages:
            self.sign(edition, stage)
        return edition

    def _signer(self, stage: str) -> Actor:
        signer = self.office.signer(stage)
        act_as(self.session, signer, _ADDRESS)
        return signer


def edition_facts(
    canaries: Canaries,
    which: str,
    columns: tuple[int, ...],
    assets: dict[str, Asset],
    **said: Any,
) -> EditionFacts:
    """An edition that says nothing but canaries; it stands in the deepest column and at the top."""
    texts = {field: canaries.word(field.replace("_", ""), which) for field in _TEXTS}
    facts: dict[str, Any] = {
        **texts,
        "column_id": columns[-1],
        "extra_column_ids": columns[:1],
        "body_html": _body(canaries, which, assets),
        "source_url": f"https://{canaries.slug('sourceurl', which)}.example/",
        "original_date": date(2015, 1, 1),
        "lost_attachments": (canaries.word("lostattachment", which),),
        "attachments": tuple(
            Attachment(assets[what].id, canaries.word("attachment", which, what))
            for what in (DOCUMENT, TABLE)
        ),
    }
    return EditionFacts(**facts | said)


_TEXTS = (
    "title",
    "subtitle",
    "summary",
    "keywords",
    "source_name",
    "author",
    "original_date_source",
    "doc_number",
    "index_no",
    "issuing_body",
    "theme_class",
)


def _body(canaries: Canaries, which: str, assets: dict[str, Asset]) -> str:
    shown = "".join(
        f'<p><img src="{assets[what].path}" alt="{canaries.word("alt", which, what)}"></p>'
        for what in (PHOTO, DRAWING)
    )
    return (
        f"<h2>{canaries.word('heading', which)}</h2><p>{canaries.word('body', which)} "
        f"{phone_number(canaries)} {identity_number(canaries)}</p>"
        f'<p><a href="https://{canaries.slug("link", which)}.example/" '
        f'title="{canaries.word("linktitle", which)}">{canaries.word("linktext", which)}</a></p>'
        f"<table><tr><td>{canaries.word('cell', which)}</td></tr></table>{shown}"
    )
