"""Which slots of a column stand on which of its pages.

Archive page k always shows slots (k-1)·size+1 … k·size; the column's first page shows the rest,
between one and two pages' worth, so that a new item touches the first page alone.
"""

from __future__ import annotations

from tenants.sites.models import Column


def archive_pages(slots: int, size: int) -> int:
    """How many full pages lie behind the first."""
    return max(0, slots // size - 1)


def page_of_slot(number: int, size: int) -> int:
    """The archive page that shows a slot, once there is that page."""
    return (number - 1) // size + 1


def first_slot_in_front(slots: int, size: int) -> int:
    """The lowest slot that the column's first page shows."""
    return archive_pages(slots, size) * size + 1


def list_path(column: Column, page: int) -> str:
    """The address of an archive page."""
    return f"{column.path}list-{page}.html"
