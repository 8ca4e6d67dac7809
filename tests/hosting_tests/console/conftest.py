"""The shell with the style guide's pages, without a database: none of it asks one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hosting.console.application import create_console
from hosting.runtime.settings import Settings
from parts.console_guide import guide_runtime


@pytest.fixture
def console(home: Path) -> Iterator[Flask]:
    """The console composed of the shell and the guide."""
    runtime = guide_runtime(Settings(home=home))
    yield create_console(runtime)
    runtime.close()


@pytest.fixture
def client(console: Flask) -> FlaskClient:
    """Somebody's browser."""
    return console.test_client()
