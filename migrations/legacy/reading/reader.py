"""Read a whole old site: every address to a kind, every article to its facts.

Three passes, because pages explain each other: what each says, what they share, and what is each
one's own. The same source gives the same reading.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import tzinfo

from hosting.runtime.errors import Refusal
from migrations.legacy.reading.charset import decode
from migrations.legacy.reading.columns import ColumnReader, assign
from migrations.legacy.reading.documents import Element, is_fit, raw_title
from migrations.legacy.reading.extraction import read_articles
from migrations.legacy.reading.files import Kind, kind_of_file
from migrations.legacy.reading.kinds import (
    address_shape,
    empty_lists,
    is_home_name,
    is_login_name,
    judge,
    settle,
)
from migrations.legacy.reading.lists import lines_in, pager_links
from migrations.legacy.reading.pages import Charset, Page, Signs
from migrations.legacy.reading.references import AddressBook, base_of, link_text, sent_on_to
from migrations.legacy.reading.shelf import Shelf, digest_of
from migrations.legacy.reading.sites import Fields, Progress, Site, silent
from migrations.legacy.reading.templates import learn
from migrations.legacy.reading.titles import bare, learn_habits
from migrations.legacy.reading.trails import find_trail
from migrations.legacy.reading.views import View
from migrations.legacy.sources.addresses import ReferenceKind, resolve
from migrations.legacy.sources.source import Found, Resource, Source

_FIELDS = frozenset({"text", "password", "tel", "email", "number"})
_FORM_FIELDS = 3
# Spellings of one address that links use; more are made up.
_ALIASES, _ALIAS_LENGTH = 20, 500
_PAGE_LIMIT_BYTES = 20 * 1024 * 1024
# A page named like a home page, with so many lines of links, is one.
_HOME_ENTRIES = 10


def read_site(source: Source, zone: tzinfo, progress: Progress = silent) -> Site:
    """Read everything that the source holds; what cannot be read is kept, with its trouble."""
    found = list(source.addresses())
    site = Site(source, zone, Shelf(source), AddressBook(found))
    for number, entry in enumerate(found):
        progress("read", number, len(found))
        site.pages[entry.address] = _first_look(site, entry)
    _compare(site)
    reader = _names(site, progress)
    _settle(site, _judge(site, reader, progress))
    site.columns = assign(site.pages, reader)
    read_articles(site, progress)
    return site


def _first_look(site: Site, entry: Found) -> Page:
    page = Page(entry.address, entry.location, entry.aliases, entry.size_bytes, "", Kind.OTHER)
    page.trouble = entry.trouble
    if entry.trouble not in {None, "same_address"}:
        return page
    try:
        resource = site.source.read(entry.address)
    except Refusal:
        page.trouble = "unreadable"
        return page
    page.digest = digest_of(resource.data)
    page.kind = kind_of_file(entry.address, resource.data) or Kind.UNKNOWN
    if page.kind is Kind.UNKNOWN:
        _look_at_markup(site, page, resource)
    elif page.kind is Kind.STYLE:
        site.css[entry.address] = decode(resource.data[:_PAGE_LIMIT_BYTES]).text
    return page


def _look_at_markup(site: Site, page: Page, resource: Resource) -> None:
    """Take the page for one, unless it is larger than pages are."""
    page.kind = Kind.OTHER
    if len(resource.data) > _PAGE_LIMIT_BYTES:
        page.trouble = "too_large"
    elif not is_fit(site.shelf.sheet(page.address).root):
        page.trouble = "too_complex"
    else:
        text = decode(resource.data, resource.charset)
        page.charset = Charset(text.encoding, text.evidence, text.lost, text.label)
        page.kind = Kind.UNKNOWN


def _compare(site: Site) -> None:
    """Learn the templates, and how titles are written."""
    shapes, keys = {}, {}
    for page in site.markup():
        sheet = site.shelf.sheet(page.address)
        shapes[page.address], keys[page.address] = sheet.shape, sheet.keys
        page.raw_title = raw_title(sheet.root)
    site.templates = learn(shapes, keys)
    titles = defaultdict(list)
    for page in site.markup():
        page.template = site.templates.of[page.address].number
        titles[page.template].append(page.raw_title)
    site.fields = _usual_fields(site)
    everywhere = learn_habits(page.raw_title for page in site.markup())
    site.habits = {number: everywhere.joined(learn_habits(own)) for number, own in titles.items()}


def _usual_fields(site: Site) -> Fields:
    """The fields that at least a third of the pages have."""
    found = [fields_of(site.shelf.sheet(page.address).root) for page in site.markup()]
    third = len(found) * 2 // 3
    if len(found) < _FORM_FIELDS:
        return Fields()
    counts, secrets = sorted(one.count for one in found), sorted(one.secret for one in found)
    return Fields(counts[third], secrets[third])


def _names(site: Site, progress: Progress) -> ColumnReader:
    """Collect trails, page turns, and what links call each address."""
    reader = ColumnReader(site.book)
    pages = site.markup()
    for number, page in enumerate(pages):
        progress("compare", number, len(pages))
        sheet = site.shelf.sheet(page.address)
        reader.trails[page.address] = find_trail(sheet, site.host)
        turned = (site.book.find(one.address) for one in pager_links(sheet, site.host))
        reader.pagers[page.address] = sorted({one for one in turned if one})
        for address, name in _links(site, page):
            reader.call(address, name)
            if address != page.address:
                site.linked.add(address)
    site.column_names, site.called = reader.names(), dict(reader.called)
    return reader


def _links(site: Site, page: Page) -> set[tuple[str, str]]:
    """Where the page's links go within the site, and what they say."""
    sheet = site.shelf.sheet(page.address)
    base = base_of(sheet.root, page.address, site.host)
    found = set()
    for link in sheet.body.iter("a"):
        reference = resolve(base, link.get("href") or "", site.host)
        if reference.kind is ReferenceKind.OWN:
            address = site.book.find_folded(reference.address)
            if address is not None:
                found.add((address, link_text(link)))
                _asked_by(site.pages[address], reference.address)
    return found


