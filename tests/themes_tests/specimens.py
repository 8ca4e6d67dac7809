"""Sites as they might be: two tenants' pages with text as officials write it, for every theme."""

from __future__ import annotations

from dataclasses import replace

from themes.contract import (
    Attachment,
    Block,
    CleanHtml,
    ColumnView,
    Contact,
    Document,
    Fragment,
    HomeView,
    Interaction,
    ItemView,
    Link,
    LinkGroup,
    ListEntry,
    ListPageView,
    Marks,
    MessageView,
    OriginalDate,
    PageView,
    Picture,
    RelatedGroup,
    SearchResult,
    SearchView,
    Service,
    SiteMapView,
    SiteView,
    SubsiteHomeView,
    SubsiteView,
    Texts,
    Topic,
)

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
    languages=(Link("English", "/en/"),),
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
    languages=(Link("中文", "https://www.yunxi.gov.cn/"),),
    menu=(Link("Home", "/"), Link("About Yunxi", "/about/"), Link("Doing Business", "/business/")),
    footer_links=(Link("Contact", "/contact/"),),
    texts=Texts(),
    contact=Contact("1 Xibin Avenue, Yunxi", "533800", "+86-770-512-0000"),
)


def root(name: str = "首页") -> ColumnView:
    """The home page as a column."""
    return ColumnView(
        name=name,
        path="/",
        description="云溪市人民政府门户网站，发布政府信息，提供办事服务，听取公众意见。",
        keywords="云溪，政府，政务公开，办事服务",
        column_type="首页",
    )


COLUMN = ColumnView(
    name="规范性文件",
    path="/zwgk/zcwj/gfxwj/",
    description="市人民政府及其办公室制发的行政规范性文件，注明有效、已修改、已废止和已失效。",
    keywords="规范性文件，政策，制度",
    column_type="政策文件",
    breadcrumbs=(Link("政务公开", "/zwgk/"), Link("政策文件", "/zwgk/zcwj/")),
    siblings=(
        Link("政府规章", "/zwgk/zcwj/gz/"),
        Link("规范性文件", "/zwgk/zcwj/gfxwj/"),
        Link("其他文件", "/zwgk/zcwj/qt/"),
        Link("政策解读", "/zwgk/zcwj/zcjd/"),
        Link("文件清理结果", "/zwgk/zcwj/ql/"),
    ),
)

NEWS_COLUMN = replace(
    COLUMN,
    name="云溪要闻",
    path="/xw/yw/",
    description="云溪市重要会议、重要活动和重大决策部署。",
    keywords="要闻，会议，活动",
    column_type="工作动态",
    breadcrumbs=(Link("政务动态", "/xw/"),),
    siblings=(),
)


def entry(number: int, title: str, date: str, **facts: object) -> ListEntry:
    """A line of a list."""
    path = f"/art/{date[:4]}/{number % 100:02}/9q{number:x}d7km2.html"
    return ListEntry(title=title, path=path, date=date, **facts)  # type: ignore[arg-type]


NEWS = Block(
    "政务动态",
    "/xw/",
    (
        entry(101, "市政府召开常务会议，研究防汛备汛和保障性住房建设工作", "2025-04-11"),
        entry(102, "全市“高效办成一件事”推进会召开，今年再上线 13 个事项", "2025-04-10"),
        entry(103, "溪河流域水环境综合治理二期工程全线开工", "2025-04-09"),
        entry(104, "我市新增 42 家基层医疗机构开通医保移动支付", "2025-04-08"),
        entry(105, "一季度全市新登记经营主体 6,812 户，同比增长 11.3%", "2025-04-07"),
        entry(106, "青岚县举办春茶产销对接会，签约金额 2.4 亿元", "2025-04-03"),
        entry(107, "市领导到滨江新区调研重点项目建设", "2025-04-02"),
    ),
)

NOTICES = Block(
    "通知公告",
    "/xw/tzgg/",
    (
        entry(201, "云溪市 2025 年义务教育阶段学校招生入学工作公告", "2025-04-10"),
        entry(202, "关于溪滨大道（解放桥至人民广场段）夜间封闭施工的通告", "2025-04-09"),
        entry(203, "云溪市 2025 年度第一批保障性租赁住房配租公告", "2025-04-07"),
        entry(204, "关于公开征集《云溪市养犬管理条例（草案）》修改意见的公告", "2025-04-03"),
        entry(205, "云溪市人民政府办公室 2025 年公开遴选公务员面试公告", "2025-04-01"),
        entry(206, "关于清明节期间森林防火禁火的通告", "2025-03-28"),
    ),
)

