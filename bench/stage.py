"""A platform of its own for a benchmark: a fresh HOME, served for real, gone afterwards."""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from statistics import median

from hosting.ops.installation import install
from hosting.runtime.runtime import Runtime
from hosting.runtime.settings import Settings
from hosting.security.actor import Actor
from provisioning.domains.names import PlatformHosts
from provisioning.onboarding.opening import Opening, check_opening
from provisioning.onboarding.operations import open_tenant

ADMIN = Actor(1, "系统管理员", frozenset({"system_admin"}))
EDITOR = Actor(2, "编辑", frozenset({"editor"}))
FIRST = Actor(3, "初审", frozenset({"first_reviewer"}))
SECOND = Actor(4, "审核", frozenset({"second_reviewer"}))
ISSUER = Actor(5, "审发", frozenset({"issuer"}))

_TEXT = (
    "各县区人民政府市直各部门单位为深入贯彻落实党中央国务院决策部署进一步优化营商环境提升政务"
    "服务水平现就有关事项通知如下一是加强组织领导明确责任分工二是完善工作机制强化协调配合"
)


@dataclass
class Stage:
    """A platform in a folder of its own."""

    runtime: Runtime
    environment: dict[str, str]
    port: int

    def command(self, *arguments: str) -> None:
        """Run `jiyue` with these arguments; raises where it fails."""
        subprocess.run(
            [sys.executable, "-m", "hosting.runtime", *arguments],
            env=self.environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def open(self, code: str, kind: str = "county") -> int:
        """Open a tenant under www.<code>.localhost; its id. Its pages follow by the worker."""
        opening = Opening(code, f"{code}县", kind, (host_of(code),))
        hosts = PlatformHosts.of(self.runtime.settings)
        with self.runtime.platform_session(reason="benchmark") as session:
            checked = check_opening(session, opening, platform_hosts=hosts)
            return open_tenant(session, checked, by=ADMIN).id

    def status(self, host: str, path: str) -> int:
        """What the served platform answers."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("GET", path, headers={"Host": host})
            answer = connection.getresponse()
            answer.read()
            return answer.status
        finally:
            connection.close()

    def wait(self, host: str, path: str, *, seconds: float = 60) -> None:
        """Ask every 2 ms until the page is there."""
        end = time.monotonic() + seconds
        while self.status(host, path) != 200:
            if time.monotonic() > end:
                raise TimeoutError(f"{host}{path} did not appear")
            time.sleep(0.002)


def host_of(code: str) -> str:
    """The host of a benchmark's tenant."""
    return f"www.{code}.localhost"


def text(seed: int, characters: int) -> str:
    """Official-looking Chinese text, the same for the same seed."""
    chance = random.Random(seed)
    return "".join(chance.choices(_TEXT, k=characters))


@contextmanager
def stage(*, serve: bool = True) -> Iterator[Stage]:
    """A fresh platform, served in the background unless told not to."""
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="jiyue-bench-")))
        port = free_port()
        settings = Settings(home=home / "home", bind=f"127.0.0.1:{port}")
        install(settings)
        runtime = Runtime.open(settings)
        stack.callback(runtime.close)
        environment = {
            **os.environ,
            "JIYUE_HOME": str(settings.home),
            "JIYUE_BIND": settings.bind,
        }
        if serve:
            stack.enter_context(served(environment, port))
        yield Stage(runtime, environment, port)


@contextmanager
def served(environment: dict[str, str], port: int) -> Iterator[None]:
    """The platform of this environment, served for the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "hosting.runtime", "serve"],
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    try:
        until(lambda: accepts(port))
        yield
    finally:
        process.terminate()
        process.wait(60)


def until(is_so: Callable[[], bool], seconds: float = 30) -> None:
    """Wait until something is so; TimeoutError when it does not come."""
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.05)


def accepts(port: int) -> bool:
    """Whether somebody listens on a loopback port."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=0.2).close()
    except OSError:
        return False
    return True


def free_port() -> int:
    """A loopback port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def timed(action: Callable[[], object]) -> float:
    """How many seconds an action takes."""
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def spread(seconds: Sequence[float]) -> str:
    """Median and range of times, for people."""
    return f"median {median(seconds):.3f} s (min {min(seconds):.3f}, max {max(seconds):.3f})"
