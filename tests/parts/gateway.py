"""nginx in the foreground, with the configuration that a test gives and files in its folder."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from string import Template

import pytest

from parts.programs import accepts, program, running

# What Debian's own nginx.conf has around the servers; the rest is the platform's configuration.
_MAIN = Template("""
$user
daemon off;
pid $folder/nginx.pid;
error_log stderr info;
worker_processes 1;
events { worker_connections 256; }
http {
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    access_log $folder/access.log;
    client_body_temp_path $folder/body;
    proxy_temp_path $folder/proxy;
    fastcgi_temp_path $folder/fastcgi;
    uwsgi_temp_path $folder/uwsgi;
    scgi_temp_path $folder/scgi;
    include $folder/platform.conf;
}
""")

StartNginx = Callable[[str, int], Path]


@pytest.fixture
def start_nginx(tmp_path: Path) -> Iterator[StartNginx]:
    """`start_nginx(configuration, port)` runs nginx with these servers until the test ends.

    The configuration belongs inside `http { }` and listens on 127.0.0.1:port. Returns the folder of
    nginx's own files; what it refuses fails the test with its words.
    """
    nginx = program("nginx", package="nginx-light")
    with ExitStack() as stack:

        def start(configuration: str, port: int) -> Path:
            folder = tmp_path / f"nginx-{port}"
            folder.mkdir()
            (folder / "platform.conf").write_text(configuration, encoding="utf-8")
            main = folder / "nginx.conf"
            # Workers of root's nginx would be nobody's, who may not read the test's folder.
            user = "user root;" if os.geteuid() == 0 else ""
            main.write_text(_MAIN.substitute(folder=folder, user=user), encoding="utf-8")
            command = [nginx, "-c", str(main), "-p", str(folder)]
            _check(command)
            log = folder / "log"
            stack.enter_context(running(command, ready=lambda: accepts(port), log=log))
            return folder

        yield start


def _check(command: list[str]) -> None:
    answer = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