DOCUMENTS = Block(
    "政策文件",
    "/zwgk/zcwj/",
    (
        entry(
            301,
            "云溪市人民政府关于印发云溪市保障性住房建设管理办法的通知",
            "2025-04-08",
            doc_number="云政发〔2025〕6号",
            validity="valid",
        ),
        entry(
            302,
            "云溪市人民政府办公室关于进一步优化营商环境若干措施的通知",
            "2025-03-26",
            doc_number="云政办发〔2025〕11号",
            validity="valid",
        ),
        entry(
            303,
            "云溪市人民政府办公室关于加强高温天气劳动保护工作的通知",
            "2025-03-14",
            doc_number="云政办发〔2025〕9号",
            validity="valid",
        ),
        entry(
            304,
            "云溪市城市桥梁隧道安全管理规定",
            "2025-02-20",
            doc_number="云溪市人民政府令第 31 号",
            validity="valid",
        ),
        entry(
            305,
            "云溪市人民政府关于公布规范性文件清理结果的决定",
            "2025-01-17",
            doc_number="云政规〔2025〕1号",
            validity="amended",
        ),
    ),
)

INTERPRETATION = Block(
    "政策解读",
    "/zwgk/zcwj/zcjd/",
    (
        entry(
            401,
            "一图读懂《云溪市保障性住房建设管理办法》",
            "2025-04-08",
            summary="谁可以申请、房子怎么定价、满几年可以回购，六个问题说清楚。",
        ),
        entry(
            402,
            "市发展改革委负责人解读优化营商环境若干措施",
            "2025-03-27",
            summary="企业迁移“免申即办”，中小微企业用水用气报装零成本。",
        ),
        entry(
            403,
            "高温津贴怎么发？市人力资源社会保障局回应五个热点问题",
            "2025-03-15",
            summary="每人每天发放标准、发放月份和投诉电话。",
        ),
    ),
)

SERVICES = (
    Service("社会保险", "/bsfw/sb/", "参保登记、缴费、待遇查询", "security"),
    Service("医疗保险", "/bsfw/yb/", "参保、异地就医备案、报销", "medical"),
    Service("身份证户口", "/bsfw/hj/", "申领换领、落户、居住证", "identity"),
    Service("住房公积金", "/bsfw/gjj/", "提取、贷款、缴存证明", "house"),
    Service("不动产登记", "/bsfw/bdc/", "转移、抵押、查档", "document"),
    Service("入学转学", "/bsfw/rx/", "义务教育报名、学籍办理", "school"),
    Service("开办企业", "/bsfw/qy/", "设立登记、刻章、开户", "business"),
    Service("纳税缴费", "/bsfw/ns/", "申报、完税证明、发票", "tax"),
    Service("结婚生育", "/bsfw/hy/", "婚姻登记预约、生育登记", "marriage"),
    Service("就业创业", "/bsfw/jy/", "求职登记、失业金、补贴", "work"),
)

