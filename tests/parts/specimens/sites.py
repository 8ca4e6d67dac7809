"""Sites as they might be: a city, a county, a department, a township, a foreign-language site."""

from __future__ import annotations

from dataclasses import replace

from themes.contract import Contact, Link, Marks, Picture, SiteView, SubsiteView, Texts, Translation

PICTURE = Picture("/m/0f1e2d3c4b5a6978/xihe.jpg", "溪河湿地公园二期步道", 1280, 720)

CITY = SiteView(
    name="云溪市人民政府",
    short_name="云溪市",
    locale="zh-CN",
    site_domain="www.yunxi.gov.cn",
    site_id_code="4599000001",
    sponsor="云溪市人民政府办公室",
    operator="云溪市大数据发展局",
    contact=Contact("云溪市溪滨大道 1 号", "533800", "0770-512 0000", "zfwz@yunxi.gov.cn"),
    base_url="https://www.yunxi.gov.cn",
    marks=Marks(
        icp_number="桂ICP备05000000号-1",
        police_number="桂公网安备 45990002000001号",
        gov_mark_path="https://bszs.conac.cn/sitename?method=show&id=0000000000000000",
        error_report_path="https://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code=4599000001",
        ipv6=True,
    ),
    emblem=Picture("/m/00aa11bb22cc33dd/emblem.png", "", 112, 112),
    languages=(Translation("English", "en", "https://en.yunxi.gov.cn/"),),
    menu=(
        Link("首页", "/"),
        Link("走进云溪", "/zjyx/"),
        Link("政务公开", "/zwgk/"),
        Link("办事服务", "/bsfw/"),
        Link("互动交流", "/hdjl/"),
        Link("政策文件", "/zwgk/zcwj/"),
        Link("数据开放", "/sjkf/"),
    ),
    footer_links=(
        Link("网站声明", "/wzsm/"),
        Link("联系我们", "/lxwm/"),
        Link("网站工作年度报表", "/zwgk/wznb/"),
    ),
    texts=Texts(
        slogan="溪水长流，政通人和",
        copyright="本网站内容由云溪市人民政府及其组成部门、县区人民政府提供，转载请注明出处。",
        accessibility="本网站支持键盘操作、读屏软件和长者模式。",
    ),
)

COUNTY = replace(
    CITY,
    name="青岚县人民政府",
    short_name="青岚县",
    site_domain="www.qinglan.gov.cn",
    site_id_code="4599210003",
    sponsor="青岚县人民政府办公室",
    operator="青岚县融媒体中心",
    base_url="",
    contact=Contact("青岚县城关镇解放路 18 号", "533821", "0770-622 1001", "qlxzf@qinglan.gov.cn"),
    parent=Link("云溪市人民政府", "https://www.yunxi.gov.cn/"),
    languages=(),
    menu=(
        Link("首页", "/"),
        Link("走进青岚", "/gk/"),
        Link("政务动态", "/xw/"),
        Link("政务公开", "/zwgk/"),
        Link("办事服务", "/bsfw/"),
        Link("互动交流", "/hdjl/"),
        Link("乡镇街道", "/xz/"),
    ),
    texts=Texts(copyright="本网站内容由青岚县人民政府及其组成部门、乡镇人民政府提供。"),
)

DEPARTMENT = replace(
    CITY,
    name="云溪市住房和城乡建设局",
    short_name="市住建局",
    site_domain="zjj.yunxi.gov.cn",
    site_id_code="4599000017",
    sponsor="云溪市住房和城乡建设局",
    operator="",
    base_url="",
    emblem=None,
    contact=Contact("云溪市民主路 66 号", "533800", "0770-512 3366", "zjj@yunxi.gov.cn"),
    parent=Link("云溪市人民政府", "https://www.yunxi.gov.cn/"),
    languages=(),
    menu=(
        Link("首页", "/"),
        Link("机构概况", "/jg/"),
        Link("政策文件", "/zwgk/zcwj/"),
        Link("通知公告", "/tz/"),
        Link("办事服务", "/bsfw/"),
        Link("互动交流", "/hd/"),
    ),
    texts=Texts(welcome="查政策、办建设事项"),
)

TOWNSHIP = replace(
    COUNTY,
    subsite=SubsiteView(
        name="石桥镇人民政府",
        path="/xz/shiqiao/",
        menu=(
            Link("首页", "/xz/shiqiao/"),
            Link("镇情", "/xz/shiqiao/gk/"),
            Link("通知公告", "/xz/shiqiao/tz/"),
            Link("便民服务", "/xz/shiqiao/bm/"),
            Link("村务公开", "/xz/shiqiao/cw/"),
        ),
        contact=Contact(
            "石桥镇中心街 7 号", "", "0770-622 5110", "", "工作日 8:30—12:00,14:30—17:30"
        ),
    ),
)

ENGLISH = replace(
    CITY,
    name="Yunxi Municipal People's Government",
    short_name="Yunxi",
    locale="en",
    sponsor="General Office of Yunxi Municipal People's Government",
    operator="",
    languages=(Translation("中文", "zh-CN", "https://www.yunxi.gov.cn/"),),
    menu=(Link("Home", "/"), Link("About Yunxi", "/about/"), Link("Doing Business", "/business/")),
    footer_links=(Link("Contact", "/contact/"),),
    texts=Texts(),
    contact=Contact("1 Xibin Avenue, Yunxi", "533800", "+86-770-512-0000"),
)
