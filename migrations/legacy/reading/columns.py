"""Which column each page belongs to, and what the columns are called."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from migrations.legacy.reading.files import Kind
from migrations.legacy.reading.pages import Column, Page
from migrations.legacy.reading.references import AddressBook
from migrations.legacy.reading.titles import bare
from migrations.legacy.reading.trails import Trail

_NO_NAME = re.compile(
    r"更多|more|.{0,6}首\s*页|.{0,6}主\s*页|上一?页|下一?页|尾页|返回.*|进入.*|[\d.>»\[\]+ ]*",
    re.IGNORECASE,
)
_LONGEST_NAME = 24
# A name that so many pages, and this share of them, link by is a menu's.
_CALLED = 3
_MENU_SHARE = 0.1
_ENDING = re.compile(r"\.\w{1,6}$")


@dataclass
class ColumnReader:
    """Collects what names columns; asked once everything is collected."""

    book: AddressBook
    trails: dict[str, Trail] = field(default_factory=dict)
    pagers: dict[str, list[str]] = field(default_factory=dict)
    called: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def call(self, address: str, name: str) -> None:
        """Note that a link to the address says `name`."""
        if name and len(name) <= _LONGEST_NAME and not _NO_NAME.fullmatch(name):
            self.called[address][name] += 1

    def name_of(self, address: str) -> str:
        """What links call an address, most often."""
        counts = self.called.get(address)
        return counts.most_common(1)[0][0] if counts else ""

    def times_called(self, address: str) -> int:
        counts = self.called.get(address)
        return counts.most_common(1)[0][1] if counts else 0

    def names(self) -> frozenset[str]:
        """All names that trails give to columns, and menus to anything."""
        trails = {name for trail in self.trails.values() for name in trail.names}
        needed = max(_CALLED, len(self.trails) * _MENU_SHARE)
        menu = {name for c in self.called.values() for name, n in c.items() if n >= needed}
        return frozenset(trails | menu)


def assign(pages: Mapping[str, Page], reader: ColumnReader) -> list[Column]:
    """Give every list and article its column; return the columns in the order of their names.

    A page that only sends its reader on stands where its column's list would.
    """
    indexes = {Kind.LIST, Kind.REDIRECT}
    lists = {address: page for address, page in pages.items() if page.kind in indexes}
    groups = _page_groups(lists, reader)
    for first, members in groups.items():
        names, source = _names_of_list(first, members, pages, reader)
        for member in members:
            pages[member].column, pages[member].column_source = names, source
    listed = _listed_in(lists.values(), reader.book)
    articles = [page for page in pages.values() if page.kind in {Kind.ARTICLE, Kind.UNKNOWN}]
    for page in articles:
        page.column, page.column_source = _column_of_article(page, reader, listed)
    shelved = _columns_of_folders(articles)
    for page in articles:
        if not page.column:
            page.column, page.column_source = _column_by_place(page, pages, reader, shelved)
        if not page.column and _is_called(page, reader):
            # A page that menus name as they name columns is all there is of its column.
            page.column, page.column_source = (reader.name_of(page.address),), "menu"
    return _collect(pages, groups)


def _page_groups(lists: Mapping[str, Page], reader: ColumnReader) -> dict[str, list[str]]:
    """Pages of one list together, under the first of them: those that turn to each other."""
    leader = {address: address for address in lists}

    def top(address: str) -> str:
        while leader[address] != address:
            address = leader[address]
        return address

    for address in lists:
        for other in reader.pagers.get(address, []):
            if other in lists and _same_list(address, other):
                one, two = sorted((top(address), top(other)), key=_page_order)
                leader[two] = one
    groups: dict[str, list[str]] = defaultdict(list)
    for address in sorted(lists, key=_page_order):
        groups[top(address)].append(address)
    return dict(groups)


def _same_list(one: str, other: str) -> bool:
    """Page turns stay in the folder or go one down (``tzgg.html`` → ``tzgg/1.html``)."""
    stem, other_stem = _stem(one), _stem(other)
    return stem == other_stem or stem.startswith(other_stem) or other_stem.startswith(stem)


def _stem(address: str) -> str:
    path = _ENDING.sub("", address.partition("?")[0])
    return re.sub(r"(?:[/_-]?\d+|/(?:index|list|default)(?:_\d+)?)$", "", path)


def _page_order(address: str) -> tuple[int, int, str]:
    """First pages first: the shortest name, then the smallest number."""
    numbers = re.findall(r"\d+", address.partition("/")[2])
    return (len(address), int(numbers[-1]) if numbers else 0, address)


def _names_of_list(
    first: str, members: list[str], pages: Mapping[str, Page], reader: ColumnReader
) -> tuple[tuple[str, ...], str]:
    for member in members:
        trail = reader.trails.get(member, Trail())
        if trail.names:
            return trail.names, "trail"
    called = reader.times_called(first) >= _CALLED
    own = reader.name_of(first) if called else pages[first].title or reader.name_of(first)
    above = _names_of_folders(first, reader)
    if not own or (above[-1:] == (own,) and _is_twin(first, reader)):
        return above, "folder"
    return (*above, own), "menu" if called else "title"


def _is_twin(address: str, reader: ColumnReader) -> bool:
    """Whether the page lies beside the folder's own index: ``/a/index_918.html``."""
    return reader.book.find(_folder(address)) not in {None, address}