CITY_HOME = HomeView(
    site=CITY,
    column=root(),
    hot_words=(
        Link("保障性租赁住房", "/-/search?q=保障性租赁住房"),
        Link("义务教育招生", "/-/search?q=义务教育招生"),
        Link("公积金提取", "/-/search?q=公积金提取"),
        Link("老年人优待证", "/-/search?q=老年人优待证"),
    ),
    services=SERVICES,
    services_path="/bsfw/",
    focus=(
        entry(
            501,
            "溪河湿地公园二期建成开放，十五公里滨水步道全线贯通",
            "2025-04-12",
            summary="新增三处无障碍入口和两座市民驿站，四月底前对老年人、残疾人开放免费接驳车。",
            image=PICTURE,
        ),
        entry(
            502, "《政府工作报告》重点任务一季度进展：178 项任务 171 项达到序时进度", "2025-04-11"
        ),
        entry(503, "云溪市 2024 年度法治政府建设情况报告", "2025-04-10"),
    ),
    news=NEWS,
    notices=NOTICES,
    documents=DOCUMENTS,
    interpretation=INTERPRETATION,
    disclosure=LinkGroup(
        "政府信息公开",
        (
            Link("公开指南", "/zwgk/zn/"),
            Link("公开制度", "/zwgk/zd/"),
            Link("法定主动公开内容", "/zwgk/ml/"),
            Link("公开年报", "/zwgk/nb/"),
            Link("依申请公开", "/zwgk/ysqgk/"),
        ),
    ),
    interaction=Interaction(
        (
            Link("市长信箱", "/-/letters/new", "七个工作日内答复"),
            Link("查来信办理", "/-/letters", "凭编号和查询码"),
            Link("意见征集", "/hdjl/zjdc/", "3 项正在征集"),
            Link("在线访谈", "/hdjl/zxft/", "部门负责人与您面对面"),
        ),
        Block(
            "来信选登",
            "/hdjl/lxxd/",
            (
                entry(601, "老旧小区加装电梯，低层住户有补偿吗？", "2025-04-10"),
                entry(602, "12 路公交末班车能否延长到晚上十点", "2025-04-09"),
                entry(603, "异地退休人员怎样办理养老金领取资格认证", "2025-04-08"),
                entry(604, "城南菜市场周边占道经营问题的反映", "2025-04-03"),
            ),
        ),
    ),
    topics=(
        Topic("高效办成一件事", "/zt/yjs/", "一次告知、一表申请、一窗受理"),
        Topic("优化营商环境", "/zt/yshj/", "政策、案例、投诉渠道"),
        Topic("防汛抗旱", "/zt/fxkh/", "雨情水情、避险常识"),
        Topic("政府工作报告", "/zt/zfgzbg/", "任务分解与进展"),
    ),
    topics_path="/zt/",
    subsites=(
        LinkGroup(
            "县区",
            (
                Link("青岚县", "https://www.qinglan.gov.cn/"),
                Link("白水县", "https://www.baishui.gov.cn/"),
                Link("滨江区", "https://www.binjiangq.gov.cn/"),
            ),
        ),
        LinkGroup(
            "市政府部门",
            tuple(
                Link(name, f"https://{code}.yunxi.gov.cn/")
                for name, code in (
                    ("发展改革委", "fgw"),
                    ("教育局", "jyj"),
                    ("科技局", "kjj"),
                    ("公安局", "gaj"),
                    ("民政局", "mzj"),
                    ("财政局", "czj"),
                    ("人力资源社会保障局", "rsj"),
                    ("自然资源局", "zrzyj"),
                    ("住房城乡建设局", "zjj"),
                    ("交通运输局", "jtj"),
                    ("水利局", "slj"),
                    ("卫生健康委", "wjw"),
                )
            ),
        ),
    ),
    friendly_links=(
        LinkGroup(
            "",
            (
                Link("中国政府网", "https://www.gov.cn/"),
                Link("国家政务服务平台", "https://gjzwfw.www.gov.cn/"),
                Link("云溪日报", "https://www.yunxidaily.example.com/"),
            ),
        ),
    ),
)

COUNTY_HOME = replace(
    CITY_HOME,
    site=COUNTY,
    column=replace(root(), description="青岚县人民政府门户网站。"),
    news=replace(NEWS, name="青岚要闻"),
    subsites=(
        LinkGroup(
            "乡镇",
            tuple(
                Link(name, f"/xz/{code}/")
                for name, code in (
                    ("城关镇", "chengguan"),
                    ("石桥镇", "shiqiao"),
                    ("龙潭镇", "longtan"),
                    ("茶山乡", "chashan"),
                    ("云顶乡", "yunding"),
                    ("白鹭瑶族乡", "bailu"),
                )
            ),
        ),
    ),
    topics=CITY_HOME.topics[:3],
)

DEPARTMENT_HOME = replace(
    CITY_HOME,
    site=DEPARTMENT,
    column=replace(root(), description="云溪市住房和城乡建设局网站。"),
    services=(
        Service("建筑工程施工许可", "/bsfw/sgxk/", "新建、扩建、改建工程"),
        Service("商品房预售许可", "/bsfw/ys/", "预售方案、资金监管"),
        Service("保障性住房申请", "/bsfw/bz/", "公租房、保障性租赁住房"),
        Service("住房租赁备案", "/bsfw/zl/", "网签、备案证明"),
        Service("房屋网签合同查询", "/bsfw/wq/", "买卖合同备案状态"),
        Service("建筑业企业资质", "/bsfw/zz/", "核准、延续、变更"),
        Service("消防设计审查验收", "/bsfw/xf/", "特殊建设工程"),
        Service("城镇燃气经营许可", "/bsfw/rq/", "瓶装、管道燃气"),
        Service("住宅专项维修资金", "/bsfw/wx/", "交存、使用、查询"),
        Service("既有住宅加装电梯", "/bsfw/dt/", "申请条件与补助标准"),
    ),
    focus=(),
    hot_words=(),
    news=replace(NEWS, name="工作动态"),
    topics=(),
    subsites=(),
)

