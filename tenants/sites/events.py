"""What happens to the column tree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hosting.runtime.events import Event
from hosting.runtime.language import N_


@dataclass(frozen=True)
class ColumnsCreated(Event):
    """Columns were added to a site's tree."""

    label: ClassVar[str] = N_("建立栏目")
    site_id: int
    column_ids: list[int]


@dataclass(frozen=True)
class ColumnPlanned(Event):
    """A column is wanted; readers see it when it has been signed."""

    label: ClassVar[str] = N_("提出新栏目")
    site_id: int
    column_id: int


@dataclass(frozen=True)
class ColumnChanged(Event):
    """A column's name, texts, order or rules changed; `column_ids` it and those below it."""

    label: ClassVar[str] = N_("修改栏目")
    site_id: int
    column_ids: list[int]


@dataclass(frozen=True)
class ColumnMoved(Event):
    """A column's public path changed: [[column id, old path, new path], …] with those below it."""

    label: ClassVar[str] = N_("移动栏目")
    site_id: int
    moves: list[list[object]]


@dataclass(frozen=True)
class ColumnClosed(Event):
    """An empty column was taken out of the tree; its path is free again."""

    label: ClassVar[str] = N_("关闭栏目")
    site_id: int
    column_id: int
    parent_id: int | None
    path: str


@dataclass(frozen=True)
class SiteChanged(Event):
    """What every page of the site shows changed: names, marks, menu, blocks, tokens."""

    label: ClassVar[str] = N_("修改网站设置")
    site_id: int


@dataclass(frozen=True)
class DesignStaged(Event):
    """A new design of a site is built aside, for a look before anybody sees it."""

    label: ClassVar[str] = N_("生成新版网站供预览")
    site_id: int
    design_id: int
    theme: str


@dataclass(frozen=True)
class DesignLeft(Event):
    """A design on trial was given up."""

    label: ClassVar[str] = N_("放弃新版网站")
    site_id: int
    design_id: int


@dataclass(frozen=True)
class DesignShown(Event):
    """Readers see the site in another design from now on."""

    label: ClassVar[str] = N_("切换到新版网站")
    site_id: int
    design_id: int
    theme: str


@dataclass(frozen=True)
class DesignTakenBack(Event):
    """Readers see the site in its earlier design again."""

    label: ClassVar[str] = N_("退回旧版网站")
    site_id: int
    design_id: int
    theme: str


@dataclass(frozen=True)
class NoticeChanged(Event):
    """What the city puts over a site has begun or ended there."""

    label: ClassVar[str] = N_("市级公告变动")
    site_id: int
    notice_id: int
    kind: str
    notice_state: str
