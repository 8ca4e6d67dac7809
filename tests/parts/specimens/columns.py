"""Columns and what they list, in the words officials use."""

from __future__ import annotations

from dataclasses import replace

from themes.contract import Block, ColumnView, Link, ListEntry, Service


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
