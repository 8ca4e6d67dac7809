"""The public pages' part in the platform."""

from __future__ import annotations

from pathlib import Path

from hosting.runtime.areas import Area, Job
from hosting.runtime.erasing import rows_of
from hosting.runtime.events import Subscription
from hosting.runtime.language import N_
from tenants.pages import subscriptions as on
from tenants.pages.commands import design_group
from tenants.pages.families.columns import archive_pages_family, column_pages
from tenants.pages.families.feeds import feeds
from tenants.pages.families.fronts import fixed_pages, home_page
from tenants.pages.families.items import item_pages, media_files
from tenants.pages.families.looks import style_sheet, theme_files
from tenants.pages.families.sitemaps import sitemaps
from tenants.pages.families.texts import robots, security_text
from tenants.pages.jobs import BUILD_BANNERS_IN, build_banners_in
from tenants.pages.models import SitemapPart
from tenants.pages.preview import create_preview
from tenants.pages.traces import TRACES
from tenants.review.events import ColumnRenumbered, ItemExpired, ItemsIssued, ItemWithdrawn
from tenants.sites.events import (
    ColumnChanged,
    ColumnClosed,
    ColumnMoved,
    ColumnsCreated,
    DesignShown,
    DesignTakenBack,
    NoticeChanged,
    SiteChanged,
)

area = Area(
    name="pages",
    needs=("publishing", "review"),
    models=(SitemapPart,),
    erases=(rows_of(N_("站点地图的记录"), SitemapPart),),
    applications={"preview": create_preview},
    page_families=(
        theme_files,
        style_sheet,
        robots,
        security_text,
        media_files,
        item_pages,
        archive_pages_family,
        column_pages,
        fixed_pages,
        home_page,
        feeds,
        sitemaps,
    ),
    traces=TRACES,
    jobs=(Job(BUILD_BANNERS_IN, build_banners_in, gathers=True),),
    subscriptions=(
        Subscription(ItemsIssued, on.on_items_issued),
        Subscription(ItemWithdrawn, on.on_item_withdrawn),
        Subscription(ItemExpired, on.on_item_expired),
        Subscription(ColumnRenumbered, on.on_column_renumbered),
        Subscription(ColumnsCreated, on.on_columns_created),
        Subscription(ColumnChanged, on.on_column_changed),
        Subscription(ColumnMoved, on.on_column_moved),
        Subscription(ColumnClosed, on.on_column_closed),
        Subscription(SiteChanged, on.on_site_changed),
        Subscription(DesignShown, on.on_design_shown),
        Subscription(DesignTakenBack, on.on_design_shown),
        Subscription(NoticeChanged, on.on_notice_changed),
    ),
    commands=(design_group,),
    translations=Path(__file__).resolve().parents[1] / "translations",
)
