"""References that lead nowhere, or where they should not; each target once for all pages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrations.legacy.findings.finding import Finding
from migrations.legacy.findings.hosts import is_family, is_inner
from migrations.legacy.findings.looks import Look
from migrations.legacy.reading.files import Kind, is_document
from migrations.legacy.reading.kinds import is_login_name
from migrations.legacy.reading.references import REMEMBERED, Mention, style_urls
from migrations.legacy.reading.sites import Site
from migrations.legacy.sources.addresses import ReferenceKind, resolve

_CODES = {
    "link": "broken_link",
    "image": "missing_image",
    "style": "missing_style",
    "script": "missing_script",
    "frame": "broken_link",
    "other": "missing_file",
}
_LOGIN = re.compile(r"log[io]n|sign-?in|regist|passw|/admin|/manage|/user/|houtai", re.IGNORECASE)


def broken(look: Look) -> Iterator[Finding]:
    """The page's own references to what the source does not have."""
    for mention in look.mentions:
        if mention.own:
            yield from _judge_own(look, mention)
        elif mention.reference.kind is ReferenceKind.LOCAL:
            yield Finding("local_path", look.address, mention.written[:200], mention.text)
        elif _leads_in(mention.reference.host, look.site.host):
            yield Finding("inner_network", look.address, mention.reference.address, mention.text)


def _leads_in(host: str | None, own: str | None) -> bool:
    """Whether a host can be asked inside a network only; a sister of the site's own is not."""
    return bool(host) and host is not None and is_inner(host) and not is_family(host, own)


def _judge_own(look: Look, mention: Mention) -> Iterator[Finding]:
    target = mention.reference.address
    if look.site.book.find(target) is not None or target == "/":
        return
    evidence = f"<{mention.tag} {mention.attribute}> {mention.text}".strip()
    if mention.attribute in REMEMBERED:
        yield Finding("stale_reference", look.address, target, evidence, shared=True)
        return
    if (other := look.site.book.find_folded(target)) is not None:
        yield Finding("case_differs", look.address, target, other, shared=True)
        return
    if mention.use == "image" and (moved := look.site.book.find_by_name(target)) is not None:
        yield Finding("file_moved", look.address, target, moved, shared=True)
        return
    promised = is_document(target) or is_document(f"/{mention.text}")
    code = "missing_file" if promised and mention.use == "link" else _CODES[mention.use]
    if mention.tag == "form":
        code = "login_address" if _LOGIN.search(target) else "broken_link"
    if code == "missing_script":
        # A counter is asked with another number on every page.
        target = target.partition("?")[0]
    yield Finding(code, look.address, target, evidence, shared=True)


def in_styles(site: Site) -> Iterator[Finding]:
    """What style sheets load and the source does not have."""
    for address, css in site.css.items():
        for written in style_urls(css):
            reference = resolve(address, written, site.host)
            if reference.kind is ReferenceKind.OWN and not site.book.find_folded(reference.address):
                evidence = f"url({written})"[:200]
                yield Finding("missing_style", address, reference.address, evidence, shared=True)


def dead(look: Look) -> Iterator[Finding]:
    """Links of an article that lead nowhere, and the files it promised."""
    if look.page.kind is not Kind.ARTICLE:
        return
    for linked in look.page.attachments:
        if linked.address is None and linked.dead:
            yield Finding("missing_file", look.address, linked.name, linked.written)
    for text in look.page.dead_links:
        yield Finding("dead_link", look.address, text, "")


def listed(look: Look) -> Iterator[Finding]:
    """Lines of a list whose article the old site no longer leads to."""
    gone = [entry for entry in look.page.entries if entry.dead]
    if look.page.kind is Kind.LIST and gone:
        lines = [
            {"text": entry.text, "date": entry.date.written if entry.date else ""} for entry in gone
        ]
        evidence = f"{len(gone)} · " + "、".join(entry.text for entry in gone[:5])
        yield Finding("listed_without_page", look.address, "", evidence, facts={"lines": lines})


def logins(look: Look) -> Iterator[Finding]:
    """Pages that ask for a password, and links to where one is asked for."""
    for field in look.view.sheet.root.iterfind(".//input[@type='password']"):
        form = next(field.iterancestors("form"), None)
        action = (form.get("action") if form is not None else None) or ""
        target = resolve(look.address, action, look.site.host).address or look.address
        yield Finding("login_address", look.address, target, "<input type=password>", shared=True)
    if is_login_name(look.address):
        yield Finding("login_address", look.address, look.address, "")
    for mention in look.mentions:
        path = mention.reference.address.partition("?")[0]
        if mention.own and mention.use == "link" and re.search(r"/(?:admin|manage|houtai)\b", path):
            target = mention.reference.address
            yield Finding("login_address", look.address, target, mention.text, shared=True)
    for form in look.view.sheet.root.iter("form"):
        reference = resolve(look.address, form.get("action") or "", look.site.host)
        if reference.kind is ReferenceKind.FOREIGN:
            yield Finding("foreign_form", look.address, reference.address, reference.host)
