"""The blueprint of signing in and of one's own account; views register on it."""

from __future__ import annotations

from flask import Blueprint

from hosting.security.guards import install_guards

blueprint = Blueprint("security", __name__, template_folder="templates")
install_guards(blueprint)
