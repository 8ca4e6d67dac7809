"""`jiyue gateway`."""

from __future__ import annotations

import click

from hosting.ops.gateway.nginx import BROTLI_MODULE, GatewayOptions, nginx_configuration
from hosting.runtime.command_line import answer, json_option, with_runtime
from hosting.runtime.language import N_
from hosting.runtime.runtime import Runtime


@click.group("gateway", help=N_("网关：平台前面的 Web 服务器"))
def gateway() -> None:
    """What stands in front of the platform."""


@gateway.command("nginx", help=N_("输出完整的 nginx 配置"))
@click.option(
    "--listen",
    multiple=True,
    metavar="ADDRESS",
    help=N_("监听地址，可多次给出；默认取 JIYUE_GATEWAY_ADDRESS，否则为 80 或 443 端口"),
)
@click.option("--user", default="", help=N_("nginx 工作进程的用户"))
@click.option(
    "--tls",
    default="",
    metavar="DIRECTORY",
    help=N_("启用 TLS；该目录下每个域名一个子目录，内有 fullchain.pem 和 privkey.pem"),
)
@click.option(
    "--listen-plain",
    multiple=True,
    default=GatewayOptions.listen_plain,
    metavar="ADDRESS",
    help=N_("启用 TLS 时，把明文请求转到加密地址的监听地址；默认 80 端口"),
)
@click.option(
    "--behind",
    multiple=True,
    metavar="ADDRESS",
    help=N_("网关前面的负载均衡设备的地址或网段，可多次给出；只信任它们转告的读者地址"),
)
@click.option(
    "--hsts",
    "hsts_seconds",
    type=click.IntRange(min=0),
    default=GatewayOptions.hsts_seconds,
    show_default=True,
    metavar="SECONDS",
    help=N_("启用 TLS 时，浏览器记住只用加密访问的时长；0 为不要求"),
)
@click.option(
    "--debian",
    is_flag=True,
    help=N_("由 Debian 的 nginx 服务运行：pid、日志和临时文件放在系统目录"),
)
@click.option("--access-log", default="", metavar="PATH", help=N_("访问日志；off 为不记"))
@click.option(
    "--edge",
    default="",
    metavar="FOLDER",
    help=N_("为边缘节点输出配置：该机器上副本所在的文件夹（绝对路径），不含管理后台"),
)
@click.option(
    "--application",
    default="",
    metavar="ADDRESS",
    help=N_("从网关可以到达的应用地址；默认取 JIYUE_BIND"),
)
@click.option(
    "--brotli",
    is_flag=False,
    flag_value=BROTLI_MODULE,
    default="",
    metavar="[MODULE]",
    help=N_(
        "送出更小的 .br 副本；可写 nginx 模块的路径，默认为 Debian 的；已编入 nginx 时写 built-in"
    ),
)
@click.option("--run", default="", metavar="FOLDER", help=N_("nginx 自己的文件和日志的文件夹"))
@json_option
@with_runtime
def nginx(
    runtime: Runtime,
    *,
    listen: tuple[str, ...],
    user: str,
    tls: str,
    listen_plain: tuple[str, ...],
    behind: tuple[str, ...],
    hsts_seconds: int,
    debian: bool,
    access_log: str,
    edge: str,
    application: str,
    brotli: str,
    run: str,
    as_json: bool,
) -> None:
    """Print nginx's configuration."""
    options = GatewayOptions(
        listen=listen,
        listen_plain=listen_plain,
        behind=behind,
        user=user,
        tls=tls,
        access_log=access_log,
        hsts_seconds=hsts_seconds,
        is_service=debian,
        edge=edge,
        application=application,
        brotli=brotli,
        run=run,
    )
    configuration = nginx_configuration(runtime.settings, options)
    if as_json:
        answer({"nginx": configuration}, as_json=True)
    else:
        click.echo(configuration, nl=False)