def _asked_by(page: Page, spelling: str) -> None:
    """Note that the site's own links ask for the page by another spelling of its address."""
    known = {page.address, *page.aliases}
    if spelling not in known and len(known) < _ALIASES and len(spelling) <= _ALIAS_LENGTH:
        page.aliases += (spelling,)


def _judge(site: Site, reader: ColumnReader, progress: Progress) -> dict[str, Signs]:
    """Look at each page by itself."""
    seen: dict[str, Signs] = {}
    pages = site.markup()
    for number, page in enumerate(pages):
        progress("judge", number, len(pages))
        view = View(site, page)
        page.title, page.title_source = view.title.text, view.title.source
        page.sends_to = sent_on_to(view.sheet.root, page.address, site.host)
        page.entries = view.entries
        seen[page.address] = _signs(view, reader)
    return seen


def _is_root(page: Page) -> bool:
    return page.address == "/" or "/" in page.aliases


def _signs(view: View, reader: ColumnReader) -> Signs:
    page = view.page
    place = view.candidate
    listed = [entry for entry in view.entries if entry.date is not None]
    return Signs(
        says_article="articletitle" in view.metas or "pubdate" in view.metas,
        says_list="columnname" in view.metas and "articletitle" not in view.metas,
        tail=reader.trails[page.address].tail,
        byline=_has_byline(view),
        entries=len(view.entries),
        dated_entries=len(listed),
        weight=view.weighing.of(place) if place is not None else 0.0,
        lines_inside=lines_in(view.sheet, place, view.chrome) if place is not None else 0,
        pictures=len(view.own_pictures),
        is_form=_is_form(view),
        is_login=is_login_name(page.address),
        sent_on=page.sends_to is not None,
        in_menu=bare(reader.name_of(page.address)) == bare(page.title) != "",
    )


def _is_form(view: View) -> bool:
    """Whether the page asks for something that its siblings don't: a password, several fields.

    A search box, or a box to sign in on every page, makes no form of an article.
    """
    usual = view.site.fields
    found = fields_of(view.sheet.root)
    return found.secret > usual.secret or found.count >= usual.count + _FORM_FIELDS


def fields_of(root: Element) -> Fields:
    """How many fields a page has to fill in, and how many of them are secret."""
    kinds = [(one.get("type") or "text").lower() for one in root.iter("input")]
    fields = [kind for kind in kinds if kind in _FIELDS]
    # Who asks for a text asks for what no search box asks.
    texts = len(list(root.iter("textarea"))) * _FORM_FIELDS
    return Fields(len(fields) + texts, fields.count("password"))


def _has_byline(view: View) -> bool:
    """A date that is named as one of publication, or a date and a source, under a title.

    The table of a document says as much.
    """
    byline = view.byline
    if view.header is not None:
        return True
    if byline.date is None:
        return False
    return bool(byline.date.label or byline.source) and view.title.element is not None


def _settle(site: Site, seen: Mapping[str, Signs]) -> None:
    """Let pages decide for their siblings, then give every page its kind."""
    by_template = {page.address: str(page.template) for page in site.markup()}
    by_shape = {page.address: address_shape(page.address) for page in site.markup()}
    by_both = {address: f"{by_template[address]} {shape}" for address, shape in by_shape.items()}
    judged = {address: judge(signs) for address, signs in seen.items()}
    kinds = settle(judged, (by_both, by_template, by_shape))
    nothing = [address for address, signs in seen.items() if signs.nothing]
    kinds |= empty_lists(kinds, nothing, by_template)
    for page in site.markup():
        page.kind = kinds[page.address]
    _find_homes(site)


def _find_homes(site: Site) -> None:
    """The home page, and what else was once one: ``index2.html``, ``old_index.html``."""
    root = _root_of(site)
    title = bare(site.pages[root].raw_title) if root else None
    for page in site.markup():
        full = len(page.entries) >= _HOME_ENTRIES or bare(page.raw_title) == title
        if page.address == root:
            page.kind = Kind.HOME
        elif is_home_name(page.address) and full and page.kind is not Kind.REDIRECT:
            page.kind, page.variant_of = Kind.HOME, root


def _root_of(site: Site) -> str | None:
    return next((page.address for page in site.markup() if _is_root(page)), None)
