"""Commands that install, show and run the platform."""

from __future__ import annotations

import signal
import socket
import threading
from types import FrameType
from typing import Any

import click

from hosting.directory.queries import main_hosts, tenants
from hosting.ops.installation import install
from hosting.ops.supervising import (
    Child,
    check_free,
    signer_command,
    supervise,
    watcher_command,
    web_command,
    worker_command,
)
from hosting.ops.working import work
from hosting.publishing.manifest.asking import SCHEME, signer_folder, socket_path
from hosting.publishing.manifest.process import SigningServer
from hosting.runtime.command_line import answer, json_option, with_runtime
from hosting.runtime.environment import environment_with, read_settings
from hosting.runtime.language import N_, text
from hosting.runtime.log_lines import write_log_lines
from hosting.runtime.runtime import Runtime
from hosting.runtime.worker import drain


@click.command("init", help=N_("建立平台数据目录、数据库和密钥；可重复运行"))
@json_option
def init(as_json: bool) -> None:
    """Make or complete a HOME."""
    answer(install(read_settings()), as_json=as_json, human=_tell_installed)


def _tell_installed(prepared: dict[str, Any]) -> str:
    lines = [text(N_("平台数据目录：{home}"), home=prepared["home"])]
    lines += [f"{key}: {value}" for key, value in prepared.items() if key not in _QUIET and value]
    return "\n".join(lines)


_QUIET = ("home", "key_made")


@click.command("demo", help=N_("装入示例市（云溪市）；可重复运行"))
@json_option
@with_runtime
def demo(runtime: Runtime, as_json: bool) -> None:
    """Run every area's part of the sample municipality, in order."""
    steps = sorted((s for area in runtime.areas for s in area.demo), key=lambda step: step.order)
    told: dict[str, Any] = {}
    for step in steps:
        click.echo(text(step.label), err=True)
        told |= step.run(runtime)
        drain(runtime)
    answer(told, as_json=as_json, human=_tell_demo)


def _tell_demo(told: dict[str, Any]) -> str:
    plain = {key: value for key, value in told.items() if not isinstance(value, list)}
    return "\n".join(f"{key}: {value}" for key, value in plain.items())


@click.command("worker", help=N_("运行后台任务进程"))
@with_runtime
def worker(runtime: Runtime) -> int:
    """Work until told to stop."""
    write_log_lines()
    runtime.database.check()
    return work(runtime)


@click.command("signer", help=N_("运行签名进程：保管密钥，为发布清单签名"))
def signer() -> None:
    """Answer whoever may open the socket, until told to stop."""
    write_log_lines()
    settings = read_settings()
    with SigningServer(
        socket_path(settings), signer_folder(settings), for_group=bool(settings.signer)
    ) as server:
        # `shutdown` waits for the loop that a signal interrupts.
        def stop(_signal: int, _frame: FrameType | None) -> None:
            threading.Thread(target=server.shutdown).start()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        server.serve_forever(poll_interval=0.2)


@click.command("serve", help=N_("在一台机器上运行整个平台"))
@with_runtime
def serve(runtime: Runtime) -> None:
    """Web, worker, watcher, signer and their supervision, in the foreground."""
    write_log_lines()
    settings = runtime.settings
    check_free(settings.bind)
    runtime.database.check()
    addresses = _addresses(runtime)
    runtime.close()
    # Told by name where the signer is, they never sign by themselves.
    told = environment_with(signer=f"{SCHEME}{socket_path(settings).absolute()}")
    children = [
        Child("web", web_command(settings), told),
        Child("worker", worker_command(), told),
        Child("watcher", watcher_command(), told),
    ]
    if not settings.signer:
        children.insert(0, Child("signer", signer_command()))

    def ready() -> bool:
        host, _, port = settings.bind.rpartition(":")
        try:
            socket.create_connection((host.strip("[]"), int(port)), timeout=0.2).close()
        except OSError:
            return False
        click.echo("\n".join(addresses))
        return True

    supervise(children, ready=ready)


def _addresses(runtime: Runtime) -> list[str]:
    settings = runtime.settings
    lines = [text(N_("管理后台：{address}"), address=settings.address(settings.console_host))]
    with runtime.platform_session(reason="addresses", reading=True) as session:
        names = {each.id: each.name for each in tenants(session)}
        hosts = main_hosts(session)
    lines += [f"{names[tenant_id]}：{settings.address(host)}" for tenant_id, host in hosts]
    accounts = settings.home / "demo-accounts.txt"
    if accounts.is_file():
        lines.append(text(N_("示例账号和口令：{path}"), path=str(accounts)))
        lines.append(accounts.read_text(encoding="utf-8").rstrip())
    lines.append(text(N_("按 Ctrl-C 停止")))
    return lines
