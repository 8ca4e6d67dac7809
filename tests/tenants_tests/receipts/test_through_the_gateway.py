"""Where a gateway stands before the tree, it is asked: what it serves is what readers get."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from werkzeug.serving import make_server

from hosting.directory.application import create_application
from hosting.ops.gateway.nginx import GatewayOptions, nginx_configuration
from hosting.runtime.runtime import Runtime
from parts.gateway import StartNginx
from parts.platform import Place
from parts.programs import free_port
from parts.withdrawal import OLD_ADDRESS, County

pytestmark = pytest.mark.gateway


@contextmanager
def serving(runtime: Runtime) -> Iterator[None]:
    """What stands behind the gateway: the redirect table and the search."""
    application = create_application(runtime)
    server = make_server("127.0.0.1", runtime.settings.port, application, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def behind(runtime: Runtime) -> Iterator[Runtime]:
    """The same platform, with a gateway before it."""
    opened = Runtime.open(
        replace(
            runtime.settings,
            bind=f"127.0.0.1:{free_port()}",
            gateway_address=f"127.0.0.1:{free_port()}",
        )
    )
    yield opened
    opened.close()


def test_a_receipt_is_made_of_what_the_gateway_answers(
    behind: Runtime, river: Place, monkeypatch: pytest.MonkeyPatch, start_nginx: StartNginx
) -> None:
    county = County(behind, river, monkeypatch)
    county.open()
    page = county.tree / "tzgg/index.html.gz"
    stale = page.read_bytes()
    county.withdraw()
    county.publish()
    county.check()
    assert county.proof().is_being_checked, "nobody answers yet"

    port = int(behind.settings.gateway_address.rpartition(":")[2])
    start_nginx(nginx_configuration(behind.settings, GatewayOptions()), port)
    with serving(behind):
        county.check()
        clean = county.proof().receipt
        page.write_bytes(stale)
        county.ask_again()
        county.put_clock_forward(120)
        county.check()

    assert clean is not None
    assert clean.state == "clean"
    asked = {place["path"]: place for place in clean.places}
    assert asked[county.path]["status"] == 410
    assert asked[OLD_ADDRESS]["target"] == county.path
    second = county.proof().receipt
    assert second is not None
    left = [place["path"] for place in second.places if place["verdict"] == "left"]
    assert left == ["/tzgg/"]