TOWNSHIP_HOME = SubsiteHomeView(
    site=TOWNSHIP,
    column=replace(
        root("石桥镇"),
        path="/xz/shiqiao/",
        description="石桥镇人民政府信息公开与便民服务。",
        column_type="概况信息",
    ),
    introduction=(
        "石桥镇位于青岚县东部，因镇口明代三孔石桥得名。全镇辖 2 个社区、14 个行政村，"
        "户籍人口 3.1 万人，以茶叶、柑橘和竹编闻名。"
    ),
    services=(
        Service("医保社保缴费", "/xz/shiqiao/bm/yb/", "城乡居民参保登记", "security"),
        Service("高龄津贴", "/xz/shiqiao/bm/gl/", "年满八十周岁可申请", "elder"),
        Service("低保救助", "/xz/shiqiao/bm/db/", "最低生活保障、临时救助", "document"),
        Service("宅基地建房", "/xz/shiqiao/bm/zjd/", "申请条件和办理流程", "house"),
        Service("惠农补贴", "/xz/shiqiao/bm/hn/", "耕地地力、农机购置", "farm"),
        Service("婚育登记", "/xz/shiqiao/bm/hy/", "生育登记、证明办理", "marriage"),
    ),
    services_path="/xz/shiqiao/bm/",
    notices=Block(
        "通知公告",
        "/xz/shiqiao/tz/",
        (
            entry(701, "石桥镇 2025 年春季动物防疫集中免疫安排", "2025-04-10"),
            entry(702, "关于拟新增低保对象名单的公示", "2025-04-08"),
            entry(703, "清明节期间进山用火规定", "2025-03-30"),
            entry(704, "石桥镇桥头村污水管网施工临时交通管制通告", "2025-03-27"),
        ),
    ),
    news=Block(
        "镇村动态",
        "/xz/shiqiao/xw/",
        (
            entry(711, "石桥镇春茶开采，首批鲜叶收购价公布", "2025-04-09"),
            entry(712, "镇卫生院本月下村义诊时间表", "2025-04-07"),
            entry(713, "桥头村、上坪村完成高标准农田春灌", "2025-04-02"),
        ),
    ),
)

LIST = ListPageView(
    site=CITY,
    column=COLUMN,
    entries=tuple(
        replace(
            line,
            title=line.title,
            path=line.path.replace(".html", f"{round_}.html"),
            date=f"202{5 - round_}{line.date[4:]}",
            doc_number=line.doc_number.replace("2025", f"202{5 - round_}"),
            validity=("valid", "valid", "amended", "expired", "repealed")[round_ + position % 3],
        )
        for round_ in range(3)
        for position, line in enumerate(DOCUMENTS.entries)
    ),
    number=18,
    older_path="/zwgk/zcwj/gfxwj/17.html",
    oldest_path="/zwgk/zcwj/gfxwj/1.html",
    total=347,
)

COLUMN_OF_COLUMNS = ListPageView(
    site=CITY,
    column=replace(
        COLUMN,
        name="政务公开",
        path="/zwgk/",
        breadcrumbs=(),
        siblings=(),
        children=COLUMN.siblings,
    ),
    blocks=(DOCUMENTS, INTERPRETATION),
)

DOCUMENT = Document(
    title="云溪市人民政府关于印发云溪市保障性住房建设管理办法的通知",
    index_no="00756812-2/2025-00046",
    theme_class="城乡建设、环境保护/住房保障",
    issuing_body="云溪市人民政府",
    formed_date="2025-04-03",
    doc_number="云政发〔2025〕6号",
    publish_date="2025-04-08",
    effective_date="2025-05-01",
    validity="valid",
    letterhead="云溪市人民政府文件",
)

