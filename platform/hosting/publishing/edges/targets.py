"""Which edges there are, and how each is reached."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from hosting.publishing.edges.edge import Edge
from hosting.publishing.files import Files
from hosting.runtime.errors import Invalid
from hosting.runtime.language import N_
from hosting.runtime.setting_rules import is_edge_address
from hosting.runtime.settings import Settings


@dataclass(frozen=True)
class Target:
    """An edge by its name, and its address: a folder or `s3://bucket/prefix?endpoint=…`."""

    name: str
    address: str

    @property
    def is_bucket(self) -> bool:
        """Whether it is a bucket rather than a folder."""
        return self.address.startswith("s3://")

    @property
    def folder(self) -> Path:
        """The folder of one that is no bucket."""
        parts = urlsplit(self.address)
        return Path(unquote(parts.path) if parts.scheme == "file" else self.address).absolute()

    @property
    def place(self) -> str:
        """Where it is, for people and logs: no query, in which a key may stand by mistake."""
        if not self.is_bucket:
            return str(self.folder)
        parts = urlsplit(self.address)
        return f"s3://{parts.netloc.rpartition('@')[2]}{parts.path}"

    @property
    def lock(self) -> str:
        """What its locks begin with; the same for two names of one place."""
        options = dict(parse_qsl(urlsplit(self.address).query)) if self.is_bucket else {}
        place = f"{self.place} {options.get('endpoint', '')} {options.get('prefix', '')}"
        return f"edge-{hashlib.sha256(place.encode()).hexdigest()[:16]}"


def configured(settings: Settings) -> list[Target]:
    """The edges that the settings name, in their order."""
    return [Target(name, address) for name, address in settings.edge_addresses.items()]


def target_of(settings: Settings, said: str) -> Target:
    """A configured edge by its name, or any other by its address; a path may be relative."""
    for target in configured(settings):
        if said in (target.name, target.address):
            return target
    address = said if "://" in said else str(Path(said).absolute())
    is_path = "/" in said or said.startswith(".")
    if not is_path or not is_edge_address(address):
        raise Invalid(
            "no_edge",
            N_("没有这个边缘节点：请写 JIYUE_EDGES 中的名称、文件夹或 s3://桶名/前缀?endpoint=…"),
        )
    target = Target("", address)
    return Target(target.place, address)


def open_edge(target: Target, files: Files | None = None) -> Edge:
    """The edge at a target; connects to nothing."""
    if target.is_bucket:
        # boto3 takes a third of a second to import, and edges on disks never need it.
        from hosting.publishing.edges.bucket import BucketEdge

        return BucketEdge.of_address(target.name, target.address)
    from hosting.publishing.edges.disk import DiskEdge

    return DiskEdge(target.name, target.folder, files)