def _names_of_folders(address: str, reader: ColumnReader) -> tuple[str, ...]:
    """What links call the folders above an address, from the top; unnamed ones are left out."""
    names: list[str] = []
    folder = _folder(address.rstrip("/"))
    never = {reader.book.find(address), reader.book.find("/"), None}
    while len(folder) > 1:
        for above in (reader.book.find(folder), _file_beside(folder, reader.book)):
            name = reader.name_of(above) if above and above not in never else ""
            if name:
                names.append(name)
                break
        folder = _folder(folder.rstrip("/"))
    return tuple(reversed(names))


def _file_beside(folder: str, book: AddressBook) -> str | None:
    """``/a/tzgg.html`` for ``/a/tzgg/``, as some systems lay out their columns."""
    return book.find(f"{folder.rstrip('/')}.html") or book.find(f"{folder.rstrip('/')}.htm")


def _listed_in(lists: Iterable[Page], book: AddressBook) -> dict[str, Counter[tuple[str, ...]]]:
    """For each address, the columns whose lists show it, lines with dates counting more."""
    listed: dict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
    for page in lists:
        for entry in page.entries:
            target = None if entry.dead else book.find(entry.reference.address)
            if target and page.column:
                listed[target][page.column] += 3 if entry.date else 1
    return listed


def _column_of_article(
    page: Page, reader: ColumnReader, listed: Mapping[str, Counter[tuple[str, ...]]]
) -> tuple[tuple[str, ...], str]:
    """By its own trail, else by the lists that show it."""
    trail = reader.trails.get(page.address, Trail())
    # A trail may end with the article's own title; behind 正文 it ends with the column.
    names = trail.names
    if names and not trail.tail and bare(names[-1]) == bare(page.title):
        names = names[:-1]
    if names:
        return names, "trail"
    if listed.get(page.address):
        ranked = listed[page.address].most_common()
        best = max(ranked, key=lambda one: (one[1], len(one[0]), one[0]))
        return best[0], "list"
    return (), ""


def _is_called(page: Page, reader: ColumnReader) -> bool:
    name = reader.name_of(page.address)
    many = reader.times_called(page.address) >= _CALLED
    return bool(name) and many and bare(name) == bare(page.title)


def _columns_of_folders(articles: Iterable[Page]) -> dict[str, tuple[str, ...]]:
    """The column that most of a folder's articles are in, where at least three are in one."""
    counts: dict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
    for page in articles:
        counts[_folder(page.address)][page.column] += 1
    found = {}
    for folder, columns in counts.items():
        column, count = columns.most_common(1)[0]
        if column and count >= _CALLED and len(folder) > 1:
            found[folder] = column
    return found


def _column_by_place(
    page: Page,
    pages: Mapping[str, Page],
    reader: ColumnReader,
    shelved: Mapping[str, tuple[str, ...]],
) -> tuple[tuple[str, ...], str]:
    """By its neighbours, else by the nearest list above, else by what menus call its folders."""
    neighbours = shelved.get(_folder(page.address))
    if neighbours:
        return neighbours, "neighbours"
    nearest = _nearest_list(page.address, pages, reader)
    return nearest or (_names_of_folders(page.address, reader), "folder")


def _folder(address: str) -> str:
    return address.partition("?")[0].rpartition("/")[0] + "/"


def _nearest_list(
    address: str, pages: Mapping[str, Page], reader: ColumnReader
) -> tuple[tuple[str, ...], str] | None:
    folder = _folder(address)
    while len(folder) > 1:
        for above in (reader.book.find(folder), _file_beside(folder, reader.book)):
            if above and above in pages and pages[above].kind is Kind.LIST and pages[above].column:
                return pages[above].column, "folder"
        folder = _folder(folder.rstrip("/"))
    return None


def _collect(pages: Mapping[str, Page], groups: Mapping[str, list[str]]) -> list[Column]:
    found: dict[tuple[str, ...], list[str]] = {}
    for members in groups.values():
        names = pages[members[0]].column
        if names and pages[members[0]].kind is Kind.LIST:
            found.setdefault(names, []).extend(members)
    for page in pages.values():
        if page.kind is Kind.ARTICLE and page.column:
            found.setdefault(page.column, [])
    return [Column(names, tuple(addresses)) for names, addresses in sorted(found.items())]
