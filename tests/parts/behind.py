"""An application behind a gateway that remembers what it was sent, and waits when it is told to."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Listener(ThreadingHTTPServer):
    """Answers everything with 200; what is asked at an address with "slow" waits for `release`."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.heard: list[Message] = []
        self._released = threading.Event()

    @property
    def bind(self) -> str:
        """Where it listens, as a setting."""
        return f"127.0.0.1:{self.server_address[1]}"

    def release(self) -> None:
        """Answer those who wait."""
        self._released.set()

    def hear(self, path: str, headers: Message) -> None:
        """Remember a request; returns when it may be answered."""
        self.heard.append(headers)
        if "slow" in path:
            self._released.wait(30)


class _Handler(BaseHTTPRequestHandler):
    server: Listener

    def do_GET(self) -> None:
        self.server.hear(self.path, self.headers)
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    do_POST = do_GET  # noqa: N815 - the name that the base class asks for

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the base class
        return


@contextmanager
def listening() -> Iterator[Listener]:
    """One that listens while the block lasts."""
    with Listener() as listener:
        thread = threading.Thread(target=listener.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield listener
        finally:
            listener.release()
            listener.shutdown()
            thread.join()
