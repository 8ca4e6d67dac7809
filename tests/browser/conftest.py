"""Pages served to a real browser."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from werkzeug.serving import make_server

from hosting.console.application import create_console
from hosting.runtime.settings import Settings
from parts.console_guide import guide_runtime
from parts.serving import in_whole


@pytest.fixture(scope="session")
def guide_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the console's style guide answers; its pages keep nothing between tests."""
    home = tmp_path_factory.mktemp("guide")
    (home / "secret-key").write_text("a key for tests only, thirty-two bytes and more")
    runtime = guide_runtime(Settings(home=home))
    server = make_server("127.0.0.1", 0, in_whole(create_console(runtime)), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://console.localhost:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()
    runtime.close()