DOCUMENT_BODY = CleanHtml(
    "<p>各县、区人民政府，市政府各部门，各直属机构：</p>"
    "<p>　　现将《云溪市保障性住房建设管理办法》印发给你们，请认真组织实施。</p>"
    '<p style="text-align:right">云溪市人民政府</p><p style="text-align:right">2025年4月3日</p>'
    '<p style="text-align:center"><strong>云溪市保障性住房建设管理办法</strong></p>'
    "<h2>第一章 总则</h2>"
    "<p>第一条 为了规范保障性住房的规划、建设、配售和管理，解决工薪收入群体的住房困难，根据有关"
    "法律、法规和国家关于规划建设保障性住房的规定，结合本市实际，制定本办法。</p>"
    "<p>第二条 本市行政区域内保障性住房的规划、建设、配售、使用、回购和监督管理，适用本办法。</p>"
    "<p>第三条 保障性住房工作坚持政府主导、市场参与、以需定建、保本微利、封闭管理的原则。</p>"
    "<p>第四条 市人民政府统一领导全市保障性住房工作。市住房城乡建设主管部门负责组织实施，发展改革、"
    "自然资源、财政、民政、人力资源社会保障等部门按照各自职责做好相关工作。</p>"
    "<h2>第二章 申请与配售</h2>"
    "<p>第五条 申请购买保障性住房，以家庭或者单身居民为单位，应当同时符合下列条件：</p>"
    "<p>（一）主申请人具有本市户籍，或者在本市连续缴纳社会保险满二十四个月；</p>"
    "<p>（二）申请人及其家庭成员在本市城镇规划区内无自有住房；</p>"
    "<p>（三）申请之日前五年内没有转让过本市住房。</p>"
    "<p>第六条 面积标准按照下表执行。</p>"
    "<table><thead><tr><th>家庭人口</th><th>建筑面积上限（平方米）</th><th>户型</th>"
    "<th>价格依据</th></tr></thead><tbody>"
    "<tr><td>1 人</td><td>60</td><td>一居室</td>"
    "<td>划拨土地成本、建安成本加不超过 5% 的利润</td></tr>"
    "<tr><td>2 至 3 人</td><td>90</td><td>两居室</td><td>同上</td></tr>"
    "<tr><td>4 人及以上</td><td>120</td><td>三居室</td><td>同上</td></tr></tbody></table>"
    "<h2>第三章 附则</h2>"
    "<p>第七条 本办法自2025年5月1日起施行，有效期五年。</p>"
)

NEWS_BODY = CleanHtml(
    "<p>4月11日，市长陈远舟主持召开市政府第四十六次常务会议，传达学习全国安全生产电视电话会议精神，"
    "研究部署防汛备汛、保障性住房建设、一季度经济运行等工作。</p>"
    "<p>会议指出，今年入汛较常年偏早，要坚持人民至上、生命至上，把各项准备工作做在前面。水利、应急、"
    "气象部门要加密会商研判，四月底前完成全市 216 座小型水库和 38 处山洪灾害重点村的隐患排查，"
    "逐一落实行政责任人、技术责任人和巡查责任人。</p>"
    '<figure><img src="/m/0f1e2d3c4b5a6978/xihe.jpg" alt="溪河解放桥段水位监测站" width="1280"'
    ' height="720">'
    "<figcaption>工作人员在溪河解放桥段检修水位监测设备。 周岚 摄</figcaption></figure>"
    "<p>会议审议并原则通过《云溪市保障性住房建设管理办法》。会议强调，要以需定建、稳慎推进，优先在轨道"
    "站点和产业园区周边选址，加强全过程质量监管，让工薪群体住得进、住得起、住得安心。</p>"
    "<blockquote><p>“房子建得好不好，住户说了算。每一个项目都要请未来的住户代表参加分户验收。”</p>"
    "</blockquote>"
    "<p>会议还研究了其他事项。</p>"
)

DOCUMENT_ITEM = ItemView(
    site=CITY,
    column=COLUMN,
    path="/art/2025/17/9q8d7km2x.html",
    title=DOCUMENT.title,
    pub_date="2025-04-08 17:30",
    source="云溪市人民政府办公室",
    body=DOCUMENT_BODY,
    keywords="保障性住房，配售，住房困难",
    summary="规范保障性住房的规划、建设、配售和管理，解决工薪收入群体的住房困难。",
    editor="梁青",
    document=DOCUMENT,
    attachments=(
        Attachment("云溪市保障性住房申请表.docx", "/m/5b4c3d2e1f00aabb/sqb.docx", "36 KB", "docx"),
        Attachment("云政发〔2025〕6号（正式版）.pdf", "/m/6b4c3d2e1f00aabb/6.pdf", "1.2 MB", "pdf"),
    ),
    related=(
        RelatedGroup("政策解读", INTERPRETATION.entries[:2]),
        RelatedGroup("相关文件", DOCUMENTS.entries[1:3]),
    ),
    register_number="云溪市 2025 年第 00213 号",
)

