"""`/-/search` on every public host."""

from __future__ import annotations

from flask import Blueprint, Response, g, request

from hosting.publishing.rendering import Batch
from hosting.runtime.guards import open_to_all
from hosting.runtime.ids import decimal_id
from hosting.runtime.web import current_runtime, session
from tenants.pages.families.items import HTML
from tenants.pages.frame import load_frame
from tenants.search.limits import count_search
from tenants.search.presenters import search_view
from tenants.search.queries import LONGEST_QUERY, found, found_count, words_of
from themes.renderer import render

blueprint = Blueprint("search", __name__)
_LAST_PAGE = 50


@blueprint.get("/search")
@open_to_all(reason="readers search what is public")
def search() -> Response:
    """A page of results for `q`; an empty query shows the empty search page.

    Only what looks for words is counted: the empty page asks the database no more than others do.
    """
    query = request.args.get("q", "").strip()[:LONGEST_QUERY]
    page = _page(request.args.get("page", "1"))
    words = words_of(query)
    if words:
        count_search(current_runtime(), g.site.tenant_id, request.remote_addr or "")
    site_id: int = g.site.site_id
    frame = load_frame(Batch(current_runtime(), session(), site_id).rendering())
    total = found_count(session(), site_id, words) if words else 0
    rows = found(session(), site_id, words, page=page) if total else []
    view = search_view(frame, query=query, words=words, rows=rows, total=total, page=page)
    response = Response(render(frame.theme(), view), content_type=HTML)
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "no-store"
    return response


def _page(text: str) -> int:
    return min(decimal_id(text) or 1, _LAST_PAGE)
