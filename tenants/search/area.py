"""Search's part in the platform."""

from __future__ import annotations

from hosting.runtime.areas import Area
from hosting.runtime.language import N_
from tenants.pages.families.fallbacks import Fallback
from tenants.search.traces import TRACES
from tenants.search.views import blueprint

AWAY = Fallback(
    "search",
    N_("站内搜索暂时不能使用"),
    N_("我们正在恢复，请过几分钟再试。其他页面可以照常阅读，您可以从下面的栏目或站点地图找起。"),
)

area = Area(
    name="search",
    needs=("pages",),
    public=(blueprint,),
    page_families=(AWAY.family,),
    subscriptions=AWAY.subscriptions,
    traces=TRACES,
)
