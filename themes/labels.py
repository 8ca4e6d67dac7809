"""National page labels (网页标签规范, annex to 政府网站发展指引, 国办发〔2017〕47号).

Names are written exactly as there, each at most once a page: the site's on every page, the column's
on a column's pages and those below it, the content's on an item's page. The required ones stand
even while their value is still to come (a site code not yet issued), so that the inspector's
finding is the missing value and not a missing label.
"""

from __future__ import annotations

from themes.contract import ColumnView, ItemView, SiteView

Labels = list[tuple[str, str]]


def site_labels(site: SiteView) -> Labels:
    """SiteName, SiteDomain, SiteIDCode."""
    return [
        ("SiteName", site.name),
        ("SiteDomain", site.site_domain),
        ("SiteIDCode", site.site_id_code),
    ]


def column_labels(column: ColumnView) -> Labels:
    """ColumnName, ColumnDescription, ColumnKeywords, ColumnType."""
    return [
        ("ColumnName", column.name),
        ("ColumnDescription", column.description),
        ("ColumnKeywords", column.keywords),
        ("ColumnType", column.column_type),
    ]


def item_labels(item: ItemView) -> Labels:
    """ArticleTitle, PubDate and ContentSource, then the optional ones that have a value."""
    required = [
        ("ArticleTitle", item.title),
        ("PubDate", item.pub_date),
        ("ContentSource", item.source),
    ]
    optional = [
        ("Keywords", item.keywords),
        ("Author", item.author or item.editor),
        ("Description", item.summary),
        ("Image", f"{item.site.base_url}{item.image.path}" if item.image else ""),
        ("Url", f"{item.site.base_url}{item.path}" if item.site.base_url else ""),
    ]
    return required + [(name, value) for name, value in optional if value]
