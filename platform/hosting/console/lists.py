"""Lists that keep their place: sorting, filters and page stand in the address.

A view reads the request once, `listing = Listing.read(sorts=("-date", "title"))`, counts the rows,
makes `paging = listing.of(total)`, and gives the query `listing.sorting`, `paging.offset` and
`listing.size`; the template gets the paging.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from flask import request

_SORT = "sort"
_PAGE = "page"
_LARGEST_PAGE = 100_000
_AROUND = 2


@dataclass(frozen=True)
class Sorting:
    """What a list is sorted by."""

    key: str
    descending: bool = False

    @classmethod
    def parse(cls, written: str) -> Sorting:
        """Read `date` or `-date`."""
        return cls(written.removeprefix("-"), written.startswith("-"))

    def __str__(self) -> str:
        return f"-{self.key}" if self.descending else self.key


@dataclass(frozen=True)
class Listing:
    """One page of a list as asked for: `filters` are the other parts of the address, as given."""

    sorting: Sorting
    page: int
    size: int
    filters: Mapping[str, str]
    sorts: tuple[Sorting, ...]

    @classmethod
    def read(cls, *, sorts: Sequence[str], size: int = 30) -> Listing:
        """Read this request; `sorts` names what one may sort by and how it starts, default first.

        What is unknown or not a number falls back to the default: an old bookmark still works.
        """
        known = tuple(Sorting.parse(written) for written in sorts)
        asked = Sorting.parse(request.args.get(_SORT, ""))
        keys = {sorting.key for sorting in known}
        return cls(
            sorting=asked if asked.key in keys else known[0],
            page=_page_number(request.args.get(_PAGE, "")),
            size=size,
            filters={k: v for k, v in request.args.items() if k not in (_SORT, _PAGE) and v},
            sorts=known,
        )

    def sorts_by(self, key: str) -> bool:
        """Whether the list may be sorted by this."""
        return any(sorting.key == key for sorting in self.sorts)

    def direction(self, key: str) -> str:
        """What `aria-sort` says of a column."""
        if key != self.sorting.key:
            return "none"
        return "descending" if self.sorting.descending else "ascending"

    def sorted_address(self, key: str) -> str:
        """Where a column's heading leads: the other direction, or its own first one."""
        first = next(sorting for sorting in self.sorts if sorting.key == key)
        turned = replace(self.sorting, descending=not self.sorting.descending)
        return self._address(turned if key == self.sorting.key else first)

    def page_address(self, page: int) -> str:
        """Where a page's number leads."""
        return self._address(self.sorting, page=page)

    @property
    def unfiltered_address(self) -> str:
        """The same list without filters."""
        return self._address(self.sorting, filters={})

    def of(self, total: int) -> Paging:
        """This page within a list of so many rows."""
        return Paging(self, total)

    def _address(
        self, sorting: Sorting, *, page: int = 1, filters: Mapping[str, str] | None = None
    ) -> str:
        """Relative to the page itself; what equals the default is left out."""
        parts = dict(self.filters if filters is None else filters)
        if sorting != self.sorts[0]:
            parts[_SORT] = str(sorting)
        if page != 1:
            parts[_PAGE] = str(page)
        return f"?{urlencode(parts)}"


@dataclass(frozen=True)
class Paging:
    """Where a page stands in its list."""

    listing: Listing
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are; one when the list is empty."""
        return max(1, -(-self.total // self.listing.size))

    @property
    def page(self) -> int:
        """This page, or the last one when the list has become shorter."""
        return min(self.listing.page, self.pages)

    @property
    def offset(self) -> int:
        """How many rows stand before this page: what the query is given, with `listing.size`."""
        return (self.page - 1) * self.listing.size

    @property
    def first(self) -> int:
        """The number of the first row shown, counted from 1; 0 when there is none."""
        return min(self.offset + 1, self.total)

    @property
    def last(self) -> int:
        """The number of the last row shown."""
        return min(self.page * self.listing.size, self.total)

    @property
    def numbers(self) -> list[int | None]:
        """The page numbers to show, with None where some are left out."""
        near = range(self.page - _AROUND, self.page + _AROUND + 1)
        shown = sorted({1, self.pages, *(n for n in near if 1 <= n <= self.pages)})
        numbers: list[int | None] = []
        for number in shown:
            before = numbers[-1] if numbers else number - 1
            if before is not None and number - before == 2:
                numbers.append(number - 1)
            elif before is not None and number - before > 2:
                numbers.append(None)
            numbers.append(number)
        return numbers


def _page_number(written: str) -> int:
    """A page number from an address; 1 for anything that is none."""
    if not (written.isascii() and written.isdigit()):
        return 1
    return min(max(int(written[:9]), 1), _LARGEST_PAGE)
