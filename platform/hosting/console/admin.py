"""Flask-Admin in this house: it gives the city's pages their form and serves nothing of its own.

Of 2.2.1 with its list alone filtered, edit, details, inline update, delete and pickers still reach
any row, without a token and past every rule. So lists are queries here, writes are operations, each
page names its guard, templates are the shell's, and what would come along unasked is taken away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar, TypeVar, cast

from flask import Flask, render_template
from flask_admin import Admin
from flask_admin.base import BaseView, expose
from flask_admin.model import BaseModelView

from hosting.console.forms import BaseForm, FilterForm
from hosting.console.lists import Listing, Paging
from hosting.console.saving import save

View = TypeVar("View", bound=Callable[..., Any])


def page(rule: str = "/", *methods: str) -> Callable[[View], View]:
    """Serve a method below the address of its class; by GET unless told otherwise.

    Outermost, with the guard inside: `@page("/") @guarded("tenants.view") def …`.
    """
    return cast("Callable[[View], View]", expose(rule, methods or ("GET",)))


class ShellView(BaseView):
    """Pages of one subject under one address, in the console's shell."""

    def render(self, template: str, **facts: Any) -> str:
        """A page with what every page of the shell has, and nothing of Flask-Admin's."""
        return render_template(template, **facts)

    save = staticmethod(save)

    def _run_view(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        # The original runs a view a second time when it raised a TypeError, writes and all.
        return fn(self, *args, **kwargs)


class RecordView(ShellView, BaseModelView):
    """The records of one kind: a list whose rows are a query, and pages that a subclass adds.

    A subclass serves its own `index_view`; the pages below would reach rows by themselves.
    """

    sorts: ClassVar[tuple[str, ...]] = ("id",)
    page_size = 30

    def __init__(self, **places: str) -> None:
        # Flask-Admin wants a model only for its name; rows come from queries, of several tables.
        super().__init__(type(self), **places)

    create_view = None
    edit_view = None
    details_view = None
    delete_view = None
    action_view = None
    export = None
    ajax_lookup = None
    ajax_update = None

    def list_page(
        self,
        template: str,
        form: FilterForm,
        *,
        count: int,
        rows: Callable[[Paging], Sequence[Any]],
        **facts: Any,
    ) -> str:
        """The list as the address asks for it; `rows` gives those of one page."""
        paging = Listing.read(sorts=self.sorts, size=self.page_size).of(count)
        return self.render(template, form=form, paging=paging, rows=rows(paging), **facts)

    def scaffold_list_columns(self) -> list[str]:
        """None: a template says which columns a list has."""
        return []

    def scaffold_sortable_columns(self) -> dict[str, str]:
        """None: `sorts` says by what."""
        return {}

    def scaffold_form(self) -> type[BaseForm]:
        """None that would be made of a table's columns; pages bring forms of their own."""
        return BaseForm

    def init_search(self) -> bool:
        """No search of its own: filters are forms."""
        return False


def serve(app: Flask, first: ShellView, others: Iterable[ShellView]) -> None:
    """Put views into an application, `first` at their common address; serves no static files."""
    Admin(app, index_view=first).add_views(*others)
