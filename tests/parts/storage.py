"""A throw-away S3 server on loopback: Debian's OpenStack Swift, which checks signatures."""

from __future__ import annotations

import getpass
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import count
from pathlib import Path

import boto3
import pytest

from parts.programs import accepts, free_port, program, running

_PACKAGES = "swift swift-proxy swift-account swift-container swift-object memcached"
_KEY, _SECRET = "test:admin", "test-secret"
_PARTS = ("account", "container", "object")
# The S3 layer stands before whoever signs people in, and that before what copies and joins.
_PIPELINE = (
    "catch_errors proxy-logging cache listing_formats bulk s3api tempauth copy "
    "slo dlo versioned_writes symlink proxy-server"
)
_FILTERS = {
    "s3api": "swift#s3api\ns3_acl = false\nlocation = us-east-1\ndns_compliant_bucket_names = true",
    "tempauth": f"swift#tempauth\nuser_{_KEY.replace(':', '_')} = {_SECRET} .admin .reseller_admin",
    "catch_errors": "swift#catch_errors",
    "proxy-logging": "swift#proxy_logging",
    "listing_formats": "swift#listing_formats",
    "bulk": "swift#bulk",
    "copy": "swift#copy",
    "slo": "swift#slo",
    "dlo": "swift#dlo",
    "versioned_writes": "swift#versioned_writes",
    "symlink": "swift#symlink",
}
_numbers = count(1)


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The endpoint of a store for each worker of the run."""
    switch = StorageSwitch(tmp_path_factory.mktemp("swift"))
    with switch.on():
        yield switch.endpoint


class StorageSwitch:
    """A store that can be stopped and started again, with all that is in it."""

    def __init__(self, root: Path) -> None:
        _require_attributes(root)
        self._root = root
        memcached = program("memcached", package=_PACKAGES)
        servers = {
            each: program(f"swift-{each}-server", package=_PACKAGES) for each in (*_PARTS, "proxy")
        }
        self.ports = {each: free_port() for each in (*servers, "memcached")}
        _write_configuration(root, self.ports)
        _make_rings(root, self.ports)
        cache = [memcached, "-l", "127.0.0.1", "-p", str(self.ports["memcached"])]
        self._commands = {"memcached": [*cache, "-u", getpass.getuser()]}
        self._commands |= {
            each: [path, str(root / f"{each}.conf")] for each, path in servers.items()
        }

    @property
    def endpoint(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.ports['proxy']}"

    @contextmanager
    def on(self) -> Iterator[None]:
        """Run it while the block lasts."""
        with ExitStack() as stack:
            for each, command in self._commands.items():
                ready = partial(accepts, self.ports[each])
                log = self._root / f"{each}.log"
                stack.enter_context(running(command, ready=ready, log=log))
            yield


@pytest.fixture
def s3_url(s3_server: str) -> Iterator[str]:
    """An empty bucket of the test's own, as a setting; its keys are in the environment."""
    with bucket(s3_server) as url:
        yield url


@contextmanager
def bucket(endpoint: str) -> Iterator[str]:
    """An empty bucket, as a setting; while the block lasts, its keys are in the environment."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("AWS_ACCESS_KEY_ID", _KEY)
        patched.setenv("AWS_SECRET_ACCESS_KEY", _SECRET)
        patched.setenv("AWS_DEFAULT_REGION", "us-east-1")
        name = f"jiyue-{next(_numbers)}"
        boto3.client("s3", endpoint_url=endpoint).create_bucket(Bucket=name)
        yield f"s3://{name}?endpoint={endpoint}"


def _require_attributes(root: Path) -> None:
    """Swift keeps what it knows of an object in attributes of its file."""
    try:
        os.setxattr(root, "user.jiyue", b"1")
    except (AttributeError, OSError) as error:
        pytest.skip(f"Swift needs a file system with extended attributes, not {root}: {error}")


def _write_configuration(root: Path, ports: Mapping[str, int]) -> None:
    (root / "swift.conf").write_text(
        "[swift-hash]\nswift_hash_path_suffix = test\nswift_hash_path_prefix = test\n"
        "[storage-policy:0]\nname = Policy-0\ndefault = yes\n"
    )
    for part in _PARTS:
        (root / f"{part}.conf").write_text(
            f"{_default(root, ports[part])}devices = {root}/node\nmount_check = false\n"
            f"disable_fallocate = true\n[pipeline:main]\npipeline = {part}-server\n"
            f"[app:{part}-server]\nuse = egg:swift#{part}\n"
            f"[{part}-replicator]\n[{part}-updater]\n[{part}-auditor]\n[container-sync]\n"
        )
    filters = "".join(f"[filter:{name}]\nuse = egg:{use}\n" for name, use in _FILTERS.items())
    (root / "proxy.conf").write_text(
        f"{_default(root, ports['proxy'])}[pipeline:main]\npipeline = {_PIPELINE}\n"
        f"[app:proxy-server]\nuse = egg:swift#proxy\naccount_autocreate = true\n{filters}"
        f"[filter:cache]\nuse = egg:swift#memcache\n"
        f"memcache_servers = 127.0.0.1:{ports['memcached']}\n"
    )


def _default(root: Path, port: int) -> str:
    return (
        f"[DEFAULT]\nbind_ip = 127.0.0.1\nbind_port = {port}\nuser = {getpass.getuser()}\n"
        f"swift_dir = {root}\nworkers = 1\nlog_level = WARNING\n"
    )


def _make_rings(root: Path, ports: Mapping[str, int]) -> None:
    """One device on one node for each part."""
    builder = program("swift-ring-builder", package=_PACKAGES)
    for part in _PARTS:
        (root / "node" / "device").mkdir(parents=True, exist_ok=True)
        ring = str(root / f"{part}.builder")
        device = f"r1z1-127.0.0.1:{ports[part]}/device"
        for words in (["create", "4", "1", "1"], ["add", device, "1"], ["rebalance"]):
            subprocess.run([builder, ring, *words], check=True, capture_output=True)
