"""The shell's own pages: the first page, the palette, the language switch, static files."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from hosting.console.assets import answer_asset
from hosting.console.palette import destinations, grouped
from hosting.console.paths import own_path
from hosting.console.viewer import current_viewer
from hosting.runtime.errors import Forbidden, Invalid
from hosting.runtime.guards import open_to_all, signed_in_only
from hosting.runtime.language import LOCALES, N_

blueprint = Blueprint("console", __name__, template_folder="templates")

_SEE_OTHER = 303


@blueprint.get("/")
@signed_in_only(reason="sends everybody to where they work")
def first_page() -> ResponseReturnValue:
    """Go to the first place this person works in."""
    places = current_viewer().workplaces()
    if not places:
        raise Forbidden("no_workplace", N_("您的账号还没有分配到任何单位，请联系平台安全管理员"))
    return redirect(places[0].address, _SEE_OTHER)


@blueprint.get("/palette")
@signed_in_only(reason="lists only what the menu already offers this person")
def palette() -> ResponseReturnValue:
    """Where one can go, outside any tenant and the city's pages."""
    return _answer_palette(with_sources=False)


@blueprint.get("/city/palette")
@signed_in_only(reason="each source shows only what this person may see")
def city_palette() -> ResponseReturnValue:
    """Where one can go from the city's pages."""
    return _answer_palette(with_sources=True)


@blueprint.get("/t/<tenant:code>/palette")
@signed_in_only(reason="each source shows only what this person may see")
def tenant_palette(code: str) -> ResponseReturnValue:  # noqa: ARG001 - security has resolved it
    """Where one can go from a tenant's pages."""
    return _answer_palette(with_sources=True)


@blueprint.post("/language")
@open_to_all(reason="the sign-in page has the switch too")
def choose_language() -> ResponseReturnValue:
    """Keep the chosen language and return to the page one came from."""
    locale = request.form.get("locale", "")
    if locale not in LOCALES:
        raise Invalid("unknown_language", N_("没有这种语言，请选择中文或英文"))
    current_viewer().keep_language(locale)
    return redirect(own_path(request.form.get("back", "/")), _SEE_OTHER)


@blueprint.get("/static/<bundle>/<digest>/<path:name>")
@open_to_all(reason="the sign-in page needs its stylesheet; these files hold no one's data")
def asset(bundle: str, digest: str, name: str) -> ResponseReturnValue:
    """A static file of the shell or of an area."""
    return answer_asset(bundle, digest, name)


def _answer_palette(*, with_sources: bool) -> ResponseReturnValue:
    """The whole page, or the list alone for the palette that is open on another page."""
    query = request.args.get("q", "")
    found = destinations(query, with_sources=with_sources)
    is_part = request.headers.get("HX-Request") == "true"
    template = "console/palette_list.html" if is_part else "console/palette.html"
    return render_template(template, query=query.strip(), groups=grouped(found))
