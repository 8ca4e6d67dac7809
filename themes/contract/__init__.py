"""What a public page is made from: plain facts, frozen, comparable; no rows, no clock, no request.

Whoever fills these views (a presenter) decides what is said; a theme decides how it looks. The same
view gives the same bytes. Rules that hold in every class:

- a path is site-relative and begins with "/", or is a whole http(s) address of another site;
- text is plain text and is escaped by the templates; only `CleanHtml` is written as it is;
- an empty string or tuple, or None, means "there is none": the page then says nothing about it;
- a date is "YYYY-MM-DD", a time "YYYY-MM-DD HH:MM", both already local.
"""

from themes.contract.item import (
    Attachment,
    Document,
    ItemView,
    OriginalDate,
    RelatedGroup,
    RepostOf,
)
from themes.contract.pages import (
    ColumnView,
    HomeView,
    Interaction,
    ListPageView,
    MessageView,
    PageView,
    SearchResult,
    SearchView,
    SiteMapView,
    SubsiteHomeView,
)
from themes.contract.parts import (
    Block,
    CleanHtml,
    Contact,
    FeedLink,
    Fragment,
    Link,
    LinkGroup,
    ListEntry,
    Picture,
    Service,
    Topic,
    Translation,
)
from themes.contract.site import Banner, Marks, SiteView, SubsiteView, Texts

__all__ = [
    "Attachment",
    "Banner",
    "Block",
    "CleanHtml",
    "ColumnView",
    "Contact",
    "Document",
    "FeedLink",
    "Fragment",
    "HomeView",
    "Interaction",
    "ItemView",
    "Link",
    "LinkGroup",
    "ListEntry",
    "ListPageView",
    "Marks",
    "MessageView",
    "OriginalDate",
    "PageView",
    "Picture",
    "RelatedGroup",
    "RepostOf",
    "SearchResult",
    "SearchView",
    "Service",
    "SiteMapView",
    "SiteView",
    "SubsiteHomeView",
    "SubsiteView",
    "Texts",
    "Topic",
    "Translation",
]
