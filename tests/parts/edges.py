"""Both kinds of edge, as a test looks at them from outside."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit

import boto3

from hosting.publishing.edges.edge import Edge
from hosting.publishing.edges.rounds import bind_edge, bring_copy, opened
from hosting.publishing.edges.syncing import Copying, Synced
from hosting.publishing.edges.targets import Target
from hosting.publishing.files import Files
from hosting.publishing.tree import PublicFolder
from hosting.runtime.runtime import Runtime
from parts.newsroom import Newsroom, newsroom_runtime
from parts.platform import Place

NAME = "west"


class Outside(Protocol):
    """An edge as somebody with all rights there sees it."""

    address: str
    sites_folder: str

    def leave(self, name: str, data: bytes) -> None:
        """Put a file anywhere."""

    def files(self, site_id: int) -> dict[str, bytes]:
        """All that stands in the copy that readers see, by path."""

    def write(self, site_id: int, path: str, data: bytes) -> None:
        """Put a file there."""

    def remove(self, site_id: int, path: str) -> None:
        """Remove one."""

    def kept(self, name: str) -> bytes | None:
        """A file anywhere."""

    def own(self) -> dict[str, bytes]:
        """What the edge keeps for itself, by name."""

    def write_own(self, name: str, data: bytes) -> None:
        """Change that."""

    def hosts(self) -> dict[str, str]:
        """What each host shows: `sites/<id>` or `notices/<name>`."""

    def sites(self) -> set[str]:
        """Whatever has a folder there."""


@dataclass
class Folder:
    """See Outside."""

    root: Path
    sites_folder = "public/sites"

    def leave(self, name: str, data: bytes) -> None:
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)

    @property
    def address(self) -> str:
        return self.root.as_uri()

    def tree(self, site_id: int) -> Path:
        return PublicFolder(self.root).site(site_id).current.resolve()

    def files(self, site_id: int) -> dict[str, bytes]:
        tree = self.tree(site_id)
        return {
            f"/{path.relative_to(tree)}": path.read_bytes()
            for path in tree.rglob("*")
            if not path.is_dir()
        }

    def write(self, site_id: int, path: str, data: bytes) -> None:
        file = self.tree(site_id) / path[1:]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)

    def remove(self, site_id: int, path: str) -> None:
        (self.tree(site_id) / path[1:]).unlink()

    def kept(self, name: str) -> bytes | None:
        path = self.root / name
        return path.read_bytes() if path.is_file() else None

    def own(self) -> dict[str, bytes]:
        own = self.root / ".jiyue"
        return {str(p.relative_to(own)): p.read_bytes() for p in own.rglob("*") if p.is_file()}

    def write_own(self, name: str, data: bytes) -> None:
        (self.root / ".jiyue" / name).write_bytes(data)

    def hosts(self) -> dict[str, str]:
        links = PublicFolder(self.root).hosts.iterdir()
        return {
            each.name: str(each.readlink()).removeprefix("../").removesuffix("/current")
            for each in links
        }

    def sites(self) -> set[str]:
        folder = PublicFolder(self.root).sites
        return {path.name for path in folder.iterdir()} if folder.is_dir() else set()


@dataclass
class Bucket:
    """See Outside."""

    address: str
    sites_folder = "sites"

    def leave(self, name: str, data: bytes) -> None:
        self.client.put_object(Bucket=self.bucket, Key=self.prefix + name, Body=data)

    def __post_init__(self) -> None:
        parts = urlsplit(self.address)
        self.bucket, self.prefix = parts.netloc, parts.path.strip("/") + "/"
        endpoint = dict(parse_qsl(parts.query))["endpoint"]
        self.client: Any = boto3.client("s3", endpoint_url=endpoint)

    def _all(self, below: str) -> dict[str, bytes]:
        pages = self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket, Prefix=self.prefix + below
        )
        keys = [found["Key"] for page in pages for found in page.get("Contents", ())]
        return {key.removeprefix(self.prefix + below): self._read(key) for key in keys}

    def _read(self, key: str) -> bytes:
        body: bytes = self.client.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        return body

    def head(self, site_id: int, path: str) -> dict[str, Any]:
        key = f"{self.prefix}sites/{site_id}{path}"
        found: dict[str, Any] = self.client.head_object(Bucket=self.bucket, Key=key)
        return found

    def files(self, site_id: int) -> dict[str, bytes]:
        return self._all(f"sites/{site_id}")

    def write(self, site_id: int, path: str, data: bytes) -> None:
        key = f"{self.prefix}sites/{site_id}{path}"
        self.client.put_object(Bucket=self.bucket, Key=key, Body=data)

    def remove(self, site_id: int, path: str) -> None:
        self.client.delete_object(Bucket=self.bucket, Key=f"{self.prefix}sites/{site_id}{path}")

    def kept(self, name: str) -> bytes | None:
        return self._all(name).get("")

    def own(self) -> dict[str, bytes]:
        return self._all(".jiyue/")

    def write_own(self, name: str, data: bytes) -> None:
        self.client.put_object(Bucket=self.bucket, Key=f"{self.prefix}.jiyue/{name}", Body=data)

    def hosts(self) -> dict[str, str]:
        return {host: what.decode() for host, what in self._all("hosts/").items()}

    def sites(self) -> set[str]:
        return {key.split("/")[0] for key in self._all("sites/")}


def with_edge(newsroom: Newsroom, outside: Outside) -> Newsroom:
    """The newsroom on a platform that has this edge in its settings."""
    settings = replace(newsroom.runtime.settings, edges=f"{NAME}={outside.address}")
    newsroom.runtime.close()
    return Newsroom(newsroom_runtime(settings), newsroom.place)


def target(runtime: Runtime) -> Target:
    """The one edge of a platform."""
    return Target(NAME, runtime.settings.edge_addresses[NAME])


def begun(runtime: Runtime, *, files: Files | None = None) -> Edge:
    """That edge, taken into use."""
    return opened(runtime, target(runtime), may_begin=True, files=files)


def sync(
    runtime: Runtime,
    place: Place,
    *,
    compare: bool = False,
    late: bool = False,
    files: Files | None = None,
) -> Synced:
    """Bring one site's copy up to date, and the hosts."""
    edge = begun(runtime, files=files)
    copying = Copying(runtime, place.tenant_id, place.site_id, target(runtime), edge)
    synced = bring_copy(copying, compare=compare, late=late)
    bind_edge(runtime, target(runtime), edge)
    return synced


def tree_of(newsroom: Newsroom) -> dict[str, bytes]:
    """All that stands in the tree here, by path."""
    tree = newsroom.tree
    return {f"/{p.relative_to(tree)}": p.read_bytes() for p in tree.rglob("*") if p.is_file()}
