"""nginx in the foreground, with the configuration that a test gives."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from parts.programs import accepts, program, running


def brotli_module() -> str:
    """Nginx's module that sends `.br` copies."""
    return program(
        "ngx_http_brotli_static_module.so",
        package="libnginx-mod-http-brotli-static",
        folders=("/usr/lib/nginx/modules",),
    )


StartNginx = Callable[[str, int], Path]


@pytest.fixture
def start_nginx(tmp_path: Path) -> Iterator[StartNginx]:
    """`start_nginx(configuration, port)` runs nginx with a complete configuration until the end.

    It listens on 127.0.0.1:port. Returns the folder of nginx's own files; what it refuses fails the
    test with its words.
    """
    with starting_nginx(tmp_path) as start:
        yield start


@contextmanager
def starting_nginx(folder: Path) -> Iterator[StartNginx]:
    """The same for fixtures of a wider scope; what was started ends with the block."""
    nginx = program("nginx", package="nginx-light")
    with ExitStack() as stack:

        def start(configuration: str, port: int) -> Path:
            own = folder / f"nginx-{port}"
            own.mkdir()
            main = own / "nginx.conf"
            main.write_text(configuration, encoding="utf-8")
            command = [nginx, "-c", str(main), "-p", str(own)]
            _check(command)
            foreground = [*command, "-g", "daemon off;"]
            stack.enter_context(running(foreground, ready=lambda: accepts(port), log=own / "log"))
            return own

        yield start


def _check(command: list[str]) -> None:
    answer = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    # Who is not root cannot give the workers to another user, and is told so.
    doubts = [line for line in answer.stderr.splitlines() if "[warn]" in line]
    assert [line for line in doubts if '"user" directive' not in line] == [], answer.stderr
