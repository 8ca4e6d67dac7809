"""Static files under addresses that hold a digest of their content, cached for a year.

A bundle is one folder; its digest covers all its files, so that modules and stylesheets may name
each other relatively. An area adds its own folder with `serve_folder(blueprint, folder)`.
"""

from __future__ import annotations

import hashlib
from functools import cached_property
from pathlib import Path
from typing import cast

from flask import Blueprint, Flask, Response, abort, current_app, send_from_directory, url_for
from flask.blueprints import BlueprintSetupState
from flask.sansio.app import App

FOLDER = Path(__file__).parent / "static"
_A_YEAR_SECONDS = 31_536_000


class Bundle:
    """A folder of files that are released together."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.folder = folder
        self._addresses: dict[str, str] = {}

    @cached_property
    def digest(self) -> str:
        """Twelve digits over names and contents, read once in a process."""
        total = hashlib.sha256()
        for path in sorted(p for p in self.folder.rglob("*") if p.is_file()):
            total.update(path.relative_to(self.folder).as_posix().encode())
            total.update(hashlib.sha256(path.read_bytes()).digest())
        return total.hexdigest()[:12]

    def address(self, name: str) -> str:
        """The address of a file, remembered: a page asks for its icons' many times.

        Raises FileNotFoundError when there is no such file.
        """
        if name not in self._addresses:
            if not (self.folder / name).is_file():
                raise FileNotFoundError(f"{self.name}: {name}")
            self._addresses[name] = url_for(
                "console.asset", bundle=self.name, digest=self.digest, name=name
            )
        return self._addresses[name]


Bundles = dict[str, Bundle]


def init_assets(app: Flask) -> None:
    """Give the application the shell's own bundle and the function `asset_url` in templates."""
    app.extensions["assets"] = Bundles({"console": Bundle("console", FOLDER)})
    app.jinja_env.globals["asset_url"] = asset_url


def serve_folder(blueprint: Blueprint, folder: Path) -> None:
    """Serve an area's static files; they are named `asset_url(file, bundle=blueprint.name)`."""

    def add(state: BlueprintSetupState) -> None:
        _bundles(state.app)[blueprint.name] = Bundle(blueprint.name, folder)

    blueprint.record(add)


def asset_url(name: str, bundle: str = "console") -> str:
    """The address of a static file; raises FileNotFoundError when there is none."""
    return _bundles(current_app)[bundle].address(name)


def answer_asset(bundle: str, digest: str, name: str) -> Response:
    """Send a file; kept for ever under its own digest, asked again under an old one."""
    found = _bundles(current_app).get(bundle)
    if found is None:
        abort(404)
    response = send_from_directory(found.folder, name, etag=True)
    response.cache_control.public = True
    response.cache_control.no_cache = None
    if digest == found.digest:
        response.cache_control.max_age = _A_YEAR_SECONDS
        response.cache_control.immutable = True
    else:
        response.cache_control.no_cache = True
    return response


def _bundles(app: App) -> Bundles:
    return cast("Bundles", app.extensions["assets"])