NEWS_ITEM = ItemView(
    site=CITY,
    column=NEWS_COLUMN,
    path="/art/2025/42/9q8d7kn0p.html",
    title="市政府召开第四十六次常务会议，研究防汛备汛和保障性住房建设等工作",
    subtitle="陈远舟主持并讲话",
    pub_date="2025-04-11 20:12",
    source="云溪日报",
    source_path="https://www.yunxidaily.example.com/2025/0411/1.html",
    author="林晓",
    editor="周岚",
    body=NEWS_BODY,
    keywords="常务会议，防汛，保障性住房",
    summary="会议研究部署防汛备汛、保障性住房建设、一季度经济运行等工作。",
    image=PICTURE,
    register_number="云溪市 2025 年第 00221 号",
)

OLD_ITEM = replace(
    DOCUMENT_ITEM,
    title="云溪市人民政府办公室关于公共租赁住房管理有关事项的通知",
    path="/art/2025/08/9q8d7kp1a.html",
    pub_date="2014-06-12 00:00",
    original=OriginalDate("2014-06-12", "云溪市政府公报 2014 年第 6 期"),
    published="2025-03-02 09:00",
    document=replace(
        DOCUMENT,
        title="云溪市人民政府办公室关于公共租赁住房管理有关事项的通知",
        doc_number="云政办〔2014〕51号",
        formed_date="2014-06-10",
        letterhead="",
        validity="repealed",
        validity_note="2025年4月3日由《云溪市保障性住房建设管理办法》（云政发〔2025〕6号）废止",
    ),
    attachments=(),
)

SEARCH = SearchView(
    site=CITY,
    query="保障性住房",
    total=38,
    pages=4,
    next_path="/-/search?q=x&page=2",
    results=(
        SearchResult(
            path="/art/2025/17/9q8d7km2x.html",
            title=(
                Fragment("云溪市人民政府关于印发云溪市"),
                Fragment("保障性住房", hit=True),
                Fragment("建设管理办法的通知"),
            ),
            excerpt=(
                Fragment("为了规范"),
                Fragment("保障性住房", hit=True),
                Fragment("的规划、建设、配售和管理，解决工薪收入群体的住房困难……"),
            ),
            date="2025-04-08",
            column="规范性文件",
            doc_number="云政发〔2025〕6号",
        ),
        SearchResult(
            path="/art/2025/18/9q8d7km2y.html",
            title=(
                Fragment("一图读懂《云溪市"),
                Fragment("保障性住房", hit=True),
                Fragment("建设管理办法》"),
            ),
            date="2025-04-08",
            column="政策解读",
        ),
    ),
)

SITE_MAP = SiteMapView(
    site=CITY,
    groups=(
        LinkGroup("政务公开", COLUMN.siblings),
        LinkGroup("办事服务", tuple(Link(s.name, s.path) for s in SERVICES)),
        LinkGroup("互动交流", CITY_HOME.interaction.channels if CITY_HOME.interaction else ()),
    ),
)

SITES = {
    "base": CITY,
    "city": CITY,
    "county": COUNTY,
    "department": DEPARTMENT,
    "township": TOWNSHIP,
}
HOMES: dict[str, PageView] = {
    "base": CITY_HOME,
    "city": CITY_HOME,
    "county": COUNTY_HOME,
    "department": DEPARTMENT_HOME,
    "township": TOWNSHIP_HOME,
}


def pages(theme: str) -> dict[str, PageView]:
    """Every kind of page of a theme, by a short name."""
    site = SITES[theme]
    home = HOMES[theme]
    return {
        "home": home,
        "subsite": TOWNSHIP_HOME,
        "list": replace(LIST, site=site),
        "columns": replace(COLUMN_OF_COLUMNS, site=site),
        "news": replace(NEWS_ITEM, site=site),
        "document": replace(DOCUMENT_ITEM, site=site),
        "old": replace(OLD_ITEM, site=site),
        "sitemap": replace(SITE_MAP, site=site),
        "search": replace(SEARCH, site=site),
        "search_down": SearchView(site=site, available=False),
        "not_found": MessageView(site=site, reason="not_found"),
        "suspended": MessageView(
            site=site, reason="suspended", text="系统升级，预计 4 月 20 日恢复。"
        ),
    }
