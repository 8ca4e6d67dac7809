"""Home pages of the specimen sites."""

from __future__ import annotations

from dataclasses import replace

from parts.specimens.columns import DOCUMENTS, INTERPRETATION, NEWS, NOTICES, SERVICES, entry, root
from parts.specimens.sites import CITY, COUNTY, DEPARTMENT, PICTURE, TOWNSHIP
from themes.contract import (
    Block,
    HomeView,
    Interaction,
    Link,
    LinkGroup,
    Service,
    SubsiteHomeView,
    Topic,
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
